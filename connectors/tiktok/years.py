"""Years for TikTok's daily files, which have none: from the ZIP's name, or back from the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from connectors.base import BadExport, Context, Member
from connectors.dates import NotConsecutive, ShownDay, latest_date, walk_from_first, walk_from_last
from connectors.exported import (
    TIKTOK_NAME,
    TOLD,
    Evidence,
    ExportDay,
    OverviewName,
    check,
    first_clue,
    overview_name,
)
from connectors.wording import one_line
from connectors.zones import local_date

LAG: Final = timedelta(days=3)
"""The newest row is one or two days older than the export."""

Days = Sequence[tuple[int, ShownDay]]
"""(number, day) of consecutive days: number 1 is the file's first day, some may be missing."""

_DAY: Final = timedelta(days=1)
_ASK: Final = "say the day of export with --exported-on YYYY-MM-DD"


@dataclass(frozen=True)
class Dated:
    """The years that were found."""

    dates: list[date]
    exported: ExportDay | None
    """None: a file without rows, and no clue."""
    basis: str | None = None

    def chosen(self, context: Context) -> dict[str, str]:
        """For the ledger: the day of export, and where the years come from."""
        if self.exported is None:
            return {}
        return self.exported.chosen(context) | ({"year_basis": self.basis} if self.basis else {})


def find_years(days: Days, member: Member, context: Context) -> Dated:
    """The date of each of `days`.

    Raises:
        BadExport: the year is not known, contradicted, or the days do not follow one another.
    """
    if not days:
        return Dated([], first_clue(member, context))
    name = overview_name(member)
    try:
        if name and _fits(days, name):
            return _from_name(days, name, member, context)
        return _from_export(days, member, context)
    except NotConsecutive as error:
        raise BadExport(
            f"days not one after the other: {error}: {one_line(member.name)}: {_ASK}, or export it again"
        ) from None


def _fits(days: Days, name: OverviewName) -> bool:
    """Whether the date in the name is that of day 1, seen from the first one that is known."""
    number, shown = days[0]
    first = name.first + timedelta(number - 1)
    return (shown.month, shown.day) == (first.month, first.day)


def _from_name(days: Days, name: OverviewName, member: Member, context: Context) -> Dated:
    dates = walk_from_first(days, name.first)
    exported = ExportDay(_export_of(name, dates[-1], context), TIKTOK_NAME)
    if context.exported_on:
        exported = ExportDay(context.exported_on, TOLD)
    check(member, context, Evidence(newest=dates[-1]), exported)
    return Dated(dates, exported, TIKTOK_NAME)


def _export_of(name: OverviewName, last: date, context: Context) -> date:
    """The name's epoch when it soon follows the last row; in some names it is another moment."""
    moment = _epoch_day(name, context)
    return moment if moment and last <= moment <= last + LAG else last + _DAY


def _epoch_day(name: OverviewName, context: Context) -> date | None:
    try:
        return local_date(name.epoch_s, context.timezone)
    except (OverflowError, ValueError, OSError):
        return None


def _from_export(days: Days, member: Member, context: Context) -> Dated:
    exported = first_clue(member, context)
    if exported is None:
        raise BadExport(f"years not known: {one_line(member.name)}: {_ASK}")
    last = latest_date(days[-1][1], exported.day + _DAY)
    if exported.basis != TOLD and last < exported.day - LAG:
        raise BadExport(
            f"years not known ({exported.basis} {exported.day} is long after the last row, {days[-1][1]}):"
            f" {one_line(member.name)}: {_ASK}"
        )
    dates = walk_from_last(days, last)
    check(member, context, Evidence(newest=last), exported)
    return Dated(dates, exported, exported.basis)
