"""What every API connector must keep to: the same checks for all of them, and broken ones that they catch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors import registry
from connectors.api import ApiSource, Visit, Window
from connectors.base import Batch, Context, Reading
from connectors.http import Api
from connectors.instagram.discovery import BusinessDiscovery
from connectors.instagram.graph import GRAPH_API, LOGIN_API
from connectors.pages import Page
from connectors.secret import Secret
from connectors.source_errors import SourceError, WrongAccount
from connectors.tiktok.business import BusinessApi
from connectors.tiktok.display import DisplayApi
from connectors.tokens import Tokens
from models.schema import ACCOUNT_METRICS, POST_METRICS, TABLES, to_epoch
from tests.connectors.example_api import ClipsApi
from tests.faults import instagram, tiktok
from tests.faults.server import RawServer, Reply, Request, World
from tests.flows.nights import CAMPAIGN, Nights

NOW = datetime(2023, 12, 20, 23, 30, tzinfo=UTC)
HANDLE = "lavelle.sings"
POSTS = 120
CLIPS = "clips-S3CR3T"


@dataclass
class Clips:
    """The invented platform."""

    clips: list[dict[str, Any]]
    name: str = HANDLE

    def __call__(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {CLIPS}":
            return Reply({}, 401)
        if request.path == "/v1/me":
            return Reply({"name": self.name})
        start = int(request.query.get("after", 0))
        following = str(start + 30) if start + 30 < len(self.clips) else None
        return Reply({"clips": self.clips[start : start + 30], "next": following})


def clip(number: int, **changes: Any) -> dict[str, Any]:
    at = tiktok.created_s(number)
    return {"id": f"c{at}", "at": at, "plays": 100 + number, "hearts": 20, "text": "#findhelpearly"} | changes


@dataclass(frozen=True)
class Door:
    """A connector with a platform that has `POSTS` posts, one a day, and the token to it."""

    source: ApiSource
    world: Callable[[], World]
    tokens: Tokens
    rename: Callable[[Any], None]
    """Make the token another account's."""


def rename(world: Any) -> None:
    world.username = "somebody.else"


def rename_profile(world: Any) -> None:
    world.profile["username"] = "somebody.else"


def rename_clips(world: Any) -> None:
    world.name = "somebody.else"


def graph() -> World:
    made = [instagram.media(n) for n in range(POSTS)]
    return instagram.Graph(made, others=[instagram.media(130, username="kofi")], public={HANDLE: made})


TIKTOK = Tokens(Secret(tiktok.ACCESS), user_id="-000lavelle")
META = Tokens(Secret(instagram.ACCESS), user_id=instagram.USER_ID)
DOORS: Mapping[str, Door] = {
    "display": Door(
        DisplayApi(), lambda: tiktok.Display([tiktok.video(n) for n in range(POSTS)]), TIKTOK, rename
    ),
    "business": Door(
        BusinessApi(), lambda: tiktok.Business([tiktok.item(n) for n in range(POSTS)]), TIKTOK, rename_profile
    ),
    "instagram login": Door(LOGIN_API, graph, META, rename),
    "facebook login": Door(GRAPH_API, graph, META, rename),
    "discovery": Door(BusinessDiscovery(), graph, META, rename),
    "example": Door(
        ClipsApi(), lambda: Clips([clip(n) for n in range(POSTS)]), Tokens(Secret(CLIPS)), rename_clips
    ),
}


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    return DOORS[request.param]


@dataclass
class Walked:
    """A reading with its batches drawn."""

    reading: Reading
    batches: list[Batch]

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [row for b in self.batches if table in b.tables for row in b.tables[table].to_pylist()]

    @property
    def posts(self) -> list[str]:
        return [row["post_id"] for row in self.rows("posts_seen")]


def api_of(door: Door, server: RawServer) -> Api:
    return replace(door.source.open_api(server.url), sleep=lambda _: None, rates=())


