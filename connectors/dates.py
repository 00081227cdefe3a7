"""Days without a year, in the language of a phone: "August 31", "8 de marzo", "3月8日".

Whole formatted days are looked up, made by the Unicode locale data (skeletons MMMMd and MMMd) for
each of the 366 days. Month names alone would not do: Croatian "27. listopada" is in October, Polish
"27 listopada" in November. No string of the tables below means two days, whatever the language;
the dot after a day is part of that, so it stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

LOCALES: Final = (
    *(
        "en",
        "en_GB",
        "es",
        "fr",
        "pt",
        "de",
        "it",
        "pl",
        "ro",
        "ar",
        "tr",
        "el",
        "nl",
        "ru",
        "uk",
        "ur",
        "hi",
    ),
    *(
        "bn",
        "pa",
        "gu",
        "ja",
        "ko",
        "zh",
        "zh_Hant",
        "zh_Hant_HK",
        "vi",
        "th",
        "id",
        "ms",
        "jv",
        "fil",
        "ceb",
    ),
    *("sv", "da", "nb", "fi", "is", "et", "lt", "lv", "cs", "sk", "sl", "hr", "sr", "sq", "bg", "hu", "ca"),
    *("he", "fa", "kk", "uz", "ta", "te", "kn", "ml", "mr", "ne", "si", "km", "lo", "my", "sw", "zu"),
    *("en_AU", "en_CA", "en_IN", "es_MX", "fr_CA", "pt_PT"),
)
"""Languages that TikTok's apps can be set to, the likely ones first: each costs a table."""

MISSING: Final = frozenset({"", "undefined"})
"""What TikTok writes where it has no value (observed in real exports)."""

