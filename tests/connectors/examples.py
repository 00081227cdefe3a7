"""An invented file of every kind, for the contract that all connectors keep."""

from __future__ import annotations

import json
from collections.abc import Mapping

from tests.connectors.captures import comment, instagram, ndjson, tiktok
from tests.connectors.contract import Example
from tests.connectors.downloads import insight, insights
from tests.connectors.exports import (
    FOLLOWER_ACTIVITY_HEADER,
    FOLLOWER_GENDER_HEADER,
    FOLLOWER_HISTORY_HEADER,
    FOLLOWER_TERRITORIES_HEADER,
    VIEWERS_HEADER,
    content,
    content_row,
    overview,
    quoted,
    suite,
    suite_row,
)
from tests.connectors.meta import AGES, CITIES, FOLLOWERS, card, titled
from tests.connectors.sheets import reading, sheet

_CONTENT = (
    content_row("2024-01-03 12:30:00"),
    content_row("2024-01-09 08:00:00", Video_link="https://www.tiktok.com/@lavelle.sings/video/77"),
    content_row("2024-01-20 16:45:00", Total_likes=""),
)
_SUITE = (
    suite_row("2024-01-03 12:30:10", Permalink="https://www.instagram.com/reel/short/"),
    suite_row("2024-01-05 12:30:10"),
    suite_row("2024-01-20 16:45:10", Likes=""),
)
_DAYS = (
    ["January 29", "100", "7", "5", "1", "0"],
    ["January 30", "120", "9", "8", "-1", "2"],
    ["January 31", "undefined", "9", "undefined", "0", "2"],
)
_GENDERS = (["Female", "0.6"], ["Male", "40 in 100"], ["Other", "undefined"])
_TERRITORIES = (["GB", "0.713"], ["JM", "0.0871"], ["Others", "0.1999"])
_OWN_POSTS = (
    {"Date": "2024-01-03 12:30:00", "Likes": "7", "WhoCanView": "Everyone"},
    {"Date": "2024-01-09 08:00:00", "Likes": "7", "WhoCanView": "Only You"},
    {"Date": "2024-01-20 16:45:00", "Likes": "N/A", "WhoCanView": "Everyone"},
)


def _tiktok_download(*posts: Mapping[str, str]) -> bytes:
    return json.dumps({"Post": {"Posts": {"VideoList": posts}}}).encode()


_META_DAYS = {"2024-01-30": "431", "2024-01-29": "390", "2024-01-31": "--"}
_INSIGHTS = (
    insight("2024-01-03 12:30:10", Likes="many"),
    insight("2024-01-05 12:30:10", Likes="1,055"),
    insight("2024-01-20 16:45:10", Likes="--"),
)

_TIKTOK_SEEN = (
    tiktok("2024-01-03 12:30:00"),
    tiktok("2024-01-09 08:00:00", id="77"),
    tiktok("2024-01-20 16:45:00", stats={"playCount": 9}),
)
_INSTAGRAM_SEEN = (
    instagram("2024-01-03 12:30:10"),
    instagram("2024-01-05 12:30:10", code="short"),
    instagram("2024-01-20 16:45:10", like_and_view_counts_disabled=True),
)
_FIGURES = (
    reading("2024-01-03 12:30:00"),
    reading(what="age 18-24", value="34%"),
    reading(link="", what="city Sheffield", value="0.12"),
    reading(value="many"),
)

EXAMPLES: Mapping[str, Example] = {
    "tiktok_studio_content": Example(
        "Content.csv",
        content(*_CONTENT),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=content(*_CONTENT[::-1]),
    ),
    "tiktok_studio_overview": Example(
        "Overview.csv",
        overview(*_DAYS),
        rows=3,
        unknown=("account_days_seen", "likes"),
        context={"account": "lavelle.sings"},
    ),
    "tiktok_studio_viewers": Example(
        "Viewers.csv",
        quoted(VIEWERS_HEADER, [["January 30", "9", "5", "4"], ["January 31", "undefined", "", ""]]),
        rows=2,
        unknown=("account_days_seen", "viewers_total"),
        context={"account": "lavelle.sings"},
    ),
    "tiktok_studio_follower_history": Example(
        "FollowerHistory.csv",
        quoted(FOLLOWER_HISTORY_HEADER, [["January 30", "801", "1"], ["January 31", "undefined", ""]]),
        rows=2,
        unknown=("account_days_seen", "followers"),
        context={"account": "lavelle.sings"},
    ),
    "tiktok_studio_follower_activity": Example(
        "FollowerActivity.csv",
        quoted(
            FOLLOWER_ACTIVITY_HEADER,
            [[day, str(hour), "9"] for day in ("January 30", "January 31") for hour in range(24)],
        ),
        rows=48,
        context={"account": "lavelle.sings"},
    ),
    "tiktok_studio_follower_gender": Example(
        "FollowerGender.csv",
        quoted(FOLLOWER_GENDER_HEADER, _GENDERS),
        rows=3,
        unknown=("audience_seen", "share"),
        context={"account": "lavelle.sings"},
    ),
    "tiktok_studio_follower_territories": Example(
        "FollowerTopTerritories.csv",
        quoted(FOLLOWER_TERRITORIES_HEADER, _TERRITORIES),
        rows=3,
        shuffled=quoted(FOLLOWER_TERRITORIES_HEADER, _TERRITORIES[::-1]),
        context={"account": "lavelle.sings"},
    ),
    "tiktok_data_download": Example(
        "mine.json",
        _tiktok_download(*_OWN_POSTS),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=_tiktok_download(*_OWN_POSTS[::-1]),
        context={"account": "lavelle.sings", "read_archives": True},
    ),
    "meta_business_suite_content": Example(
        "content.csv",
        suite(*_SUITE),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=suite(*_SUITE[::-1]),
    ),
    "meta_business_suite_days": Example(
        "reach.csv",
        card("Reach", _META_DAYS),
        rows=3,
        unknown=("account_days_seen", "reach"),
        shuffled=card("Reach", dict(reversed(_META_DAYS.items()))),
        context={"account": "lavelle.sings"},
    ),
    "meta_business_suite_audience": Example(
        "audience.csv",
        titled(FOLLOWERS, AGES, (*CITIES[:2], [*CITIES[2], ("York", "")])),
        rows=7,
        unknown=("audience_seen", "share"),
        shuffled=titled((*CITIES[:2], [("York", ""), *CITIES[2]]), AGES, FOLLOWERS),
        context={"account": "lavelle.sings"},
    ),
    "instagram_data_download": Example(
        "posts.json",
        insights(*_INSIGHTS),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=insights(*_INSIGHTS[::-1]),
        context={"account": "lavelle.sings", "read_archives": True},
    ),
    "zeeschuimer_tiktok": Example(
        "capture.ndjson",
        ndjson(*_TIKTOK_SEEN),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=ndjson(*_TIKTOK_SEEN[::-1]),
    ),
    "zeeschuimer_instagram": Example(
        "capture.ndjson",
        ndjson(*_INSTAGRAM_SEEN),
        rows=3,
        unknown=("post_observations", "likes"),
        shuffled=ndjson(*_INSTAGRAM_SEEN[::-1]),
    ),
    "zeeschuimer_tiktok_comments": Example("capture.ndjson", ndjson(comment(1), comment(2)), rows=0),
    "reading": Example("readings.csv", sheet(*_FIGURES), rows=4, shuffled=sheet(*_FIGURES[::-1])),
}
