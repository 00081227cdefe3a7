"""Numbers, days and moments as other tools write them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import Faults
from connectors.mapped import COUNTS, ISO, SHARES, Quantity, Unit, When
from connectors.wording import one_line

MISSING: Final = frozenset({"", "-", "--", "\N{EN DASH}", "n/a", "undefined"})
_ABSURD: Final = 10**15
_SPACES: Final = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_SUFFIXES: Final = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_SHORT: Final = re.compile(r"(.*?\d)\s?([kmb]?)", re.IGNORECASE)
_CLOCK: Final = re.compile(r"(?:(?:(\d{1,5}):)?(\d{1,2}):)?(\d{1,2}(?:\.\d+)?)", re.ASCII)
_SECONDS: Final[dict[str, int]] = {"seconds": 1, "minutes": 60, "hours": 3600}


def amounts(cells: pa.Array, quantity: Quantity, decimal: str, faults: Faults) -> pa.Array:
    """A column of numbers: counts as int64, seconds and shares (0-1) as float64, missing ones NULL.

    Cells that are no such number refuse their row.
    """
    parse = partial(parse_amount, unit=quantity.unit, decimal=decimal)
    numbers = _per_value(cells, parse, pa.int64() if quantity.unit in COUNTS else pa.float64())
    _refuse_unread(
        cells, numbers, faults, lambda cell: f'"{quantity.column}" is not in {_words(quantity)}: {cell}'
    )
    return numbers


def moments_of(cells: pa.Array, when: When, zone: ZoneInfo, faults: Faults) -> pa.Array:
    """Unix seconds (int64); a day is its noon in `zone`, the campaign's. Other cells refuse their row."""
    epoch_s = _per_value(cells, partial(_moment, when=when, zone=zone), pa.int64())
    _refuse_unread(
        cells, epoch_s, faults, lambda cell: f'"{when.column}" is no day as in the mapping: {cell}'
    )
    return epoch_s


def _words(quantity: Quantity) -> str:
    return f"the mapping's unit {quantity.unit}" if quantity.unit != "count" else "whole numbers"


def _per_value(cells: pa.Array, parse: Callable[[str], float | None], kind: pa.DataType) -> pa.Array:
    """A function of every distinct cell."""
    distinct = cells.dictionary_encode()
    return pa.array([parse(cell) for cell in distinct.dictionary.to_pylist()], kind).take(distinct.indices)


def _refuse_unread(cells: pa.Array, values: pa.Array, faults: Faults, reason: Callable[[str], str]) -> None:
    if not values.null_count:
        return
    missing = pa.array(sorted(MISSING), pa.string())
    unread = pc.and_(
        pc.is_null(values), pc.invert(pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(cells)), missing))
    )
    faults.add(unread, lambda at: reason(one_line(cells[at].as_py(), 30)))


def parse_amount(cell: str, unit: Unit, decimal: str = ".") -> float | None:
    """One number: a count, seconds or a share (0-1); None when the cell is none."""
    text = cell.strip()
    if unit == "h:mm:ss":
        return _clock_s(text)
    if unit in COUNTS:
        return _count(text, decimal, may_be_short=unit == "1.2K")
    if unit in SHARES:
        number = _number(text.removesuffix("%"), decimal)
        share = None if number is None else number / (100 if unit == "percent" or text.endswith("%") else 1)
        return share if share is not None and 0 <= share <= 1 else None
    number = _number(text, decimal)
    return None if number is None else number * _SECONDS[unit]


def _count(text: str, decimal: str, *, may_be_short: bool) -> int | None:
    """A whole number. Only before a K, M or B is a decimal mark one: "1.000" may mean a thousand."""
    short = _SHORT.fullmatch(text)
    suffix = short[2].lower() if short else ""
    if not short or (suffix and not may_be_short) or (decimal in text and not suffix):
        return None
    number = _number(short[1], decimal)
    counted = None if number is None else round(number * _SUFFIXES[suffix])
    return counted if counted is not None and abs(counted) < _ABSURD else None


def _number(text: str, decimal: str) -> float | None:
    """A number with one decimal mark, and groups of three marked by the other one or by spaces."""
    group = "." if decimal == "," else ","
    pattern = (
        rf"-?(?:\d{{1,15}}|\d{{1,3}}(?:[{group}{_SPACES}]\d{{3}}){{1,4}})(?:{re.escape(decimal)}\d{{1,15}})?"
    )
    plain = text.strip()
    if not re.fullmatch(pattern, plain, re.ASCII):
        return None
    bare = re.sub(rf"[{group}{_SPACES}]", "", plain)
    return float(bare.replace(decimal, "."))


def _clock_s(text: str) -> float | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _moment(cell: str, when: When, zone: ZoneInfo) -> int | None:
    text = cell.strip()
    try:
        told = datetime.fromisoformat(text) if when.format == ISO else datetime.strptime(text, when.format)
        if not when.has_time or (when.format == ISO and _is_day(text)):
            return int(datetime.combine(told.date(), time(12), zone).timestamp())
        return int((told if told.tzinfo else told.replace(tzinfo=when.zone or zone)).timestamp())
    except (ValueError, OverflowError):
        return None


def _is_day(text: str) -> bool:
    return ":" not in text
