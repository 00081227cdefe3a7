"""What may go wrong with an API, and what then becomes of the night.

Every case is a whole `rapup pull` of one account with 50 posts (three pages) against a server that
misbehaves as configured, on a clock that does not wait. After it the night must be told truly, whole
pages must be there and nothing else, and the next pull, with a server in good health, must end with
exactly what an undisturbed night would have given.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from connectors.api import ApiSource
from connectors.http import Api
from flows.credentials import open_api
from flows.settings import Settings
from tests.faults import instagram
from tests.faults.server import Fault, RawServer, Reply, Request, answers
from tests.faults.tiktok import ACCESS, Display, created_s, video
from tests.flows.nights import Nights

ACCOUNT, SOURCE = "tiktok:@lavelle.sings", "tiktok_display_api"
POSTS = 50
PAGES = 3
GOOD = {"data": {"videos": [], "cursor": 0, "has_more": False}, "error": {"code": "ok"}}


def named(code: str) -> dict[str, Any]:
    """TikTok's envelope of an error."""
    return {"data": {}, "error": {"code": code, "message": "S3CR3T", "log_id": "1"}}


def listed(*numbers: int, cursor: Any, more: bool = True) -> Fault:
    """A page made by hand."""
    data = {"videos": [video(n) for n in numbers], "cursor": cursor, "has_more": more}
    return answers(200, {"data": data, "error": {"code": "ok"}})


@dataclass(frozen=True)
class Case:
    """A line of the table."""

    faults: list[Fault | None]
    """From the first request on: the profile, then the pages."""
    told: str | None = None
    """In the reason; None: the night ends well."""
    pages: int = PAGES + 1
    """Stored, the account's own batch included."""
    waits: list[float] | None = None
    """Between half and all of each; None: not looked at."""
    requests: int | None = None
    looks: float = 0.0
    """Seconds that every look at the clock costs."""
    resumes: bool = field(default=True)
    """Whether the next pull goes on instead of beginning anew."""


def after_one_page(*faults: Fault) -> list[Fault | None]:
    return [None, None, *faults]


JSON_FAULTS = {
    "truncated": b'{"data": {"videos": [',
    "NaN": b'{"data": {"videos": [], "cursor": NaN, "has_more": false}}',
    "nested too deeply": b"[" * 100_000,
    "a key twice": b'{"data": {}, "data": {"videos": [], "cursor": 0, "has_more": false}}',
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
    "another charset": json.dumps(GOOD).encode("utf-16"),
    "empty": b"",
    "a page of html": b"<!DOCTYPE html><title>Log in</title>",
    "another object": b'{"data": {"has_more": false}}',
}
BODY = Reply(GOOD)
TOO_LONG = [answers(429, Retry_After=value) for value in ("1000000000", "Fri, 01 Jan 2100 00:00:00 GMT")]

