"""TikTok Studio's daily files: what an account did on each day, all its videos together.

Days without a year, `undefined` for a missing value and negative counts (deletions) were observed in
real exports of 2026; at most 365 days at a time, says TikTok's Creator Academy. Such a file names no
account and no year: both come from the name of the ZIP, or from a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
from connectors.dates import ShownDay, UnreadableDay, read_days
from connectors.posts import Observed
from connectors.tabular import Rows, Sheet, open_sheet
from connectors.tiktok.headers import IN_ENGLISH, position_notice, refuse_wrong_places, vocabulary_of
from connectors.tiktok.owner import PLATFORM, owner
from connectors.tiktok.years import Dated, find_years
from connectors.wording import EXPORT_AGAIN, one_line
from models.schema import ACCOUNT_METRICS, conform

_MAX_ROWS: Final = 4000  # ten years; TikTok gives one


def read_daily(source: str, vocabulary: Vocabulary, member: Member, context: Context) -> Reading:
    """The account's days, each with its year.

    Raises:
        BadExport: whose days, or which year, is not known; or the days do not follow one another.
    """
    sheet = open_sheet(member)
    names = vocabulary_of(sheet.header, vocabulary)
    columns = find_columns(sheet.header, names, member)
    days = _read_rows(sheet, columns)
    refuse_wrong_places(names, vocabulary, days.metrics, member)
    account = owner(member, context, is_empty=not days.rows)
    dated = find_years(days.rows, member, context)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=dated.exported.day if dated.exported else None,
        batches=_batches(source, days, dated, account, context),
        metrics=metric_notes(sheet.header, names, tuple(ACCOUNT_METRICS)),
        chosen={**sheet.chosen(), **days.chosen(), **dated.chosen(context)},
        notices=(*position_notice(names, vocabulary), *extra_notice(columns), *sheet.notices()),
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


def _read_rows(sheet: Sheet, columns: Columns) -> _Days:
    table = whole_table(sheet, columns, _MAX_ROWS, "days")
    row_no, cells = table.row_no, table.columns
    faults = Faults(row_no)
    numbers = {
        name: whole_numbers(cells[name], columns.native[name], faults)
        for name in ACCOUNT_METRICS
        if name in cells
    }
    shown, locale = shown_days(cells["date"].to_pylist(), columns, sheet.member)
    dayless = pa.array([day is None for day in shown], pa.bool_())
    faults.add(dayless, lambda _: f'no day in "{columns.native["date"]}"')
    kept = faults.kept()
    places = range(len(row_no)) if kept is None else kept.to_pylist()
    rows = [(faults.row(at), day) for at in places if (day := shown[at])]
    if kept is not None:
        row_no, numbers = row_no.take(kept), {name: column.take(kept) for name, column in numbers.items()}
    refused = tuple(sorted((*table.ragged, *faults.refusals()), key=lambda refusal: refusal.row))
    return _Days(rows, row_no, numbers, refused, locale)


def whole_table(sheet: Sheet, columns: Columns, most: int, what: str) -> Rows:
    """All rows of a small file at once.

    Raises:
        BadExport: it has more than `most` of them.
    """
    pieces = list(_few(sheet.rows(columns.at), sheet.member, most, what))
    row_no = pa.concat_arrays([pa.array([], pa.int64()), *(piece.row_no for piece in pieces)])
    cells = {
        name: pa.concat_arrays([pa.array([], pa.string()), *(piece.columns[name] for piece in pieces)])
        for name in columns.at
    }
    return Rows(row_no, cells, tuple(refusal for piece in pieces for refusal in piece.ragged))


def _few(pieces: Iterator[Rows], member: Member, most: int, what: str) -> Iterator[Rows]:
    total = 0
    for piece in pieces:
        total += len(piece.row_no) + len(piece.ragged)
        if total > most:
            raise BadExport(f"more than {most} {what}: {one_line(member.name)}: {EXPORT_AGAIN}")
        yield piece


def shown_days(
    values: list[str], columns: Columns, member: Member
) -> tuple[list[ShownDay | None], str | None]:
    """The days of the column "date", and their language.

    Raises:
        BadExport: no language reads them all.
    """
    try:
        days, locale = read_days(values)
    except UnreadableDay as error:
        raise BadExport(
            f'day "{one_line(str(error), 30)}" in column "{columns.native["date"]}" is in no known language:'
            f" {one_line(member.name)}: {IN_ENGLISH}"
        ) from None
    return [days[value] for value in values], locale


def _batches(
    source: str, days: _Days, dated: Dated, account: str | None, context: Context
) -> Iterator[Batch]:
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
