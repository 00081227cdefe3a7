"""Many accounts pulled in a time that does not pass: real plans, pace and quota, invented platforms.

Workers sleep on a clock that jumps to the next who wakes once all of them sleep. So a simulated quarter
of an hour is exact, whatever this machine does meanwhile, and costs only the work itself.
"""

from __future__ import annotations

import heapq
import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import requests
from requests.structures import CaseInsensitiveDict

from connectors.api import ApiSource
from connectors.http import Api
from flows.credentials import open_api
from flows.pull import Clock, Pulled, pull
from flows.settings import Settings
from tests.faults import instagram, tiktok
from tests.faults.server import Reply, Request, World
from tests.flows.nights import CAMPAIGN, Nights

BEGIN = datetime(2023, 12, 2, 1, 30, tzinfo=UTC)
LATENCY_S = 0.05
NOWHERE = "http://127.0.0.1:9"
MOST = 100  # accounts


class Time:
    """Passes only when every worker sleeps."""

    def __init__(self) -> None:
        self.at = 0.0
        self._busy = 0
        self._sleepers: list[tuple[float, int, Event]] = []
        self._lock = Lock()
        self._number = 0

    def work(self, workers: int) -> None:
        """So many workers more (or less) are busy."""
        with self._lock:
            self._busy += workers
            self._jump()

    def sleep(self, seconds: float) -> None:
        woken = Event()
        with self._lock:
            self._number += 1
            heapq.heappush(self._sleepers, (self.at + seconds, self._number, woken))
            self._busy -= 1
            self._jump()
        woken.wait()

    def _jump(self) -> None:
        while not self._busy and self._sleepers:
            self.at, _, woken = heapq.heappop(self._sleepers)
            self._busy += 1
            woken.set()

    @property
    def clock(self) -> Clock:
        return Clock(lambda: BEGIN + timedelta(seconds=self.at), lambda: self.at, self._wait)

    def _wait(self, stop: Event, seconds: float) -> bool:
        if seconds:
            self.sleep(seconds)
        return stop.is_set()


