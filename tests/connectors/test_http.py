from __future__ import annotations

import base64
import gzip
import logging
import pickle
import traceback
import urllib.parse
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import addresses
from connectors.calls import Caller
from connectors.http import Api
from connectors.secret import Secret
from connectors.source_errors import (
    MalformedResponse,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    RunOver,
    SourceError,
    SourceUnavailable,
    TokenRejected,
)
from connectors.strict_json import excerpt, parse
from connectors.waiting import Rate, retry_after
from tests.connectors.server import (
    DisplayServer,
    Fault,
    answers,
    cut_by_length,
    cut_in_a_chunk,
    drips,
    floods,
    floods_a_redirect,
    hangs_up,
    sends_raw,
    stays_silent,
)
from tests.faults.server import RawServer, Reply

NOW = datetime(2024, 2, 6, 12, 0, tzinfo=UTC)
CANARY = f"S3CR3T-{uuid.uuid4()}"
GOOD = answers(200, {"fine": True})


@dataclass
class FakeTime:
    """Waits are written down, not waited for; every look at the clock may cost some seconds."""

    seconds_per_look: float = 0.0
    waits: list[float] = field(default_factory=list)
    at: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def clock(self) -> float:
        self.at += self.seconds_per_look
        return self.at


@pytest.fixture
def server() -> Iterator[DisplayServer]:
    with DisplayServer(token=CANARY) as running:
        yield running


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def api_of(server: DisplayServer, time: FakeTime) -> Api:
    return Api(
        server.url,
        frozenset({"open.tiktokapis.com"}),
        sleep=time.sleep,
        clock=time.clock,
        now=NOW.timestamp,
        random=lambda: 1.0,
    )


def caller(token: str = CANARY) -> Caller:
    return Caller("tiktok_display_api", "lavelle.sings", Secret(token), lambda _status, _payload: None)


# --- what is sent


def test_the_token_travels_in_the_authorization_header_and_nowhere_else(
    server: DisplayServer, time: FakeTime
) -> None:
    server.script = [GOOD]
    api_of(server, time).post("/v2/video/list/", caller(), {"fields": "id"}, {"max_count": 20})
    (seen,) = server.seen
    assert seen.headers["Authorization"] == f"Bearer {CANARY}"
    assert CANARY not in repr(replace(seen, headers={}))
    assert (seen.method, seen.path) == ("POST", "/v2/video/list/")
    assert (seen.query, seen.body) == ({"fields": ["id"]}, {"max_count": 20})


def test_a_get_has_no_body(server: DisplayServer, time: FakeTime) -> None:
    server.script = [GOOD]
    assert api_of(server, time).get("/v2/user/info/", caller(), {"fields": "username"}) == {"fine": True}
    assert server.seen[0].query == {"fields": ["username"]}
    assert "Content-Length" not in server.seen[0].headers


def test_a_proxy_or_netrc_of_the_environment_is_ignored(
    server: DisplayServer, time: FakeTime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with DisplayServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        server.script = [GOOD]
        api_of(server, time).get("/", caller())
        assert proxy.seen == []
    assert server.seen[0].headers["Authorization"] == f"Bearer {CANARY}"


@pytest.mark.parametrize(
    "address",
    [
        "http://open.tiktokapis.com",
        "https://elsewhere.example",
        "https://open.tiktokapis.com.elsewhere.example",
        "https://open.tiktokapis.com@elsewhere.example",
        "https://user:word@open.tiktokapis.com",
        "https://open.tiktokapis.com?next=1",
        "ftp://127.0.0.1",
        "open.tiktokapis.com",
        "",
    ],
)
def test_an_address_that_must_not_see_a_token_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="API address"):
        Api(address, frozenset({"open.tiktokapis.com"}))


@pytest.mark.parametrize(
    "address", ["https://open.tiktokapis.com", "http://localhost:8080", "http://[::1]:1/x"]
)
def test_the_platforms_own_host_and_loopback_addresses_are_allowed(address: str) -> None:
    assert Api(address, frozenset({"open.tiktokapis.com"})).base_url == address


@pytest.mark.parametrize(
    "path", ["@elsewhere.example/", "", "v2", "/v2?access_token=x", "/\\@elsewhere", "/ä"]
)
def test_a_path_cannot_lead_to_another_host_or_carry_a_query(
    path: str, server: DisplayServer, time: FakeTime
) -> None:
    with pytest.raises(ValueError, match="not a path"):
        api_of(server, time).get(path, caller())
    assert server.seen == []