def walk(door: Door, world: World | None = None, **window: Any) -> Walked:
    context = Context(timezone=ZoneInfo("Europe/London"), accounts={})
    with RawServer(world or door.world()) as server:
        if isinstance(server.world, instagram.Graph):
            server.world.base = server.url
        visit = Visit(HANDLE, door.tokens, api_of(door, server), context, NOW, Window(**window))
        reading = door.source.read(visit)
        return Walked(reading, list(reading.batches))


# --- the checks


def check_rows(found: Walked) -> None:
    """Canonical tables, each post once, totals in whole, ids as text, all of one moment."""
    tables = list(chain.from_iterable(batch.tables.items() for batch in found.batches))
    assert [name for name, table in tables if table.schema != TABLES[name]] == []
    assert len(set(found.posts)) == len(found.posts) >= POSTS
    assert {row["observed_s"] for name in TABLES for row in found.rows(name)} == {to_epoch(NOW)}
    for name in ("post_observations", "posts_seen"):
        numbers = [row["row_no"] for row in found.rows(name)]
        assert len(set(numbers)) == len(numbers)
    of_account = [row for row in found.rows("audience_seen") if row["subject_type"] == "account"]
    told = len(found.posts) + len(found.rows("account_days_seen")) + len(of_account)
    assert sum(batch.rows for batch in found.batches) == told


def check_notes(found: Walked) -> None:
    """Every metric has a name or a reason; one without a name has no value."""
    notes = {note.metric: note for note in found.reading.metrics}
    assert notes.keys() >= POST_METRICS.keys() | ACCOUNT_METRICS.keys()
    for metric in POST_METRICS:
        assert notes[metric].native_name or notes[metric].null_reason
        if notes[metric].native_name is None:
            assert [row[metric] for row in found.rows("post_observations") if row[metric] is not None] == []


def check_end(found: Walked) -> None:
    """The last batch and no other says that the window was read to its end."""
    assert [batch.ends for batch in found.batches] == [False] * (len(found.batches) - 1) + [True]
    assert found.batches[-1].cursor is None


def check_resuming(found: Walked, again: Callable[[str], Walked]) -> None:
    """From every cursor a walk goes on with what is left, and misses nothing."""
    for number, batch in enumerate(found.batches):
        if batch.cursor is None:
            continue
        before = [row["post_id"] for b in found.batches[: number + 1] for row in _posts(b)]
        rest = again(batch.cursor)
        assert set(before) | set(rest.posts) == set(found.posts)
        assert rest.batches[-1].ends


def _posts(batch: Batch) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        batch.tables["posts_seen"].to_pylist() if "posts_seen" in batch.tables else []
    )
    return rows


def check_window(found: Walked, since_s: int) -> None:
    """Everything since its beginning is in it, and not everything before."""
    wanted = {row["post_id"] for row in found.rows("posts_seen") if row["published_s"] >= since_s}
    assert len(wanted) >= 30
    assert len(found.posts) < POSTS
    assert found.batches[-1].ends


# --- of every connector


def test_rows_are_canonical_and_each_post_comes_once(door: Door) -> None:
    check_rows(walk(door))


def test_every_metric_has_a_name_or_a_reason(door: Door) -> None:
    check_notes(walk(door))


def test_only_the_last_batch_ends_the_window(door: Door) -> None:
    check_end(walk(door))


def test_a_walk_goes_on_from_every_cursor_and_misses_nothing(door: Door) -> None:
    check_resuming(walk(door), lambda cursor: walk(door, cursor=cursor))


def test_a_window_holds_all_since_its_beginning_and_stops_before_it_has_all(door: Door) -> None:
    since_s = tiktok.created_s(30)
    check_window(walk(door, since_s=since_s), since_s)


def test_no_row_note_or_notice_holds_the_token(door: Door) -> None:
    found = walk(door)
    everything = [found.reading, *(row for name in TABLES for row in found.rows(name))]
    assert "S3CR3T" not in repr(everything)


