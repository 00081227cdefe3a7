"""Reads a csv of dated values, as any spreadsheet of Europe saves it: columns date, value, perhaps facet."""

from __future__ import annotations

import csv
import io
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final, NamedTuple

from models.spc import BadSeries

_DELIMITERS: Final = ",;\t"
_COLUMNS: Final = ("date", "value", "facet")
_ZIP: Final = b"PK\x03\x04"  # how every .xlsx begins
_SAVE_AS_CSV: Final = "open it in Excel and save it as csv (utf-8)"
_SHOWN: Final = 60  # characters of a cell in a message
_YEARS: Final = range(1900, 2101)
_TOO_LARGE: Final = 1e15  # above it, doubles no longer tell neighbours apart
_LONG_STEP: Final = 1.6  # times the usual step: longer than a month of 31 days among months of 28

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_OR_MONTH_FIRST: Final = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}([.,'\u2019\s]\d{3})+([.,]\d*)?", re.ASCII)
_SPACED: Final = re.compile(r"[+-]?\d{1,3}([\u00a0\u202f\u2009 ]\d{3})+([.,]\d*)?", re.ASCII)


@dataclass(frozen=True)
class DatedSeries:
    """One series in time order; `facet` is None in a file without that column, a missing value None."""

    facet: str | None
    dates: tuple[date, ...]
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class DatedFile:
    """What a file holds, and what a person should know about it."""

    series: tuple[DatedSeries, ...]
    notices: tuple[str, ...]


class _Row(NamedTuple):
    number: int  # as a spreadsheet counts: the header is row 1
    day: date
    value: float | None
    facet: str | None


class _Table(NamedTuple):
    text: str
    delimiter: str
    header: list[str]


def read_dated(path: Path, today: date) -> DatedFile:
    """The series of a file: rows in any order, an empty value is missing, other columns are left out.

    Raises:
        BadSeries: the file or one of its rows cannot be used: file, row, column, and the cure.
        OSError: the file cannot be opened.
    """
    table = _table(path)
    facets: dict[str | None, list[_Row]] = {}
    for row in _rows(path, table):
        facets.setdefault(row.facet, []).append(row)
    if not facets:
        raise BadSeries(f"{path}: no rows below the header; add a date and a value to each row")
    series = tuple(_series(path, facet, rows) for facet, rows in facets.items())
    others = [name for name in table.header if name and name not in _COLUMNS]
    left_out = [f"columns left out: {', '.join(map(repr, others))}"] if others else []
    return DatedFile(series, (*left_out, *(note for s in series for note in _oddities(s, today))))


def named(facet: str | None) -> str:
    """A series as it is called in a message."""
    return "" if facet is None else f"series {shown(facet)}"


def shown(cell: str) -> str:
    """A cell in quotes, without control characters, not too long."""
    return repr(cell if len(cell) <= _SHOWN else f"{cell[: _SHOWN - 1]}…")


def _series(path: Path, facet: str | None, rows: Sequence[_Row]) -> DatedSeries:
    ordered = sorted(rows, key=lambda row: (row.day, row.number))
    for earlier, later in pairwise(ordered):
        if earlier.day == later.day:
            where = f" in {named(facet)}" if facet is not None else ""
            raise BadSeries(
                f"{path}, rows {earlier.number} and {later.number}, column date: {later.day} is there twice"
                f"{where}; keep one of the two rows"
            )
    return DatedSeries(facet, tuple(row.day for row in ordered), tuple(row.value for row in ordered))


def _oddities(series: DatedSeries, today: date) -> Iterator[str]:
    where = f"{named(series.facet)}: " if series.facet is not None else ""
    known = zip(series.dates, series.values, strict=True)
    future = [day for day, value in known if value is not None and day > today]
    if future:
        yield f"{where}{len(future)} with a value after today, the last {future[-1]}: kept; check these dates"
    steps = [(later - earlier).days for earlier, later in pairwise(series.dates)]
    long = [n for n, step in enumerate(steps) if step > _LONG_STEP * statistics.median(steps)]
    if long:
        first = f"{series.dates[long[0]]} and {series.dates[long[0] + 1]}"
        yield (
            f"{where}{len(long)} longer than usual between two dates, first {first}: treated as neighbours; "
            "for a missing value add a row with an empty value"
        )


def _table(path: Path) -> _Table:
    """The text of a file, how its columns are divided, and their names."""
    text = _decoded(path)
    line = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    headers = {
        mark: [name.strip().lower() for name in next(csv.reader([line], delimiter=mark), [])]
        for mark in _DELIMITERS
    }
    for delimiter, header in headers.items():
        if {"date", "value"} <= set(header):
            twice = {name for name in _COLUMNS if header.count(name) > 1}
            if twice:
                raise BadSeries(f"{path}, row 1: column {min(twice)} is there twice; rename one of them")
            return _Table(text, delimiter, header)
    found = max(headers.values(), key=len)
    raise BadSeries(f"{path}, row 1: no columns date and value among {shown(', '.join(found))}; name them so")


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith(_ZIP):
        raise BadSeries(f"{path}: an excel workbook; {_SAVE_AS_CSV}")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:  # as in utf-16, which Excel calls Unicode text
            return text
    raise BadSeries(f"{path}: neither utf-8 nor windows-1252 text; {_SAVE_AS_CSV}")


def _rows(path: Path, table: _Table) -> Iterator[_Row]:
    """The rows with anything in them."""
    cells = list(_cells(path, table))
    place = table.header.index("value")
    has_commas = table.delimiter == ";" and any(_DECIMAL_COMMA.fullmatch(row[place]) for _, row in cells)
    for number, row in cells:
        told = dict(zip(table.header, row, strict=True))
        where = f"{path}, row {number}, column"
        if told.get("facet") == "":
            raise BadSeries(f"{where} facet: empty; name the series of this row")
        day = _day(told["date"], f"{where} date")
        value = _value(told["value"], f"{where} value", table.delimiter, has_commas=has_commas)
        yield _Row(number, day, value, told.get("facet"))


def _cells(path: Path, table: _Table) -> Iterator[tuple[int, list[str]]]:
    """Rows below the header as long as it, with their numbers; empty ones are passed over."""
    records = enumerate(_records(path, table), 1)
    written = [(number, row) for number, row in records if any(row)]
    width = len(table.header)
    for number, row in written[1:]:
        if len(row) < width or any(row[width:]):
            raise BadSeries(
                f"{path}, row {number}: {len(row)} cells where the header has {width}; fill the row, "
                "and put ; between the columns if a comma stands for decimals"
            )
        yield number, row[:width]


def _records(path: Path, table: _Table) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(table.text, newline=""), delimiter=table.delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, 1):  # noqa: B007 (told when the next one fails)
            yield [cell.strip() for cell in record]
    except csv.Error:
        raise BadSeries(f"{path}, row {number + 1}: quotes that do not close; {_SAVE_AS_CSV}") from None


def _day(cell: str, where: str) -> date:
    if _ISO.fullmatch(cell):
        try:
            day = date.fromisoformat(cell)
        except ValueError:
            raise BadSeries(f"{where}: {cell} is no day of the calendar; correct it") from None
        if day.year in _YEARS:
            return day
        raise BadSeries(f"{where}: {cell} is not between 1900 and 2100; correct the year")
    if _DAY_OR_MONTH_FIRST.fullmatch(cell):
        raise BadSeries(f"{where}: {cell} may be day first or month first; write it like 2024-02-06")
    raise BadSeries(f"{where}: {shown(cell)} is not a day; write it like 2024-02-06")


def _value(cell: str, where: str, delimiter: str, *, has_commas: bool) -> float | None:
    if not cell:
        return None
    if has_commas and _DECIMAL_COMMA.fullmatch(cell):
        return float(cell.replace(",", "."))
    if not _NUMBER.fullmatch(cell) or (has_commas and "." in cell) or _is_doubtful(cell, delimiter):
        raise BadSeries(f"{where}: {shown(cell)} {_cure(cell, delimiter)}")
    value = float(cell)
    if abs(value) >= _TOO_LARGE:
        raise BadSeries(f"{where}: {shown(cell)} is too large to be exact; use a larger unit")
    return value


def _is_doubtful(cell: str, delimiter: str) -> bool:
    """Between semicolons 1.234 is a thousand to a German, and a little over one to an Englishman."""
    return delimiter == ";" and bool(_THOUSANDS.fullmatch(cell))


def _cure(cell: str, delimiter: str) -> str:
    if _THOUSANDS.fullmatch(cell) or _SPACED.fullmatch(cell):
        return "may have a mark for thousands; write it without one, like 1234"
    if "%" in cell:
        return "has a unit; leave out the %"
    if "," in cell or "." in cell:
        mark = "a comma, like the others" if delimiter == ";" else "a point"
        return f"is not a number here; write it with {mark} for decimals"
    return "is not a number; write it like 12.5, or leave the cell empty when it is not known"
