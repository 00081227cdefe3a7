"""A TOML file read key by key, where everything wrong is told with its line and its cure.

A value that cannot be used is noted and stands as an empty one, so that one reading finds all
that is wrong. `CampaignFile.refuse_if_wrong` comes before anybody uses the result.
"""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Final, TypeVar

from models import campaign_lines

T = TypeVar("T")

TITLE_LENGTH: Final = 200
NOTE_LENGTH: Final = 2_000
_SHOWN: Final = 60  # characters of a value in a message

NO_DAY: Final = dt.date.min
"""Stands for a date that could not be read."""
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_BREAKS: Final = frozenset({"Cc", "Zl", "Zp"})  # categories of what would end or spoil a line
_TOMLLIB_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_KINDS: Final[dict[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    dt.date: "a date",
    dt.datetime: "a date with a time",
    dt.time: "a time",
    list: "a list",
    dict: "a table",
}


class BadCampaign(Exception):
    """A campaign that cannot be used; one line per problem: file, line, what, what to do."""


class CampaignFile:
    """The text of a file and what was found wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        text = _decoded(path)
        self.root = Table(self, (), "the file", _parsed(path, text))
        self._lines = campaign_lines.Lines(text)
        self._problems: list[tuple[int, str]] = []

    def line_of(self, path: campaign_lines.Path) -> int:
        """The line on which `path` is written, or what is around it."""
        return self._lines.of(path)

    def note(self, path: campaign_lines.Path, problem: str) -> None:
        """Keep a problem ("what; what to do") for the end."""
        self._problems.append((self.line_of(path), problem))

    def refuse_if_wrong(self) -> None:
        """Raise `BadCampaign` with every problem noted, in the order of the file."""
        if self._problems:
            problems = dict.fromkeys(sorted(self._problems, key=lambda problem: problem[0]))
            raise BadCampaign("\n".join(_told(self.path, *problem) for problem in problems))


class Table:
    """A table of the file. Reading a key makes it a known one; `close` then finds the others."""

    def __init__(
        self, file: CampaignFile, path: campaign_lines.Path, title: str, values: dict[str, object]
    ) -> None:
        self.file = file
        self.path = path
        self.title = title
        self.is_sound = True
        self._values = values
        self._known: list[str] = []

    def problem(self, problem: str, *key: str | int) -> None:
        """Note what is wrong with a key, or with one item of its list, or with the whole table."""
        self.is_sound = False
        self.file.note((*self.path, *key), problem)

    def line(self) -> int:
        """Where the table begins."""
        return self.file.line_of(self.path)

    def close(self) -> None:
        """Note the keys that nobody asked for."""
        for key in self._values:
            if key not in self._known:
                cure = nearest(key, self._known) or f"remove it, or use one of {', '.join(self._known)}"
                self.problem(f"unknown key {shown(key)} in {self.title}; {cure}", key)

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self._values

    def keys(self) -> tuple[str, ...]:
        """What is written in it, in the order of the file."""
        return tuple(self._values)

    def has_table(self, key: str) -> bool:
        """Whether a table is written there, not a single value."""
        return isinstance(self._values.get(key), dict)

    def text(self, key: str, limit: int = TITLE_LENGTH) -> str:
        """A title or a name: one line, not empty, not endless."""
        return self._needed(key, '"…"', self.optional_text(key, limit)) or ""

    def optional_text(self, key: str, limit: int = TITLE_LENGTH) -> str | None:
        """As `text`, but None when the key is absent."""
        value = self._typed(key, str, '"…" in quotes')
        if value is None:
            return None
        problem = _text_problem(value.strip(), limit)
        if problem:
            self.problem(f"{key} {problem}", key)
        return value.strip()

    def optional_note(self, key: str) -> str | None:
        """Free text, which may have several lines."""
        value = self._typed(key, str, '"…" in quotes')
        if value is not None and len(value) > NOTE_LENGTH:
            self.problem(f"{key} has {len(value)} characters; keep it to {NOTE_LENGTH}", key)
        return (value or "").strip() or None

    def id(self) -> str:
        """The table's id, which names files."""
        value = self.text("id")
        if value and not _ID.fullmatch(value):
            self.problem(f"id {shown(value)} cannot name a file; use only a-z, 0-9 and hyphens", "id")
        return value

    def choice(self, key: str, known: Collection[str], default: str = "") -> str:
        """One of a few words; needed when there is no default."""
        value = self._typed(key, str, " | ".join(f'"{word}"' for word in known))
        if not default:
            self._needed(key, f'"{next(iter(known))}"', value)
        if value is not None and value not in known:
            cure = nearest(value, known) or f"use one of {', '.join(known)}"
            self.problem(f"unknown {key} {shown(value)}; {cure}", key)
        return default if value is None else value

    def day(self, key: str) -> dt.date:
        """A date that must be there."""
        return self._needed(key, "2023-11-08", self.optional_day(key)) or NO_DAY

    def optional_day(self, key: str) -> dt.date | None:
        """A date as TOML writes it: no quotes, no time."""
        return self._typed(key, dt.date, "2023-11-08, without quotes")

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._typed(key, bool, "true or false")
        return default if value is None else value

    def optional_count(self, key: str, at_least: int) -> int | None:
        """A whole number."""
        value = self._typed(key, int, f"{at_least} or more, a whole number")
        if value is not None and value < at_least:
            self.problem(f"{key} is {value}; write {at_least} or more", key)
        return value

    def optional_share(self, key: str) -> float | None:
        """A number from 0 to 1."""
        value = self._typed(key, float, "0.40 for 40 %")
        if value is not None and not 0 <= value <= 1:  # "not": so that nan is refused too
            self.problem(f"{key} is {value}; write a share from 0 to 1, 0.40 for 40 %", key)
        return value

    def amount(self, key: str) -> float:
        """A number above 0 that must be there."""
        value = self._needed(key, "12.5", self._typed(key, float, "12.5"))
        if value is not None and not 0 < value < math.inf:  # "not": so that nan is refused too
            self.problem(f"{key} is {value}; write a number above 0, as in 12.5", key)
        return value or 0.0

    def texts(self, key: str, problem_of: Callable[[str], str | None] = lambda _: None) -> tuple[str, ...]:
        """A list of texts; `problem_of` may refuse one of them."""
        return self.items(key, lambda text: _accepted(text, problem_of(text)))

    def items(self, key: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """A list of texts that `parse` reads or refuses with a ValueError; empty when absent."""
        found = []
        for number, value in enumerate(self._typed(key, list, '["…", "…"]') or []):
            try:
                found.append(parse(_one_text(key, value)))
            except ValueError as error:
                self.problem(str(error), key, number)
        return tuple(found)

    def table(self, key: str) -> Table | None:
        """The one table of that name."""
        values = self._typed(key, dict, "", f"write it once, as [{key}]")
        return None if values is None else Table(self.file, (*self.path, key), f"[{key}]", values)

    def tables(self, key: str) -> list[Table]:
        """The tables of that name, in the order of the file."""
        header = f"[[{'.'.join([*(part for part in self.path if isinstance(part, str)), key])}]]"
        cure = f"write each one as {header}, with two brackets"
        found = self._typed(key, list, "", cure) or []
        for number, values in enumerate(found):
            if not isinstance(values, dict):
                self.problem(f"{key} is a list of values; {cure}", key, number)
        return [
            Table(self.file, (*self.path, key, number), header, values)
            for number, values in enumerate(found)
            if isinstance(values, dict)
        ]

    def _typed(self, key: str, kind: type[T], example: str, cure: str = "") -> T | None:
        self._known.append(key)
        value = self._values.get(key)
        if kind is float and type(value) is int:
            value = float(value)
        if value is None or type(value) is kind:  # not isinstance: True is an int, a datetime a date
            return value
        self.problem(f"{key} is {_KINDS[type(value)]}; {cure or f'write {key} = {example}'}", key)
        return None

    def _needed(self, key: str, example: str, value: T | None) -> T | None:
        if key not in self._values:
            self.problem(f"{self.title} has no {key}; add {key} = {example}")
        return value


def nearest(word: str, known: Iterable[str]) -> str | None:
    """A question that names the known word most like `word`, or None when none is."""
    found = difflib.get_close_matches(word.lower(), list(known), n=1)
    return f"did you mean {shown(found[0])}?" if found else None


def shown(value: str) -> str:
    """A value from the file as one short printable piece of a line."""
    return repr(value if len(value) <= _SHOWN else f"{value[: _SHOWN - 1]}…")


def _accepted(text: str, problem: str | None) -> str:
    if problem:
        raise ValueError(problem)
    return text


def _one_text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f'{key} holds {_KINDS[type(value)]}; write every item as "…" in quotes')  # noqa: TRY004
    problem = _text_problem(value, TITLE_LENGTH)
    if problem:
        raise ValueError(f"an item of {key} {problem}")
    return value


def _text_problem(text: str, limit: int) -> str | None:
    if not text.strip():
        return "is empty; write something, or remove it"
    if len(text) > limit:
        return f"has {len(text)} characters; keep it to {limit}"
    if any(unicodedata.category(c) in _BREAKS for c in text):
        return "has a line break or a control character; write it on one line"
    return None


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadCampaign(
            f"{path}: cannot be read ({error.strerror}); check its name and permissions"
        ) from None
    try:
        return raw.decode("utf-8-sig")  # Notepad may put a byte order mark before the text
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadCampaign(_told(path, line, "not utf-8; save the file with encoding utf-8")) from None


def _parsed(path: Path, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nesting without end
        place = _TOMLLIB_PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else len(text.splitlines()) or 1
        what = _TOMLLIB_PLACE.sub("", str(error))
        what = what[:1].lower() + what[1:]
        cure = 'correct the line: key = "text", 2023-11-08, 0.4 or ["a", "b"]'
        raise BadCampaign(_told(path, line, f"not toml: {what}; {cure}")) from None


def _told(path: Path, line: int, problem: str) -> str:
    return f"{path}, line {line}: {problem}"