@pytest.mark.parametrize("tries", [0, 6])
def test_nobody_can_ask_for_more_than_five_tries(tries: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Api("https://open.tiktokapis.com", frozenset({"open.tiktokapis.com"}), tries=tries)


@pytest.mark.parametrize("token", ["", "abc\ndef", "abc def", "abc\r\nX-Other: 1", "t\u00f6ken"])
def test_a_token_that_no_header_can_hold_is_refused_unseen(
    token: str, server: DisplayServer, time: FakeTime
) -> None:
    with pytest.raises(TokenRejected, match="copy it again") as caught:
        api_of(server, time).get("/", caller(token))
    assert not token or token not in str(caught.value)
    assert server.seen == []


@pytest.mark.parametrize("address", ["10.0.0.7", "169.254.169.254", "192.168.1.1", "fe80::1%eth0", "::1"])
def test_a_platforms_name_that_leads_into_a_private_network_is_refused_unasked(
    address: str, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [(2, 1, 6, "", (address, 443))]
    monkeypatch.setattr("connectors.addresses.getaddrinfo", lambda *_: found)
    api = replace(Api("https://open.tiktokapis.com", frozenset({"open.tiktokapis.com"})), sleep=time.sleep)
    with pytest.raises(RequestRefused, match=r"open\.tiktokapis\.com leads to a private address"):
        api.get("/v2/user/info/", caller())


@pytest.mark.parametrize(
    ("link", "allowed"),
    [
        ("https://open.tiktokapis.com/v2/?after=1", True),
        ("https://api.tiktok.example/", False),
        ("http://open.tiktokapis.com/", False),
        ("https://open.tiktokapis.com:444/", False),
        ("https://open.tiktokapis.com.elsewhere.example/", False),
        ("https://open.tiktokapis.com@elsewhere.example/", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1:5000/next", True),
        ("http://127.0.0.1:5001/next", False),
        ("//open.tiktokapis.com/", False),
        ("http://[", False),
        ("https://open.tiktokapis.com:x/", False),
        ("", False),
    ],
)
def test_a_link_in_an_answer_is_allowed_only_to_the_platforms_own_hosts(link: str, allowed: bool) -> None:
    assert addresses.is_allowed(link, "http://127.0.0.1:5000", frozenset({"open.tiktokapis.com"})) is allowed


def test_secrets_of_forms_bodies_and_queries_are_filled_in_as_they_leave(
    server: DisplayServer, time: FakeTime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script = [GOOD] * 3
    api, asking = api_of(server, time), replace(caller(), token=None)
    api.get("/token", asking, {"access_token": Secret(CANARY), "grant_type": "x"})
    api.post("/token", asking, {}, {"client_secret": Secret(CANARY)})
    with RawServer(lambda _: Reply({"fine": True})) as raw:
        form = {"client_secret": Secret(CANARY), "code": "a b"}
        replace(api, base_url=raw.url).post_form("/token", asking, form)
        (sent,) = raw.seen
    assert sent.form() == {"client_secret": CANARY, "code": "a b"}
    assert sent.headers["content-type"] == "application/x-www-form-urlencoded"
    assert server.seen[0].query == {"access_token": [CANARY], "grant_type": ["x"]}
    assert server.seen[1].body == {"client_secret": CANARY}
    assert not [
        one
        for one in (*server.seen, sent)
        if "Authorization" in one.headers or "authorization" in one.headers
    ]
    assert "S3CR3T" not in caplog.text


def test_a_token_may_travel_under_another_name(server: DisplayServer, time: FakeTime) -> None:
    server.script = [GOOD]
    api_of(server, time).get("/", replace(caller(), header="Access-Token"))
    assert server.seen[0].headers["Access-Token"] == CANARY
    assert "Authorization" not in server.seen[0].headers


def test_success_may_be_empty_where_the_platform_says_so(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(200, b""), answers(200, b" "), answers(500, b""), answers(200, b"")]
    api, asking = api_of(server, time), replace(caller(), may_be_empty=True)
    assert [api.get("/", asking) for _ in range(3)] == [{}, {}, {}]


def test_connections_are_kept_open_between_requests(time: FakeTime) -> None:
    with RawServer(lambda _: Reply({"fine": True}), keep_alive=True) as raw:
        api = replace(Api(raw.url, frozenset()), sleep=time.sleep)
        for _ in range(3):
            assert api.get("/", caller()) == {"fine": True}
        assert len(raw.seen) == 3
        assert raw.connections == 1
        api.session.close()


def test_no_cookie_is_ever_sent_back(time: FakeTime) -> None:
    with RawServer(lambda _: Reply({}, headers={"Set-Cookie": "id=1"})) as raw:
        api = replace(Api(raw.url, frozenset()), sleep=time.sleep)
        api.get("/", caller())
        api.get("/", caller())
    assert [request for request in raw.seen if "cookie" in request.headers] == []


# --- trying again

PASSING: dict[str, Fault] = {
    "500": answers(500),
    "503 with a page": answers(503, b"<html>busy</html>"),
    "408": answers(408),
    "hangs up": hangs_up,
    "cut by length": cut_by_length(),
    "cut in a chunk": cut_in_a_chunk(),
    "not gzip": sends_raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip at all"),
    "not http": sends_raw(b"not http\r\n\r\n"),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_passing_fault_is_tried_again(
    fault: Fault, method: str, server: DisplayServer, time: FakeTime
) -> None:
    server.script = [fault, fault, GOOD]
    api = api_of(server, time)
    answer = api.get("/", caller()) if method == "GET" else api.post("/", caller(), {}, {})
    assert answer == {"fine": True}
    assert time.waits == [1, 2]


def test_after_five_tries_the_source_is_unavailable(server: DisplayServer, time: FakeTime) -> None:
    server.script = [*[answers(502)] * 5, GOOD]
    with pytest.raises(SourceUnavailable) as caught:
        api_of(server, time).get("/v2/user/info/", caller(), {"fields": "username"})
    assert str(caught.value) == (
        "tiktok_display_api: http://127.0.0.1/v2/user/info/ could not be read for @lavelle.sings (HTTP 502):"
        " run `rapup pull` again later"
    )
    assert (len(server.seen), time.waits) == (5, [1, 2, 4, 8])


def test_a_server_that_is_not_there_is_unavailable(time: FakeTime) -> None:
    with DisplayServer() as gone:
        api = api_of(gone, time)
    with pytest.raises(SourceUnavailable, match="no connection"):
        api.get("/", caller())
    assert len(time.waits) == 4


def test_a_silent_server_is_left_after_the_read_timeout(server: DisplayServer, time: FakeTime) -> None:
    server.script = [stays_silent, GOOD]
    assert replace(api_of(server, time), read_timeout=0.05).get("/", caller()) == {"fine": True}
    assert len(time.waits) == 1


def test_waits_are_spread_between_half_and_all_of_the_back_off(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(500), answers(500), GOOD]
    replace(api_of(server, time), random=lambda: 0.0).get("/", caller())
    assert time.waits == [0.5, 1]


def test_a_rate_limit_without_a_time_is_waited_out_for_more_than_a_minute(
    server: DisplayServer, time: FakeTime
) -> None:
    server.script = [answers(429)] * 5
    with pytest.raises(RateLimited, match="HTTP 429"):
        replace(api_of(server, time), random=lambda: 0.0).get("/", caller())
    assert time.waits == [4, 8, 16, 32]


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("header", "wait"),
    [("7", 7), ("120", 120), ("Tue, 06 Feb 2024 12:01:30 GMT", 90), ("Tue Feb  6 12:00:09 2024", 9)],
)
def test_a_stated_wait_is_obeyed(
    header: str, wait: float, status: int, server: DisplayServer, time: FakeTime
) -> None:
    server.script = [answers(status, Retry_After=header), GOOD]
    api_of(server, time).get("/", caller())
    assert time.waits == [wait]


@pytest.mark.parametrize(
    "header", ["-5", "0", "soon", "1.5e9x", "Tue, 06 Feb 2024 11:00:00 GMT", "Tue, 99 Feb", "\u0663", ""]
)
def test_a_wait_that_says_nothing_falls_back_to_the_usual_one(
    header: str, server: DisplayServer, time: FakeTime
) -> None:
    server.script = [sends_raw(f"HTTP/1.1 503 Busy\r\nRetry-After: {header}\r\n\r\n".encode()), GOOD]
    api_of(server, time).get("/", caller())
    assert time.waits == [1]


@pytest.mark.parametrize("header", ["121", "1000000000", "9" * 400, "Wed, 07 Feb 2024 12:00:00 GMT"])
def test_a_wait_over_two_minutes_ends_the_request(header: str, server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(429, Retry_After=header), GOOD]
    with pytest.raises(RateLimited, match="more than a run waits"):
        api_of(server, time).get("/", caller())
    assert (len(server.seen), time.waits) == (1, [])


WORDS = [
    "Tue,",
    "6",
    "-1",
    "99999",
    "Feb",
    "2024",
    "12:00:61",
    "25:00",
    "GMT",
    "-0000",
    "+9999",
    "\xa0",
    ",",
    "",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_no_text_at_all_breaks_the_reading_of_a_wait(text: str) -> None:
    wait = retry_after(text, NOW.timestamp())
    assert wait is None or wait > 0


# --- limits that are kept before they are met


def test_a_pace_is_kept(server: DisplayServer, time: FakeTime) -> None:
    server.script = [GOOD] * 4
    api = replace(api_of(server, time), rates=(Rate(2, 60),))
    for _ in range(3):
        api.get("/", caller())
    assert time.waits == [60]
    assert api.meter.waited_s == 60


USED = {"X_App_Usage": '{"call_count": 89, "total_time": 3, "total_cputime": 1}'}


def test_a_quota_that_is_nearly_used_ends_the_source_before_the_platform_refuses(
    server: DisplayServer, time: FakeTime
) -> None:
    more = USED["X_App_Usage"].replace("89", "90")
    server.script = [answers(200, {}, **USED), answers(200, {}, X_App_Usage=more)]
    api = api_of(server, time)
    api.get("/", caller())
    api.get("/", caller())
    with pytest.raises(RateLimited, match=r"90% of the quota that @lavelle\.sings is read with is used"):
        api.get("/", caller())
    assert len(server.seen) == 2
    assert api.meter.quota_used == 0.9


def test_a_quota_that_says_when_it_is_free_again_is_told(server: DisplayServer, time: FakeTime) -> None:
    told = '{"1": [{"call_count": 100, "total_time": 1, "estimated_time_to_regain_access": 19}]}'
    server.script = [answers(400, X_Business_Use_Case_Usage=told)]
    api = replace(api_of(server, time), tries=1)
    with pytest.raises(RequestRefused):
        api.get("/", caller())
    with pytest.raises(RateLimited, match="in 19 minutes"):
        api.get("/", caller())


@pytest.mark.parametrize("fault", [answers(429, Retry_After="100"), answers(503)], ids=["told", "own"])
def test_no_request_is_made_and_no_wait_begun_past_the_end_of_the_run(
    fault: Fault, server: DisplayServer, time: FakeTime
) -> None:
    server.script = [fault] * 5
    with pytest.raises(RunOver, match="it goes on from there"):
        replace(api_of(server, time), run_ends=0.5).get("/", caller())
    assert (len(server.seen), time.waits) == (1, [])


def test_the_end_of_the_run_cuts_a_body_too(server: DisplayServer) -> None:
    time = FakeTime(seconds_per_look=1)
    server.script = [drips]
    with pytest.raises(RunOver):
        replace(api_of(server, time), run_ends=5).get("/", caller())
    assert len(server.seen) == 1


def test_requests_and_retries_and_waits_are_counted(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(503), GOOD, GOOD]
    api = api_of(server, time)
    api.get("/", caller())
    api.get("/", caller())
    assert (api.meter.requests, api.meter.retries, api.meter.waited_s) == (3, 1, 1)


# --- bodies


def test_a_dripping_body_meets_the_deadline_although_every_byte_is_in_time(server: DisplayServer) -> None:
    time = FakeTime(seconds_per_look=30)
    server.script = [drips] * 5
    with pytest.raises(SourceUnavailable, match="not finished after 120 s"):
        api_of(server, time).get("/", caller())
    assert len(server.seen) == 5


def test_an_endless_body_is_cut_at_the_size_cap(server: DisplayServer, time: FakeTime) -> None:
    server.script = [floods, floods, GOOD]
    with pytest.raises(MalformedResponse, match="longer than 10000 bytes"):
        replace(api_of(server, time), max_bytes=10_000).get("/", caller())
    assert len(server.seen) == 2


def test_the_size_cap_counts_unpacked_bytes(server: DisplayServer, time: FakeTime) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    server.script = [answers(200, bomb, Content_Encoding="gzip")] * 2
    with pytest.raises(MalformedResponse, match="longer than 100000 bytes"):
        replace(api_of(server, time), max_bytes=100_000).get("/", caller())


def test_a_body_of_exactly_the_cap_is_read(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(200, b'{"a": 1}')]
    assert replace(api_of(server, time), max_bytes=8).get("/", caller()) == {"a": 1}


def test_a_packed_body_is_unpacked(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(200, gzip.compress(b'{"a": "\xc3\xa9"}'), Content_Encoding="gzip")]
    assert api_of(server, time).get("/", caller()) == {"a": "é"}


BAD_BODIES = {
    "empty": b"",
    "NaN or Infinity": b'{"view_count": NaN}',
    "a number is too large": b'{"view_count": 1e999}',
    "a key occurs twice": b'{"view_count": 1, "view_count": 2}',
    "nested too deeply": b"[" * 100_000,
    "not UTF-8": '{"name": "é"}'.encode("latin-1"),
    "not an object": b"[1, 2]",
    "not JSON": b'{"data": {"videos": [',
}


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        *BAD_BODIES.items(),
        ("NaN or Infinity", b'{"a": -Infinity}'),
        ("a key occurs twice", b'{"data": {"a": [{"b": 1, "b": 1}]}}'),
        ("not JSON", b'\xef\xbb\xbf{"a": 1}'),
        ("not JSON", b"<!DOCTYPE html><title>Log in</title>"),
        ("not JSON", b'{"a": ' + b"9" * 5000 + b"}"),
        ("not UTF-8", '{"a": 1}'.encode("utf-16")),
        ("not an object", b"null"),
        ("not an object", b'"text"'),
    ],
)
def test_an_answer_that_is_not_strict_json_is_fetched_once_more_and_then_refused(
    reason: str, body: bytes, server: DisplayServer, time: FakeTime
) -> None:
    server.script = [answers(200, body), answers(200, body), GOOD]
    with pytest.raises(MalformedResponse) as caught:
        api_of(server, time).get("/v2/user/info/", caller())
    assert caught.value.reason == reason
    assert caught.value.endpoint == "http://127.0.0.1/v2/user/info/"
    assert len(server.seen) == 2


def test_a_bad_answer_may_be_followed_by_a_good_one(server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(500), answers(200, b"{"), GOOD]
    assert api_of(server, time).get("/", caller()) == {"fine": True}


def test_a_body_cut_without_a_stated_length_is_not_taken_for_whole(
    server: DisplayServer, time: FakeTime
) -> None:
    server.script = [sends_raw(b'HTTP/1.1 200 OK\r\n\r\n{"a": [1, 2'), answers(200, {"a": [1, 2, 3]})]
    assert api_of(server, time).get("/", caller()) == {"a": [1, 2, 3]}


def test_an_integer_keeps_all_its_digits() -> None:
    assert parse(b'{"id": 7310000000000000001}') == {"id": 7310000000000000001}


def test_the_excerpt_shows_keys_but_no_words_of_a_person_and_no_token() -> None:
    body = f'{{"comment": "I feel \\"low\\" today", "n": 12, "x": "{CANARY}", "cut": "and so'.encode()
    assert excerpt(body, Secret(CANARY)) == '{"comment": "…", "n": 12, "x": "…", "cut": "…"'


def test_the_excerpt_of_something_else_hides_tokens_before_it_is_cut() -> None:
    packed = base64.b64encode(CANARY.encode()).decode()
    body = f"<p>{' ' * 40}token {CANARY} or {packed}".encode()
    late = f"<p>{' ' * 70}{CANARY}".encode()
    shown = excerpt(body, Secret(CANARY))
    assert shown == f"<p>{' ' * 40}token *** or ***"
    assert excerpt(late, Secret(CANARY)) == f"<p>{' ' * 70}***"
    assert len(excerpt(b"<p>" + b"a b " * 100, Secret(CANARY))) == 80
    assert excerpt(b"token short!", Secret("short!")) == "token ***"


def test_a_malformed_response_survives_a_schedulers_pickle() -> None:
    error = MalformedResponse("s", "https://h/p", "not JSON", "<p>", "ab12")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(again), again.sha256) == (str(error), "ab12")


# --- verdicts


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, RequestRefused), (401, TokenRejected), (403, PermissionMissing), (404, RequestRefused)],
)
def test_a_status_that_says_no_is_not_asked_again(
    status: int, kind: type[SourceError], server: DisplayServer, time: FakeTime
) -> None:
    server.script = [answers(status, b"<html>")]
    with pytest.raises(kind, match=rf"@lavelle.sings \(HTTP {status}\)"):
        api_of(server, time).get("/", caller())
    assert len(server.seen) == 1


