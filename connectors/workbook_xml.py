"""The XML inside a workbook, in pieces: its sheets, its shared texts, its rows.

Element names are those of ECMA-376 part 1, 18. A reader that trusts what a workbook says of itself
can be made to reserve a whole empty sheet of 17 billion cells, so this one holds one row at a time.
Document types are refused: no workbook has one, and entities can be made to hurt.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import IO, Final, NamedTuple, TypeVar
from xml.parsers import expat

from connectors.workbook_cells import BUILT_IN, EPOCH_1900, EPOCH_1904, Shown, number_text, shown_by

_FIRST_CHUNK: Final = 1 << 16  # the header is all that is wanted at first
_LAST_CHUNK: Final = 1 << 22
_WIDEST: Final = 16_384
_DIGITS: Final = 7  # of a row's number: there are 1,048,576
_ESCAPED: Final = re.compile(r"_x(?!0000|[Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")  # no NUL, no half of an emoji
_T = TypeVar("_T")


class NotAWorkbook(Exception):
    """The XML is not that of a workbook."""


class Relationship(NamedTuple):
    """What another part of the workbook is."""

    kind: str
    """Last word of its type: worksheet, sharedStrings, styles."""
    target: str


class SheetEntry(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    relationship: str
    is_hidden: bool


class Contents(NamedTuple):
    """What the workbook's own part says."""

    sheets: tuple[SheetEntry, ...]
    epoch: datetime
    """The day 0 of its dates."""


class _Reader:
    """Takes elements, by local name; a subclass keeps what it wants."""

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        """An element begins."""

    def end(self, tag: str, /) -> None:
        """An element ends."""

    def text(self, text: str, /) -> None:
        """A piece of the text between."""


def relationships(part: IO[bytes]) -> dict[str, Relationship]:
    """The parts that a part refers to, by id."""
    reader = _Relationships()
    _read_all(part, reader)
    return reader.found


def contents(part: IO[bytes]) -> Contents:
    """The sheets in their order, and how dates are counted."""
    reader = _Contents()
    _read_all(part, reader)
    return Contents(tuple(reader.sheets), reader.epoch)


def shared_strings(part: IO[bytes]) -> list[str]:
    """The texts that cells refer to by number."""
    reader = _SharedStrings()
    _read_all(part, reader)
    return reader.found


def cell_formats(part: IO[bytes]) -> list[Shown]:
    """What the cells of each style show."""
    reader = _Styles()
    _read_all(part, reader)
    return [reader.codes.get(number) or BUILT_IN.get(number, "number") for number in reader.cells]


def rows(
    part: IO[bytes], strings: Sequence[str], formats: Sequence[Shown], epoch: datetime
) -> Iterator[tuple[int, list[str]]]:
    """Number and texts of every row that is not blank, without the empty cells at its end.

    The number is the one that a spreadsheet shows beside the row.

    Raises:
        NotAWorkbook: it is no sheet.
        ExpatError: it is no XML.
    """
    reader = _Rows(strings, formats, epoch)
    for _ in _feed(part, reader):
        while reader.ready:
            yield reader.ready.popleft()


def _read_all(part: IO[bytes], reader: _Reader) -> None:
    for _ in _feed(part, reader):
        pass


def _feed(part: IO[bytes], reader: _Reader) -> Iterator[None]:
    """Comes back after every piece, the last one included."""
    parser = expat.ParserCreate("UTF-8")  # as every program writes, whatever a part says of itself
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = lambda name, attributes: reader.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    parser.CharacterDataHandler = reader.text
    size = _FIRST_CHUNK
    while chunk := part.read(size):
        parser.Parse(chunk, False)
        yield
        size = min(2 * size, _LAST_CHUNK)  # an unfinished piece is looked at again with each chunk
    parser.Parse(b"", True)
    yield


def _refuse_doctype(*_: object) -> None:
    raise NotAWorkbook


@lru_cache(maxsize=256)
def _local(name: str) -> str:
    """Without a prefix: some writers call a row "x:row"."""
    return name.rpartition(":")[2]


class _Relationships(_Reader):
    def __init__(self) -> None:
        self.found: dict[str, Relationship] = {}

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        if tag == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = Relationship(kind, attributes.get("Target", ""))


