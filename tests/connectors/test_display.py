from __future__ import annotations

import hashlib
import io
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import pages as paging
from connectors import registry
from connectors.api import Visit, Window
from connectors.base import Context, Reading, Refusal
from connectors.http import Api
from connectors.secret import Secret
from connectors.source_errors import (
    MalformedResponse,
    PaginationLoop,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    SourceError,
    SourceUnavailable,
    TokenRejected,
    WrongAccount,
)
from connectors.tiktok.display import DisplayApi
from connectors.tokens import Tokens
from models.schema import ACCOUNT_METRICS, POST_METRICS, TABLES
from tests.connectors.server import DisplayServer, Video, answers, cut_by_length, fails, lists

HANDLE = "lavelle.sings"
CANARY = f"S3CR3T-{uuid.uuid4()}"
NOW = datetime(2024, 2, 6, 23, 30, 15, 999_999, tzinfo=UTC)
MIDWINTER = datetime(2023, 12, 1, 18, 0, tzinfo=UTC)
CONTEXT = Context(timezone=ZoneInfo("Europe/London"), accounts={"tiktok": frozenset({HANDLE})})


@pytest.fixture
def server() -> Iterator[DisplayServer]:
    with DisplayServer(username=HANDLE, token=CANARY) as running:
        yield running


def api_of(server: DisplayServer, waits: list[float] | None = None) -> Api:
    waits = [] if waits is None else waits
    return replace(DisplayApi().open_api(server.url), sleep=waits.append)


def read(server: DisplayServer, context: Context = CONTEXT, api: Api | None = None, **window: Any) -> Reading:
    tokens = Tokens(Secret(CANARY))
    return DisplayApi().read(Visit(HANDLE, tokens, api or api_of(server), context, NOW, Window(**window)))


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return [
        row for batch in reading.batches if table in batch.tables for row in batch.tables[table].to_pylist()
    ]


def posts(server: DisplayServer) -> list[dict[str, Any]]:
    return rows(read(server), "posts_seen")


def counts(server: DisplayServer) -> list[dict[str, Any]]:
    return rows(read(server), "post_observations")


def refusals(server: DisplayServer) -> list[Refusal]:
    return [refusal for batch in read(server).batches for refusal in batch.refused]


# --- rows


def test_a_post_becomes_one_observation_and_one_description(server: DisplayServer) -> None:
    server.videos = [video(1, view_count=900, like_count=80, comment_count=7, share_count=0)]
    _account, page = read(server).batches
    assert (page.rows, page.refused) == (1, ())
    origin = {
        "load_id": None,
        "row_no": 1,
        "source": "tiktok_display_api",
        "platform": "tiktok",
        "account": HANDLE,
        "post_id": post_id(1),
        "observed_at": datetime(2024, 2, 6, 23, 30, 15),
        "observed_s": 1_707_262_215,
        "observed_precision": "second",
    }
    assert page.tables["post_observations"].to_pylist() == [
        {**dict.fromkeys(POST_METRICS), **origin, "views": 900, "likes": 80, "comments": 7, "shares": 0}
    ]
    assert page.tables["posts_seen"].to_pylist() == [
        {
            **origin,
            "exporter": HANDLE,
            "published_at": datetime(2023, 12, 1, 18, 0, 1),
            "published_s": int(MIDWINTER.timestamp()) + 1,
            "published_basis": "source",
            "permalink": f"https://www.tiktok.com/@{HANDLE}/video/{post_id(1)}",
            "caption": "Where to get help #findhelpearly",
            "media_type": "video",
            "duration_s": 31.0,
            "is_collab": None,
            "is_paid": None,
        }
    ]


def test_every_table_has_the_canonical_schema(server: DisplayServer) -> None:
    server.videos = [video(1)]
    tables = [item for batch in read(server).batches for item in batch.tables.items()]
    assert {name for name, _table in tables} == {"account_days_seen", "post_observations", "posts_seen"}
    assert not [name for name, table in tables if table.schema != TABLES[name]]


def test_followers_are_those_of_the_campaigns_day(server: DisplayServer) -> None:
    # 23:30 UTC is still 6 February in London, but the 7th in Athens.
    (london,) = rows(read(server), "account_days_seen")
    athens = replace(CONTEXT, timezone=ZoneInfo("Europe/Athens"))
    reading = read(server, context=athens)
    (greek,) = rows(reading, "account_days_seen")
    assert (london["day"], greek["day"]) == (date(2024, 2, 6), date(2024, 2, 7))
    assert reading.exported_on == date(2024, 2, 7)
    assert {name: london[name] for name in ACCOUNT_METRICS if london[name] is not None} == {"followers": 1200}
    assert (london["account"], london["observed_s"]) == (HANDLE, 1_707_262_215)


