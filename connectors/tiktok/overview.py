"""TikTok Studio's `Overview.csv`: what an account did on each day, all its videos together.

Columns, `undefined` for a missing value, days without a year and negative comments (deletions)
were observed in real exports of 2026; at most 365 days at a time, says TikTok's Creator Academy.
The file names no account and no year: both come from the name of the ZIP, or from a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pyarrow as pa

from connectors.base import BadExport, Batch, Context, Member, Reading, Refusal
from connectors.columns import (
    Columns,
    Faults,
    Vocabulary,
    extra_notice,
    find_columns,
    metric_notes,
    whole_numbers,
)
from connectors.dates import (
    NotConsecutive,
    ShownDay,
    UnreadableDay,
    latest_date,
    read_days,
    walk_from_first,
    walk_from_last,
)
from connectors.exported import (
    MEMBER_TIME,
    TIKTOK_NAME,
    TOLD,
    Evidence,
    ExportDay,
    OverviewName,
    check,
    first_clue,
    overview_name,
)
from connectors.posts import Observed, nobody
from connectors.tabular import Rows, Sheet, header_of, open_sheet
from connectors.wording import EXPORT_AGAIN, one_line
from connectors.zones import local_date
from models.schema import ACCOUNT_METRICS, conform

source: Final = "tiktok_studio_overview"
PLATFORM: Final = "tiktok"
VOCABULARY: Final = Vocabulary(
    {
        "date": ("Date",),
        "views": ("Video Views",),
        "profile_views": ("Profile Views",),
        "likes": ("Likes",),
        "comments": ("Comments",),
        "shares": ("Shares",),
    },
    "not in TikTok's file",
)
_MAX_ROWS: Final = 4000  # ten years; TikTok gives one
_LAG: Final = timedelta(days=3)  # the newest row is one or two days older than the export
_DAY: Final = timedelta(days=1)
_ASK: Final = "say the day of export with --exported-on YYYY-MM-DD"


def recognises(head: bytes) -> bool:
    """Whether the header has the day, the video views and one more of the columns."""
    known = VOCABULARY.knows(header_of(head))
    return {"date", "views"} <= known and len(known) > 2  # noqa: PLR2004


def read(member: Member, context: Context) -> Reading:
    """The account's days, each with its year.

    Raises:
        BadExport: whose days, or which year, is not known; or the days do not follow one another.
    """
    sheet = open_sheet(member)
    columns = find_columns(sheet.header, VOCABULARY, member)
    days = _read_rows(sheet, columns)
    name = overview_name(member)
    account = _account(member, context, name, needed=bool(days.rows))
    dated = _dated(days, name, member, context)
    exported = dated.exported
    chosen = {**sheet.chosen(), **days.chosen(), **dated.chosen(context)}
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day if exported else None,
        batches=_batches(days, dated, account, context),
        metrics=metric_notes(sheet.header, VOCABULARY, tuple(ACCOUNT_METRICS)),
        chosen=chosen,
        notices=(*extra_notice(columns), *sheet.notices()),
    )


@dataclass(frozen=True)
class _Days:
    """The rows of a file, their days still without a year."""

    rows: list[tuple[int, ShownDay]]
    """(row number, day) of every good row, in the file's order."""
    row_no: pa.Array
    metrics: Mapping[str, pa.Array]
    refused: tuple[Refusal, ...]
    locale: str | None

    def chosen(self) -> dict[str, str]:
        return {"locale": self.locale} if self.locale else {}


@dataclass(frozen=True)
class _Dated:
    """The years that were found."""

    dates: list[date]
    exported: ExportDay | None
    basis: str | None = None

    def chosen(self, context: Context) -> dict[str, str]:
        if self.exported is None:
            return {}
        return self.exported.chosen(context) | ({"year_basis": self.basis} if self.basis else {})


def _read_rows(sheet: Sheet, columns: Columns) -> _Days:
    pieces = list(_few(sheet.rows(columns.at), sheet.member))
    row_no = pa.concat_arrays([pa.array([], pa.int64()), *(piece.row_no for piece in pieces)])
    cells = {
        name: pa.concat_arrays([pa.array([], pa.string()), *(piece.columns[name] for piece in pieces)])
        for name in columns.at
    }
    faults = Faults(row_no)
    numbers = {
        name: whole_numbers(cells[name], columns.native[name], faults)
        for name in ACCOUNT_METRICS
        if name in cells
    }
    shown, locale = _shown_days(cells["date"].to_pylist(), columns, sheet.member)
    dayless = pa.array([day is None for day in shown], pa.bool_())
    faults.add(dayless, lambda _: f'no day in "{columns.native["date"]}"')
    kept = faults.kept()
    places = range(len(row_no)) if kept is None else kept.to_pylist()
    rows = [(faults.row(at), day) for at in places if (day := shown[at])]
    if kept is not None:
        row_no, numbers = row_no.take(kept), {name: column.take(kept) for name, column in numbers.items()}
    ragged = (refusal for piece in pieces for refusal in piece.ragged)
    refused = tuple(sorted((*ragged, *faults.refusals()), key=lambda refusal: refusal.row))
    return _Days(rows, row_no, numbers, refused, locale)


