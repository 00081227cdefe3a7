from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from connectors import intake, registry
from connectors.base import BadExport, Context, Refusal
from models.schema import POST_METRICS
from tests.connectors.downloads import (
    CONTENT,
    FOLDER,
    FOLLOWERS,
    INSIGHTS,
    MESSAGES,
    PRIVATE,
    audience,
    insight,
    insights,
    listed,
    packed,
    written,
)
from tests.connectors.exports import CONTEXT, Inbox, Loaded, utc

ALLOWED = replace(CONTEXT, account="lavelle.sings", read_archives=True)
MOMENT, LATER = "2024-01-03 12:30:10", "2024-01-09 08:00:00"
FIGURES = {
    "Impressions": "1,438",
    "Accounts_reached": "1,020",
    "Likes": "55",
    "Comments": "6",
    "Shares": "4",
    "Saves": "9",
    "Profile_visits": "12",
    "Follows": "2",
    "External_link_taps": "1",
}
AUDIENCE = {
    "Date_Range": "Oct 2 - Dec 30",
    "Followers": "1,376",
    "Followers_Delta": "-1.4% vs Jul 4 - Oct 1",
    "Follower_Percentage_by_City": "London, England: 30.9%, Sheffield: 5.3%",
    "Follower_Percentage_by_Country": "United Kingdom: 91.4%",
    "Follower_Percentage_by_Age_for_All_Genders": "13-17: 0.1%, 18-24: 41.5%, 65+: 2%",
    "Total_Follower_Percentage_for_Men": "40%",
    "Total_Follower_Percentage_for_Women": "59.9%",
}


def files(inbox: Inbox, data: bytes, context: Context, name: str = f"{FOLDER}.zip") -> dict[str, Loaded]:
    """Every member that is let through, read."""
    path = inbox.put(data, name)
    members = intake.open_members(path, name, read_archives=context.read_archives)
    readings = {member.name: registry.read(member, context) for member in members}
    return {member: Loaded(reading, list(reading.batches)) for member, reading in readings.items()}


def refusal(inbox: Inbox, data: bytes, context: Context = CONTEXT, name: str = f"{FOLDER}.zip") -> str:
    with pytest.raises(BadExport) as caught:
        files(inbox, data, context, name)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def shares(loaded: Loaded, dimension: str) -> dict[str, float | None]:
    return {
        row["bucket"]: row["share"] for row in loaded.rows("audience_seen") if row["dimension"] == dimension
    }


def test_a_download_is_refused_with_advice(inbox: Inbox) -> None:
    data = packed({f"{INSIGHTS}/posts.json": insights(insight(MOMENT)), **PRIVATE})
    assert refusal(inbox, data) == (
        f"private archive (instagram data download): {FOLDER}.zip: delete it,"
        " ask for Insights > Content > Export in Meta Business Suite instead"
    )


@pytest.mark.parametrize(
    "data",
    [
        insights(insight(MOMENT)),
        insights(insight(MOMENT), part="reels"),
        audience(AUDIENCE),
        written([listed(MOMENT)]),
        written(listed(MOMENT)),
        written({"ig_reels_media": [listed(MOMENT)]}),
        MESSAGES,
        FOLLOWERS,
        *(data for name, data in PRIVATE.items() if name.endswith(".json") and "personal" not in name),
    ],
)
def test_a_file_out_of_a_download_is_refused_whatever_it_is_called(inbox: Inbox, data: bytes) -> None:
    assert refusal(inbox, data, name="notes.json").startswith(
        "private archive (instagram data download): notes.json"
    )


@pytest.mark.parametrize("name", [f"{FOLDER}/media/a.jpg", f"x/{INSIGHTS}/posts.json", *PRIVATE])
def test_a_file_in_a_folder_of_a_download_is_refused_whatever_it_holds(inbox: Inbox, name: str) -> None:
    if "media/posts" in name:
        name = f"{FOLDER}/{name}"
    assert refusal(inbox, b"anything", name=name).startswith("private archive (instagram data download): ")


def test_a_download_in_html_is_refused_with_the_advice_to_choose_json(inbox: Inbox) -> None:
    data = packed({f"{CONTENT}/posts_1.html": b"<html></html>", "start_here.html": b"<html></html>"})
    assert refusal(inbox, data).startswith("private archive (instagram data download): ")
    assert refusal(inbox, data, ALLOWED) == (
        "private archive (instagram data download) without a list of posts as json:"
        f" {FOLDER}.zip: delete it, ask for it again as json, or for"
        " Insights > Content > Export in Meta Business Suite instead"
    )


