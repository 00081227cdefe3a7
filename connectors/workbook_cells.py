"""What a number in a workbook's cell says, as the text that a CSV would hold.

Excel keeps dates as numbers of days and shows them by the cell's number format; the ids of built-in
formats are those of ECMA-376 part 1, 18.8.30.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

Shown = Literal["number", "date", "day", "time"]
"""How a format shows a number; a "day" is a date without its year."""

EPOCH_1900: Final = datetime(1899, 12, 30)
EPOCH_1904: Final = datetime(1904, 1, 1)

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:E[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SURE_DIGITS: Final = 15  # a double holds no more
_LAST_SERIAL: Final = 2_958_466  # the year 10000
_DAY_S: Final = 86_400
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)

_DATES: Final = (14, 15, 17, 22, 27, 30, 31, 36, 50, 52, 53, 57)
_DAYS: Final = (16, 28, 29, 51, 54, 58)
_TIMES: Final = (18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56)
BUILT_IN: Final[Mapping[str, Shown]] = {
    **dict.fromkeys(map(str, _DATES), "date"),
    **dict.fromkeys(map(str, _DAYS), "day"),
    **dict.fromkeys(map(str, _TIMES), "time"),
}
"""The formats that a workbook need not spell out, by id; the others show numbers."""


@lru_cache(maxsize=256)
def shown_by(code: str) -> Shown:
    """What a format code such as "d-mmm" shows."""
    letters = _LITERAL.sub("", code).split(";")[0].lower()
    if letters.strip() in ("general", "@"):
        return "number"
    if "y" in letters:
        return "date"
    if "d" in letters or "mmm" in letters:
        return "day"
    return "time" if set("hs") & set(letters) else "number"


def number_text(raw: str, shown: Shown, epoch: datetime) -> str:
    """The text of a cell that holds a number.

    Whole numbers are digits, dates ISO ("2024-02-06 18:30:00"), dates that show no year English words
    ("February 6": the year is the one in which Excel met them), times "0:00:31". A number of more
    than 15 digits has lost the others, which shows: "7.31E+18".
    """
    if raw.isdecimal() and len(raw) <= _SURE_DIGITS and shown == "number":
        return raw
    if not _NUMBER.fullmatch(raw):
        return raw
    value = float(raw)
    if shown != "number" and 0 <= value < _LAST_SERIAL:
        return _time_text(value) if shown == "time" else _date_text(value, shown, epoch)
    if abs(value) >= 10**_SURE_DIGITS:
        return f"{value:.2E}"
    return str(int(value)) if value.is_integer() else repr(value)


def _date_text(serial: float, shown: Shown, epoch: datetime) -> str:
    moment = epoch + timedelta(seconds=round(serial * _DAY_S))
    if shown == "day":
        return f"{_MONTHS[moment.month - 1]} {moment.day}"
    return moment.isoformat(" ") if serial % 1 else moment.date().isoformat()


def _time_text(serial: float) -> str:
    minutes, seconds = divmod(round(serial * _DAY_S), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