@pytest.mark.parametrize(("followers", "refused"), [(None, 0), (-1, 1), ("many", 1), (1.5, 1), (True, 1)])
def test_followers_that_are_no_count_make_no_row(
    followers: object, refused: int, server: DisplayServer
) -> None:
    server.followers = followers
    batch, _no_posts = read(server).batches
    assert (batch.rows, len(batch.refused)) == (0, refused)
    assert batch.tables["account_days_seen"].num_rows == 0


@pytest.mark.parametrize("missing", [{}, {"view_count": None, "like_count": None}])
def test_a_missing_metric_is_null_and_not_zero(missing: Video, server: DisplayServer) -> None:
    one = {k: v for k, v in video(1).items() if k not in {"view_count", "like_count"}}
    server.videos = [one | missing]
    (row,) = counts(server)
    assert (row["views"], row["likes"], row["comments"]) == (None, None, 3)
    assert refusals(server) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-3, "-3"),
        (2.5, "2.5"),
        (5.0, "5.0"),
        (True, "True"),
        (2**63, "9223372036854775808"),
        ("1.2K", "the text of 4 characters"),
        ([], "list"),
    ],
)
def test_a_value_that_is_no_count_is_refused_alone(value: object, shown: str, server: DisplayServer) -> None:
    server.videos = [video(1), video(2, view_count=value)]
    first, second = counts(server)  # newest first
    assert (first["views"], first["likes"], second["views"]) == (None, 20, 100)
    assert refusals(server) == [
        Refusal(1, f"id {post_id(2)}: view_count is not a whole number from 0 up ({shown}): left empty")
    ]


def test_the_largest_count_a_column_can_hold_is_kept(server: DisplayServer) -> None:
    server.videos = [video(1, view_count=2**63 - 1)]
    assert counts(server)[0]["views"] == 2**63 - 1


def test_an_id_sent_as_a_number_keeps_all_its_digits(server: DisplayServer) -> None:
    server.videos = [video(1, id=7310000000000000001)]
    assert posts(server)[0]["post_id"] == "7310000000000000001"


@pytest.mark.parametrize(
    "bad", [None, "", "73100x", 7.31e18, "7.31E+18", "1234", "9" * 26, True, "٧٣١٠٠٠", -12345]
)
def test_a_post_without_a_proper_id_is_left_out_with_its_row(bad: object, server: DisplayServer) -> None:
    server.videos = [video(1), video(2, id=bad), video(3)]
    assert [(row["post_id"], row["row_no"]) for row in posts(server)] == [(post_id(3), 1), (post_id(1), 3)]
    assert refusals(server) == [Refusal(2, "no id of 5 to 25 digits: post left out")]


def test_an_item_that_is_no_object_is_left_out(server: DisplayServer) -> None:
    server.script = [None, lists([None, "x", 3], 1, has_more=False)]
    assert len(refusals(server)) == 3


@pytest.mark.parametrize(
    ("link", "permalink", "media"),
    [
        ("https://www.tiktok.com/@{h}/video/{id}?utm_campaign=tt4d&u=1", "video", "video"),
        ("https://www.tiktok.com/@{h}/photo/{id}?a=b#c", "photo", "photo"),
        ("https://elsewhere.example/@{h}/photo/{id}", "video", None),
        ("https://www.instagram.com/p/CxYz12345678/", "video", None),
        ("javascript:alert(1)", "video", None),
        (None, "video", None),
        (7, "video", None),
    ],
)
def test_the_link_is_made_anew_and_tells_the_kind_of_post(
    link: object, permalink: str, media: str | None, server: DisplayServer
) -> None:
    shared = link.format(h=HANDLE, id=post_id(1)) if isinstance(link, str) else link
    server.videos = [video(1, share_url=shared)]
    (row,) = posts(server)
    assert row["permalink"] == f"https://www.tiktok.com/@{HANDLE}/{permalink}/{post_id(1)}"
    assert row["media_type"] == media


