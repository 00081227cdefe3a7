"""What all exports of posts share: plausible clocks, the campaign's accounts, the two tables."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import BadExport, Batch, Context, Member, Refusal
from connectors.columns import Columns, Faults
from connectors.dates import ShownDay
from connectors.exported import Evidence, ExportDay, check, export_day, first_clue
from connectors.spans import span
from connectors.tabular import Rows
from connectors.wording import listed, one_line
from connectors.zones import local_date, noon_s
from models.schema import POST_OBSERVATIONS, conform, from_epoch, timestamps

ID_CLOCK: Final = "id clock"
SOURCE: Final = "source"
ID_ALONE: Final = "id alone"
"""The clock of an id beside which no day was shown: a scheduled post may have appeared days later."""
_OBSERVED: Final = frozenset(POST_OBSERVATIONS.names)
_NO_LATER: Final = date(2100, 1, 1)
_NO_SUCH_TIME: Final = "the post's id says a time at which it cannot have been made"


@dataclass(frozen=True)
class Origin:
    """Whose file it is."""

    source: str
    platform: str

    def columns(self, length: int) -> dict[str, pa.Array]:
        """The columns that are the same in every row."""
        return {"source": pa.repeat(self.source, length), "platform": pa.repeat(self.platform, length)}


@dataclass(frozen=True)
class Observed(Origin):
    """Whose file it is, and the moment of which its totals are true."""

    epoch_s: int

    @classmethod
    def at_noon(cls, source: str, platform: str, day: date, zone: ZoneInfo) -> Observed:
        """An export of which only the day is known: 12:00 in the campaign's zone."""
        return cls(source, platform, noon_s(day, zone))

    def columns(self, length: int) -> dict[str, pa.Array]:
        """The columns that are the same in every row."""
        moment = {
            "observed_at": from_epoch(self.epoch_s),
            "observed_s": self.epoch_s,
            "observed_precision": "day",
        }
        return super().columns(length) | {name: pa.repeat(value, length) for name, value in moment.items()}


def moments(epoch_s: pa.Array, precision: str) -> dict[str, pa.Array]:
    """The columns that say when something was observed; `precision` is second or day."""
    return {
        "observed_at": timestamps(epoch_s),
        "observed_s": epoch_s,
        "observed_precision": pa.repeat(precision, len(epoch_s)),
    }


@dataclass(frozen=True)
class ParsedPosts:
    """A batch whose cells are understood, before the moment of the export is known."""

    posts: Mapping[str, pa.Array]
    """Columns of `posts_seen`, among them row_no, account, post_id and published_s."""
    metrics: Mapping[str, pa.Array]
    """Columns of `post_observations`."""
    faults: Faults
    ragged: tuple[Refusal, ...]
    newest: date | None
    """Local day of the newest id clock."""

    def batch(self, observed: Origin) -> Batch:
        """Both tables, without the refused rows."""
        posts, metrics, kept = self.posts, self.metrics, self.faults.kept()
        if kept is not None:
            posts = {name: column.take(kept) for name, column in posts.items()}
            metrics = {name: column.take(kept) for name, column in metrics.items()}
        tables = post_tables(posts, metrics, observed.columns(len(posts["row_no"])))
        refused = tuple(sorted((*self.ragged, *self.faults.refusals()), key=lambda refusal: refusal.row))
        return Batch(tables, len(posts["row_no"]), refused)


def post_tables(
    posts: Mapping[str, pa.Array], metrics: Mapping[str, pa.Array], same: Mapping[str, pa.Array]
) -> dict[str, pa.Table]:
    """`post_observations` and `posts_seen` of the same rows; what `posts` says comes before `same`."""
    both = {name: column for name, column in posts.items() if name in _OBSERVED}
    published = {"published_at": timestamps(posts["published_s"])}
    return {
        "post_observations": conform({**same, **both, **metrics}, "post_observations"),
        "posts_seen": conform({**same, **posts, **published}, "posts_seen"),
    }


def plausible_clocks(
    epoch_s: pa.Array, first: date, context: Context, faults: Faults, reason: str = _NO_SUCH_TIME
) -> pa.Array:
    """The clocks, NULL where they cannot be.

    Rows whose id was made before the platform was, or after tomorrow, are refused: made up, or damaged.
    """
    early, late = noon_s(first, context.timezone), latest_s(context)
    ends = span(epoch_s)
    if ends is None or (early <= ends.first and ends.last <= late):
        return epoch_s
    bad = pc.or_(pc.less(epoch_s, early), pc.greater(epoch_s, late))
    faults.add(bad, lambda _: reason)
    return pc.if_else(bad, None, epoch_s)


