"""A table that a person keeps in Excel: a csv, or the workbook of that name, as Excels in Europe write it.

Columns stand in any order, and ones that nobody asked for are not read. What cannot be read is refused with
the exception of whoever reads it: one line with file, row, what, what to do.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

_UNREADABLE: Final = (zipfile.BadZipFile, KeyError, ValueError, SyntaxError)
"""What openpyxl raises on a broken workbook; XML errors are SyntaxErrors."""
_DELIMITERS: Final = ",;\t"
_SHOWN: Final = 60  # characters of a cell in a message
_ZIP: Final = b"PK\x03\x04"  # how every .xlsx begins
_SAVE_AS_CSV: Final = "open it in Excel and save it as csv (utf-8)"


class Row(NamedTuple):
    """A row that is not empty."""

    number: int
    """As Excel counts: the header is row 1."""
    cells: list[str]
    """Trimmed, one for each column that was asked for; "" where the file has none."""


class _Sheet(NamedTuple):
    header: list[str]
    records: Iterable[list[str]]
    """What is below the header; cells are trimmed."""


def sheet_file(path: Path, refusal: type[Exception]) -> Path | None:
    """The file that is there: `path` (a csv) or the workbook of the same name; None without either.

    Raises:
        refusal: both are there.
    """
    found = [file for file in (path, path.with_suffix(".xlsx")) if file.exists()]
    if len(found) > 1:
        raise refusal(f"{path}: {found[1].name} is there too; keep one and move the other away")
    return found[0] if found else None


def shown(cell: str) -> str:
    """A cell in a message: short, and on one line."""
    return repr(cell if len(cell) <= _SHOWN else f"{cell[: _SHOWN - 1]}…")


@dataclass(frozen=True)
class SheetReader:
    """Reads files with these columns."""

    columns: tuple[str, ...]
    needed: Collection[str]
    """Columns without which a file is refused; the others may be missing. In the order of a message."""
    refusal: type[Exception]

    def rows(self, file: Path) -> Iterator[Row]:
        """Every row that is not empty.

        Raises:
            refusal: the file cannot be read, or is no such table.
        """
        raw = self._bytes(file)
        sheet = self._workbook(file, raw) if file.suffix == ".xlsx" else self._text(file, raw)
        if sheet is None:
            needed = " and ".join(self.needed)
            raise self.refusal(f"{file}, row 1: no columns {needed}; name them so in the first row")
        places = [sheet.header.index(name) if name in sheet.header else None for name in self.columns]
        for number, cells in enumerate(sheet.records, 2):
            if any(cells):
                yield Row(number, [cells[p] if p is not None and p < len(cells) else "" for p in places])

    def _bytes(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise self.refusal(f"{file}: cannot be read ({error.strerror}); close it in Excel") from None

    def _workbook(self, file: Path, raw: bytes) -> _Sheet | None:
        """The first sheet with the columns; nothing in the workbook is run."""
        from openpyxl import load_workbook  # noqa: PLC0415 (costs time that a CSV never needs)

        try:
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            for sheet in book.worksheets:
                rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
                header, *records = rows or [[]]
                names = _names(header)
                if self._has_columns(names):
                    return _Sheet(names, records)
        except _UNREADABLE:
            raise self.refusal(
                f"{file}: damaged, or protected by a password; {_SAVE_AS_CSV}, and move the workbook away"
            ) from None
        return None

    def _text(self, file: Path, raw: bytes) -> _Sheet | None:
        text = self._decoded(file, raw)
        line = text.splitlines()[0] if text.strip() else ""
        for delimiter in _DELIMITERS:
            header = _names(next(csv.reader([line], delimiter=delimiter), []))
            if self._has_columns(header):
                return _Sheet(header, self._records(file, text, delimiter))
        return None

    def _has_columns(self, header: Collection[str]) -> bool:
        return set(header) >= set(self.needed)

    def _records(self, file: Path, text: str, delimiter: str) -> Iterator[list[str]]:
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        row = 1
        try:
            next(records)
            for row, record in enumerate(records, 2):  # noqa: B007 (told when the next one breaks)
                yield [cell.strip() for cell in record]
        except csv.Error:
            raise self.refusal(
                f"{file}, row {row + 1}: quotes that do not close; correct them, or {_SAVE_AS_CSV}"
            ) from None

    def _decoded(self, file: Path, raw: bytes) -> str:
        if raw.startswith(_ZIP):
            raise self.refusal(f"{file}: an excel workbook named csv; name it {file.stem}.xlsx")
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return raw.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise self.refusal(f"{file}: neither utf-8 nor windows-1252; {_SAVE_AS_CSV}")


def _cell(value: object) -> str:
    """A cell as it is seen: Excel keeps whole numbers as 7.0."""
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _names(header: Iterable[str]) -> list[str]:
    return [name.strip().lower().replace(" ", "_") for name in header]