@pytest.mark.parametrize(
    ("description", "title", "caption"),
    [
        ("one\ntwo\r\n\nthree", "title", "one two three"),
        ("", "the title", "the title"),
        (None, "the title", "the title"),
        ("", "", None),
        (None, None, None),
        (12, None, None),
        ("cut \ud83d", None, "cut \ufffd"),
        ("whole \U0001f600", None, "whole \U0001f600"),
    ],
)
def test_a_caption_is_one_line(
    description: object, title: object, caption: str | None, server: DisplayServer
) -> None:
    server.videos = [video(1, video_description=description, title=title)]
    assert posts(server)[0]["caption"] == caption


@pytest.mark.parametrize(("native", "seconds"), [(31, 31.0), (0, None), (None, None), (-1, None)])
def test_a_duration_of_zero_is_none_at_all(
    native: int | None, seconds: float | None, server: DisplayServer
) -> None:
    server.videos = [video(1, duration=native)]
    assert posts(server)[0]["duration_s"] == seconds


@pytest.mark.parametrize("created", [None, 5, int(NOW.timestamp()) + 86_401, 10**14, "1701453601", -1])
def test_without_a_believable_time_the_id_tells_it(created: object, server: DisplayServer) -> None:
    server.script = [None, lists([video(1, create_time=created)], 1, has_more=False)]
    (row,) = posts(server)
    assert (row["published_s"], row["published_basis"]) == (int(MIDWINTER.timestamp()) + 1, "id clock")
    server.script = [None, lists([video(1, create_time=created)], 1, has_more=False)]
    assert len(refusals(server)) == (created is not None)


def test_a_post_without_any_time_has_none(server: DisplayServer) -> None:
    server.script = [None, lists([video(1, id="12345", create_time=None)], 1, has_more=False)]
    (row,) = posts(server)
    assert (row["published_at"], row["published_s"], row["published_basis"]) == (None, None, None)


def test_every_metric_says_its_native_name_or_why_it_is_empty(server: DisplayServer) -> None:
    reading = read(server)
    notes = {note.metric: (note.native_name, note.null_reason) for note in reading.metrics}
    assert len(notes) == len(reading.metrics)
    assert set(notes) == set(POST_METRICS) | set(ACCOUNT_METRICS)
    given = {metric: native for metric, (native, reason) in notes.items() if reason is None}
    assert given == {
        "views": "view_count",
        "likes": "like_count",
        "comments": "comment_count",
        "shares": "share_count",
        "followers": "follower_count",
    }
    assert {reason for native, reason in notes.values() if native is None} == {
        "not offered by the Display API"
    }


def test_the_reading_says_what_it_is(server: DisplayServer) -> None:
    reading = read(server)
    assert (reading.source, reading.platform, reading.account) == ("tiktok_display_api", "tiktok", HANDLE)
    assert reading.source_rank == 1
    assert "150 characters" in reading.chosen["captions"]


# --- pages


@pytest.mark.parametrize("count", [0, 1, 19, 20, 21, 40, 45])
def test_all_pages_are_read_whatever_the_number_of_posts(count: int, server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(count)]
    seen = posts(server)
    assert [row["post_id"] for row in seen] == [post_id(n) for n in reversed(range(count))]
    assert [row["row_no"] for row in seen] == list(range(1, count + 1))
    assert len(server.cursors()) == max(1, -(-count // 20))


def test_each_request_asks_for_twenty_from_where_the_last_page_ended(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(25)]
    pages = [batch.rows for batch in read(server).batches]
    assert pages == [1, 20, 5]  # the first is the account's own day
    asked = [seen.body for seen in server.seen if seen.method == "POST"]
    assert asked == [{"max_count": 20}, {"max_count": 20, "cursor": server.videos[5]["create_time"] * 1000}]


def test_short_pages_are_not_the_end(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(15)]
    server.page_size = 1
    assert len(posts(server)) == 15
    assert len(server.cursors()) == 15


def test_pages_are_fetched_only_as_they_are_drawn(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(25)]
    batches = iter(read(server).batches)
    assert server.cursors() == []
    next(batches)
    next(batches)
    assert len(server.cursors()) == 1


def test_an_empty_page_with_more_to_come_is_passed_over(server: DisplayServer) -> None:
    server.videos = [video(1)]
    server.script = [None, lists([], 1_800_000_000_000), lists(None, 1_790_000_000_000)]
    assert [row["post_id"] for row in posts(server)] == [post_id(1)]
    assert server.cursors() == [None, 1_800_000_000_000, 1_790_000_000_000]


def drawn_until(reading: Reading, kind: type[SourceError]) -> tuple[list[str], SourceError]:
    """The posts that arrived before the failure, and the failure."""
    ids: list[str] = []
    try:
        for batch in reading.batches:
            if "posts_seen" in batch.tables:
                ids += batch.tables["posts_seen"].column("post_id").to_pylist()
    except kind as error:
        return ids, error
    pytest.fail(f"no {kind.__name__} came after {ids}")


LOOPS: dict[str, list[tuple[list[int], object]]] = {  # the posts of each page, and its cursor
    "same cursor": [([1], 9), ([2], 9)],
    "back and forth": [([1], 9), ([2], 8), ([], 9)],
    "cursor missing": [([1], 9), ([2], None)],
    "cursor of text": [([1], 9), ([2], "8")],
    "always empty": [([1], 99), ([2], 98), *(([], n) for n in range(1, 30))],
}


@pytest.mark.parametrize("pages", LOOPS.values(), ids=LOOPS)
def test_a_list_without_an_end_stops_after_its_valid_rows(
    pages: list[tuple[list[int], object]], server: DisplayServer
) -> None:
    server.script = [None, *(lists([video(n) for n in numbers], cursor) for numbers, cursor in pages)]
    ids, error = drawn_until(read(server), PaginationLoop)
    assert ids == [post_id(1), post_id(2)]
    assert "@lavelle.sings has no end" in str(error)
    assert len(server.cursors()) <= 2 + paging.MAX_EMPTY_PAGES + 1


def test_a_list_of_endless_pages_is_left_in_the_end(
    server: DisplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 4)
    server.script = [None, *(lists([video(n)], 100 + n) for n in range(9))]
    ids, error = drawn_until(read(server), PaginationLoop)
    assert len(ids) == 4
    assert "more than 4 pages" in str(error)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1, max_size=4))