def test_only_the_listed_files_are_opened(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    open_entry = zipfile.ZipFile.open

    def spy(self: zipfile.ZipFile, name: Any, *more: Any, **options: Any) -> Any:
        opened.append(name if isinstance(name, str) else name.filename)
        return open_entry(self, name, *more, **options)

    wanted = {
        f"{FOLDER}/{INSIGHTS}/posts.json": insights(insight(MOMENT)),
        f"{FOLDER}/{INSIGHTS}/reels.json": insights(insight(MOMENT, clock="Upload Timestamp"), part="reels"),
        f"{FOLDER}/{INSIGHTS}/audience_insights.json": audience(AUDIENCE),
        f"{FOLDER}/your_instagram_activity/media/posts_1.json": written([listed(MOMENT)]),
        f"{FOLDER}/your_instagram_activity/media/posts_2.json": written([listed(LATER)]),
        f"{FOLDER}/{CONTENT}/reels.json": written({"ig_reels_media": [listed(MOMENT)]}),
    }
    data = packed({**{f"{FOLDER}/{name}": data for name, data in PRIVATE.items()}, **wanted})
    monkeypatch.setattr(zipfile.ZipFile, "open", spy)
    loaded = files(inbox, data, replace(ALLOWED, account=None))
    assert set(opened) == set(wanted)
    assert {name.split("!")[1] for name in loaded} == set(wanted)
    assert all(one.reading.account == "lavelle.sings" for one in loaded.values())
    assert all(one.reading.exported_on == date(2024, 2, 6) for one in loaded.values())


@pytest.mark.parametrize("data", [MESSAGES, FOLLOWERS])
def test_messages_are_never_read_even_when_archives_are(inbox: Inbox, data: bytes) -> None:
    text = refusal(inbox, data, ALLOWED, "message_1.json")
    assert text.startswith(
        "private archive (instagram data download) without a list of posts: message_1.json"
    )
    assert "private" not in text.removeprefix("private")


def test_a_post_of_past_insights_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(insights(insight(MOMENT, "Where to get help 🌷", **FIGURES)), ALLOWED, "posts.json")
    same = {
        "load_id": None,
        "row_no": 1,
        "source": "instagram_data_download",
        "platform": "instagram",
        "account": "lavelle.sings",
        "post_id": f"archive:{utc(MOMENT)}",
        "observed_at": datetime(2024, 2, 6, 12),
        "observed_s": utc("2024-02-06 12:00:00"),
        "observed_precision": "day",
    }
    counted = {"views": 1438, "reach": 1020, "likes": 55, "comments": 6, "shares": 4, "saves": 9}
    more = {"profile_visits": 12, "follows": 2, "link_clicks": 1}
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | counted | more]
    assert loaded.posts == [
        same
        | {
            "exporter": "lavelle.sings",
            "published_at": datetime(2024, 1, 3, 12, 30, 10),
            "published_s": utc(MOMENT),
            "published_basis": "source",
            "permalink": None,
            "caption": "Where to get help 🌷",
            "media_type": None,
            "duration_s": None,
            "is_collab": None,
            "is_paid": None,
        }
    ]
    assert (loaded.native_of("views"), loaded.reason_of("reposts")) == (
        "Impressions",
        "no label for it in this file",
    )
    assert loaded.reading.chosen["labels_language"] == "en"
    assert loaded.reading.notices == ()


def test_a_reel_has_its_own_labels(inbox: Inbox) -> None:
    figures = {"Instagram_Plays": "2,001", "Instagram_Likes": "70", "Duration": "31", "Caption": "Hello"}
    reel = insight(MOMENT, clock="Upload Timestamp", **figures)
    loaded = inbox.read(insights(reel, part="reels"), ALLOWED, "reels.json")
    assert (loaded.metrics[0]["views"], loaded.native_of("views")) == (2001, "Instagram Plays")
    post = loaded.posts[0]
    assert (post["media_type"], post["duration_s"], post["caption"]) == ("reel", 31.0, "Hello")
    assert loaded.reading.notices == ()


