"""Two doors, one store: the same posts by an export and by an API differ only in what the source is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.api import ApiSource, Visit
from connectors.instagram.graph import LOGIN_API
from connectors.secret import Secret
from connectors.tiktok.business import BusinessApi
from connectors.tiktok.display import DisplayApi
from connectors.tokens import Tokens
from tests.connectors.exports import (
    CONTEXT,
    Inbox,
    content,
    content_row,
    shortcode,
    suite,
    suite_row,
    tiktok_id,
)
from tests.faults import instagram, tiktok
from tests.faults.server import RawServer, World

NOW = datetime(2024, 2, 6, 18, 30, tzinfo=UTC)
FIRST_S = 1_696_118_400  # 2023-10-01


class Post(NamedTuple):
    """What a person sees of a post."""

    moment: str
    """As 2024-01-03 12:30:00, UTC."""
    caption: str
    views: int
    likes: int
    comments: int
    shares: int

    @property
    def epoch_s(self) -> int:
        return int(datetime.fromisoformat(f"{self.moment}+00:00").timestamp())


COUNT = st.integers(0, 10**9)
# What an export cannot hold apart from captions: cells that mean "missing", quotes in odd places.
CAPTION = st.lists(
    st.sampled_from(["Where", "to", "get", "help", "#findhelpearly", "#Sheffield", "é", "👋", "50%", "a,b"]),
    min_size=1,
    max_size=8,
).map(" ".join)


def posts() -> st.SearchStrategy[list[Post]]:
    """Posts of different days, made at least an hour away from midnight: exports show days only."""
    at = st.tuples(st.integers(0, 120), st.integers(1, 21), st.integers(0, 3599))
    moment = at.map(
        lambda t: f"{datetime.fromtimestamp(FIRST_S + t[0] * 86_400 + t[1] * 3600 + t[2], UTC):%F %T}"
    )
    post = st.builds(Post, moment, CAPTION, COUNT, COUNT, COUNT, COUNT)
    return st.lists(post, min_size=1, max_size=6, unique_by=lambda p: p.moment[:10])


def by_export(inbox: Inbox, data: bytes, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    found = inbox.read(data, name=name)
    assert found.refused == []
    return found.metrics, found.posts


def by_api(
    source: ApiSource, world: World, tokens: Tokens
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with RawServer(world) as server:
        api = replace(source.open_api(server.url), sleep=lambda _: None)
        batches = list(source.read(Visit("lavelle.sings", tokens, api, CONTEXT, NOW)).batches)
    assert [refusal for batch in batches for refusal in batch.refused] == []
    found = [
        [row for b in batches if table in b.tables for row in b.tables[table].to_pylist()]
        for table in ("post_observations", "posts_seen")
    ]
    return found[0], found[1]


def differing(these: Sequence[dict[str, Any]], those: Sequence[dict[str, Any]], among: set[str]) -> set[str]:
    """Columns in which rows of the same posts differ, where both sources have them (`among`)."""
    left, right = ({row["post_id"]: row for row in rows} for rows in (these, those))
    assert left.keys() == right.keys()
    return {name for key in left for name in among if left[key][name] != right[key][name]}


def contradicting(these: Sequence[dict[str, Any]], those: Sequence[dict[str, Any]]) -> set[str]:
    """Columns in which rows of the same posts say two things, not one or none, beside what the source is."""
    right = {row["post_id"]: row for row in those}
    pairs = [(row, right[row["post_id"]]) for row in these]
    told = {name for one, other in pairs for name in one if None not in (one[name], other[name])}
    return {name for name in told for one, other in pairs if one[name] != other[name]} - SOURCE_FIELDS


SOURCE_FIELDS = {"source", "observed_at", "observed_s", "observed_precision", "row_no", "load_id"}
COUNTS = {"account", "platform", "post_id", "views", "likes", "comments", "shares"}
WORDS = {
    "account",
    "platform",
    "post_id",
    "exporter",
    "published_s",
    "published_at",
    "permalink",
    "caption",
    "media_type",
}


def content_csv(found: Sequence[Post]) -> bytes:
    newest_first = sorted(found, key=lambda post: post.moment, reverse=True)
    return content(
        *(
            content_row(
                post.moment,
                Video_title=post.caption,
                Total_views=str(post.views),
                Total_likes=str(post.likes),
                Total_comments=str(post.comments),
                Total_shares=str(post.shares),
            )
            for post in newest_first
        )
    )


def of_tiktok(post: Post) -> dict[str, Any]:
    post_id = tiktok_id(post.moment)
    return {"id": post_id, "share_url": f"https://www.tiktok.com/@lavelle.sings/video/{post_id}?utm=1"}


def display(found: Sequence[Post]) -> World:
    return tiktok.Display(
        [
            tiktok.video(
                0,
                **of_tiktok(post),
                create_time=post.epoch_s,
                video_description=post.caption,
                view_count=post.views,
                like_count=post.likes,
                comment_count=post.comments,
                share_count=post.shares,
            )
            for post in found
        ]
    )


def business(found: Sequence[Post]) -> World:
    return tiktok.Business(
        [
            tiktok.item(
                0,
                item_id=of_tiktok(post)["id"],
                share_url=of_tiktok(post)["share_url"],
                create_time=str(post.epoch_s),
                caption=post.caption,
                video_views=post.views,
                likes=post.likes,
                comments=post.comments,
                shares=post.shares,
            )
            for post in found
        ]
    )


DOORS: dict[str, tuple[ApiSource, Callable[[Sequence[Post]], World], Tokens]] = {
    "display": (DisplayApi(), display, Tokens(Secret(tiktok.ACCESS))),
    "business": (BusinessApi(), business, Tokens(Secret(tiktok.ACCESS), user_id="-000lavelle")),
}


@pytest.mark.parametrize("door", DOORS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15)
@given(found=posts())
def test_tiktoks_export_and_its_apis_give_the_same_posts(door: str, found: list[Post], inbox: Inbox) -> None:
    source, world, tokens = DOORS[door]
    exported = by_export(inbox, content_csv(found), "Content.csv")
    asked = by_api(source, world(found), tokens)
    assert differing(exported[0], asked[0], COUNTS) == set()
    assert differing(exported[1], asked[1], WORDS) == set()
    assert contradicting(exported[0], asked[0]) == set()
    assert contradicting(exported[1], asked[1]) <= {"published_basis"}
    # A day in the export, a moment in the API: then the id's clock says the same.
    assert {row["published_basis"] for row in exported[1]} == {"id clock"}


def suite_csv(found: Sequence[Post]) -> bytes:
    return suite(
        *(
            suite_row(
                post.moment,
                Description=post.caption,
                Views=str(post.views),
                Likes=str(post.likes),
                Comments=str(post.comments),
                Shares=str(post.shares),
            )
            for post in found
        )
    )


def graph(found: Sequence[Post]) -> World:
    made = []
    for number, post in enumerate(found):
        code = shortcode(post.moment)
        one = instagram.media(
            number,
            shortcode=code,
            permalink=f"https://www.instagram.com/reel/{code}/",
            timestamp=post.moment.replace(" ", "T") + "+0000",
            caption=post.caption,
        )
        one["insights"] |= {
            "views": post.views,
            "likes": post.likes,
            "comments": post.comments,
            "shares": post.shares,
            "reach": 700,
            "saved": 8,
        }
        made.append(one)
    return instagram.Graph(made)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
@given(found=posts())
def test_metas_export_and_its_api_give_the_same_posts(found: list[Post], inbox: Inbox) -> None:
    exported = by_export(inbox, suite_csv(found), "suite.csv")
    tokens = Tokens(Secret(instagram.ACCESS), user_id=instagram.USER_ID)
    asked = by_api(LOGIN_API, graph(found), tokens)
    assert differing(exported[0], asked[0], COUNTS | {"reach", "saves"}) == set()
    assert differing(exported[1], asked[1], WORDS) == set()
    assert contradicting(exported[0], asked[0]) == set()
    assert contradicting(exported[1], asked[1]) <= {"published_basis"}


def test_the_comparison_sees_a_difference() -> None:
    one = {"post_id": "1", "views": 5}
    assert differing([one], [{**one, "views": 6}], {"views"}) == {"views"}
    assert differing([one], [one], {"views"}) == set()
    assert contradicting([{**one, "likes": None}], [{**one, "views": 6, "likes": 3}]) == {"views"}
    assert SOURCE_FIELDS.isdisjoint(COUNTS | WORDS)
