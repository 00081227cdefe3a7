"""Meta Business Suite's figures by day: one figure of an account in each file, named by its title alone.

Observed in real exports of 2026: the days are written as moments without a zone and are kept as told
(Instagram's own API ends its days at midnight US Pacific time); follows may end a day earlier than
reach; which account it is of, nothing in the file says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import pyarrow as pa

from connectors.base import BadExport, Batch, Context, Head, Member, MetricNote, Reading
from connectors.columns import Faults, kept_out, whole_numbers
from connectors.exported import Evidence, export_day
from connectors.instagram.headers import by_spelling, daily_titles, data_file, spellings
from connectors.instagram.owner import PLATFORM, owner
from connectors.instagram.sections import (
    Row,
    Section,
    read_sections,
    sections_of,
    split_ragged,
    strangers,
)
from connectors.posts import Observed
from connectors.wording import listed, one_line
from models.schema import ACCOUNT_METRICS, conform

source: Final = "meta_business_suite_days"
_WIDTH: Final = 2  # the day and its figure; what follows is a period compared with
_ELSEWHERE: Final = "in another of Meta Business Suite's files by day, or in none"


def recognises(head: Head) -> bool:
    """Whether the first titled table has days, or a title that such a file has."""
    found = sections_of(head)
    return any(section.is_daily for section in found) or (
        bool(found) and not found[0].rows and found[0].key in by_spelling(daily_titles())
    )


def read(member: Member, context: Context) -> Reading:
    """One figure of the account told, on each day.

    Raises:
        BadExport: whose figures they are, which figure it is, or when it was exported is not known.
    """
    found, chosen = read_sections(member)
    metrics = by_spelling(daily_titles())
    known = [section for section in found if section.key in metrics]
    if not known:
        raise _unknown(found, member)
    account = owner(member, context)
    days = [_Days(section, metrics[section.key]) for section in known]
    newest = max((day for part in days for day in part.dates), default=None)
    exported = export_day(member, context, Evidence(newest))
    observed = Observed.at_noon(source, PLATFORM, exported.day, context.timezone)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day,
        batches=iter([part.batch(observed, account) for part in days]),
        metrics=_notes(days),
        chosen={**chosen, "days": "as told, without a zone", **exported.chosen(context)},
        notices=(*strangers(found, known), *(notice for part in days for notice in part.notices)),
    )


class _Days:
    """One section, taken apart."""

    def __init__(self, section: Section, metric: str) -> None:
        self.metric = metric
        self.title = section.title
        self.notices = kept_out("column", [name for name in section.header[_WIDTH:] if name])
        rows, self._ragged = split_ragged(section, max(len(section.header), _WIDTH))
        faults = Faults(pa.array([row.number for row in rows], pa.int64()))
        numbers = whole_numbers(pa.array([row.cells[1] for row in rows], pa.string()), section.title, faults)
        self._refuse_no_days(rows, section.header, faults)
        kept = faults.kept()
        places = range(len(rows)) if kept is None else kept.to_pylist()
        self.dates = [day for at in places if (day := _day(rows[at].cells[0]))]
        self._row_no = pa.array([rows[at].number for at in places], pa.int64())
        self._numbers = numbers if kept is None else numbers.take(kept)
        self._faults = faults.refusals()

    def batch(self, observed: Observed, account: str) -> Batch:
        """The section's days as rows of `account_days_seen`."""
        columns = {
            **observed.columns(len(self.dates)),
            "row_no": self._row_no,
            "account": pa.repeat(account, len(self.dates)),
            "day": pa.array(self.dates, pa.date32()),
            self.metric: self._numbers,
        }
        tables = {"account_days_seen": conform(columns, "account_days_seen")}
        refused = sorted((*self._ragged, *self._faults), key=lambda refusal: refusal.row)
        return Batch(tables, len(self.dates), tuple(refused))

    @staticmethod
    def _refuse_no_days(rows: Sequence[Row], header: Sequence[str], faults: Faults) -> None:
        cells = [row.cells[0] for row in rows]
        dates = [_day(cell) for cell in cells]
        none = pa.array([day is None for day in dates], pa.bool_())
        faults.add(none, lambda at: f'"{header[0]}" is no day: {one_line(cells[at], 30)}')
        twice = pa.array([day in dates[:at] for at, day in enumerate(dates)], pa.bool_())
        faults.add(twice, lambda at: f"{dates[at]} is there twice")


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        return None


def _notes(days: Sequence[_Days]) -> tuple[MetricNote, ...]:
    titles = {part.metric: part.title for part in days}
    return tuple(
        MetricNote(metric, titles[metric]) if metric in titles else MetricNote(metric, None, _ELSEWHERE)
        for metric in ACCOUNT_METRICS
    )


def _unknown(found: Sequence[Section], member: Member) -> BadExport:
    titles, where = [section.title for section in found], one_line(member.name)
    if found and all(section.is_facebook for section in found):
        return BadExport(
            f"facebook page figures by day ({listed(titles)}): {where}: choose the Instagram account and"
            " export them again"
        )
    known = listed((f'"{title}"' for title in spellings(daily_titles())), 40)
    metrics = listed(dict.fromkeys(by_spelling(daily_titles()).values()))
    return BadExport(
        f"figures by day called {listed(titles)}: {where}: known are {known}; if it is one of {metrics}, add"
        f" it under [daily] in {data_file()} (xx: its language)"
    )