def test_repeated_and_shuffled_pages_give_each_post_once(
    server: DisplayServer, pages: list[list[int]]
) -> None:
    last = len(pages) - 1
    server.script = [
        None,
        *(lists([video(n) for n in page], i + 1, has_more=i < last) for i, page in enumerate(pages)),
    ]
    reading = read(server)
    drawn = list(reading.batches)[1:]
    wanted = {post_id(n) for page in pages for n in page}
    for table in ("posts_seen", "post_observations"):
        ids = [i for batch in drawn for i in batch.tables[table].column("post_id").to_pylist()]
        assert sorted(ids) == sorted(wanted)
    assert sum(batch.rows for batch in drawn) == len(wanted)


# --- windows


def walk(server: DisplayServer, **window: Any) -> list[tuple[int, str | None, bool]]:
    """Posts, cursor and end of every batch."""
    return [
        (batch.tables["posts_seen"].num_rows, batch.cursor, batch.ends)
        for batch in list(read(server, **window).batches)[1:]
    ]


def cursor(number: int) -> str:
    return str(created_s(number) * 1000)


def test_every_page_says_where_to_go_on_and_the_last_one_that_nothing_is_left(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(45)]
    assert walk(server) == [(20, cursor(25), False), (20, cursor(5), False), (5, None, True)]


def test_a_walk_goes_on_where_an_earlier_one_stopped(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(45)]
    account, page, _last = read(server, cursor=cursor(25)).batches
    assert account.cursor == cursor(25)
    assert page.tables["posts_seen"].column("post_id").to_pylist()[0] == post_id(24)


def test_a_window_ends_with_the_page_that_reaches_its_beginning(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(100)]
    assert walk(server, since_s=created_s(70)) == [(20, cursor(80), False), (20, None, True)]
    assert len(server.cursors()) == 2


def test_a_window_with_a_post_that_cannot_be_told_is_not_read_to_its_end(server: DisplayServer) -> None:
    server.videos = [video(1), video(2) | {"id": "?"}]
    assert walk(server) == [(1, None, False)]


def test_a_circle_leaves_no_cursor_that_would_lead_into_it_again(server: DisplayServer) -> None:
    server.script = [None, lists([video(3)], 9), lists([video(2)], 9)]
    batches = read(server).batches
    assert [next(batches).cursor for _ in range(3)] == [None, "9", None]
    with pytest.raises(PaginationLoop):
        next(batches)


# --- failures


def test_a_fault_in_the_middle_is_tried_again_and_no_row_is_lost_or_doubled(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(25)]
    server.script = [None, None, cut_by_length(b'{"data":{"videos":['), fails(500, "internal_error")]
    waits: list[float] = []
    reading = read(server, api=api_of(server, waits))
    assert len(rows(reading, "posts_seen")) == 25
    assert len(waits) == 2
    last = server.videos[5]["create_time"] * 1000
    assert server.cursors() == [None, last, last, last]


