"""Instagram's Graph API: posts with insights, stories, days, audience, and accounts seen from outside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.api import Visit, Window
from connectors.base import Context, Reading
from connectors.http import Api
from connectors.instagram.discovery import BusinessDiscovery
from connectors.instagram.graph import GRAPH_API, LOGIN_API, GraphApi
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
from connectors.tokens import Tokens
from models.schema import POST_METRICS, TABLES
from tests.faults.instagram import (
    ACCESS,
    HANDLE,
    USER_ID,
    Graph,
    code_of,
    created_s,
    failed,
    media,
    media_id,
)
from tests.faults.server import Fault, RawServer, Reply, Request

NOW = datetime(2023, 12, 20, 23, 30, 15, 999_999, tzinfo=UTC)
CONTEXT = Context(timezone=ZoneInfo("Europe/London"), accounts={"instagram": frozenset({HANDLE})})
TOKENS = Tokens(Secret(ACCESS), user_id=USER_ID)
RECENT = {"since_s": int(NOW.timestamp()) - 30 * 86_400}


@pytest.fixture
def world() -> Graph:
    return Graph([media(1)])


@pytest.fixture
def server(world: Graph) -> Iterator[RawServer]:
    with RawServer(world) as running:
        world.base = running.url
        yield running


def api_of(server: RawServer, source: GraphApi = LOGIN_API) -> Api:
    return replace(source.open_api(server.url), sleep=lambda _: None)


def read(server: RawServer, source: GraphApi = LOGIN_API, tokens: Tokens = TOKENS, **window: Any) -> Reading:
    chosen = Window(**(window or RECENT))
    return source.read(Visit(HANDLE, tokens, api_of(server, source), CONTEXT, NOW, chosen))


def rows(reading: Reading, table: str) -> list[dict[str, Any]]:
    return [
        row for batch in reading.batches if table in batch.tables for row in batch.tables[table].to_pylist()
    ]


def asked(server: RawServer, ending: str) -> list[str]:
    """The metrics of every request for insights of a path that ends so."""
    return [r.query["metric"] for r in server.seen if r.path.endswith(f"{ending}/insights")]


def failing(code: int, subcode: int | None = None, message: str = "S3CR3T") -> Fault:
    reply = failed(code, subcode, message)
    return Fault("reply", reply)


# --- posts


def test_a_reel_becomes_one_observation_and_one_description(server: RawServer) -> None:
    _account, page = read(server).batches
    origin = {
        "load_id": None,
        "row_no": 1,
        "source": "instagram_login_api",
        "platform": "instagram",
        "account": HANDLE,
        "post_id": code_of(1),
        "observed_at": datetime(2023, 12, 20, 23, 30, 15),
        "observed_s": 1_703_115_015,
        "observed_precision": "second",
    }
    assert page.tables["post_observations"].to_pylist() == [
        {
            **dict.fromkeys(POST_METRICS),
            **origin,
            "views": 101,
            "reach": 90,
            "likes": 21,
            "comments": 3,
            "saves": 5,
            "shares": 4,
            "reposts": 1,
            "watch_time_avg_s": 8.2,
            "watch_time_total_s": 812.5,
        }
    ]
    assert page.tables["posts_seen"].to_pylist() == [
        {
            **origin,
            "exporter": HANDLE,
            "published_at": datetime.fromtimestamp(created_s(1), UTC).replace(tzinfo=None),
            "published_s": created_s(1),
            "published_basis": "source",
            "permalink": f"https://www.instagram.com/reel/{code_of(1)}/",
            "caption": "Where to get help #findhelpearly",
            "media_type": "reel",
            "duration_s": None,
            "is_collab": None,
            "is_paid": None,
        }
    ]
    assert (page.rows, page.refused, page.ends) == (1, (), True)


def test_every_kind_of_post_is_asked_for_its_own_metrics(server: RawServer, world: Graph) -> None:
    world.posts = [media(1), media(2, "FEED"), media(3, "FEED", media_type="CAROUSEL_ALBUM")]
    found = {row["media_type"]: row for row in rows(read(server), "posts_seen")}
    assert set(found) == {"reel", "image", "carousel"}
    (reel,) = asked(server, media_id(1))
    (image,) = asked(server, media_id(2))
    assert "ig_reels_avg_watch_time" in reel
    assert "follows" not in reel
    assert "follows,profile_visits" in image
    assert not [
        name for name in ("impressions", "plays", "total_views", "video_views") if name in reel + image
    ]


def test_every_table_has_the_canonical_schema(server: RawServer) -> None:
    tables = [found for batch in read(server).batches for found in batch.tables.items()]
    assert {name for name, _ in tables} == set(TABLES) - {"comments_seen"}  # which nobody has allowed here
    assert not [name for name, table in tables if table.schema != TABLES[name]]


def test_without_insights_yet_the_counters_of_the_post_itself_are_kept_and_the_rest_is_null(
    server: RawServer, world: Graph
) -> None:
    world.posts = [media(1, insights={}), media(2)]
    reading = read(server)
    newest, _older = rows(reading, "post_observations")
    assert (newest["likes"], newest["comments"], newest["views"], newest["reach"]) == (20, 3, None, None)
    assert list(reading.notices) == [
        "no insights of 1 post: Meta gives them after up to two days, and not of everything"
    ]


def test_hidden_likes_are_null_and_not_zero(server: RawServer, world: Graph) -> None:
    hidden = media(1, insights={"views": 5})
    del hidden["like_count"]
    world.posts = [hidden]
    (row,) = rows(read(server), "post_observations")
    assert (row["likes"], row["views"]) == (None, 5)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        ((100, 2108006), "from before the account was professional"),
        ((100, 33), "deleted, or not ours"),
        ((10, None, "(#10) Not enough viewers for the media to show insights"), "too few viewers"),
    ],
)
def test_a_post_without_insights_keeps_its_place_and_the_reason_is_told(
    error: tuple[Any, ...], why: str, server: RawServer, world: Graph
) -> None:
    world.posts = [media(1, insights_error=error), media(2)]
    reading = read(server)
    first, second = rows(reading, "post_observations")
    assert (first["views"], first["likes"], second["views"]) == (None, 20, 102)
    assert list(reading.notices) == [f"no insights of 1 post: {why}"]
    assert len(asked(server, media_id(2))) == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("views", -1, "views is not a number from 0 up (-1): left empty"),
        ("views", "1.2K", "views is not a number from 0 up (the text of 4 characters): left empty"),
        ("views", 1.5, "views is not a whole number (1.5): left empty"),
        ("views", True, "views is not a number from 0 up (True): left empty"),
    ],
)
def test_an_insight_that_is_no_count_is_left_empty_and_told(
    name: str, value: Any, says: str, server: RawServer, world: Graph
) -> None:
    world.posts[0]["insights"][name] = value
    reading = read(server)
    (row,) = rows(reading, "post_observations")
    assert (row["views"], row["reach"]) == (None, 90)
    assert list(reading.notices) == [says]


def test_pages_follow_one_another_and_only_the_last_one_ends(server: RawServer, world: Graph) -> None:
    world.posts = [media(n) for n in range(60)]
    batches = list(read(server, since_s=None).batches)[1:]
    assert [(b.rows, b.cursor, b.ends) for b in batches] == [
        (25, "media at25", False),
        (25, "media at50", False),
        (10, None, True),
    ]


def test_a_walk_goes_on_where_an_earlier_one_stopped(server: RawServer, world: Graph) -> None:
    world.posts = [media(n) for n in range(60)]
    batches = list(read(server, since_s=None, cursor="media at50").batches)[1:]
    assert [batch.rows for batch in batches] == [10]


def test_a_window_ends_with_the_first_page_that_is_older(server: RawServer, world: Graph) -> None:
    world.posts = [media(n) for n in range(100)]
    batches = list(read(server, since_s=created_s(10)).batches)[1:]
    assert [(batch.rows, batch.ends) for batch in batches] == [(25, False), (25, True)]


@pytest.mark.parametrize(
    "broken",
    [{"permalink": None, "shortcode": None}, {"permalink": "https://elsewhere.example/", "shortcode": "?"}],
)
def test_a_post_without_a_link_is_left_out_and_the_list_is_not_whole(
    broken: dict[str, Any], server: RawServer, world: Graph
) -> None:
    world.posts = [media(1, **broken), media(2)]
    (page,) = list(read(server).batches)[1:]
    assert (page.rows, page.ends) == (1, False)
    assert "no link to a post of Instagram" in page.refused[0].reason


def test_a_time_that_cannot_be_gives_way_to_the_shortcodes_clock(server: RawServer, world: Graph) -> None:
    world.posts = [media(1, timestamp="yesterday")]
    (page,) = list(read(server).batches)[1:]
    (seen,) = page.tables["posts_seen"].to_pylist()
    assert (seen["published_s"], seen["published_basis"]) == (created_s(1), "id clock")
    assert len(page.refused) == 1


# --- metrics that are not to be had


def test_a_metric_that_meta_withdrew_fails_no_page_and_is_soon_not_asked_for(
    server: RawServer, world: Graph
) -> None:
    world.unsupported = {"reposts"}
    world.posts = [media(n) for n in range(12)]
    window = Window(**RECENT)
    visit = Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window)
    reading = LOGIN_API.read(visit)
    found = rows(reading, "post_observations")
    assert [(row["views"], row["reposts"]) for row in found] == [(100 + n, None) for n in range(12)]
    assert window.not_given["REELS"] == ["reposts"]
    assert list(reading.notices) == ["Meta does not give reposts of reels: left empty"]
    # The first post: all together, then one by one. The second: the others, and the suspect alone.
    assert len(asked(server, media_id(0))) == 1 + 9
    assert len(asked(server, media_id(1))) == 2
    for number in range(2, 12):
        assert asked(server, media_id(number)) == [asked(server, media_id(2))[0]]
    assert "reposts" not in asked(server, media_id(2))[0]
    before = len(server.seen)
    list(LOGIN_API.read(visit).batches)
    assert not [r for r in server.seen[before:] if "reposts" in r.query.get("metric", "")]


def test_a_metric_that_only_one_post_lacks_is_asked_of_the_others(server: RawServer, world: Graph) -> None:
    calls: list[str] = []

    def once(request: Request) -> Reply:
        if request.path.endswith(f"{media_id(0)}/insights") and "views" in request.query["metric"]:
            calls.append(request.query["metric"])
            return failed(100)
        return world(request)

    server.world = once
    world.posts = [media(n) for n in range(6)]
    window = Window(**RECENT)
    reading = LOGIN_API.read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window))
    found = rows(reading, "post_observations")
    assert [row["views"] for row in found] == [None, 101, 102, 103, 104, 105]
    assert [row["reach"] for row in found] == [90] * 6
    assert window.not_given.get("REELS", []) == []


def test_without_the_permission_for_insights_the_posts_are_read_and_it_is_told_once(
    server: RawServer, world: Graph
) -> None:
    world.posts = [media(n, insights_error=(10, None)) for n in range(5)]
    window = Window(**RECENT)
    reading = LOGIN_API.read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window))
    assert [row["likes"] for row in rows(reading, "post_observations")] == [20] * 5
    (notice,) = reading.notices
    assert "instagram_business_manage_insights" in notice
    assert len([r for r in server.seen if "/181" in r.path]) == 1


# --- several requests as one


def figures(reading: Reading) -> list[tuple[Any, ...]]:
    names = ("post_id", "views", "reach", "saves", "watch_time_avg_s", "follows")
    return [tuple(row[name] for name in names) for row in rows(reading, "post_observations")]


def batches(server: RawServer) -> list[int]:
    """How many posts each batch asked for."""
    return [len(json.loads(request.form()["batch"])) for request in server.seen if request.path == "/"]


def alone(server: RawServer) -> int:
    """How many requests for the insights of one post."""
    return sum("/181" in request.path for request in server.seen)


def test_through_facebook_the_insights_of_a_page_are_one_request_and_the_same(
    server: RawServer, world: Graph
) -> None:
    world.posts = [media(n, "FEED" if n % 3 else "REELS") for n in range(60)]
    one_by_one = figures(read(server, since_s=None))
    assert (batches(server), alone(server)) == ([], 60)
    server.seen.clear()
    assert figures(read(server, GRAPH_API, since_s=None)) == one_by_one
    assert (batches(server), alone(server)) == ([23, 25, 10], 2)  # the first of each kind is asked for alone
    assert all(ACCESS not in repr((request.path, request.query)) for request in server.seen)


def test_a_post_without_insights_harms_none_of_its_batch_and_is_not_asked_for_again(
    server: RawServer, world: Graph
) -> None:
    world.posts = [media(n) for n in range(6)]
    world.posts[3]["insights_error"] = (100, 2108006)
    reading = read(server, GRAPH_API)
    assert [views for _, views, *_ in figures(reading)] == [100, 101, 102, None, 104, 105]
    assert list(reading.notices) == ["no insights of 1 post: from before the account was professional"]
    assert (batches(server), alone(server)) == ([5], 1)


def test_a_metric_that_is_withdrawn_is_learnt_before_anything_is_asked_for_together(
    server: RawServer, world: Graph
) -> None:
    world.unsupported = {"reposts"}
    world.posts = [media(n) for n in range(8)]
    window = Window(**RECENT)
    reading = GRAPH_API.read(Visit(HANDLE, TOKENS, api_of(server, GRAPH_API), CONTEXT, NOW, window))
    assert [views for _, views, *_ in figures(reading)] == [100 + n for n in range(8)]
    assert window.not_given["REELS"] == ["reposts"]
    assert batches(server) == [5]  # three posts tell what is to be had


@pytest.mark.parametrize(
    "answer",
    [
        [None] * 5,
        [],
        [{"code": 200, "body": "{"}, {"code": 200}, {"body": "{}"}, "x", {"code": 200, "body": "[]"}],
        [{"code": 400, "body": '{"error": {"code": 2}}'}] * 5,
        {"error": {"code": 10, "message": "S3CR3T"}},
        {"data": "S3CR3T"},
    ],
    ids=["no time", "too few", "no use", "an error of their own", "refused", "another answer"],
)
def test_what_a_batch_does_not_give_is_asked_for_alone(answer: Any, server: RawServer, world: Graph) -> None:
    def without_batches(request: Request) -> Reply:
        return Reply(json.dumps(answer).encode()) if request.path == "/" else world(request)

    world.posts = [media(n) for n in range(6)]
    server.world = without_batches
    assert [views for _, views, *_ in figures(read(server, GRAPH_API))] == [100 + n for n in range(6)]
    assert alone(server) == 6


def test_a_batch_that_meets_a_limit_ends_the_walk_and_not_in_a_hundred_requests(
    server: RawServer, world: Graph
) -> None:
    def limited(request: Request) -> Reply:
        return failed(4) if request.path == "/" else world(request)

    world.posts = [media(n) for n in range(25)]
    server.world = limited
    with pytest.raises(RateLimited):
        figures(read(server, GRAPH_API))
    assert alone(server) == 1


# --- stories, posts of others


def test_stories_of_the_day_are_kept_while_they_can_be_seen(server: RawServer, world: Graph) -> None:
    story = media(0, "STORY", permalink=f"https://www.instagram.com/stories/{HANDLE}/123", media_type="IMAGE")
    story["insights"]["replies"] = 4
    world.stories = [story]
    _account, page, _posts = read(server).batches
    (seen,) = page.tables["posts_seen"].to_pylist()
    (observed,) = page.tables["post_observations"].to_pylist()
    assert (seen["media_type"], seen["post_id"]) == ("story", code_of(0))
    assert (observed["views"], observed["comments"], observed["follows"]) == (100, 4, 2)
    assert not page.ends


def test_through_facebook_posts_of_others_are_read_too(server: RawServer, world: Graph) -> None:
    world.others = [media(7, username="sheffield.trust", saved_count=9)]
    _account, own, others = read(server, GRAPH_API).batches
    assert (own.cursor, own.ends) == ("collaborative_media ", False)
    (seen,) = others.tables["posts_seen"].to_pylist()
    (observed,) = others.tables["post_observations"].to_pylist()
    assert (seen["account"], seen["exporter"], seen["is_collab"]) == ("sheffield.trust", HANDLE, True)
    assert (observed["likes"], observed["saves"], observed["views"]) == (20, 9, None)
    assert others.ends
    resumed = list(read(server, GRAPH_API, cursor=own.cursor).batches)
    assert [batch.rows for batch in resumed[1:]] == [1]


def test_a_list_of_others_that_meta_refuses_is_told_and_the_rest_counts(
    server: RawServer, world: Graph
) -> None:
    def refuse(request: Request) -> Reply:
        return failed(10) if request.path.endswith(("collaborative_media", "stories")) else world(request)

    server.world = refuse
    reading = read(server, GRAPH_API)
    batches = list(reading.batches)
    assert batches[-1].ends
    assert list(reading.notices) == [
        "Meta does not list the account's stories: left out",
        "Meta does not list posts of others on which this account collaborates",
    ]


# --- the account


def test_days_are_pacific_ones_and_end_at_midnight_there(server: RawServer) -> None:
    account = next(read(server).batches)
    days = account.tables["account_days_seen"].to_pylist()
    assert [d["day"] for d in days] == [date(2023, 12, 20), *(date(2023, 12, 19 - n) for n in range(7))]
    today, yesterday = days[:2]
    assert (today["followers"], today["views"]) == (1200, None)
    shown = ("views", "reach", "interactions", "link_clicks", "follows", "followers")
    assert {name: yesterday[name] for name in shown} == {
        "views": 700,
        "reach": 400,
        "interactions": 80,
        "link_clicks": 2,
        "follows": 19,  # the platform's invented new followers are as many as the day of the month
        "followers": None,
    }
    assert [(d["day"].day, d["follows"]) for d in days[1:]] == [(n, n) for n in range(19, 12, -1)]
    request = next(r for r in server.seen if r.query.get("period") == "day" and "views" in r.query["metric"])
    pacific = ZoneInfo("America/Los_Angeles")
    assert datetime.fromtimestamp(int(request.query["since"]), pacific) == datetime(
        2023, 12, 19, tzinfo=pacific
    )
    assert int(request.query["until"]) - int(request.query["since"]) == 86_399


@pytest.mark.parametrize(("today", "hours"), [("2023-11-06", 25), ("2023-03-13", 23)])
def test_the_day_on_which_clocks_change_has_its_own_length(today: str, hours: int, server: RawServer) -> None:
    now = datetime.fromisoformat(f"{today}T20:00:00+00:00")
    visit = Visit(HANDLE, TOKENS, api_of(server), CONTEXT, now, Window(int(now.timestamp()) - 86_400))
    next(LOGIN_API.read(visit).batches)
    request = next(r for r in server.seen if "views" in r.query.get("metric", ""))
    assert int(request.query["until"]) - int(request.query["since"]) == hours * 3600 - 1


def test_shares_are_of_all_followers_so_that_what_is_not_listed_stays_open(server: RawServer) -> None:
    account = next(read(server).batches)
    found = {(a["dimension"], a["bucket"]): a["share"] for a in account.tables["audience_seen"].to_pylist()}
    assert found[("age", "18-24")] == pytest.approx(600 / 1200)
    assert found[("gender", "Female")] == pytest.approx(700 / 1200)
    assert found[("gender", "Unknown")] == pytest.approx(50 / 1200)
    assert found[("city", "Sheffield, England")] == pytest.approx(0.4)
    (subject,) = {
        (a["subject_type"], a["subject_id"], a["population"])
        for a in account.tables["audience_seen"].to_pylist()
    }
    assert subject == ("account", HANDLE, "followers")


@pytest.mark.parametrize("followers", [99, None, -1, "many"])
def test_below_a_hundred_followers_nothing_is_asked_of_them(
    followers: Any, server: RawServer, world: Graph
) -> None:
    world.followers = followers
    reading = read(server)
    account = next(reading.batches)
    assert account.tables["audience_seen"].num_rows == 0
    assert "no audience: Meta gives it from 100 followers on" in reading.notices
    assert not [r for r in server.seen if "follower" in r.query.get("metric", "")]


def test_audience_that_meta_refuses_is_told_and_not_asked_for_again(server: RawServer, world: Graph) -> None:
    def refuse(request: Request) -> Reply:
        is_city = request.query.get("breakdown") == "city"
        return failed(100) if is_city or request.query.get("metric") == "follower_count" else world(request)

    server.world = refuse
    window = Window(**RECENT)
    reading = LOGIN_API.read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window))
    account = next(reading.batches)
    assert {a["dimension"] for a in account.tables["audience_seen"].to_pylist()} == {
        "age",
        "gender",
        "country",
    }
    assert window.not_given["account"] == ["follower_count", "city"]
    before = len(server.seen)
    next(LOGIN_API.read(Visit(HANDLE, TOKENS, api_of(server), CONTEXT, NOW, window)).batches)
    assert not [r for r in server.seen[before:] if "city" in r.query.values()]


# --- failures


@pytest.mark.parametrize(
    ("code", "subcode", "kind", "says"),
    [
        (190, 463, TokenRejected, "it has expired"),
        (190, 460, TokenRejected, "changed the password"),
        (190, 458, TokenRejected, "removed the app"),
        (190, 999, TokenRejected, "expired or was withdrawn"),
        (4, None, RateLimited, "no more requests"),
        (17, None, RateLimited, "no more requests"),
        (32, None, RateLimited, "no more requests"),
        (341, None, RateLimited, "no more requests"),
        (613, None, RateLimited, "no more requests"),
        (80002, None, RateLimited, "no more requests"),
        (1, None, SourceUnavailable, "an error of its own"),
        (2, None, SourceUnavailable, "an error of its own"),
        (3, None, PermissionMissing, "instagram_business_basic"),
        (200, None, PermissionMissing, "connect the account again"),
        (299, None, PermissionMissing, "connect the account again"),
        (100, None, RequestRefused, "update rapup"),
        (110, 2207013, RequestRefused, "no public professional account"),
        (99_999, None, RequestRefused, "HTTP 400"),
    ],
)
def test_a_code_says_what_to_do_whatever_the_status(
    code: int, subcode: int | None, kind: type[SourceError], says: str, server: RawServer
) -> None:
    server.faults = [failing(code, subcode)] * 5
    with pytest.raises(kind, match=says) as caught:
        read(server)
    assert "@lavelle.sings" in str(caught.value)
    assert "S3CR3T" not in str(caught.value)
    assert len(server.seen) == (5 if kind in (RateLimited, SourceUnavailable) else 1)


def test_a_token_of_another_account_is_refused_and_both_are_named(server: RawServer, world: Graph) -> None:
    world.username = "somebody.else"
    for source in (LOGIN_API, GRAPH_API):
        with pytest.raises(WrongAccount, match=r"under @lavelle\.sings belongs to @somebody\.else"):
            read(server, source)
        with pytest.raises(WrongAccount):
            source.owner(HANDLE, Tokens(Secret(ACCESS)), api_of(server, source))


def test_the_number_of_an_account_is_found_through_either_login(server: RawServer) -> None:
    for source in (LOGIN_API, GRAPH_API):
        assert source.owner(HANDLE, Tokens(Secret(ACCESS)), api_of(server, source)).user_id == USER_ID


def test_a_token_from_env_finds_its_own_number(server: RawServer) -> None:
    assert len(rows(read(server, tokens=Tokens(Secret(ACCESS))), "posts_seen")) == 1


@pytest.mark.parametrize(
    "following",
    ["http://169.254.169.254/latest", "https://elsewhere.example/v25.0/1/media", "ftp://x", "http://["],
)
def test_a_next_page_at_another_address_is_refused_and_never_asked(following: str, server: RawServer) -> None:
    page = {"data": [], "paging": {"cursors": {"after": "x"}, "next": following}}

    def elsewhere(request: Request) -> Reply:
        return Reply(page) if request.path.endswith("/media") else world(request)

    world = server.world
    server.world = elsewhere
    with pytest.raises(RequestRefused, match="where no token is sent"):
        list(read(server).batches)


def test_a_circle_is_left_after_its_valid_rows(server: RawServer, world: Graph) -> None:
    def circle(request: Request) -> Reply:
        if not request.path.endswith("/media"):
            return world(request)
        paging = {"cursors": {"after": "same"}, "next": f"{server.url}/v25.0/1/media"}
        return Reply({"data": [media(1)], "paging": paging})

    server.world = circle
    batches = read(server).batches
    found = [next(batches) for _ in range(3)]
    assert [batch.rows for batch in found[1:]] == [1, 0]
    with pytest.raises(PaginationLoop, match="a cursor came twice"):
        next(batches)


@pytest.mark.parametrize("answer", [{}, {"data": {}}, {"data": [], "paging": []}], ids=str)
def test_a_list_that_lost_its_parts_is_malformed(answer: dict[str, Any], server: RawServer) -> None:
    world = server.world
    server.world = lambda r: Reply(answer) if r.path.endswith("/media") else world(r)
    with pytest.raises(MalformedResponse):
        list(read(server).batches)


def test_a_quota_that_is_nearly_used_ends_the_walk_before_meta_refuses(
    server: RawServer, world: Graph
) -> None:
    world.posts = [media(n) for n in range(60)]
    usage = '{"1": [{"type": "instagram", "call_count": 93, "total_time": 1, "total_cputime": 1}]}'

    def busy(request: Request) -> Reply:
        reply = world(request)
        is_second = request.query.get("after") == "at25"
        return replace(reply, headers={"X-Business-Use-Case-Usage": usage} if is_second else {})

    server.world = busy
    batches = read(server, since_s=None).batches
    assert [next(batches).rows for _ in range(2)][1] == 25
    with pytest.raises(RateLimited, match="93% of the quota"):
        next(batches)


def test_real_addresses_must_be_metas() -> None:
    assert LOGIN_API.open_api().base_url == "https://graph.instagram.com"
    assert GRAPH_API.open_api().base_url == "https://graph.facebook.com"
    for source in (LOGIN_API, GRAPH_API):
        with pytest.raises(ValueError, match="allowed are"):
            source.open_api("https://graph.elsewhere.example")


# --- accounts that gave no token


def discover(server: RawServer, account: str = "kofi", **window: Any) -> Reading:
    source = BusinessDiscovery()
    api = replace(source.open_api(server.url), sleep=lambda _: None)
    return source.read(Visit(account, TOKENS, api, CONTEXT, NOW, Window(**window)))


def test_a_public_account_is_seen_by_another_with_its_own_kind_of_views(
    server: RawServer, world: Graph
) -> None:
    world.public = {"kofi": [media(n, username="kofi") for n in range(70)]}
    reading = discover(server)
    account, first, second = reading.batches
    (day,) = account.tables["account_days_seen"].to_pylist()
    assert (day["account"], day["followers"]) == ("kofi", 5000)
    assert [(b.rows, b.cursor, b.ends) for b in (first, second)] == [(50, "at50", False), (20, None, True)]
    observed = first.tables["post_observations"].to_pylist()[0]
    assert (observed["views"], observed["likes"], observed["comments"]) == (260, 20, 3)
    assert (observed["reach"], observed["shares"], observed["saves"]) == (None, None, None)
    names = {note.metric: note.native_name for note in reading.metrics}
    assert names["views"] == "view_count"
    assert len(server.seen) == 2


def test_a_private_or_unknown_account_is_told_with_what_else_can_be_done(server: RawServer) -> None:
    with pytest.raises(RequestRefused, match="@kofi is no public professional account"):
        list(discover(server).batches)


@pytest.mark.parametrize("account", ["kofi){id}", "kofi-o", "x" * 31, "kofi,username"])
def test_a_handle_that_would_change_the_question_is_never_asked_for(account: str, server: RawServer) -> None:
    with pytest.raises(RequestRefused, match="check its handle"):
        discover(server, account)
    assert server.seen == []


def test_a_cursor_that_would_change_the_question_ends_the_walk(server: RawServer, world: Graph) -> None:
    found = {"username": "kofi", "media": {"data": [], "paging": {"cursors": {"after": "x){id}"}}}}
    server.world = lambda _: Reply({"business_discovery": found})
    with pytest.raises(PaginationLoop, match="no cursor"):
        list(discover(server).batches)
    assert len(server.seen) == 1
