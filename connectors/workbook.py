"""Excel's `.xlsx`: which sheet, and its rows as text, like those of a CSV.

TikTok writes every cell as text into one sheet (observed); what Excel saved again has numbers and
dates. A workbook is a ZIP from outside: it is read in place, in pieces, and never trusted to be
what it says. Its size is bounded because its shared texts are held in memory.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import IO, Final, NamedTuple
from xml.parsers.expat import ExpatError

import pyarrow as pa

from connectors import workbook_xml as xml
from connectors import zips
from connectors.base import BadExport, Member, Refusal
from connectors.sheets import Rows
from connectors.wording import listed, one_line
from connectors.workbook_cells import Shown

_MAX_UNPACKED: Final = 100_000_000
_MAX_SHEETS: Final = 100
_BATCH: Final = 20_000
_CSV_INSTEAD: Final = "choose CSV when you download the export"
SAVE_AS: Final = f"{_CSV_INSTEAD}, or save it as .xlsx"
_WORKBOOK: Final = "xl/workbook.xml"
_MARKS: Final = frozenset({"[Content_Types].xml", _WORKBOOK})
_OTHERS: Final = {
    "xl/workbook.bin": "binary excel file (.xlsb)",
    "META-INF/manifest.xml": "opendocument file (.ods)",
    "Index/Document.iwa": "apple numbers file",
    "word/document.xml": "word document",
    "ppt/presentation.xml": "powerpoint file",
}


def is_document(entries: Iterable[zipfile.ZipInfo]) -> bool:
    """Whether a ZIP with these members is one document, and no archive of files."""
    names = {entry.filename for entry in entries}
    return names >= _MARKS or not names.isdisjoint(_OTHERS)


def headers_of(member: Member) -> dict[str, tuple[str, ...]]:
    """Column names by sheet, visible ones first, without sheets that hold nothing.

    Raises:
        BadExport: no workbook, damaged, or not to be trusted.
    """
    book = _Book(member)
    with book.refusing():
        firsts = [(place.name, next(book.rows(place), None)) for place in book.places()]
    return {name: tuple(cell.strip() for cell in first[1]) for name, first in firsts if first}


def open_workbook(member: Member, sheet: str | None = None) -> Worksheet:
    """The sheet of that name, else the first visible one that holds anything.

    Raises:
        BadExport: there is none, or the workbook is damaged, or not to be trusted.
    """
    headers = headers_of(member)
    name = next(iter(headers), None) if sheet is None else sheet
    if name is None or name not in headers:
        missing = f'no sheet "{one_line(sheet, 40)}" in excel file' if sheet else "empty excel file"
        raise BadExport(f"{missing}: {one_line(member.name)}: export it again")
    others = tuple(other for other in headers if other != name)
    return Worksheet(member, headers[name], name, others)


@dataclass(frozen=True)
class Worksheet:
    """A `Sheet` of a workbook."""

    member: Member
    header: tuple[str, ...]
    """Trimmed, as spelt in the file."""
    name: str
    others: tuple[str, ...]
    """The sheets that are not read, although they hold something."""

    def chosen(self) -> dict[str, str]:
        """What was decided, for the ledger."""
        return {"sheet": self.name}

    def notices(self) -> tuple[str, ...]:
        """What a person should know about the choice."""
        return (f"other sheets not read: {listed(self.others)}",) if self.others else ()

    def rows(self, wanted: Mapping[str, int], repetitive: frozenset[str] = frozenset()) -> Iterator[Rows]:
        """Batches of some 20,000 rows; `wanted` maps our names to positions in the header.

        Columns named in `repetitive` come dictionary-encoded. A sheet without rows gives no batch.

        Raises:
            BadExport: while batches are drawn: damaged.
        """
        book = _Book(self.member)
        with book.refusing():
            place = next(place for place in book.places() if place.name == self.name)
            all_rows = book.rows(place)
            above = next(all_rows, (0, []))[0]
            numbered = ((number - above, cells) for number, cells in all_rows)
            while some := list(islice(numbered, _BATCH)):
                yield self._batch(some, wanted, repetitive)

    def _batch(
        self, rows: list[tuple[int, list[str]]], wanted: Mapping[str, int], repetitive: frozenset[str]
    ) -> Rows:
        width = len(self.header)
        good = [(number, cells) for number, cells in rows if len(cells) <= width]
        ragged = (Refusal(n, f"{len(cells)} cells, not {width}") for n, cells in rows if len(cells) > width)
        columns = {}
        for name, at in wanted.items():
            column = pa.array([cells[at] if at < len(cells) else "" for _, cells in good], pa.string())
            columns[name] = column.dictionary_encode() if name in repetitive else column
        return Rows(pa.array([number for number, _ in good], pa.int64()), columns, tuple(ragged))


class _Place(NamedTuple):
    """A sheet, and the part of the workbook that holds its cells."""

    name: str
    part: str


class _Book:
    """An open workbook. What it raises is turned into refusals by `refusing`."""

    def __init__(self, member: Member) -> None:
        self._where = one_line(member.name)
        if member.size > _MAX_UNPACKED:
            raise BadExport(f"excel file of more than 100 MB: {self._where}: {_CSV_INSTEAD}")
        with member.open() as stream, zips.one_refusal(member.name, "damaged zip or excel file"):
            self._archive = zipfile.ZipFile(io.BytesIO(stream.read()))
        _check(self._archive.infolist(), member.name)

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Every failure of the ZIP and of the XML in it, as one refusal.

        Raises:
            BadExport: for all of them.
        """
        damaged = "damaged excel file"
        try:
            with zips.one_refusal(self._where, damaged):
                yield
        except (ExpatError, xml.NotAWorkbook):
            raise BadExport(f"{damaged}: {self._where}: {SAVE_AS}") from None

    def places(self) -> list[_Place]:
        """The sheets of cells, visible ones first."""
        entries = self._contents.sheets
        if len(entries) > _MAX_SHEETS:
            raise BadExport(f"excel file with {len(entries)} sheets: {self._where}: {_CSV_INSTEAD}")
        parts = [(entry, self._links.get(entry.relationship)) for entry in entries]
        found = [
            (entry.is_hidden, _Place(entry.name, _part_name(link.target)))
            for entry, link in parts
            if link and link.kind == "worksheet"
        ]
        return [place for _, place in sorted(found, key=lambda pair: pair[0])]

    def rows(self, place: _Place) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not blank, with its number in the sheet."""
        with self._open(place.part) as part:
            yield from xml.rows(part, self._strings, self._formats, self._contents.epoch)

    @cached_property
    def _contents(self) -> xml.Contents:
        with self._open(_WORKBOOK) as part:
            return xml.contents(part)

    @cached_property
    def _links(self) -> dict[str, xml.Relationship]:
        with self._open("xl/_rels/workbook.xml.rels") as part:
            return xml.relationships(part)

    @cached_property
    def _strings(self) -> list[str]:
        name = self._named("sharedStrings")
        if name is None:
            return []
        with self._open(name) as part:
            return xml.shared_strings(part)

    @cached_property
    def _formats(self) -> list[Shown]:
        name = self._named("styles")
        if name is None:
            return []
        with self._open(name) as part:
            return xml.cell_formats(part)

    def _named(self, kind: str) -> str | None:
        return next((_part_name(link.target) for link in self._links.values() if link.kind == kind), None)

    def _open(self, part: str) -> IO[bytes]:
        try:
            return self._archive.open(part)
        except KeyError:
            raise xml.NotAWorkbook from None


def _part_name(target: str) -> str:
    """A part's place in the ZIP: targets are below the workbook, or begin with "/"."""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _check(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Whether a ZIP is a workbook that may be opened."""
    where = one_line(name)
    names = {entry.filename for entry in entries}
    other = next((title for mark, title in _OTHERS.items() if mark in names), None)
    if other:
        raise BadExport(f"{other}: {where}: {SAVE_AS}")
    if not names >= _MARKS:
        raise BadExport(f"zip in a zip: {where}: put the inner zip into the inbox")
    if len(entries) > zips.MAX_MEMBERS or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        raise BadExport(f"excel file that unpacks to more than 100 MB: {where}: {_CSV_INSTEAD}")
    zips.check_names(entries, name)
    fault = next((fault for entry in entries if (fault := zips.fault_of(entry))), None)
    if fault:
        raise BadExport(f"{fault} in excel file: {where}: {_CSV_INSTEAD}")