_SKELETONS: Final = ("MMMMd", "MMMd")
_LEAP_YEAR: Final = 2024  # has all 366 days
_ISO: Final = re.compile(r"(20\d{2})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII)
_ORDINAL: Final = re.compile(r"(?<=\d)(?:er|re|o|a|°)(?!\w)")  # 1er, 1re, 1º, 1ª


class ShownDay(NamedTuple):
    """A day as a file shows it; the year is None unless the file says it."""

    month: int
    day: int
    year: int | None = None

    def __str__(self) -> str:
        """Month and day as MM-DD, with the year before them where it is known."""
        short = f"{self.month:02}-{self.day:02}"
        return f"{self.year}-{short}" if self.year else short


class UnreadableDay(ValueError):
    """No language reads every value; the message is the first one that the best language cannot read."""


class NotConsecutive(ValueError):
    """Daily rows that do not follow one another; the message says which row shows what instead of what."""


class DayReader:
    """Reads the days of one file; all of its values must be readable in one language.

    Values may come in pieces. A piece that needs another language changes `locale`: what was read
    before keeps its meaning, because no string means two days.
    """

    def __init__(self, locales: Sequence[str] = LOCALES) -> None:
        self._locales = locales
        self._days: dict[str, ShownDay | None] = {}
        self.locale: str | None = None
        """The language that reads everything so far, "iso" for ISO dates, None before any value."""

    def read(self, values: Iterable[str]) -> list[ShownDay | None]:
        """The days of `values`, in their order; None for an empty or `undefined` value.

        Raises:
            UnreadableDay: no language reads these values and all those before.
        """
        asked = list(values)
        new = [value for value in asked if value not in self._days]
        if new:
            self._learn(new)
        return [self._days[value] for value in asked]

    def _learn(self, new: list[str]) -> None:
        first = [self.locale] if self.locale and self.locale != "iso" else []
        days, self.locale = read_days([*self._days, *new], (*first, *self._locales))
        self._days.update(days)


def read_days(
    values: Iterable[str], locales: Sequence[str] = LOCALES
) -> tuple[dict[str, ShownDay | None], str | None]:
    """Every distinct value as a day, and the language that reads them all.

    Raises:
        UnreadableDay: no language reads every value, or a value is no day of any calendar.
    """
    spelt = {value: day_key(value) for value in dict.fromkeys(values)}
    days: dict[str, ShownDay | None] = {v: None for v, key in spelt.items() if key in MISSING}
    days |= {v: day for v, key in spelt.items() if (day := _iso_day(key))}
    words = {v: key for v, key in spelt.items() if v not in days}
    if not words:
        return days, "iso" if any(days.values()) else None
    locale = _locale_of(words, locales)
    table = day_table(locale)
    return days | {v: table[key] for v, key in words.items()}, locale


@lru_cache(maxsize=4096)
def day_key(text: str) -> str:
    """The one spelling in which days are compared.

    NFKC, case-folded, ASCII digits, no direction marks, single spaces, "1er" and "1º" as "1".
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = "".join(_plain_character(c) for c in folded) if not folded.isascii() else folded
    return " ".join(_ORDINAL.sub("", plain).split())


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return "" if unicodedata.category(character) == "Cf" else character


@lru_cache(maxsize=4096)
def _iso_day(key: str) -> ShownDay | None:
    found = _ISO.fullmatch(key)
    if not found:
        return None
    year, month, day = map(int, found.groups())
    return ShownDay(month, day, year) if _valid(year, month, day) else None


def _locale_of(words: Mapping[str, str], locales: Sequence[str]) -> str:
    """The first language that reads every value; `words` gives the key of each."""
    fewest = list(words)
    for locale in locales:
        table = day_table(locale)
        unread = [value for value, key in words.items() if key not in table]
        if not unread:
            return locale
        if len(unread) < len(fewest):
            fewest = unread
    raise UnreadableDay(fewest[0])


@cache
def day_table(locale: str) -> Mapping[str, ShownDay]:
    """Every day of a leap year by its spellings in one language (about 700 entries)."""
    from babel import Locale  # noqa: PLC0415 (100 ms that a run without exports never needs)
    from babel.dates import match_skeleton  # noqa: PLC0415

    start = date(_LEAP_YEAR, 1, 1)
    days = [start + timedelta(n) for n in range(366)]
    language = Locale.parse(locale)
    known = language.datetime_skeletons
    patterns = [known[found] for skeleton in _SKELETONS if (found := match_skeleton(skeleton, known))]
    table = {
        day_key(pattern.apply(day, language)): ShownDay(day.month, day.day)
        for pattern in patterns
        for day in days
    }
    return MappingProxyType(table)


def nearest_date(shown: ShownDay, near: date) -> date:
    """`shown` in the year that brings it nearest to `near` (29 February: in a leap year)."""
    if shown.year is not None:
        return date(shown.year, shown.month, shown.day)
    if (shown.month, shown.day) == (near.month, near.day):
        return near
    return min(_dates_around(shown, near), key=lambda day: (abs(day - near), day))


def latest_date(shown: ShownDay, until: date) -> date:
    """`shown` in the last year that does not bring it after `until`."""
    if shown.year is not None:
        return date(shown.year, shown.month, shown.day)
    return max((day for day in _dates_around(shown, until) if day <= until), default=until)


def _dates_around(shown: ShownDay, near: date) -> list[date]:
    """The day in every year around `near` that has it: eight years hold a leap year, always."""
    years = range(max(1, near.year - 8), min(9999, near.year + 8) + 1)
    return [date(y, shown.month, shown.day) for y in years if _valid(y, shown.month, shown.day)]


def _valid(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def walk_from_first(rows: Sequence[tuple[int, ShownDay]], first: date) -> list[date]:
    """Dates of consecutive days; `rows` are (row number, shown day) and row 1 is `first`.

    Rows may be missing (refused ones), but every row must show the day that its number gives.

    Raises:
        NotConsecutive: a row shows another day; also when the year is wrong around 29 February.
    """
    dates = []
    for row, shown in rows:
        expected = first + timedelta(row - 1)
        if (shown.month, shown.day) != (expected.month, expected.day):
            raise NotConsecutive(f"row {row} shows {shown}, not {expected}")
        if shown.year not in (None, expected.year):
            raise NotConsecutive(f"row {row} shows {shown}, not {expected}")
        dates.append(expected)
    return dates


def walk_from_last(rows: Sequence[tuple[int, ShownDay]], last: date) -> list[date]:
    """The same when it is the date of the last of `rows` that is known."""
    return walk_from_first(rows, last - timedelta(rows[-1][0] - 1)) if rows else []