TABLE: dict[str, Case] = {
    # A limit, with and without a time
    "429 with seconds": Case(after_one_page(answers(429, Retry_After="7")), waits=[7]),
    "429 with a date": Case(
        after_one_page(answers(429, Retry_After="Sun, 03 Dec 2023 01:30:20 GMT")), waits=[20]
    ),
    "429 with a negative time": Case(after_one_page(answers(429, Retry_After="-5")), waits=[8]),
    "429 with garbage": Case(after_one_page(answers(429, Retry_After="soon")), waits=[8]),
    "429 with a billion seconds": Case(after_one_page(TOO_LONG[0]), "more than a run waits", 2, []),
    "429 with a date in another century": Case(after_one_page(TOO_LONG[1]), "more than a run waits", 2, []),
    "429 without a time": Case(after_one_page(answers(429), answers(429)), waits=[8, 16]),
    "429 that stays": Case(
        after_one_page(*[answers(429)] * 5), "run `rapup pull` again", 2, [8, 16, 32, 64], 7
    ),
    "a limit named in the body under 200": Case(
        after_one_page(answers(200, named("rate_limit_exceeded"))), waits=[8]
    ),
    "a quota nearly used": Case(
        after_one_page(answers(503, X_App_Usage='{"call_count": 95}')), "95% of the quota", 2, [1]
    ),
    # No answer
    "500": Case(after_one_page(answers(500), answers(502)), waits=[1, 2]),
    "503 that stays": Case(after_one_page(*[answers(503)] * 5), "(HTTP 503)", 2, [1, 2, 4, 8], 7),
    "an error of their own under 200": Case(after_one_page(answers(200, named("internal_error"))), waits=[1]),
    "hangs up": Case(after_one_page(Fault("hang up")), waits=[1]),
    "reset": Case(after_one_page(Fault("reset")), waits=[1]),
    "reset that stays": Case(after_one_page(*[Fault("reset")] * 5), "no connection", 2),
    "silence": Case(after_one_page(Fault("silence")), waits=[1]),
    # Bodies without an end, or cut
    "a drip": Case(after_one_page(Fault("drip")), waits=[1], looks=10),
    "a drip that stays": Case(after_one_page(*[Fault("drip")] * 5), "not finished after 120 s", 2, looks=10),
    "a flood": Case(after_one_page(Fault("flood")), waits=[1]),
    "a flood that stays": Case(after_one_page(*[Fault("flood")] * 2), "longer than 1000000 bytes", 2),
    **{
        f"cut: {kind}": Case(after_one_page(Fault(kind, BODY)), waits=[1])
        for kind in ("length", "chunk", "close", "gzip")
    },
    # No JSON, or not the one that it should be: fetched once more, never stored
    **{
        f"once {name}": Case(after_one_page(answers(200, body)), waits=[1])
        for name, body in JSON_FAULTS.items()
    },
    **{
        f"always {name}": Case(after_one_page(*[answers(200, body)] * 2), "is not usable", 2, [1], 4)
        for name, body in JSON_FAULTS.items()
    },
    # Tokens and permissions
    "a token that died and cannot be renewed": Case(
        after_one_page(answers(401, named("access_token_invalid")), answers(400, {"error": "invalid_grant"})),
        "run `rapup connect tiktok:@lavelle.sings`",
        2,
    ),
    "a token that died and is renewed": Case(
        after_one_page(answers(401, named("access_token_invalid"))), pages=5
    ),
    "a permission that is missing, under 401": Case(
        after_one_page(answers(401, named("scope_not_authorized"))), "all of video.list", 2, [], 3
    ),
    "a permission that is missing, under 400": Case(
        after_one_page(answers(400, named("scope_permission_missed"))), "all of video.list", 2, [], 3
    ),
    "404": Case(after_one_page(answers(404)), "(HTTP 404)", 2, [], 3),
    "blocked in this country, on the way": Case(
        after_one_page(answers(451, b"<html>not available in your region</html>")),
        "blocked in this country or network",
        2,
        [],
        3,
    ),
    # Lists
    "the same cursor": Case(
        [None, listed(0, cursor=9), listed(1, cursor=9)], "a cursor came twice", 3, resumes=False
    ),
    "back and forth": Case(
        [None, listed(0, cursor=9), listed(1, cursor=8), listed(2, cursor=9)],
        "a cursor came twice",
        4,
        resumes=False,
    ),
    "no cursor": Case([None, listed(0, cursor=None)], "no cursor to ask for it", 2, resumes=False),
    "empty pages for ever": Case(
        [None, *(listed(cursor=99 - n) for n in range(11))], "11 empty pages in a row", 12, resumes=False
    ),
    "an empty page in between": Case([None, listed(cursor=created_s(-1) * 1000)], pages=PAGES + 2),
    # Redirects
    "a redirect to another host": Case(
        after_one_page(answers(302, Location="https://elsewhere.example/login?token=S3CR3T")),
        "redirects @lavelle.sings to elsewhere.example",
        2,
        [],
        3,
    ),
    "a redirect to the machine's own services": Case(
        after_one_page(answers(307, Location="http://169.254.169.254/latest/meta-data")),
        "169.254.169.254",
        2,
        [],
    ),
}


