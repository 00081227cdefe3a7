"""The only code that talks to a network: every rule about tokens, waiting and size is here.

A request counts only when its whole body has arrived and was understood, so the retry loop stands
around all of that: urllib3's own loop does not repeat a POST nor a body that was cut, and obeys a
Retry-After of hours. All calls are read-only, hence a POST may be repeated like a GET.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from math import inf
from typing import Final

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from connectors import addresses, verdicts
from connectors.calls import Caller, Request, Values, revealed
from connectors.source_errors import MalformedResponse, SourceError
from connectors.strict_json import JsonObject, NotStrictJson, excerpt, parse, parse_value, redacted, sha256
from connectors.usage import AppQuota, Meter
from connectors.waiting import Pace, Rate, back_off, retry_after

MAX_TRIES: Final = 5
_READ_BYTES: Final = 65_536

# Its debug messages hold whole addresses, and some platforms want a token in the address.
logging.getLogger("urllib3").setLevel(logging.INFO)


class _Session(requests.Session):
    """Blind to redirects: requests parses even unfollowed ones and reads their bodies without limit."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # neither a proxy nor ~/.netrc may see or replace the token
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002 - its caller's signature
        return None


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
    run_ends: float = inf
    """On `clock`: no request is made and no wait begun that would pass it."""
    max_bytes: int = 50_000_000
    """Of an unpacked body."""
    tries: int = MAX_TRIES
    max_retry_after: float = 120.0
    """A longer wait ends the request instead: the next run goes on."""
    max_usage: float = 0.9
    """Of a quota that the platform tells of: what is left belongs to the account's owner."""
    rates: tuple[Rate, ...] = ()
    pace: Pace = field(default_factory=Pace, repr=False)
    quota: AppQuota = field(default_factory=AppQuota, repr=False)
    meter: Meter = field(default_factory=Meter)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], float] = time.time
    """Epoch seconds, for a Retry-After that is a date."""
    random: Callable[[], float] = random.random
    """0 to 1: spreads the retries of several runs."""
    session: _Session = field(default_factory=_Session, repr=False)
    """Keeps connections open between requests."""

    def __post_init__(self) -> None:
        """Refuse an address that a token must not be sent to.

        Raises:
            ValueError: the base URL or `tries` is not allowed.
        """
        addresses.check_base(self.base_url, self.hosts)
        if not 1 <= self.tries <= MAX_TRIES:
            raise ValueError(f"tries must be 1 to {MAX_TRIES}, not {self.tries}")

    def get(self, path: str, caller: Caller, query: Values | None = None) -> JsonObject:
        """The JSON object at `path` below the base URL.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(Request("GET", addresses.below(self.base_url, path), query or {}), caller)

    def post(self, path: str, caller: Caller, query: Values, body: Values) -> JsonObject:
        """As `get`, for the read-only calls that a platform takes as a POST with a JSON body.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(Request("POST", addresses.below(self.base_url, path), query, body=body), caller)

    def post_form(self, path: str, caller: Caller, form: Values) -> JsonObject:
        """As `post`, with the fields of a form.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(Request("POST", addresses.below(self.base_url, path), {}, form=form), caller)

    def delete(self, path: str, caller: Caller) -> JsonObject:
        """As `get`, to give back a permission.

        Raises:
            SourceError: the subclass says why, also after all tries.
        """
        return self._call(Request("DELETE", addresses.below(self.base_url, path), {}), caller)

    def _call(self, request: Request, caller: Caller) -> JsonObject:
        """Try, wait and try again. Failures are values until the end: no exception drags a request along."""
        caller.refuse_unsendable_token()
        met: Counter[type[SourceError]] = Counter()
        while True:
            self._take_turn(request, caller)
            self.meter.sent(again=bool(met))
            answer = self._attempt(request, caller)
            if isinstance(answer, dict):
                return answer
            kind = type(answer.error)
            met[kind] += 1
            if met.total() >= self.tries or met[kind] > kind.retries:
                raise answer.error
            asked = retry_after(answer.retry_after, self.now())
            if asked is not None and asked > self.max_retry_after:
                raise verdicts.asks_too_long(*request.named(caller), asked, self.max_retry_after)
            self._wait(back_off(kind, met.total(), self.random()) if asked is None else asked, caller)

    def _take_turn(self, request: Request, caller: Caller) -> None:
        """Before a request: is there quota, is there time, is it its turn."""
        for usage in (self.meter.usage, self.quota.usage):
            if usage is not None and usage.used >= self.max_usage:
                raise verdicts.quota_nearly_used(caller.source, caller.account, usage.used, usage.regain_s)
        self._wait(self.pace.turn(self.rates, caller.account, request.path, self.clock()), caller)

    def _wait(self, seconds: float, caller: Caller) -> None:
        if self.run_ends < inf and self.clock() + seconds >= self.run_ends:
            raise verdicts.run_over(caller.source, caller.account)
        if seconds > 0:
            self.sleep(seconds)
            self.meter.waited(seconds)

    def _attempt(self, request: Request, caller: Caller) -> JsonObject | _Failure:
        """One request with its whole body, judged: payload first, status second."""
        named = request.named(caller)
        if addresses.is_private(request.host):
            return _Failure(verdicts.private_host(caller.source, caller.account, request.host))
        reply = self._exchange(request, caller)
        if isinstance(reply, str):
            return _Failure(verdicts.unavailable(*named, reply))
        if 300 <= reply.status < 400:  # noqa: PLR2004 - the class of redirects
            return _Failure(verdicts.redirected(*named, reply.location))
        found = self._parsed(reply, caller)
        known = caller.classify(reply.status, found) if isinstance(found, dict) else None
        if error := known or verdicts.by_status(*named, reply.status):
            return _Failure(error, reply.retry_after)
        reason = caller.misshapen(found) if isinstance(found, dict) else found
        if isinstance(found, dict) and reason is None:
            return found
        secrets, hashed = request.secrets(caller), sha256(reply.body)
        shown, more = excerpt(reply.body, *secrets), redacted(reply.body, *secrets)
        return _Failure(MalformedResponse(caller.source, request.endpoint, reason or "", shown, hashed, more))

    def _parsed(self, reply: _Reply, caller: Caller) -> JsonObject | str:
        """The payload, or why there is none."""
        if len(reply.body) > self.max_bytes:
            return f"longer than {self.max_bytes} bytes"
        if caller.may_be_empty and not reply.body.strip():
            return {}
        try:
            if caller.may_be_list and isinstance(found := parse_value(reply.body), list):
                return {"data": found}
            return parse(reply.body)
        except NotStrictJson as wrong:
            return str(wrong)

    def _exchange(self, request: Request, caller: Caller) -> _Reply | str:
        """Send and read to the end, or say in a few words why that failed."""
        end = min(self.clock() + self.deadline, self.run_ends)
        try:
            with self.session.request(
                request.method,
                request.url,
                auth=_Sealed(request, caller),
                headers={"Accept": "application/json", "User-Agent": "rapup"},
                timeout=(self.connect_timeout, self.read_timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                self.meter.told(response.headers, self.now())
                self.quota.told(response.headers)
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
class _Reply:
    status: int
    body: bytes
    retry_after: str | None
    location: str | None


@dataclass(frozen=True)
class _Failure:
    error: SourceError
    retry_after: str | None = None


class _Sealed(AuthBase):
    """Fills in the token and all other values as a request leaves, without a copy in a frame of ours."""

    def __init__(self, request: Request, caller: Caller) -> None:
        self._request = request
        self._caller = caller

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        request, caller = self._request, self._caller
        prepared.prepare_url(request.url, revealed(request.query))
        if request.form is not None or request.body is not None:
            prepared.prepare_body(revealed(request.form), None, revealed(request.body))
        if caller.token is not None:
            prefix = "Bearer " if caller.header == "Authorization" else ""
            prepared.headers[caller.header] = f"{prefix}{caller.token.reveal()}"
        return prepared