def latest_s(context: Context) -> int:
    """Unix seconds after which nothing can have happened yet, whatever the zone."""
    return noon_s(context.today + timedelta(2) if context.today else _NO_LATER, context.timezone)


def newest_day(epoch_s: pa.Array, faults: Faults, zone: ZoneInfo) -> date | None:
    """Local day of the newest id clock of the rows that are kept."""
    kept = faults.kept()
    ends = span(epoch_s if kept is None else epoch_s.take(kept))
    return local_date(ends.last, zone) if ends else None


@dataclass
class Campaigners:
    """Lets the campaign's accounts in, and remembers who else was there."""

    platform: str
    handles: frozenset[str]
    outside: Counter[str] = field(default_factory=Counter)
    inside: int = 0

    def refuse_others(self, accounts: pa.Array, allowed: pa.Array | None, faults: Faults) -> None:
        """Refuse rows of accounts outside the campaign, but for those where `allowed` is true."""
        if self.handles.issuperset(pc.unique(accounts).to_pylist()):
            self.inside += len(accounts)
            return
        good = pc.is_in(accounts, pa.array(sorted(self.handles), pa.string()))
        if allowed is not None:
            good = pc.or_(good, allowed)
        self.inside += good.true_count
        bad = pc.and_(pc.invert(good), pc.is_valid(accounts))
        self.outside.update(accounts.filter(bad).to_pylist())
        faults.add(bad, lambda at: f"@{one_line(accounts[at].as_py(), 40)} is not an account of the campaign")

    def notices(self) -> tuple[str, ...]:
        """Who was refused, with the number of rows."""
        if not self.outside:
            return ()
        named = listed(f"@{handle} ({count})" for handle, count in sorted(self.outside.items()))
        return (f"rows of accounts outside the campaign left out: {named}",)

    def insist(self, member: Member) -> None:
        """At the end of a file.

        Raises:
            BadExport: every row was of an account outside the campaign.
        """
        if self.outside and not self.inside:
            raise nobody(self.platform, sorted(self.outside), member)


def nobody(platform: str, handles: list[str], member: Member) -> BadExport:
    """The refusal of a file in which no account is the campaign's."""
    named = listed(f"@{handle}" for handle in handles)
    line = f'"{platform}:@{one_line(handles[0], 60)}"'
    return BadExport(
        f"no campaign account: {named}; add {line} to a creator in the campaign file: {one_line(member.name)}"
    )


class PostsReader(ABC):
    """One way through an export of posts; each kind adds how its cells are taken apart."""

    source: str
    platform: str

    def __init__(self, member: Member, context: Context, columns: Columns) -> None:
        self.member = member
        self.context = context
        self.columns = columns
        self.chosen: dict[str, str] = {}
        """What was decided; complete when the batches are drawn."""
        self.shown: ShownDay | None = None
        """The day of export as the file shows it."""
        self.campaigners = Campaigners(self.platform, context.accounts.get(self.platform, frozenset()))

    @abstractmethod
    def parse(self, rows: Rows) -> ParsedPosts:
        """Take cells apart; rows that cannot be are refused, each with its reason."""

    def first_of(self, all_rows: Iterator[Rows]) -> tuple[ParsedPosts | None, Iterator[ParsedPosts]]:
        """The first batch, from which much is decided, and the others; None for a file without rows.

        A file of strangers is refused for that before its day is asked for.
        """
        pieces: Iterator[ParsedPosts] = map(self.parse, all_rows)
        first = next(pieces, None)
        if first is None or self.campaigners.inside:
            return first, pieces
        second = next(pieces, None)
        if second is None:
            self.campaigners.insist(self.member)
            return first, pieces
        return first, chain([second], pieces)

    def exported(self, first: ParsedPosts | None) -> ExportDay | None:
        """The day of export; only a file without rows may do without one.

        Raises:
            BadExport: it is not known, or contradicted.
        """
        if first is None:
            found = first_clue(self.member, self.context)
            if found:
                check(self.member, self.context, Evidence(), found)
        else:
            found = export_day(self.member, self.context, Evidence(first.newest, self.shown))
        if found:
            self.chosen |= found.chosen(self.context)
        return found

    def batches(
        self, first: ParsedPosts | None, rest: Iterator[ParsedPosts], exported: ExportDay | None
    ) -> Iterator[Batch]:
        """Canonical rows; every batch is checked against the day of export.

        Raises:
            BadExport: while batches are drawn.
        """
        if first is None or exported is None:
            return
        observed = Observed.at_noon(self.source, self.platform, exported.day, self.context.timezone)
        for parsed in chain([first], rest):
            check(self.member, self.context, Evidence(parsed.newest), exported)
            yield parsed.batch(observed)
        self.campaigners.insist(self.member)