def test_labels_and_values_in_another_language_are_mended(inbox: Inbox) -> None:
    figures = {"„Gefällt mir“-Angaben": "12.345", "Erreichte_Konten": "2.100", "Geteilt": "1.2"}
    post = insight(MOMENT, "Schönes 🌷", "Erstellungszeitstempel", **figures)
    loaded = inbox.read(insights(post, insight(LATER, Kommentare="--")), ALLOWED, "posts.json")
    assert loaded.refused == [Refusal(1, '"shares" is not a whole number: 1.2')]
    post["string_map_data"].pop("Geteilt")
    loaded = inbox.read(insights(post), ALLOWED, "posts.json")
    assert (loaded.metrics[0]["likes"], loaded.metrics[0]["reach"]) == (12345, 2100)
    assert loaded.native_of("likes") == "„Gefällt mir“-Angaben"
    assert loaded.posts[0]["caption"] == "Schönes 🌷"
    assert loaded.reading.chosen["labels_language"] == "de"


def test_a_figure_that_is_not_told_is_null(inbox: Inbox) -> None:
    posts = (insight(MOMENT, Likes="--", Saves=""), insight(LATER, Likes="0"))
    loaded = inbox.read(insights(*posts), ALLOWED, "posts.json")
    assert [(row["likes"], row["saves"]) for row in loaded.metrics] == [(None, None), (0, None)]


def test_new_labels_are_kept_out_and_named(inbox: Inbox) -> None:
    loaded = inbox.read(insights(insight(MOMENT, Likes="1", Views="9")), ALLOWED, "posts.json")
    assert loaded.reading.notices == ('label "Views" is not known; kept out',)
    foreign = inbox.read(insights(insight(MOMENT, clock="Qaw", Legh="9")), ALLOWED, "posts.json")
    assert foreign.metrics[0]["views"] is None
    assert foreign.reading.notices == (
        "labels in a language not known: Legh; kept out: add them under [posts]"
        " in connectors/instagram/labels_xx.toml (xx: its language)",
    )


def test_other_shapes_of_the_same_figures_are_read(inbox: Inbox) -> None:
    newer = {
        "timestamp": utc(MOMENT),
        "media": [],
        "label_values": [{"label": "Likes", "value": "7"}, {"label": "Accounts reached", "value": "90"}],
    }
    plain = {"title": "Hi", "timestamp": str(utc(LATER)), "data": {"Likes": {"value": "8"}, "Saves": "2"}}
    loaded = inbox.read(insights(newer, plain), ALLOWED, "posts.json")
    assert [(row["likes"], row["reach"], row["saves"]) for row in loaded.metrics] == [
        (7, 90, None),
        (8, None, 2),
    ]


def test_one_post_alone_is_written_without_a_list(inbox: Inbox) -> None:
    bare = written({"organic_insights_posts": insight(MOMENT, Likes="7")})
    assert inbox.read(bare, ALLOWED, "posts.json").metrics[0]["likes"] == 7
    alone = inbox.read(written(listed(MOMENT, "Hello")), ALLOWED, "posts_1.json")
    assert [post["caption"] for post in alone.posts] == ["Hello"]


def test_the_list_of_posts_gives_words_and_times_and_no_figures(inbox: Inbox) -> None:
    posts = [
        listed(MOMENT, "One 🌷"),
        listed(LATER, "Several", "a.jpg", "b.jpg"),
        listed("2024-01-10 08:00:00", "Film", "a.mp4"),
    ]
    loaded = inbox.read(written(posts), ALLOWED, "posts_1.json")
    seen = [(post["caption"], post["media_type"], post["published_s"]) for post in loaded.posts]
    assert seen == [
        ("One 🌷", "image", utc(MOMENT)),
        ("Several", "carousel", utc(LATER)),
        ("Film", None, utc("2024-01-10 08:00:00")),
    ]
    assert loaded.metrics == []
    assert loaded.reason_of("views") == "not in the list of posts of a data download"
    reels = inbox.read(written({"ig_reels_media": [listed(MOMENT, "x", "a.mp4")]}), ALLOWED, "reels.json")
    assert [post["media_type"] for post in reels.posts] == ["reel"]


def test_the_words_of_several_pictures_stand_beside_them(inbox: Inbox) -> None:
    several = listed(MOMENT, "Of the post", "a.jpg", "b.jpg")
    several["media"][0]["title"] = "Of a picture"
    loaded = inbox.read(written([several]), ALLOWED, "posts_1.json")
    assert [post["caption"] for post in loaded.posts] == ["Of the post"]


def test_half_an_emoji_is_replaced_and_harms_nothing(inbox: Inbox) -> None:
    data = insights(insight(MOMENT, "Hi HALF", Likes="7")).replace(b"HALF", b"\\ud83d")
    loaded = inbox.read(data, ALLOWED, "posts.json")
    assert (loaded.posts[0]["caption"], loaded.metrics[0]["likes"]) == ("Hi \ufffd", 7)


