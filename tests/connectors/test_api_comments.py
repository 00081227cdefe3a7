"""Comments through APIs: asked for only where a campaign allows it, each once, with its answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.api import ApiSource, Visit, Window
from connectors.base import Batch, Context
from connectors.instagram.graph import GRAPH_API, LOGIN_API
from connectors.secret import Secret
from connectors.tiktok.business import BusinessApi
from connectors.tokens import Tokens
from tests.faults import instagram, tiktok
from tests.faults.server import RawServer, Reply, Request
from tests.faults.tiktok import HANDLE

NOW = datetime(2023, 12, 20, 23, 30, tzinfo=UTC)
CONTEXT = Context(
    timezone=ZoneInfo("Europe/London"),
    accounts={"tiktok": frozenset({HANDLE}), "instagram": frozenset({HANDLE})},
    comments=True,
)
LONG = 65  # comments: more than two pages of either platform


def tiktok_vendor(comments: list[dict[str, Any]], others: int = 0) -> tiktok.Business:
    """One post with these comments, and others without any."""
    items = [tiktok.item(n, comments=0) for n in range(1, 1 + others)]
    post = tiktok.item(0, comments=len(comments))
    return tiktok.Business([post, *items], comments={tiktok.post_id(0): comments})


def meta_vendor(comments: list[dict[str, Any]], others: int = 0) -> instagram.Graph:
    posts = [instagram.media(n, comments_count=0) for n in range(1, 1 + others)]
    post = instagram.media(0, comments_count=len(comments))
    return instagram.Graph([post, *posts], comments={instagram.media_id(0): comments})


@dataclass(frozen=True)
class Platform:
    """An API, and the invented vendor behind it."""

    api: ApiSource
    vendor_of: Callable[..., Any]
    comment: Callable[..., dict[str, Any]]
    tokens: Tokens
    limited: Reply

    def comments(self, count: int, **changes: Any) -> list[dict[str, Any]]:
        return [self.comment(n, **changes) for n in range(count)]


_META = (
    meta_vendor,
    instagram.comment,
    Tokens(Secret(instagram.ACCESS), user_id=instagram.USER_ID),
    Reply({"error": {"code": 4, "message": "S3CR3T"}}, 400),
)
PLATFORMS = {
    "tiktok": Platform(
        BusinessApi(),
        tiktok_vendor,
        tiktok.comment,
        Tokens(Secret(tiktok.ACCESS), user_id="-000lavelle"),
        Reply({"code": 40100, "message": "", "data": {}}),
    ),
    "meta": Platform(LOGIN_API, *_META),
    "facebook": Platform(GRAPH_API, *_META),
}


@dataclass
class Account:
    """One account on a loopback address, read as often as a test likes."""

    platform: Platform
    vendor: Any
    server: RawServer
    window: Window = field(default_factory=Window)
    notices: list[str] = field(default_factory=list)

    def batches(self, context: Context = CONTEXT) -> list[Batch]:
        api = self.platform.api
        http = replace(api.open_api(self.server.url), sleep=lambda _: None)
        reading = api.read(Visit(HANDLE, self.platform.tokens, http, context, NOW, self.window))
        found = list(reading.batches)
        self.notices = list(reading.notices)
        return found

    def rows(self) -> list[dict[str, Any]]:
        found = self.batches()
        return [
            row
            for batch in found
            if "comments_seen" in batch.tables
            for row in batch.tables["comments_seen"].to_pylist()
        ]

    def asked(self) -> int:
        """How often comments were asked for."""
        ends = ("/comments", "/replies", "comment/list/", "reply/list/")
        return sum(path.endswith(ends) for path in self.server.paths())


Open = Callable[..., Account]


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> Platform:
    return PLATFORMS[request.param]


@pytest.fixture
def account(platform: Platform) -> Iterator[Open]:
    """Opens an account with these comments below its one post, beside others without any."""
    with ExitStack() as stack:

        def start(comments: list[dict[str, Any]], others: int = 0) -> Account:
            vendor = platform.vendor_of(comments, others)
            server = stack.enter_context(RawServer(vendor))
            if isinstance(vendor, instagram.Graph):
                vendor.base = server.url
            return Account(platform, vendor, server)

        yield start


def posts_in(batches: list[Batch]) -> int:
    return sum(batch.tables["posts_seen"].num_rows for batch in batches if "posts_seen" in batch.tables)


def test_comments_of_several_pages_come_whole_and_each_once(platform: Platform, account: Open) -> None:
    rows = account(platform.comments(LONG)).rows()
    assert len(rows) == len({row["comment_id"] for row in rows}) == LONG
    first = min(rows, key=lambda row: row["published_s"])
    assert (first["text"], first["author"], first["is_owner"]) == (
        "where do i find this",
        "a.viewer.0",
        False,
    )
    assert (first["published_s"], first["parent_id"], first["text_key"]) == (tiktok.MIDWINTER_S, None, None)
    assert first["post_id"] in {tiktok.post_id(0), instagram.code_of(0)}


def test_nothing_is_asked_for_unless_the_campaign_allows_it(platform: Platform, account: Open) -> None:
    opened = account(platform.comments(3))
    batches = opened.batches(replace(CONTEXT, comments=False))
    assert not [batch for batch in batches if "comments_seen" in batch.tables]
    assert opened.asked() == 0


def test_posts_without_comments_are_not_asked_for_any(platform: Platform, account: Open) -> None:
    opened = account(platform.comments(1), others=5)
    assert len(opened.rows()) == 1
    assert opened.asked() == 1


def test_the_account_s_own_words_are_told_from_others(platform: Platform, account: Open) -> None:
    own = platform.comments(1, username=HANDLE)
    opened = account([{**own[0], "owner": True} if "owner" in own[0] else own[0]])
    assert [row["is_owner"] for row in opened.rows()] == [True]


def test_an_author_whom_the_platform_does_not_name_stays_unknown(platform: Platform, account: Open) -> None:
    (told,) = platform.comments(1)
    nameless = {name: value for name, value in told.items() if name not in {"username", "owner"}}
    assert [(row["author"], row["is_owner"]) for row in account([nameless]).rows()] == [(None, None)]


def test_a_comment_without_words_is_left_out(platform: Platform, account: Open) -> None:
    assert len(account([*platform.comments(1), platform.comment(7, text="")]).rows()) == 1


def test_answers_come_with_the_comment_that_they_answer(account: Open) -> None:
    opened = account([])
    told = [opened.platform.comment(100 + n, text=f"answer {n}") for n in range(LONG)]
    question = opened.platform.comment(1)
    if isinstance(opened.vendor, tiktok.Business):
        number = question["comment_id"]
        opened.vendor.comments = {tiktok.post_id(0): [{**question, "reply_list": told, "replies": LONG}]}
        opened.vendor.items[0]["comments"] = 1 + LONG
    else:
        number = question["id"]
        opened.vendor.comments = {instagram.media_id(0): [question], number: told}
        opened.vendor.posts[0]["comments_count"] = 1 + LONG
    rows = opened.rows()
    assert len(rows) == len({row["comment_id"] for row in rows}) == 1 + LONG
    assert {row["parent_id"] for row in rows if row["text"].startswith("answer")} == {number}


def test_comments_follow_their_posts_and_carry_the_same_cursor_and_end(
    platform: Platform, account: Open
) -> None:
    batches = account(platform.comments(LONG)).batches()
    first = next(n for n, batch in enumerate(batches) if "comments_seen" in batch.tables)
    posts, comments = batches[first - 1], batches[first]
    assert posts_in([posts]) == 1
    assert (comments.cursor, comments.ends) == (posts.cursor, posts.ends)
    assert batches[-1].ends


def test_a_permission_that_is_missing_costs_the_comments_alone_and_is_remembered(
    platform: Platform, account: Open
) -> None:
    opened = account(platform.comments(3))
    opened.vendor.with_comments = False
    batches = opened.batches()
    assert batches[-1].ends
    assert posts_in(batches) == 1
    (notice,) = [notice for notice in opened.notices if "comment" in notice]
    assert notice.endswith(": connect the account again")
    assert opened.asked() == 1
    opened.batches()
    assert opened.asked() == 1


def test_a_post_that_gives_no_comments_does_not_hide_those_of_the_next(
    platform: Platform, account: Open
) -> None:
    opened = account(platform.comments(2), others=1)
    refused = PLATFORM_REFUSALS[platform.api.platform]

    def refuse_one(request: Request) -> Reply:
        if opened.asked() == 1 and request.path.endswith(("/comments", "comment/list/")):
            return refused
        reply: Reply = opened.vendor(request)
        return reply

    for post in getattr(opened.vendor, "items", None) or opened.vendor.posts:
        post["comments" if "item_id" in post else "comments_count"] = 2
    below = {number: platform.comments(2) for number in (tiktok.post_id(1), instagram.media_id(1))}
    opened.vendor.comments |= below
    opened.server.world = refuse_one
    assert len(opened.rows()) == 2
    assert [n for n in opened.notices if n.endswith("does not give all comments of 1 post: left out")]


def test_a_limit_ends_the_comments_of_the_walk_and_not_the_walk(platform: Platform, account: Open) -> None:
    opened = account(platform.comments(2), others=30)

    def limit_comments(request: Request) -> Reply:
        if request.path.endswith(("/comments", "comment/list/")):
            return platform.limited
        reply: Reply = opened.vendor(request)
        return reply

    opened.server.world = limit_comments
    batches = opened.batches()
    assert batches[-1].ends
    assert posts_in(batches) == 31
    assert [n for n in opened.notices if n.startswith("comments are not complete: ")]


PLATFORM_REFUSALS = {
    "tiktok": Reply({"code": 40002, "message": "S3CR3T", "data": {}}),
    "instagram": Reply({"error": {"code": 100, "error_subcode": 33, "message": "S3CR3T"}}, 400),
}
