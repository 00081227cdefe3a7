"""The only code that talks to a network: every rule about hosts, tokens, waiting and size is here.

A request counts only when its whole body has arrived and was understood, so the retry loop stands
around all of that: urllib3's own loop does not repeat a POST nor a body that was cut, and obeys a
Retry-After of hours. All calls are read-only, hence a POST may be repeated like a GET.
"""

from __future__ import annotations

import random
import re
import time
from calendar import timegm
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from connectors.secret import Secret
from connectors.source_errors import (
    MalformedResponse,
    PermissionMissing,
    RateLimited,
    RequestRefused,
    SourceError,
    SourceUnavailable,
    TokenRejected,
)
from connectors.strict_json import JsonObject, NotStrictJson, excerpt, parse, sha256
from connectors.wording import one_line

Classify = Callable[[int, JsonObject], SourceError | None]
"""Of an HTTP status and a payload: the failure that they mean, None if the status may decide."""

Misshapen = Callable[[JsonObject], str | None]
"""Of a payload without an error: what it lacks to be used, None if nothing."""

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_TRIES: Final = 5
_RATE_LIMIT_PATIENCE: Final = 8  # times the usual back-off: all waits together outlast a one-minute window
_READ_BYTES: Final = 65_536
_PATH: Final = re.compile(r"/[\w./-]*", re.ASCII)  # cannot say "@host", "\host" or "?token="


def _well_shaped(_payload: JsonObject) -> None:
    return None


@dataclass(frozen=True)
class Caller:
    """On whose behalf a request is made, and how its answer is to be judged."""

    source: str
    """Name in the ledger: "tiktok_display_api"."""
    account: str
    """Handle, for messages."""
    token: Secret
    classify: Classify
    misshapen: Misshapen = _well_shaped