def test_posts_that_cannot_be_are_refused_each_with_its_reason(inbox: Inbox) -> None:
    timeless = {"string_map_data": {"Likes": {"value": "1"}}}
    posts = (
        *(insight(MOMENT, Likes="1"), timeless, "text", insight("2009-01-01 00:00:00")),
        *(insight(MOMENT, Likes="2"), insight(LATER, Likes="many")),
    )
    loaded = inbox.read(insights(*posts), ALLOWED, "posts.json")
    assert (loaded.loaded, loaded.metrics[0]["likes"]) == (1, 1)
    assert loaded.refused == [
        Refusal(2, "no time of publication"),
        Refusal(3, "no time of publication"),
        Refusal(4, "made at a time at which it cannot have been made"),
        Refusal(5, "another post of the same second"),
        Refusal(6, '"likes" is not a whole number: many'),
    ]


def test_an_audience_is_translated(inbox: Inbox) -> None:
    loaded = inbox.read(audience(AUDIENCE), ALLOWED, "audience_insights.json")
    assert shares(loaded, "city") == {"London, England": 0.309, "Sheffield": 0.053}
    assert shares(loaded, "country") == {"United Kingdom": 0.914}
    assert shares(loaded, "age") == {"13-17": 0.001, "18-24": 0.415, "65+": 0.02}
    assert shares(loaded, "gender") == {"Male": 0.4, "Female": 0.599}
    (day,) = loaded.rows("account_days_seen")
    assert (day["day"], day["followers"]) == (date(2024, 2, 6), 1376)
    assert {row["population"] for row in loaded.rows("audience_seen")} == {"followers"}
    assert (loaded.loaded, loaded.refused, loaded.reading.notices) == (6, [], ())


def test_an_audience_in_german_has_decimal_commas(inbox: Inbox) -> None:
    figures = {
        "Follower": "10.801",
        "Prozentualer_Anteil_der_Follower_nach_Land": "Deutschland: 84,5%, Österreich: 4,4%",
        "Prozentualer_Anteil_an_weiblichen_Followern_insgesamt": "78,8%",
    }
    loaded = inbox.read(audience(figures), ALLOWED, "audience_insights.json")
    assert loaded.rows("account_days_seen")[0]["followers"] == 10801
    assert shares(loaded, "country") == {"Deutschland": 0.845, "Österreich": 0.044}
    assert shares(loaded, "gender") == {"Female": 0.788}


def test_shares_that_cannot_be_are_refused(inbox: Inbox) -> None:
    wrong = AUDIENCE | {
        "Follower_Percentage_by_City": "Sheffield: lots",
        "Follower_Percentage_by_Country": "United Kingdom: 91%, Pakistan: 12%",
    }
    loaded = inbox.read(audience(wrong), ALLOWED, "audience_insights.json")
    assert loaded.refused == [
        Refusal(4, '"Follower Percentage by City" is no list of percentages: Sheffield: lots'),
        Refusal(5, '"Follower Percentage by Country" is no list of percentages: more than 100 %'),
    ]
    few = inbox.read(audience(AUDIENCE | {"Followers": "99"}), ALLOWED, "audience_insights.json")
    assert few.rows("audience_seen") == []
    assert {refused.reason for refused in few.refused} == {"shares of fewer than 100 followers are not kept"}


def test_the_download_s_name_and_the_person_must_agree_on_whose_it_is(inbox: Inbox) -> None:
    data = packed({f"{INSIGHTS}/posts.json": insights(insight(MOMENT))})
    assert refusal(inbox, data, replace(ALLOWED, account="amira.talks")).startswith(
        "--account or the folder says @amira.talks, the file's name @lavelle.sings: "
    )
    assert refusal(inbox, data, replace(ALLOWED, account=None), "x.zip").startswith(
        "account not known: x.zip!"
    )


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"organic_insights_posts": [', "broken json (not JSON): posts.json: ask for the download again"),
        (b'{"organic_insights_posts": NaN}', "broken json (NaN or Infinity): posts.json"),
        (b'{"media": [], "media": []}', "broken json (a key occurs twice): posts.json"),
    ],
)
def test_broken_files_are_refused(inbox: Inbox, data: bytes, reason: str) -> None:
    assert refusal(inbox, data, ALLOWED, "posts.json").startswith(reason)