def test_the_payload_is_asked_before_the_status(server: DisplayServer, time: FakeTime) -> None:
    def classify(status: int, payload: dict[str, object]) -> SourceError | None:
        return PermissionMissing(f"{status}") if payload.get("code") == "scope" else None

    asking = replace(caller(), classify=classify)
    server.script = [
        answers(401, {"code": "scope"}),
        answers(401, {"code": "other"}),
        answers(200, {"code": "scope"}),
    ]
    api = api_of(server, time)
    with pytest.raises(PermissionMissing, match="401"):
        api.get("/", asking)
    with pytest.raises(TokenRejected):
        api.get("/", asking)
    with pytest.raises(PermissionMissing, match="200"):
        api.get("/", asking)


def test_an_answer_without_its_parts_is_malformed_and_fetched_once_more(
    server: DisplayServer, time: FakeTime
) -> None:
    asking = replace(caller(), misshapen=lambda payload: None if "data" in payload else "no data")
    server.script = [GOOD, answers(200, {"data": {}})]
    assert api_of(server, time).get("/", asking) == {"data": {}}
    server.script = [GOOD, GOOD, answers(200, {"data": {}})]
    with pytest.raises(MalformedResponse, match="no data"):
        api_of(server, time).get("/", asking)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_never_followed_and_its_host_is_named(
    status: int, server: DisplayServer, time: FakeTime
) -> None:
    with DisplayServer() as elsewhere:
        to = f"http://localhost:{elsewhere.port}/v2/user/info/?token=abc"
        server.script = [answers(status, Location=to)]
        with pytest.raises(RequestRefused, match="to localhost, where no token is sent") as caught:
            api_of(server, time).get("/", caller())
        assert elsewhere.seen == []
    assert "token=" not in str(caught.value)
    assert len(server.seen) == 1