@pytest.fixture
def server() -> Iterator[RawServer]:
    with RawServer(Display([video(n) for n in range(POSTS)])) as running:
        yield running


@pytest.fixture
def nights(server: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    def impatient(settings: Settings, api: ApiSource) -> Api:
        """The real way with shorter sockets: those cannot be put on a false clock."""
        return replace(open_api(settings, api), read_timeout=0.5, max_bytes=1_000_000, random=lambda: 1.0)

    monkeypatch.setattr("flows.pull.open_api", impatient)
    found = Nights(tmp_path / "data", {"TIKTOK_API_BASE": server.url})
    found.connect(ACCOUNT, SOURCE)
    return found


def posts(nights: Nights) -> list[tuple[Any, ...]]:
    """Every post with its newest figures, as the models will see them."""
    return nights.stored(
        "SELECT post_id, p.account, caption, published_s,"
        " max_by(views, o.observed_s), max_by(likes, o.observed_s)"
        " FROM raw.posts_seen AS p JOIN raw.post_observations AS o USING (load_id, post_id)"
        " WHERE load_id IN (SELECT load_id FROM raw.loads) GROUP BY ALL ORDER BY post_id"
    )


UNDISTURBED = [
    (
        one["id"],
        "lavelle.sings",
        one["video_description"],
        one["create_time"],
        one["view_count"],
        one["like_count"],
    )
    for one in sorted((video(n) for n in range(POSTS)), key=lambda one: str(one["id"]))
]


@pytest.mark.parametrize("name", TABLE)
def test_whatever_goes_wrong_the_night_is_told_truly_and_the_next_one_mends_it(
    name: str, nights: Nights, server: RawServer
) -> None:
    case = TABLE[name]
    server.faults = list(case.faults)
    nights.time.seconds_per_look = case.looks
    result = nights.night()

    assert (case.told or "") in (result.reason or ""), result.reason
    assert (result.reason is None) is (case.told is None), result.reason
    assert result.is_complete is (case.told is None)
    assert result.pages == case.pages
    assert "S3CR3T" not in repr(result)
    if case.waits is not None:
        assert nights.time.waits == case.waits
    if case.requests is not None:
        assert len(server.seen) == case.requests
    stored = posts(nights)
    assert [row for row in stored if row not in UNDISTURBED] == []
    assert nights.stored(
        "SELECT count(*) FROM raw.posts_seen WHERE load_id NOT IN (SELECT load_id FROM raw.loads)"
    ) == [(0,)]

    nights.time.seconds_per_look = 0
    nights.time.at += timedelta(minutes=10)
    server.faults = []
    asked = len(server.seen)
    (again,) = nights.pull()
    if "cannot be renewed" in name:
        assert again.is_complete or again.reason  # its owner must be asked
        return
    assert (again.reason, again.is_complete) == (None, True)
    assert posts(nights) == UNDISTURBED
    first = next(request for request in server.seen[asked:] if request.path.endswith("/list/"))
    is_resumed = case.told is not None and case.resumes
    assert ("cursor" in first.json()) is is_resumed


def test_an_answer_that_is_no_use_is_kept_for_a_month_without_secrets_and_texts(
    nights: Nights, server: RawServer
) -> None:
    text = b'{"data": {"videos": [{"id": "73", "title": "I feel low", "n": 7}]}, "token": "' + ACCESS.encode()
    server.faults = after_one_page(*[answers(200, text)] * 2)
    reason = str(nights.night().reason)
    (kept,) = (nights.settings.data / "quarantine").iterdir()
    assert f"{kept} holds its shape, without any text" in reason
    assert kept.read_text(encoding="utf-8").splitlines() == [
        f"{server.url.rpartition(':')[0]}/v2/video/list/",
        "not JSON",
        '{"data": {"videos": [{"id": "…", "title": "…", "n": 7}]}, "token": "…"',
    ]
    assert kept.stat().st_mode & 0o077 == 0
    os.utime(kept, (0, 0))
    server.faults = [answers(200, b"<html>")] * 2
    nights.night()
    (newer,) = (nights.settings.data / "quarantine").iterdir()
    assert newer != kept


def test_a_server_that_is_not_there_is_told_and_the_others_are_read(
    nights: Nights, server: RawServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    bases = {"TIKTOK_API_BASE": server.url, "INSTAGRAM_API_BASE": nobody}
    nights.settings = replace(nights.settings, api_bases=bases)
    nights.connect("instagram:@lavelle.sings", "instagram_login_api", instagram.ACCESS, user_id="1")
    tiktok, meta = nights.pull()
    assert tiktok.is_complete
    assert "no connection" in str(meta.reason)
    assert posts(nights) == UNDISTURBED


def test_a_name_that_no_server_has_is_told(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("connectors.addresses.getaddrinfo", unknown)
    monkeypatch.setattr("socket.getaddrinfo", unknown)
    nights.settings = replace(nights.settings, api_bases={})
    result = nights.night()
    assert "https://open.tiktokapis.com/v2/user/info/ could not be read" in str(result.reason)


@pytest.mark.parametrize(
    ("changes", "column", "kept"),
    [
        ({"view_count": "1.2K"}, "views", 0),
        ({"view_count": -3}, "views", 0),
        ({"view_count": 2.5}, "views", 0),
        ({"view_count": None}, "views", 0),
        ({"like_count": [1]}, "likes", 0),
        ({"view_count": 2**62}, "views", 1),
    ],
)
def test_a_value_of_another_kind_is_left_empty_and_the_rest_of_its_post_stays(
    changes: dict[str, Any], column: str, kept: int, nights: Nights, server: RawServer
) -> None:
    server.world = Display([video(0, **changes), video(1)])
    assert nights.night().is_complete
    rows = nights.stored(f"SELECT count({column}), count(*) FROM raw.post_observations")  # noqa: S608 - ours
    assert rows == [(1 + kept, 2)]
    ((refused,),) = nights.stored("SELECT refused FROM raw.loads")
    assert refused == (0 if changes.get("view_count", 0) in (None, 2**62) else 1)


def test_a_field_that_nobody_asked_for_changes_nothing(nights: Nights, server: RawServer) -> None:
    def generous(request: Request) -> Reply:
        reply = world(request)
        assert isinstance(reply.body, dict)
        return replace(reply, body=reply.body | {"new": 1})

    world = server.world
    server.world = generous
    assert nights.night().is_complete
    assert posts(nights) == UNDISTURBED


def test_a_post_edited_and_one_published_between_two_pages_are_each_there_once(
    nights: Nights, server: RawServer
) -> None:
    world = Display([video(n) for n in range(POSTS)])

    def restless(request: Request) -> Reply:
        reply = world(request)
        if request.path.endswith("/list/") and "cursor" not in request.json():
            world.videos.append(video(-1))
            world.videos[10] = video(10, view_count=999)
        return reply

    server.world = restless
    assert nights.night().is_complete
    assert posts(nights) == UNDISTURBED


def test_posts_that_are_blocked_between_two_pages_are_gone_and_keep_their_figures(
    nights: Nights, server: RawServer
) -> None:
    world = Display([video(n) for n in range(POSTS)])
    blocked = {video(n)["id"] for n in range(22, 26)}

    def blocking(request: Request) -> Reply:
        """As where a country's law is applied while the list is being read."""
        reply = world(request)
        if request.path.endswith("/list/"):
            world.videos = [v for v in world.videos if v["id"] not in blocked]
        return reply

    server.world = world
    assert nights.night().is_complete
    server.world = blocking
    assert nights.night().is_complete
    nights.build()
    gone = "SELECT post_id, views > 0 AND likes = 20 FROM marts.posts WHERE gone_at IS NOT NULL"
    assert set(nights.published(gone)) == {(post, True) for post in blocked}
    assert nights.published("SELECT count(*) FROM marts.posts WHERE views = 0 OR views IS NULL") == [(0,)]

    world.videos = [video(n) for n in range(POSTS)]
    server.world = world
    assert nights.night().is_complete
    nights.build()
    assert nights.published("SELECT count(*) FROM marts.posts WHERE gone_at IS NOT NULL") == [(0,)]


def test_an_account_that_went_private_is_told_and_loses_no_post(nights: Nights, server: RawServer) -> None:
    nights.night()
    server.world = Display([])
    result = nights.night()
    assert (result.is_complete, result.rows) == (True, 1)
    assert "TikTok lists no post of the account: it may be private by now" in result.notices[0]
    nights.build()
    assert nights.published("SELECT count(gone_at), count(*) FROM marts.posts") == [(0, POSTS)]


def test_an_account_that_was_renamed_is_told_with_its_new_name(nights: Nights, server: RawServer) -> None:
    nights.night()
    server.world = Display([video(n) for n in range(POSTS)], username="lavelle.music")
    reason = str(nights.night().reason)
    assert "filed under @lavelle.sings belongs to @lavelle.music: if the account was renamed" in reason
    assert posts(nights) == UNDISTURBED


def test_an_account_of_instagram_that_was_converted_is_told_with_what_to_do(
    nights: Nights, server: RawServer
) -> None:
    server.world = instagram.Graph([instagram.media(n) for n in range(3)], base=server.url)
    nights.settings = replace(nights.settings, api_bases={"INSTAGRAM_API_BASE": server.url})
    tokens = {"user_id": instagram.USER_ID, "refresh": None, "can_renew": False}
    nights.connect("instagram:@lavelle.sings", "instagram_login_api", instagram.ACCESS, **tokens)
    nights.time.at += timedelta(days=1)
    (before,) = nights.pull(source="instagram_login_api")
    assert before.is_complete
    server.faults = [Fault("reply", instagram.failed(100, 33))]
    nights.time.at += timedelta(days=1)
    (after,) = nights.pull(source="instagram_login_api")
    assert "no longer knows @lavelle.sings as a professional account: it was converted" in str(after.reason)
    assert nights.stored("SELECT count(DISTINCT post_id) FROM raw.posts_seen") == [(3,)]


@pytest.mark.parametrize(("hours", "word"), [(1, "fast"), (-1, "slow")])
def test_a_clock_that_is_wrong_by_an_hour_harms_nothing_and_is_told(
    hours: int, word: str, nights: Nights, server: RawServer
) -> None:
    world = server.world

    def dated(request: Request) -> Reply:
        theirs = (nights.time.at - timedelta(hours=hours)).timestamp()
        return replace(world(request), headers={"Date": formatdate(theirs, usegmt=True)})

    server.world = dated
    result = nights.night()
    assert result.is_complete
    assert f"clock of this machine is 60 minutes {word}" in result.notices[0]
    assert posts(nights) == UNDISTURBED
    nights.build()
    ((skipped,),) = nights.published("SELECT skipped FROM marts.pulls")
    assert "set it right" in str(skipped)

    soon = formatdate((nights.time.at + timedelta(days=1, hours=-hours, seconds=20)).timestamp(), usegmt=True)
    server.faults = after_one_page(answers(429, Retry_After=soon))
    late = nights.night()  # past already by a fast clock; an hour away by a slow one
    assert late.is_complete is (hours > 0)
    assert ("more than a run waits" in str(late.reason)) is (hours < 0)


def test_the_table_would_see_a_page_that_was_stored_half(nights: Nights) -> None:
    nights.night()
    assert posts(nights) == UNDISTURBED
    assert posts(nights)[:-1] != UNDISTURBED