def test_the_token_of_another_account_is_refused(door: Door) -> None:
    world = door.world()
    door.rename(world)
    if isinstance(door.source, BusinessDiscovery):
        return  # it looks at accounts that gave none
    with pytest.raises(WrongAccount):
        walk(door, world)


def test_no_host_but_the_platforms_may_be_asked(door: Door) -> None:
    with pytest.raises(ValueError, match="allowed are"):
        door.source.open_api("https://elsewhere.example")


def test_every_api_of_the_registry_is_checked_here() -> None:
    checked = {door.source.source for door in DOORS.values()} - {"clips_api"}
    assert {api.source for p in ("tiktok", "instagram") for api in registry.apis(p)} == checked


# --- that the checks can fail


class TwiceEachPost(ClipsApi):
    def batch(self, visit: Visit, page: Page, row: int) -> Batch:
        return super().batch(visit, page._replace(items=page.items * 2), row)


class NeverEnds(ClipsApi):
    def batch(self, visit: Visit, page: Page, row: int) -> Batch:
        return replace(super().batch(visit, page, row), ends=False)


class EndsTooSoon(ClipsApi):
    def batch(self, visit: Visit, page: Page, row: int) -> Batch:
        return replace(super().batch(visit, page, row), ends=True)


class SkipsAPage(ClipsApi):
    def batch(self, visit: Visit, page: Page, row: int) -> Batch:
        batch = super().batch(visit, page, row)
        return replace(batch, cursor=batch.cursor and str(int(batch.cursor) + 30))


class NotesNothing(ClipsApi):
    def read(self, visit: Visit) -> Reading:
        return replace(super().read(visit), metrics=())


class IgnoresTheWindow(ClipsApi):
    def batches(self, visit: Visit) -> Iterator[Batch]:
        return super().batches(replace(visit, window=replace(visit.window, since_s=None)))


def broken(source: ApiSource) -> Door:
    return replace(DOORS["example"], source=source)


@pytest.mark.parametrize(
    ("source", "check"),
    [
        (TwiceEachPost(), lambda d: check_rows(walk(d))),
        (NeverEnds(), lambda d: check_end(walk(d))),
        (EndsTooSoon(), lambda d: check_end(walk(d))),
        (SkipsAPage(), lambda d: check_resuming(walk(d), lambda cursor: walk(d, cursor=cursor))),
        (NotesNothing(), lambda d: check_notes(walk(d))),
        (
            IgnoresTheWindow(),
            lambda d: check_window(walk(d, since_s=tiktok.created_s(30)), tiktok.created_s(30)),
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, ClipsApi) else "check",
)
def test_a_broken_connector_is_caught(source: ApiSource, check: Callable[[Door], None]) -> None:
    with pytest.raises((AssertionError, SourceError)):
        check(broken(source))


# --- the example in a whole night


def test_the_example_needs_one_line_in_the_registry_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = registry.apis
    monkeypatch.setattr(registry, "apis", lambda p: (ClipsApi(),) if p == "clips" else known(p))
    campaign = CAMPAIGN.replace('"tiktok:@lavelle.sings"', '"clips:@lavelle.sings"')
    with RawServer(Clips([clip(n) for n in range(40)])) as server:
        nights = Nights(tmp_path / "data", {"CLIPS_API_BASE": server.url}, campaign)
        token = {"RAPUP_TOKEN_CLIPS_LAVELLE_SINGS": Secret(CLIPS)}
        nights.settings = replace(nights.settings, tokens=token)
        assert nights.night().is_complete
        assert isinstance(server.world, Clips)
        del server.world.clips[3]
        nights.night()
    nights.build()
    assert nights.published("SELECT count(*), sum(likes), count(gone_at) FROM marts.posts") == [(40, 800, 1)]
