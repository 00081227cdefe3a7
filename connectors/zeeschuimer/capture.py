"""What every capture has around the platform's own object: when it was seen, and on which platform.

The layout was observed in real captures and in the extension's published source: an item whose data
were replaced later keeps `timestamp_collected` and says so in `last_updated`, so that the later of
the two is the moment at which its numbers were true.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar, Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import Batch, Context, Head, Member, MetricNote, Reading
from connectors.columns import Faults, whole_numbers
from connectors.posts import (
    ID_ALONE,
    SOURCE,
    Campaigners,
    Origin,
    latest_s,
    moments,
    plausible_clocks,
    post_tables,
)
from connectors.wording import one_line
from connectors.zeeschuimer.fields import Field, Fields
from connectors.zeeschuimer.lines import Lines, read_lines
from connectors.zones import noon_s
from models.schema import POST_METRICS, SOURCE_RANKS

ENVELOPE: Final[Fields] = {
    "collected": Field(("timestamp_collected",), "whole"),
    "updated": Field(("last_updated",), "whole"),
    "captured_from": Field(("source_platform",)),
    "item_id": Field(("item_id",), "either"),
}
_MARK: Final = b'"timestamp_collected"'
# No quote of a text inside the file looks so: there it has a backslash before it.
_PLATFORM: Final = re.compile(rb'(?<!\\)"source_platform"\s*:\s*"([\w.-]{1,40})"')
_FIRST_CAPTURE: Final = date(2016, 1, 1)
_CLOCK_APART_S: Final = 86_400  # a computer's clock may be wrong, and still its captures are of use


def captured_from(head: Head) -> str | None:
    """The word that the extension has for where it looked ("tiktok.com"); None: no capture."""
    found = _PLATFORM.search(head.data)
    starts = head.data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n").startswith(b"{")
    return found[1].decode() if found and starts and _MARK in head.data else None


@dataclass(frozen=True)
class Captured:
    """The platform's own part of some lines."""

    posts: Mapping[str, pa.Array]
    """Columns of `posts_seen`, among them account, exporter, post_id and published_s."""
    metrics: Mapping[str, pa.Array]
    """Columns of `post_observations`."""
    clock_s: pa.Array
    """When each post's id was made, in Unix seconds."""
    remarks: Mapping[str, pa.Array] = field(default_factory=dict)
    """What is worth a notice, and in which lines (bool)."""