def _few(pieces: Iterator[Rows], member: Member) -> Iterator[Rows]:
    """The batches, as long as they can be the days of an account."""
    total = 0
    for piece in pieces:
        total += len(piece.row_no) + len(piece.ragged)
        if total > _MAX_ROWS:
            raise BadExport(f"more than {_MAX_ROWS} days: {one_line(member.name)}: {EXPORT_AGAIN}")
        yield piece


def _shown_days(
    values: list[str], columns: Columns, member: Member
) -> tuple[list[ShownDay | None], str | None]:
    try:
        days, locale = read_days(values)
    except UnreadableDay as error:
        raise BadExport(
            f'day "{one_line(str(error), 30)}" in column "{columns.native["date"]}" is in no known language:'
            f" {one_line(member.name)}: {EXPORT_AGAIN}"
        ) from None
    return [days[value] for value in values], locale


def _account(member: Member, context: Context, name: OverviewName | None, *, needed: bool) -> str | None:
    """Whose days they are; a file without rows may be nobody's."""
    told = context.account
    named = name.handle if name else None
    where = one_line(member.name)
    if told and named and told != named:
        raise BadExport(
            f"--account or the folder says @{told}, the file's name @{named}: {where}: correct one"
        )
    account = told or named
    if account is None and needed:
        raise BadExport(
            f"account not known: {where}: say it with --account, or use a folder named after the handle"
        )
    if account and account not in context.accounts.get(PLATFORM, frozenset()):
        raise nobody(PLATFORM, [account], member)
    return account


def _dated(days: _Days, name: OverviewName | None, member: Member, context: Context) -> _Dated:
    """Years for the days: from the first row's date in TikTok's name, else back from the export."""
    if not days.rows:
        clue = first_clue(member, context)
        return _Dated([], clue)
    try:
        if name and _fits(days, name):
            return _from_name(days, name, member, context)
        return _from_export(days, member, context)
    except NotConsecutive as error:
        raise BadExport(f"days not one after the other: {error}: {one_line(member.name)}: {_ASK}") from None


def _fits(days: _Days, name: OverviewName) -> bool:
    """Whether the date in the name is that of row 1, seen from the first good row."""
    row, shown = days.rows[0]
    first = name.first + timedelta(row - 1)
    return (shown.month, shown.day) == (first.month, first.day)


def _from_name(days: _Days, name: OverviewName, member: Member, context: Context) -> _Dated:
    dates = walk_from_first(days.rows, name.first)
    exported = ExportDay(_export_of(name, dates[-1], context), TIKTOK_NAME)
    if context.exported_on:
        exported = ExportDay(context.exported_on, TOLD)
    check(member, context, Evidence(newest=dates[-1]), exported)
    return _Dated(dates, exported, TIKTOK_NAME)


def _export_of(name: OverviewName, last: date, context: Context) -> date:
    """The name's epoch when it soon follows the last row; in some names it is another moment."""
    moment = _epoch_day(name, context)
    return moment if moment and last <= moment <= last + _LAG else last + _DAY


def _epoch_day(name: OverviewName, context: Context) -> date | None:
    try:
        return local_date(name.epoch_s, context.timezone)
    except (OverflowError, ValueError, OSError):
        return None


def _from_export(days: _Days, member: Member, context: Context) -> _Dated:
    exported = first_clue(member, context)
    if exported is None:
        raise BadExport(f"years not known: {one_line(member.name)}: {_ASK}")
    last = latest_date(days.rows[-1][1], exported.day + _DAY)
    if exported.basis == MEMBER_TIME and last < exported.day - _LAG:
        raise BadExport(
            f"years not known ({MEMBER_TIME} {exported.day} is long after the last row, {days.rows[-1][1]}):"
            f" {one_line(member.name)}: {_ASK}"
        )
    dates = walk_from_last(days.rows, last)
    check(member, context, Evidence(newest=last), exported)
    return _Dated(dates, exported, exported.basis)


def _batches(days: _Days, dated: _Dated, account: str | None, context: Context) -> Iterator[Batch]:
    if not days.rows or dated.exported is None:
        if days.refused:
            yield Batch({}, 0, days.refused)
        return
    observed = Observed.at_noon(source, PLATFORM, dated.exported.day, context.timezone)
    columns = {
        **observed.columns(len(days.rows)),
        "row_no": days.row_no,
        "account": pa.repeat(account, len(days.rows)),
        "day": pa.array(dated.dates, pa.date32()),
        **days.metrics,
    }
    yield Batch({"account_days_seen": conform(columns, "account_days_seen")}, len(days.rows), days.refused)