@pytest.mark.parametrize("to", ["/login", "http://[", ""])
def test_a_redirect_to_nowhere_is_refused_too(to: str, server: DisplayServer, time: FakeTime) -> None:
    server.script = [answers(302, Location=to)]
    with pytest.raises(RequestRefused, match="redirects"):
        api_of(server, time).get("/", caller())


def test_the_body_of_a_redirect_has_limits_too(server: DisplayServer, time: FakeTime) -> None:
    server.script = [floods_a_redirect]
    with pytest.raises(RequestRefused, match="redirects"):
        replace(api_of(server, time), max_bytes=10_000).get("/", caller())


# --- secrets


def test_a_secret_is_never_shown() -> None:
    secret = Secret(CANARY)
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r:>50}", "%s" % secret, repr(caller())]  # noqa: UP031
    assert not [text for text in shown if CANARY in text]
    assert str(secret) == f"{secret:>40}" == "***"
    assert secret.reveal() == CANARY
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(secret)


TELLTALE: dict[str, Fault] = {
    "500": answers(500, CANARY.encode()),
    "bad json": answers(200, f'{{"token": "{CANARY}"'.encode()),
    "plain text": answers(200, f"your token {CANARY} is bad, {urllib.parse.quote(CANARY)}".encode()),
    "401": answers(401, {"error": CANARY}),
    "redirect": answers(302, Location=f"http://127.0.0.1/?access_token={CANARY}"),
    "long wait": answers(429, Retry_After=f"{10**9}"),
    "cut": cut_by_length(CANARY.encode()),
    "hangs up": hangs_up,
    "not http": sends_raw(CANARY.encode()),
}


@pytest.mark.parametrize("fault", TELLTALE.values(), ids=TELLTALE)
def test_the_token_is_in_no_message_repr_local_variable_or_log(
    fault: Fault,
    server: DisplayServer,
    time: FakeTime,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script += [fault] * 5
    with pytest.raises(SourceError) as caught:
        api_of(server, time).post("/v2/video/list/", caller(), {"fields": "id"}, {})
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [str(frame.locals) for frame in frames.stack if "connectors/" in frame.filename.replace("\\", "/")]
    here = [text for text in ours if "fault" not in text]  # this test's own frame knows the token
    assert here
    printed = capfd.readouterr()
    everything = "\n".join([str(error), repr(error), *here, caplog.text, printed.out, printed.err])
    assert "S3CR3T" not in everything
    assert base64.b64encode(CANARY.encode()).decode() not in everything
    assert "\n" not in str(error)