class _Contents(_Reader):
    def __init__(self) -> None:
        self.sheets: list[SheetEntry] = []
        self.epoch = EPOCH_1900

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        if tag == "sheet":
            link = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append(SheetEntry(attributes.get("name", ""), link, hidden))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.epoch = EPOCH_1904


class _Styles(_Reader):
    def __init__(self) -> None:
        self.codes: dict[str, Shown] = {}
        self.cells: list[str] = []
        self._in_cells = False

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        if tag == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = shown_by(attributes.get("formatCode", ""))
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self.cells.append(attributes.get("numFmtId", ""))

    def end(self, tag: str, /) -> None:
        if tag == "cellXfs":
            self._in_cells = False


class _SharedStrings(_Reader):
    """Texts may come in runs of several fonts, and with notes on how they are pronounced."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._wanted = False
        self._in_note = False

    def start(self, tag: str, _: Mapping[str, str], /) -> None:
        if tag == "si":
            self._pieces = []
        elif tag == "rPh":
            self._in_note = True
        elif tag == "t":
            self._wanted = not self._in_note

    def text(self, text: str, /) -> None:
        if self._wanted:
            self._pieces.append(text)

    def end(self, tag: str, /) -> None:
        if tag == "t":
            self._wanted = False
        elif tag == "rPh":
            self._in_note = False
        elif tag == "si":
            self.found.append(_unescaped("".join(self._pieces)))


class _Rows(_Reader):
    def __init__(self, strings: Sequence[str], formats: Sequence[Shown], epoch: datetime) -> None:
        self.ready: deque[tuple[int, list[str]]] = deque()
        self._strings = strings
        self._formats = formats
        self._epoch = epoch
        self._number = 0
        self._row: list[str] = []
        self._at = -1
        self._cell: Mapping[str, str] = {}
        self._value: list[str] = []
        self._formula: list[str] = []
        self._pieces: list[str] | None = None
        self._in_note = False

    def start(self, tag: str, attributes: Mapping[str, str], /) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._pieces = None if self._in_note else self._value
        elif tag == "f":
            self._pieces = self._formula
        elif tag == "row":
            told = attributes.get("r", "")
            number = int(told) if len(told) <= _DIGITS and told.isdecimal() else 0
            self._number = max(number, self._number + 1)
            self._row, self._at = [], -1
        elif tag == "rPh":
            self._in_note = True

    def text(self, text: str, /) -> None:
        if self._pieces is not None:
            self._pieces.append(text)

    def end(self, tag: str, /) -> None:
        if tag == "c":
            self._end_cell()
        elif tag in ("v", "t", "f"):
            self._pieces = None
        elif tag == "row" and any(self._row):
            self.ready.append((self._number, self._row))
        elif tag == "rPh":
            self._in_note = False

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        self._at = _column(place.rstrip("0123456789")) if place else self._at + 1
        if not 0 <= self._at < _WIDEST:
            raise NotAWorkbook
        self._cell = attributes
        self._value, self._formula = [], []

    def _end_cell(self) -> None:
        if self._at < 0:  # a row began inside the cell
            raise NotAWorkbook
        text = self._cell_text("".join(self._value))
        if text.strip():
            self._row.extend([""] * (self._at + 1 - len(self._row)))
            self._row[self._at] = text

    def _cell_text(self, value: str) -> str:
        kind = self._cell.get("t", "n")
        if not value:  # a formula that nobody has calculated yet is no empty cell
            return f"={''.join(self._formula)}" if self._formula else ""
        if kind == "s":
            return _item(self._strings, value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        if kind != "n":
            return _unescaped(value)
        style = self._cell.get("s")
        shown = _item(self._formats, style) if style and self._formats else "number"
        return number_text(value, shown, self._epoch)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """0 for "A"; -1 when it is none."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= len("XFD")):
        return -1
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _item(items: Sequence[_T], number: str) -> _T:
    if not (number.isascii() and number.isdecimal() and int(number) < len(items)):
        raise NotAWorkbook
    return items[int(number)]


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written "_x000D_"."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