def pool_on(time: Time) -> type[ThreadPoolExecutor]:
    """A pool that tells the clock how many of its workers are busy."""

    class Pool(ThreadPoolExecutor):
        def __init__(self, workers: int) -> None:
            super().__init__(workers)
            self.workers, self.left, self.counting = workers, 0, Lock()
            self.has_caller = False

        def submit(self, call: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
            with self.counting:
                self.left += 1
                time.work(self.left <= self.workers)
            return super().submit(self.run, call, *args, **named)

        def map(self, call: Callable[..., Any], *items: Any, **_: Any) -> Iterator[Any]:  # type: ignore[override]
            (arguments,) = (list(one) for one in items)
            # The caller sleeps until the last is done, and then goes on in its place.
            self.has_caller, self.left = True, len(arguments)
            time.work(min(self.workers, self.left) - 1)
            runs = [super(Pool, self).submit(self.run, call, one) for one in arguments]
            return iter([run.result() for run in runs])

        def run(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
            try:
                return call(*args, **named)
            finally:
                with self.counting:
                    self.left -= 1
                    if self.left < self.workers and not (self.has_caller and not self.left):
                        time.work(-1)

    return Pool


@dataclass(frozen=True)
class Limit:
    """What a vendor takes within any so many seconds; over it is counted."""

    requests: int
    seconds: float
    per_account: bool = False
    per_endpoint: bool = False

    def lane(self, account: str, path: str) -> tuple[str, str]:
        return account if self.per_account else "", path if self.per_endpoint else ""


class Answer:
    """As much of a response as the transport looks at."""

    def __init__(self, reply: Reply) -> None:
        self.status_code = reply.status
        self.headers = CaseInsensitiveDict(reply.headers)
        self.raw = self
        self._body = reply.content

    def __enter__(self) -> Answer:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def read1(self, _size: int, **_: object) -> bytes:
        body, self._body = self._body, b""
        return body


@dataclass
class Vendor:
    """Stands where `requests` would: answers late, and watches its limits."""

    time: Time
    worlds: Mapping[str, World]
    """By token."""
    limits: Sequence[Limit]
    usage: Limit | None = None
    """Of which it tells how much is used, as Meta does."""
    header: str = "X-App-Usage"
    asked: int = 0
    passed: list[Limit] = field(default_factory=list)
    seen: dict[tuple[Limit, tuple[str, str]], deque[float]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    lock: Lock = field(default_factory=Lock)

    def request(self, method: str, url: str, *, auth: Callable[..., Any], **_: object) -> Answer:
        prepared = requests.Request(method, url).prepare()
        auth(prepared)
        request = _arrived(prepared)
        token, calls = _caller(request)
        used = self._watch(token, request.path, calls)
        self.time.sleep(LATENCY_S)
        reply = self.worlds[token](request)
        headers = {self.header: json.dumps({"call_count": used})} if self.usage else {}
        return Answer(replace(reply, headers=headers))

    def _watch(self, account: str, path: str, calls: int) -> int:
        """Percent of the quota that is told of."""
        with self.lock:
            self.asked += 1
            counts = {
                limit: self._count(limit, account, path, calls)
                for limit in (*self.limits, self.usage)
                if limit
            }
        self.passed += [limit for limit, count in counts.items() if count > limit.requests]
        return int(100 * counts[self.usage] / self.usage.requests) if self.usage else 0

    def _count(self, limit: Limit, account: str, path: str, calls: int) -> int:
        lane = self.seen[limit, limit.lane(account, path)]
        lane.extend([self.time.at] * calls)
        while lane[0] <= self.time.at - limit.seconds + 1e-6:
            lane.popleft()
        return len(lane)


def _caller(request: Request) -> tuple[str, int]:
    """Whose token it carries, and as how many requests it counts."""
    if request.path == "/":
        form = request.form()
        return form["access_token"], len(json.loads(form["batch"]))
    return (request.headers.get("access-token") or request.headers["authorization"]).split()[-1], 1


def _arrived(prepared: requests.PreparedRequest) -> Request:
    parts = urlsplit(str(prepared.url))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    headers = {name.lower(): value for name, value in prepared.headers.items()}
    body = prepared.body or b""
    return Request(
        str(prepared.method), parts.path, query, headers, body if isinstance(body, bytes) else body.encode()
    )


@dataclass(frozen=True)
class Scene:
    """One API with the limits that its vendor documents."""

    platform: str
    base_variable: str
    limits: Sequence[Limit]
    world: Callable[[str, str, int], World]
    """Of a handle, a token and a number of posts."""
    usage: Limit | None = None
    header: str = "X-App-Usage"
    tokens: Mapping[str, Any] = field(default_factory=dict)
    is_seen_by_one: bool = False
    """Whether one account's token reads all the others."""


def _display(handle: str, token: str, posts: int) -> World:
    return tiktok.Display(_posts(tiktok.video, posts), username=handle, tokens=tiktok.Tokens(token))


def _business(handle: str, token: str, posts: int) -> World:
    world = tiktok.Business(_posts(tiktok.item, posts), tokens=tiktok.Tokens(token))
    world.profile["username"] = handle
    return world


def _instagram(handle: str, token: str, posts: int) -> World:
    return instagram.Graph(_posts(instagram.media, posts), username=handle, access=token, base=NOWHERE)


def _discovery(handle: str, token: str, posts: int) -> World:
    public = {_handle(n): _posts(instagram.media, posts) for n in range(MOST)}
    return instagram.Graph([], username=handle, access=token, base=NOWHERE, public=public)


def _handle(number: int) -> str:
    return f"creator.{number:03}"


@cache
def _posts(make: Callable[[int], dict[str, Any]], number: int) -> list[dict[str, Any]]:
    return [make(n) for n in range(1, number + 1)]


_META: Final = {"refresh": None, "can_renew": False, "user_id": instagram.USER_ID}
SCENES: Final[Mapping[str, Scene]] = {
    # "Rate Limits on API Requests" (developers.tiktok.com): 600 a minute, sliding, of each endpoint.
    "tiktok_display_api": Scene("tiktok", "TIKTOK_API_BASE", [Limit(600, 60, per_endpoint=True)], _display),
    # "Rate limits" of the Accounts API; "API rate limits" of apps at level Basic (business-api.tiktok.com).
    "tiktok_business_api": Scene(
        "tiktok",
        "TIKTOK_BUSINESS_API_BASE",
        [Limit(40, 60, per_account=True, per_endpoint=True), Limit(600, 60), Limit(10, 1)],
        _business,
        tokens={"user_id": "-000lavelle"},
    ),
    # "Rate Limits" (developers.facebook.com): 4,800 x impressions a day of an account; here of one that
    # was seen once. Business Discovery: 200 x users of the app an hour; here one.
    **{
        source: Scene(
            "instagram",
            "INSTAGRAM_API_BASE",
            [],
            _instagram,
            usage=Limit(4800, 86_400, per_account=True),
            header="X-Business-Use-Case-Usage",
            tokens=_META,
        )
        for source in ("instagram_login_api", "instagram_graph_api")
    },
    "instagram_business_discovery": Scene(
        "instagram", "INSTAGRAM_API_BASE", [], _discovery, Limit(200, 3600), tokens=_META, is_seen_by_one=True
    ),
}


@dataclass(frozen=True)
class Simulated:
    """What became of it."""

    results: Sequence[Pulled]
    seconds: float
    vendor: Vendor

    @property
    def whole(self) -> int:
        return sum(result.is_complete for result in self.results)


def simulate(folder: Path, source: str, accounts: int, posts: int) -> Simulated:
    """Pull accounts that nobody has read before, through one API."""
    scene, time = SCENES[source], Time()
    handles = [_handle(n) for n in range(accounts)]
    owners = ["reader"] if scene.is_seen_by_one else handles
    nights = Nights(folder, {scene.base_variable: NOWHERE}, _campaign(scene.platform, [*owners, *handles]))
    worlds = {}
    for n, handle in enumerate(owners):
        token = f"token-{n:03}"
        worlds[token] = scene.world(handle, token, posts)
        filed = "instagram_graph_api" if scene.is_seen_by_one else source
        nights.connect(f"{scene.platform}:@{handle}", filed, token, **scene.tokens)
    vendor = Vendor(time, worlds, scene.limits, scene.usage, scene.header)
    with _on(time, vendor):
        results = pull(nights.settings, nights.campaign, source, clock=time.clock)
    return Simulated(results, time.at, vendor)


@contextmanager
def _on(time: Time, vendor: Vendor) -> Iterator[None]:
    def way(settings: Settings, api: ApiSource) -> Api:
        return replace(open_api(settings, api), session=vendor)  # type: ignore[arg-type]

    pool = pool_on(time)
    with (
        patch("flows.pull.open_api", way),
        patch("flows.pull.ThreadPoolExecutor", pool),
        patch("connectors.instagram.insights.ThreadPoolExecutor", pool),
    ):
        yield


def _campaign(platform: str, handles: Sequence[str]) -> str:
    head, _, _ = CAMPAIGN.partition("[[creator]]")
    creator = '[[creator]]\nid = "c{n}"\nname = "{n}"\nkind = "influencer"\naccounts = ["{p}:@{h}"]\n'
    return head + "".join(creator.format(n=n, p=platform, h=h) for n, h in enumerate(dict.fromkeys(handles)))
