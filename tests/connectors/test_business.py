"""TikTok API for Business: every post with watch time and audience, the account by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.api import Visit, Window
from connectors.base import Context, Reading
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
from connectors.tiktok.business import BusinessApi
from connectors.tokens import Tokens
from models.schema import ACCOUNT_METRICS, POST_METRICS, TABLES
from tests.faults.server import RawServer, answers
from tests.faults.tiktok import ACCESS, HANDLE, Business, created_s, day, item, post_id

NOW = datetime(2023, 12, 20, 23, 30, 15, 999_999, tzinfo=UTC)
CONTEXT = Context(timezone=ZoneInfo("Europe/London"), accounts={"tiktok": frozenset({HANDLE})})
TOKENS = Tokens(Secret(ACCESS), user_id="-000lavelle")


@pytest.fixture
def world() -> Business:
    days = [day(str(date(2023, 12, 19) - timedelta(days=n)), video_views=500 + n) for n in range(90)]
    return Business([item(1)], days)


@pytest.fixture
def server(world: Business) -> Iterator[RawServer]:
    with RawServer(world) as running:
        yield running


def api_of(server: RawServer) -> Api:
    return replace(BusinessApi().open_api(server.url), sleep=lambda _: None)


def read(server: RawServer, tokens: Tokens = TOKENS, **window: Any) -> Reading:
    return BusinessApi().read(Visit(HANDLE, tokens, api_of(server), CONTEXT, NOW, Window(**window)))


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return [
        row for batch in reading.batches if table in batch.tables for row in batch.tables[table].to_pylist()
    ]


# --- posts


def test_a_post_becomes_an_observation_a_description_and_its_audience(server: RawServer) -> None:
    _account, page = read(server).batches
    (observation,) = page.tables["post_observations"].to_pylist()
    origin = {
        "load_id": None,
        "row_no": 1,
        "source": "tiktok_business_api",
        "platform": "tiktok",
        "account": HANDLE,
        "post_id": post_id(1),
        "observed_at": datetime(2023, 12, 20, 23, 30, 15),
        "observed_s": 1_703_115_015,
        "observed_precision": "second",
    }
    assert observation == {
        **dict.fromkeys(POST_METRICS),
        **origin,
        "views": 101,
        "reach": 90,
        "likes": 20,
        "comments": 3,
        "shares": 4,
        "saves": 5,
        "follows": 2,
        "profile_visits": 6,
        "link_clicks": 1,
        "watch_time_total_s": 812.5,
        "watch_time_avg_s": 8.2,
        "completion_rate": 0.0395,
    }
    (seen,) = page.tables["posts_seen"].to_pylist()
    assert seen == {
        **origin,
        "exporter": HANDLE,
        "published_at": datetime.fromtimestamp(created_s(1), UTC).replace(tzinfo=None),
        "published_s": created_s(1),
        "published_basis": "source",
        "permalink": f"https://www.tiktok.com/@{HANDLE}/video/{post_id(1)}",
        "caption": "Where to get help #findhelpearly",
        "media_type": "video",
        "duration_s": 31.4,
        "is_collab": None,
        "is_paid": False,
    }
    audience = page.tables["audience_seen"].to_pylist()
    assert [(a["dimension"], a["bucket"], a["share"]) for a in audience] == [
        ("gender", "Female", 0.61),
        ("gender", "Male", 0.37),
        ("gender", "Other", 0.02),
        ("country", "GB", 0.84),
        ("city", "GB Sheffield", 0.41),
    ]
    assert {(a["subject_type"], a["subject_id"], a["population"]) for a in audience} == {
        ("post", post_id(1), "viewers")
    }
    assert (page.rows, page.refused, page.ends) == (1, (), True)


def test_every_table_has_the_canonical_schema(server: RawServer) -> None:
    tables = [found for batch in read(server).batches for found in batch.tables.items()]
    assert {name for name, _ in tables} == set(TABLES) - {"comments_seen"}  # which nobody has allowed here
    assert not [name for name, table in tables if table.schema != TABLES[name]]


def test_what_is_late_or_missing_is_null_and_not_zero(server: RawServer, world: Business) -> None:
    late = ("reach", "total_time_watched", "average_time_watched", "audience_genders", "video_duration")
    world.items = [{k: v for k, v in item(1).items() if k not in late}]
    page = list(read(server).batches)[-1]
    (row,) = page.tables["post_observations"].to_pylist()
    assert (row["reach"], row["watch_time_total_s"], row["watch_time_avg_s"]) == (None, None, None)
    assert {a["dimension"] for a in page.tables["audience_seen"].to_pylist()} == {"country", "city"}
    assert page.refused == ()


@pytest.mark.parametrize(
    ("changes", "column", "says"),
    [
        (
            {"video_views": "1.2K"},
            "views",
            "video_views is not a whole number from 0 up (the text of 4 chara",
        ),
        ({"full_video_watched_rate": 3.95}, "completion_rate", "full_video_watched_rate is no share (3.95)"),
        ({"total_time_watched": -1}, "watch_time_total_s", "total_time_watched is no seconds (-1)"),
        ({"average_time_watched": 8200}, "watch_time_avg_s", "far longer than the video"),
        ({"average_time_watched": 8200}, "watch_time_total_s", "watch times left empty"),
    ],
)
def test_a_value_that_cannot_be_is_left_empty_and_told(
    changes: dict[str, Any], column: str, says: str, server: RawServer, world: Business
) -> None:
    world.items = [item(1, **changes)]
    page = list(read(server).batches)[-1]
    (row,) = page.tables["post_observations"].to_pylist()
    assert row[column] is None
    assert row["likes"] == 20
    (refusal,) = page.refused
    assert says in refusal.reason


@pytest.mark.parametrize(
    ("audience", "says"),
    [
        ([{"gender": "Female", "percentage": 61}], "not between 0 and 1"),
        (
            [{"gender": "Female", "percentage": 0.9}, {"gender": "Male", "percentage": 0.9}],
            "more than the whole",
        ),
        ([{"gender": "", "percentage": 0.5}], "without a name"),
        ("Female", "is not a list of shares"),
        ([None], "is not a list of shares"),
    ],
)
def test_shares_that_cannot_be_are_left_out_and_told(
    audience: Any, says: str, server: RawServer, world: Business
) -> None:
    world.items = [item(1, audience_genders=audience)]
    page = list(read(server).batches)[-1]
    assert "gender" not in {a["dimension"] for a in page.tables["audience_seen"].to_pylist()}
    assert says in page.refused[0].reason


def test_a_photo_post_and_an_advertisement_are_told_apart(server: RawServer, world: Business) -> None:
    world.items = [item(1, media_type="PHOTO", share_url=None, is_ad=True, video_duration=0)]
    (seen,) = rows(read(server), "posts_seen")
    assert (seen["media_type"], seen["is_paid"], seen["duration_s"]) == ("photo", True, None)


def test_pages_follow_one_another_and_each_post_comes_once(server: RawServer, world: Business) -> None:
    world.items = [item(n) for n in range(45)]
    reading = read(server)
    batches = list(reading.batches)[1:]
    assert [(b.rows, b.cursor, b.ends) for b in batches] == [
        (20, str(created_s(19) * 1000), False),
        (20, str(created_s(39) * 1000), False),
        (5, None, True),
    ]
    assert [request.query.get("cursor") for request in server.seen[1:]] == [
        None,
        *(batch.cursor for batch in batches[:2]),
    ]


def test_a_window_ends_with_the_page_that_reaches_its_beginning(server: RawServer, world: Business) -> None:
    world.items = [item(n) for n in range(60)]
    batches = list(read(server, since_s=created_s(30)).batches)[1:]
    assert [(batch.rows, batch.ends) for batch in batches] == [(20, False), (20, True)]


def test_no_comment_is_ever_asked_for(server: RawServer) -> None:
    list(read(server).batches)
    assert {request.path for request in server.seen} == {"/business/get/", "/business/video/list/"}


# --- the account


def test_the_account_by_day_its_followers_and_their_shares(server: RawServer) -> None:
    account = next(read(server, since_s=int(NOW.timestamp()) - 30 * 86_400).batches)
    days = account.tables["account_days_seen"].to_pylist()
    assert [d["day"] for d in days[:2]] == [date(2023, 12, 19), date(2023, 12, 18)]
    assert len(days) == 31
    counts = {name: days[0][name] for name in ACCOUNT_METRICS if days[0][name] is not None}
    assert counts == {
        "views": 500,
        "profile_views": 12,
        "likes": 40,
        "comments": 5,
        "shares": 2,
        "follows": 7,
        "link_clicks": 1,
    }
    today = {name: days[-1][name] for name in ("day", "followers", "views")}
    assert today == {"day": date(2023, 12, 20), "followers": 1200, "views": None}
    audience = account.tables["audience_seen"].to_pylist()
    assert {(a["subject_type"], a["subject_id"], a["population"]) for a in audience} == {
        ("account", HANDLE, "followers")
    }
    assert {(a["dimension"], a["bucket"]) for a in audience} >= {("age", "13-17"), ("country", "GB")}
    assert len({d["row_no"] for d in days}) == len(days)


def test_the_first_time_sixty_days_are_read_that_is_as_far_back_as_tiktok_goes(server: RawServer) -> None:
    days = next(read(server).batches).tables["account_days_seen"]
    assert days.num_rows == 61
    assert server.seen[0].query["start_date"] == "2023-10-21"
    assert server.seen[0].query["end_date"] == "2023-12-19"


def test_a_day_without_a_date_is_left_out_and_told(server: RawServer, world: Business) -> None:
    world.days = [day("2023-12-19"), {**day("2023-12-19"), "video_views": "x"}]
    server.faults = [answers(200, {"code": 0, "data": {"username": HANDLE, "metrics": [{}, None, day("x")]}})]
    account = next(read(server).batches)
    assert account.tables["account_days_seen"].num_rows == 0
    assert [refusal.reason for refusal in account.refused] == ["a day without a date: left out"] * 3


# --- what is not allowed


def test_without_insights_the_rest_is_read_told_and_not_asked_for_again(
    server: RawServer, world: Business
) -> None:
    world.with_insights = False
    world.items = [item(n) for n in range(45)]
    window = Window()
    reading = BusinessApi().read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window))
    batches = list(reading.batches)
    observed = batches[1].tables["post_observations"].to_pylist()[0]
    assert (observed["views"], observed["saves"], observed["watch_time_avg_s"]) == (100, 5, None)
    assert list(reading.notices) == [
        "TikTok does not give what needs user.insights: those figures are empty",
        "TikTok does not give what needs video.insights: those figures are empty",
    ]
    assert window.not_given == {"account": ["user.insights"], "post": ["video.insights"]}
    assert len(server.seen) == 2 + 1 + 3
    list(BusinessApi().read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window)).batches)
    assert len(server.seen) == 6 + 1 + 3


def test_a_field_that_tiktok_withdrew_is_found_out_once_told_and_costs_none_of_the_others(
    server: RawServer, world: Business
) -> None:
    world.withdrawn = {"website_clicks", "bio_link_clicks"}
    world.items = [item(n) for n in range(45)]
    world.days = [day("2023-12-19")]
    window = Window()
    visit = Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window)
    reading = BusinessApi().read(visit)
    account, first, *_ = reading.batches
    (observed, *_) = first.tables["post_observations"].to_pylist()
    assert (observed["link_clicks"], observed["watch_time_avg_s"], observed["follows"]) == (None, 8.2, 2)
    assert (500, None) in [
        (d["views"], d["link_clicks"]) for d in account.tables["account_days_seen"].to_pylist()
    ]
    assert window.not_given == {"account": ["bio_link_clicks"], "post": ["website_clicks"]}
    assert list(reading.notices) == [
        "TikTok does not give bio_link_clicks: left empty",
        "TikTok does not give website_clicks: left empty",
    ]
    server.seen.clear()
    list(BusinessApi().read(visit).batches)
    assert len(server.seen) == 1 + 3


def test_a_request_that_is_bad_in_itself_teaches_nothing(server: RawServer, world: Business) -> None:
    world.withdrawn = {"item_id"}
    window = Window()
    with pytest.raises(RequestRefused):
        list(BusinessApi().read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window)).batches)
    assert window.not_given == {}


def test_a_token_of_another_account_is_refused_and_both_are_named(server: RawServer, world: Business) -> None:
    world.profile["username"] = "somebody.else"
    with pytest.raises(WrongAccount, match=r"under @lavelle\.sings belongs to @somebody\.else"):
        read(server)


def test_a_token_without_its_number_must_be_connected_again(server: RawServer) -> None:
    with pytest.raises(TokenRejected, match="connect it again"):
        read(server, Tokens(Secret(ACCESS)))
    assert server.seen == []


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (40105, TokenRejected),
        (40102, TokenRejected),
        (40131, TokenRejected),
        (40101, RequestRefused),
        (40016, RateLimited),
        (40100, RateLimited),
        (40133, RateLimited),
        (50000, SourceUnavailable),
        (49999, SourceError),
    ],
)
def test_a_code_other_than_0_is_a_failure_although_http_says_200(
    code: int, kind: type[SourceError], server: RawServer
) -> None:
    server.faults = [answers(200, {"code": code, "message": "S3CR3T", "data": {}})] * 5
    with pytest.raises(kind, match=str(code)) as caught:
        read(server)
    assert "S3CR3T" not in str(caught.value)
    # Where more permissions were asked for than needed, the profile alone is tried next.
    tries = {RateLimited: 5, SourceUnavailable: 5, TokenRejected: 1}
    assert len(server.seen) == tries.get(kind, 2)


def test_a_permission_that_not_even_the_profile_has_is_told_with_its_cure(server: RawServer) -> None:
    server.faults = [answers(200, {"code": 40001, "data": {}})] * 2
    with pytest.raises(PermissionMissing, match="allow each"):
        read(server)


@pytest.mark.parametrize(
    "data", [None, {"has_more": False}, {"videos": {}, "has_more": False}, {"videos": []}], ids=str
)
def test_a_list_that_lost_its_parts_is_malformed(data: object, server: RawServer) -> None:
    server.faults = [None, *[answers(200, {"code": 0, "data": data})] * 2]
    with pytest.raises(MalformedResponse):
        list(read(server).batches)


def test_a_circle_is_left(server: RawServer) -> None:
    again = answers(200, {"code": 0, "data": {"videos": [item(1)], "cursor": 7, "has_more": True}})
    server.faults = [None, again, again]
    with pytest.raises(PaginationLoop, match="a cursor came twice"):
        list(read(server).batches)


def test_forty_a_minute_of_an_account_and_six_hundred_of_an_app_are_not_passed(
    server: RawServer, world: Business
) -> None:
    waits: list[float] = []
    world.items = [item(n) for n in range(40 * 20)]
    api = replace(api_of(server), sleep=waits.append, clock=lambda: sum(waits))
    list(BusinessApi().read(Visit(HANDLE, TOKENS, api, CONTEXT, NOW)).batches)
    assert len(server.seen) == 41
    assert sum(waits) == pytest.approx(60 + 4 / 9, abs=1)