def test_a_source_that_stays_away_leaves_the_pages_before_it_valid(server: DisplayServer) -> None:
    server.videos = [video(n) for n in range(25)]
    server.script = [None, None, *[fails(500, "internal_error")] * 5]
    ids, error = drawn_until(read(server), SourceUnavailable)
    assert len(ids) == 20
    assert "(internal_error)" in str(error)


def test_tiktok_may_write_a_handle_with_capitals(server: DisplayServer) -> None:
    server.username = "Lavelle.Sings"
    assert read(server).account == HANDLE


def test_a_token_of_another_account_is_refused_and_both_are_named(server: DisplayServer) -> None:
    server.username = "somebody.else"
    with pytest.raises(WrongAccount) as caught:
        read(server)
    assert str(caught.value) == (
        "tiktok_display_api: the token filed under @lavelle.sings belongs to @somebody.else: if the"
        " account was renamed, correct its handle in the campaign file and connect it again; if not, let the"
        " owner of @lavelle.sings connect it"
    )
    assert server.cursors() == []


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 65])
def test_a_name_that_cannot_be_a_handle_is_not_repeated(name: str, server: DisplayServer) -> None:
    server.username = name
    with pytest.raises(WrongAccount, match="belongs to another account"):
        read(server)


@pytest.mark.parametrize(
    ("status", "code", "kind", "says"),
    [
        (401, "access_token_invalid", TokenRejected, "connect the account again"),
        (401, "scope_not_authorized", PermissionMissing, "user.info.stats"),
        (400, "scope_permission_missed", PermissionMissing, "user.info.stats"),
        (401, "scope_permission_missed", PermissionMissing, "user.info.stats"),
        (400, "invalid_params", RequestRefused, "update rapup"),
        (200, "access_token_invalid", TokenRejected, "has expired"),
        (200, "something_new", RequestRefused, "something_new"),
        (200, "Not a <name>", RequestRefused, "an unreadable name"),
        (401, "something_new", TokenRejected, "HTTP 401"),
    ],
)
def test_an_error_name_says_what_to_do_and_is_not_asked_twice(
    status: int, code: str, kind: type[SourceError], says: str, server: DisplayServer
) -> None:
    server.script = [fails(status, code)]
    with pytest.raises(kind, match=re.escape(says)) as caught:
        read(server)
    assert "@lavelle.sings" in str(caught.value)
    assert len(server.seen) == 1


def test_the_missing_scope_of_the_video_list_is_named(server: DisplayServer) -> None:
    server.script = [None, fails(401, "scope_not_authorized")]
    _ids, error = drawn_until(read(server), PermissionMissing)
    assert "all of video.list" in str(error)


def test_a_rate_limit_is_waited_out_as_told(server: DisplayServer) -> None:
    server.videos = [video(1)]
    server.script = [fails(429, "rate_limit_exceeded", Retry_After="30"), fails(200, "rate_limit_exceeded")]
    waits: list[float] = []
    api = replace(api_of(server, waits), random=lambda: 1.0)
    assert len(rows(read(server, api=api), "posts_seen")) == 1
    assert waits == [30, 16]


def test_a_rate_limit_that_stays_stops_the_source(server: DisplayServer) -> None:
    server.script = [fails(429, "rate_limit_exceeded")] * 5
    with pytest.raises(RateLimited, match="rate_limit_exceeded"):
        read(server)
    assert len(server.seen) == 5


def test_the_login_pages_kind_of_error_is_understood(server: DisplayServer) -> None:
    server.script = [answers(200, {"error": "access_token_invalid", "error_description": "x", "log_id": "1"})]
    with pytest.raises(TokenRejected):
        read(server)


@pytest.mark.parametrize(
    "payload",
    [{}, {"data": None}, {"data": {"user": []}}, {"data": {"user": {}}}, {"data": {"user": {"username": 5}}}],
    ids=str,
)
def test_a_profile_without_a_name_is_malformed(payload: dict[str, Any], server: DisplayServer) -> None:
    server.script = [answers(200, payload)] * 2
    with pytest.raises(MalformedResponse, match=r"no data\.user\.username"):
        read(server)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"has_more": False},
        {"videos": {}, "has_more": False},
        {"videos": []},
        {"videos": [], "has_more": 0},
    ],
    ids=str,
)
def test_a_list_that_lost_its_parts_is_malformed_and_not_an_empty_account(
    data: object, server: DisplayServer
) -> None:
    server.script = [None, *[answers(200, {"data": data, "error": {"code": "ok"}})] * 2]
    ids, error = drawn_until(read(server), MalformedResponse)
    assert ids == []
    assert "/v2/video/list/" in str(error)