@dataclass(frozen=True)
class Api:
    """A platform's address and the limits of patience. Times in seconds, sizes in bytes."""

    base_url: str
    """https; plain http is for tests, on a loopback address only."""
    hosts: frozenset[str]
    """The only hosts that may ever see a token, beside a loopback address."""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    """Between two pieces of an answer."""
    deadline: float = 120.0
    """For one whole answer: a read timeout alone lets one byte every 29 seconds go on for ever."""
    max_bytes: int = 50_000_000
    """Of an unpacked body."""
    tries: int = MAX_TRIES
    max_retry_after: float = 120.0
    """A longer wait ends the request instead: the next run goes on."""
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    """Epoch seconds, for a Retry-After that is a date."""
    random: Callable[[], float] = random.random
    """0 to 1: spreads the retries of several runs."""

    def __post_init__(self) -> None:
        """Refuse an address that a token must not be sent to.

        Raises:
            ValueError: the base URL or `tries` is not allowed.
        """
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("the API address must be a scheme, a host and a path: remove the rest")
        if host not in self.hosts | LOOPBACK:
            raise ValueError(f"the API address names the host {host!r}: allowed are {sorted(self.hosts)}")
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
            raise ValueError(f"the API address of {host} must start with https://")
        if not 1 <= self.tries <= MAX_TRIES:
            raise ValueError(f"tries must be 1 to {MAX_TRIES}, not {self.tries}")

    def get(self, path: str, caller: Caller, query: Mapping[str, str] | None = None) -> JsonObject:
        """The JSON object at `path` below the base URL.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(_Request("GET", self._url(path), dict(query or {}), None), caller)

    def post(
        self, path: str, caller: Caller, query: Mapping[str, str], body: Mapping[str, object]
    ) -> JsonObject:
        """As `get`, for the read-only calls that a platform takes as a POST with a JSON body.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(_Request("POST", self._url(path), dict(query), dict(body)), caller)

    def _url(self, path: str) -> str:
        if not _PATH.fullmatch(path):
            raise ValueError(f"not a path below the API address: {path!r}")
        return self.base_url.rstrip("/") + path

    def _call(self, request: _Request, caller: Caller) -> JsonObject:
        """Try, wait and try again. Failures are values until the end: no exception drags a request along."""
        if not _can_be_sent(caller.token):
            raise TokenRejected(
                f"{caller.source}: the token of @{caller.account} is empty or holds a blank or a line end:"
                " copy it again"
            )
        met: Counter[type[SourceError]] = Counter()
        while True:
            answer = self._attempt(request, caller)
            if isinstance(answer, dict):
                return answer
            kind = type(answer.error)
            met[kind] += 1
            if met.total() >= self.tries or met[kind] > kind.retries:
                raise answer.error
            asked = _retry_after(answer.retry_after, self.now())
            if asked is not None and asked > self.max_retry_after:
                raise RateLimited(
                    f"{caller.source}: {request.endpoint} asks @{caller.account} to wait {asked:.0f} s, more"
                    f" than a run waits ({self.max_retry_after:.0f} s): run `rapup pull` after that time"
                )
            self.sleep(self._back_off(kind, met.total()) if asked is None else asked)

    def _back_off(self, kind: type[SourceError], tried: int) -> float:
        """Seconds to wait when the platform does not say: up to 1, 2, 4, 8 (a rate limit: 8, 16, 32, 64)."""
        patience = _RATE_LIMIT_PATIENCE if kind is RateLimited else 1
        return patience * float(2 ** (tried - 1)) * (0.5 + 0.5 * self.random())

    def _attempt(self, request: _Request, caller: Caller) -> JsonObject | _Failure:
        """One request with its whole body, judged: payload first, status second."""
        reply = self._exchange(request, caller.token)
        if isinstance(reply, str):
            return _Failure(_unavailable(request, caller, reply))
        if 300 <= reply.status < 400:  # noqa: PLR2004 - the class of redirects
            return _Failure(_redirected(request, caller, reply))
        found = self._parsed(reply)
        known = caller.classify(reply.status, found) if isinstance(found, dict) else None
        if error := known or _by_status(request, caller, reply.status):
            return _Failure(error, reply.retry_after)
        reason = caller.misshapen(found) if isinstance(found, dict) else found
        if isinstance(found, dict) and reason is None:
            return found
        return _Failure(_malformed(request, caller, reply, reason or ""))

    def _parsed(self, reply: _Reply) -> JsonObject | str:
        """The payload, or why there is none."""
        if len(reply.body) > self.max_bytes:
            return f"longer than {self.max_bytes} bytes"
        try:
            return parse(reply.body)
        except NotStrictJson as wrong:
            return str(wrong)

    def _exchange(self, request: _Request, token: Secret) -> _Reply | str:
        """Send and read to the end, or say in a few words why that failed."""
        end = self.clock() + self.deadline
        with _Session() as session:
            session.trust_env = False  # neither a proxy nor ~/.netrc may see or replace the token
            try:
                with session.request(
                    request.method,
                    request.url,
                    params=request.query,
                    json=request.body,
                    auth=_Bearer(token),
                    headers={"Accept": "application/json", "User-Agent": "rapup"},
                    timeout=(self.connect_timeout, self.read_timeout),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    return self._read(response, end)
            except requests.exceptions.SSLError:
                return "its certificate was not accepted"
            except requests.exceptions.Timeout:
                return "no answer in time"
            except requests.exceptions.ConnectionError:
                return "no connection"
            except (requests.exceptions.RequestException, HTTPError, OSError):
                return "the answer broke off"

    def _read(self, response: requests.Response, end: float) -> _Reply | str:
        """The body piece by piece as it comes, so that a slow or endless one is noticed."""
        body = bytearray()
        while len(body) <= self.max_bytes:
            if self.clock() > end:
                return f"not finished after {self.deadline:.0f} s"
            piece = response.raw.read1(_READ_BYTES, decode_content=True)
            if not piece:
                break
            body += piece
        return _Reply(
            response.status_code,
            bytes(body),
            retry_after=response.headers.get("Retry-After"),
            location=response.headers.get("Location"),
        )


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    query: dict[str, str]
    body: dict[str, Any] | None

    @property
    def endpoint(self) -> str:
        """For messages: scheme, host and path."""
        parts = urlsplit(self.url)
        return SplitResult(parts.scheme, parts.hostname or "", parts.path, "", "").geturl()


@dataclass(frozen=True)
class _Reply:
    status: int
    body: bytes
    retry_after: str | None
    location: str | None


@dataclass(frozen=True)
class _Failure:
    error: SourceError
    retry_after: str | None = None


class _Session(requests.Session):
    """Blind to redirects: requests parses even unfollowed ones and reads their bodies without limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - its caller's signature
        return None


class _Bearer(AuthBase):
    """Puts the token where no log looks, without a copy of it in a frame of ours."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return prepared


def _can_be_sent(token: Secret) -> bool:
    """Whether it fits a header; requests would print one that does not."""
    return re.fullmatch(r"[!-~]+", token.reveal()) is not None


def _retry_after(header: str | None, now: float) -> float | None:
    """Seconds from now, of a number or an HTTP date (RFC 9110, 10.2.3); None: nothing to go by."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        # One of the three allowed forms names no zone; all of them mean UTC, and so does `timegm`.
        seconds = timegm(moment.utctimetuple()) - now
    return seconds if seconds > 0 else None


def _unavailable(request: _Request, caller: Caller, why: str) -> SourceUnavailable:
    return SourceUnavailable(
        f"{caller.source}: {request.endpoint} could not be read for @{caller.account} ({why}):"
        " run `rapup pull` again later"
    )


def _malformed(request: _Request, caller: Caller, reply: _Reply, reason: str) -> MalformedResponse:
    shown = excerpt(reply.body, caller.token)
    return MalformedResponse(caller.source, request.endpoint, reason, shown, sha256(reply.body))


def _redirected(request: _Request, caller: Caller, reply: _Reply) -> RequestRefused:
    try:
        host = urlsplit(reply.location or "").hostname or "the same host"
    except ValueError:
        host = "an address that is none"
    return RequestRefused(
        f"{caller.source}: {request.endpoint} redirects @{caller.account} to {one_line(host)}, where no token"
        " is sent: check the API address in the settings, and whether a network login page is in the way"
    )


def _by_status(request: _Request, caller: Caller, status: int) -> SourceError | None:
    """What an HTTP status says when the payload says nothing (RFC 9110, 15; RFC 6585, 4)."""
    if status < 300:  # noqa: PLR2004 - a success
        return None
    if status == 408 or status >= 500:  # noqa: PLR2004
        return _unavailable(request, caller, f"HTTP {status}")
    kinds: dict[int, tuple[type[SourceError], str]] = {
        401: (TokenRejected, "ask the account's owner for a new token"),
        403: (PermissionMissing, "connect the account again and allow all that is asked for"),
        429: (RateLimited, "run `rapup pull` again later"),
    }
    kind, cure = kinds.get(status, (RequestRefused, "update rapup, or report it"))
    return kind(f"{caller.source}: {request.endpoint} refused @{caller.account} (HTTP {status}): {cure}")
