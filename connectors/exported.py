"""When an export was made. Many carry no year, so every clue is tried in a fixed order and checked.

The order: `--exported-on`; the name that TikTok gives its ZIP; an ISO date in a file or folder name;
the ZIP member's time; the file's time, only when the posts' own clocks vouch for it. The clue that
is used must agree with the ids' clocks and with the day that the file shows, else the file is
refused: a guess that looks right is worse than a question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from connectors.base import BadExport, Context, Member
from connectors.dates import ShownDay
from connectors.wording import one_line

TOLD: Final = "--exported-on"
FILE_NAME: Final = "file name date"
FOLDER: Final = "folder date"
MEMBER_TIME: Final = "zip member's time"
FILE_TIME: Final = "file's time"
TIKTOK_NAME: Final = "tiktok's file name"

_DAY: Final = timedelta(days=1)
_FILE_TIME_LAG: Final = timedelta(days=14)
_ISO: Final = re.compile(r"(?<!\d)(20\d{2})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
_TIKTOK: Final = re.compile(
    r"Overview_(?P<first>20\d{2}-\d{2}-\d{2})_(?P<epoch>\d{13}|\d{10})_(?P<handle>[\w.]+?)"
    r"(?:\s*\(\d+\))?(?:\.zip)?$",
    re.ASCII | re.IGNORECASE,
)
_TIKTOK_TAB: Final = re.compile(
    r"^(?:Viewers|Followers|Content)_(?P<handle>(?=[\d._]*[a-z])[\w.]+?)(?:\s*\(\d+\))?(?:\.zip)?$",
    re.ASCII | re.IGNORECASE,
)
_META: Final = re.compile(r"[A-Z][a-z]{2}-\d{2}-\d{4}_([A-Z][a-z]{2})-(\d{2})-(\d{4})_\d+", re.ASCII)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ASK: Final = "say the day with --exported-on YYYY-MM-DD"


class ExportDay(NamedTuple):
    """The day of an export, and which clue gave it."""

    day: date
    basis: str

    def chosen(self, context: Context) -> dict[str, str]:
        """For the ledger, with the zone in which the day's noon is the moment of observation."""
        return {
            "exported_on": self.day.isoformat(),
            "exported_on_basis": self.basis,
            "timezone": context.timezone.key,
        }


@dataclass(frozen=True)
class Evidence:
    """What a file's rows say about the day on which it was made."""

    newest: date | None = None
    """Local day of the newest id clock."""
    shown: ShownDay | None = None
    """The day of export as the file shows it (TikTok's `Time` column)."""


class OverviewName(NamedTuple):
    """What TikTok writes into the name of an Overview ZIP."""

    first: date
    """The first row's day."""
    epoch_s: int
    """Often, not always, the moment of export."""
    handle: str


def overview_name(member: Member) -> OverviewName | None:
    """The name that TikTok gave the ZIP, or the folder it was unpacked to, if it still has it."""
    for part in reversed(_parts(member)):
        found = _TIKTOK.search(part)
        first = found and _as_date(*found["first"].split("-"))
        if found and first:
            epoch = int(found["epoch"])
            return OverviewName(first, epoch // 1000 if epoch > 10**11 else epoch, found["handle"].lower())
    return None


def tiktok_handle(member: Member) -> str | None:
    """The account in the name that TikTok gave the ZIP, or the folder it was unpacked to."""
    named = overview_name(member)
    if named:
        return named.handle
    found = (_TIKTOK_TAB.search(part) for part in reversed(_parts(member)))
    return next((match["handle"].lower() for match in found if match), None)


def export_day(member: Member, context: Context, evidence: Evidence) -> ExportDay:
    """The day on which `member` was exported.

    Raises:
        BadExport: nothing says it, or what says it contradicts the rows.
    """
    found = first_clue(member, context) or _file_time(member, context, evidence)
    if found is None:
        raise BadExport(f"day of export not known: {one_line(member.name)}: {_ASK}")
    check(member, context, evidence, found)
    return found


def first_clue(member: Member, context: Context) -> ExportDay | None:
    """The first clue that needs no rows to vouch for it: told, named, or the ZIP member's time."""
    if context.exported_on:
        return ExportDay(context.exported_on, TOLD)
    named = _named_day(member)
    if named:
        return named
    written = member.written_at
    return ExportDay(written.date(), MEMBER_TIME) if written else None


def check(member: Member, context: Context, evidence: Evidence, found: ExportDay) -> None:
    """Whether the rows and the calendar allow the day.

    Raises:
        BadExport: they do not.
    """
    doubt = _contradiction(member, context, evidence, found.day)
    if doubt:
        told = "check --exported-on" if found.basis == TOLD else _ASK
        raise BadExport(f"day of export {found.day} ({found.basis}) {doubt}: {one_line(member.name)}: {told}")


def _contradiction(member: Member, context: Context, evidence: Evidence, day: date) -> str | None:
    end = _period_end(member)
    if context.today and day > context.today + _DAY:
        return "lies in the future"
    if evidence.newest and day < evidence.newest - _DAY:
        return f"is before the newest day in it, {evidence.newest}"
    if evidence.shown and not _shows(evidence.shown, day):
        return f'is not the day in its "Time" column ({evidence.shown})'
    if end and day < end - _DAY:
        return f"is before the end of its period, {end}"
    return None


def _shows(shown: ShownDay, day: date) -> bool:
    """One day of tolerance: the phone and the campaign may be in different zones."""
    near = (day - _DAY, day, day + _DAY)
    return any((d.month, d.day) == (shown.month, shown.day) and shown.year in (None, d.year) for d in near)


def _file_time(member: Member, context: Context, evidence: Evidence) -> ExportDay | None:
    """Copies get new times, so only a time that soon follows the newest post is believed."""
    day = member.modified_at.astimezone(context.timezone).date()
    if evidence.newest is None or not evidence.newest <= day <= evidence.newest + _FILE_TIME_LAG:
        return None
    return ExportDay(day, FILE_TIME)


def _named_day(member: Member) -> ExportDay | None:
    """The ISO date in the innermost name that has one; of several in a name (a period) the last."""
    parts = _parts(member)
    files = 2 if "!" in member.name else 1
    for depth, part in enumerate(reversed(parts), start=1):
        found = [_as_date(*match) for match in _ISO.findall(_TIKTOK.sub("", part))]
        days = [day for day in found if day]
        if days:
            return ExportDay(max(days), FILE_NAME if depth <= files else FOLDER)
    return None


def _period_end(member: Member) -> date | None:
    """Last day of the period in the name that Meta gives: the export is not older."""
    found = _META.search(member.container)
    if not found or found[1] not in _MONTHS:
        return None
    return _as_date(found[3], str(_MONTHS.index(found[1]) + 1), found[2])


def _parts(member: Member) -> list[str]:
    return re.split(r"[/\\!]", member.name)


def _as_date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