def test_the_token_is_in_no_row(server: DisplayServer) -> None:
    server.videos = [video(1)]
    reading = read(server)
    tables = [table.to_pylist() for batch in reading.batches for table in batch.tables.values()]
    assert len(tables) == 3
    assert "S3CR3T" not in repr([reading, tables])


@pytest.mark.parametrize("status", [200, 400, 401])
def test_the_token_is_in_no_message_even_if_tiktok_repeats_it(status: int, server: DisplayServer) -> None:
    server.script = [fails(status, CANARY)]
    with pytest.raises(SourceError) as caught:
        read(server)
    assert "S3CR3T" not in repr([str(caught.value), caught.value])


def test_a_real_address_must_be_tiktoks(server: DisplayServer) -> None:
    assert DisplayApi().open_api().base_url == "https://open.tiktokapis.com"
    with pytest.raises(ValueError, match="allowed are"):
        DisplayApi().open_api("https://open.tiktokapis.example")


# --- the other way to the same posts


def test_a_content_export_gives_the_same_rows(server: DisplayServer) -> None:
    server.videos = [video(n, view_count=1000 + n) for n in range(3)]
    exported = registry.read(ContentCsv(server.videos), replace(CONTEXT, exported_on=date(2024, 2, 6)))
    by_file: dict[str, list[dict[str, Any]]] = {name: [] for name in ("post_observations", "posts_seen")}
    for batch in exported.batches:
        for name, table in batch.tables.items():
            by_file[name] += table.to_pylist()
    by_api = {"post_observations": counts(server), "posts_seen": posts(server)}
    assert differing(by_api["post_observations"], by_file["post_observations"]) == {"source", *MOMENT}
    # The export has no durations, and a date where the API has a time: then the id's clock counts.
    assert differing(by_api["posts_seen"], by_file["posts_seen"]) == {
        "source",
        *MOMENT,
        "published_basis",
        "duration_s",
    }


MOMENT = ("observed_at", "observed_s", "observed_precision")


def differing(these: list[dict[str, Any]], those: list[dict[str, Any]]) -> set[str]:
    """Columns in which two lists of rows differ."""
    assert len(these) == len(those) > 0
    return {name for one, other in zip(these, those, strict=True) for name in one if one[name] != other[name]}


class ContentCsv:
    """TikTok Studio's Content.csv of some videos, as the browser would have saved it."""

    name = container = "Content.csv"
    written_at = None
    modified_at = NOW

    def __init__(self, videos: list[Video]) -> None:
        newest_first = sorted(videos, key=lambda video: -video["create_time"])
        lines = [CONTENT_COLUMNS, *(content_row(one) for one in newest_first)]
        text = "\n".join(",".join(f'"{value}"' for value in line) for line in lines)
        self.bytes = text.encode("utf-8-sig")
        self.sha256 = hashlib.sha256(self.bytes).hexdigest()
        self.size = len(self.bytes)

    def open(self) -> io.BytesIO:
        return io.BytesIO(self.bytes)


CONTENT_COLUMNS = (
    *("Time", "Video title", "Video link", "Post time"),
    *("Total likes", "Total comments", "Total shares", "Total views"),
)


def content_row(one: Video) -> tuple[object, ...]:
    link = one["share_url"].partition("?")[0]
    caption = one["video_description"].replace("\n", " ")
    numbers = (one["like_count"], one["comment_count"], one["share_count"], one["view_count"])
    return ("February 6", caption, link, "December 1", *numbers)


# --- builders


def created_s(number: int) -> int:
    return int(MIDWINTER.timestamp()) + number


def post_id(number: int) -> str:
    """An id whose clock tells the time at which the post was made."""
    return str((created_s(number) << 32) + 12345)


def video(number: int, **changes: Any) -> Video:
    return {
        "id": post_id(number),
        "create_time": created_s(number),
        "share_url": f"https://www.tiktok.com/@{HANDLE}/video/{post_id(number)}?utm_campaign=tt4d_open_api",
        "title": "Where to get help",
        "video_description": "Where to get help\n#findhelpearly",
        "duration": 31,
        "view_count": 100,
        "like_count": 20,
        "comment_count": 3,
        "share_count": 4,
    } | changes