class CaptureReader(ABC):
    """One way through a capture; each platform adds how its objects are taken apart."""

    source: ClassVar[str]
    platform: ClassVar[str]
    captured_from: ClassVar[str]
    """The extension's word for the platform: "tiktok.com"."""
    fields: ClassVar[Fields]
    """Of the platform's object."""
    native: ClassVar[Mapping[str, str]]
    """The platform's own names of the metrics."""
    first_posts: ClassVar[date]

    def __init__(self, member: Member, context: Context) -> None:
        self.member = member
        self.context = context
        self.campaigners = Campaigners(self.platform, context.accounts.get(self.platform, frozenset()))
        self._remarks: Counter[str] = Counter()
        self._known: set[str] = set()
        self._moments: list[int] = []
        self._notes: list[MetricNote] = []
        self._notices: list[str] = []
        self._chosen: dict[str, str] = {}

    @abstractmethod
    def parse(self, lines: Lines, faults: Faults) -> Captured:
        """Take the objects apart; lines that cannot be are refused, each with its reason."""

    def reading(self) -> Reading:
        """Every item of the campaign's accounts, at the moment at which the browser saw it."""
        return Reading(
            source=self.source,
            platform=self.platform,
            account=None,
            exported_on=None,
            batches=self._batches(),
            metrics=self._notes,
            chosen=self._chosen,
            notices=self._notices,
            source_rank=SOURCE_RANKS["capture"],
        )

    def reason_without(self, metric: str) -> str:
        """Why a metric that captures may hold is in none of these."""
        return f'no "{self.native[metric]}" in these captures'

    def counts(self, cells: pa.Array, native: str, faults: Faults) -> pa.Array:
        """A counter (string → int64); below zero stands for "not known"."""
        numbers = whole_numbers(cells, native, faults)
        return pc.if_else(pc.less(numbers, 0), None, numbers)

    def published(self, shown: pa.Array, clock_s: pa.Array) -> dict[str, pa.Array]:
        """What the platform says (string, Unix seconds), where it can be; else the clock in the id."""
        told = pc.if_else(pc.match_substring_regex(shown, "^[0-9]{9,10}$"), shown, None).cast(pa.int64())
        first = noon_s(self.first_posts, self.context.timezone)
        good = pc.and_(pc.greater(told, first), pc.less(told, latest_s(self.context)))
        good = pc.fill_null(good, False)
        return {
            "published_s": pc.if_else(good, told, clock_s),
            "published_basis": pc.if_else(good, SOURCE, ID_ALONE),
        }

    def if_ours(self, handles: pa.Array) -> pa.Array:
        """The handles that are the campaign's, NULL for the others."""
        ours = pa.array(sorted(self.campaigners.handles), pa.string())
        return pc.if_else(pc.is_in(handles, ours), handles, None)

    def has_remarked(self, what: str) -> bool:
        """Whether a notice has an occasion so far."""
        return self._remarks[what] > 0

    def _batches(self) -> Iterator[Batch]:
        for lines in read_lines(self.member, {**ENVELOPE, **self.fields}):
            yield self._batch(lines)
        self.campaigners.insist(self.member)
        self._notes += [self._note(metric) for metric in POST_METRICS]
        self._notices += [
            *self.campaigners.notices(),
            *(f"{what}: {n}" for what, n in self._remarks.items() if n),
        ]
        if self._moments:
            first, last = (datetime.fromtimestamp(s, UTC) for s in (min(self._moments), max(self._moments)))
            self._chosen["captured"] = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"

    def _batch(self, lines: Lines) -> Batch:
        faults = Faults(lines.row_no)
        self._refuse_other_platforms(lines, faults)
        captured = self.parse(lines, faults)
        clock_s = plausible_clocks(captured.clock_s, self.first_posts, self.context, faults)
        observed_s = self._observed(lines, clock_s, faults)
        kept = self._ours(captured.posts, faults)
        posts, metrics, remarks = (
            {name: column.take(kept) for name, column in columns.items()}
            for columns in (captured.posts, captured.metrics, captured.remarks)
        )
        posts |= {"row_no": lines.row_no.take(kept), **moments(observed_s.take(kept), "second")}
        tables = post_tables(posts, metrics, Origin(self.source, self.platform).columns(len(kept)))
        self._remarks.update({what: where.true_count for what, where in remarks.items()})
        self._remember(metrics, tables["post_observations"])
        refused = sorted((*lines.refused, *faults.refusals()), key=lambda refusal: refusal.row)
        return Batch(tables, len(kept), tuple(refused))

    def _refuse_other_platforms(self, lines: Lines, faults: Faults) -> None:
        names = lines.columns["captured_from"]
        other = pc.fill_null(pc.not_equal(names, self.captured_from), True)
        faults.add(other, lambda at: f"not of {self.captured_from}: {one_line(str(names[at].as_py()), 40)}")

    def _observed(self, lines: Lines, clock_s: pa.Array, faults: Faults) -> pa.Array:
        """Unix seconds at which each item was seen, as the browser's computer tells the time."""
        seen_ms = pc.max_element_wise(lines.columns["collected"], lines.columns["updated"])
        faults.add(pc.is_null(seen_ms), lambda _: "no timestamp_collected")
        seen_s = pc.divide(seen_ms, 1000)
        early = pc.less(seen_s, pc.subtract(clock_s, _CLOCK_APART_S))
        faults.add(early, lambda _: "captured before the post was made: the computer's clock was wrong")
        return plausible_clocks(
            seen_s, _FIRST_CAPTURE, self.context, faults, "captured at a time that cannot be: clock wrong"
        )

    def _ours(self, posts: Mapping[str, pa.Array], faults: Faults) -> pa.Array:
        """Places of the lines that are kept; those of strangers are counted, and left out."""
        good = faults.kept()
        places = pa.arange(0, len(posts["account"])) if good is None else good
        exporters = posts["exporter"].take(places)
        ours = pc.is_valid(exporters)
        strangers = posts["account"].take(places).filter(pc.invert(ours))
        counted = pc.value_counts(strangers).to_pylist()
        self.campaigners.outside.update({each["values"]: each["counts"] for each in counted})
        self.campaigners.inside += ours.true_count
        return places.filter(ours)

    def _remember(self, metrics: Mapping[str, pa.Array], observations: pa.Table) -> None:
        self._known |= {name for name, column in metrics.items() if column.null_count < len(column)}
        span = pc.min_max(observations.column("observed_s")).as_py()
        self._moments += [moment for moment in span.values() if moment is not None]

    def _note(self, metric: str) -> MetricNote:
        if metric not in self.native:
            return MetricNote(metric, None, "not on the pages that anybody can see")
        return MetricNote(
            metric, self.native[metric], None if metric in self._known else self.reason_without(metric)
        )
