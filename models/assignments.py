"""What a person assigned to topics by hand: `NAME.assignments.csv`, or the workbook of that name.

The file is edited in Excel, so it is read as Excel writes it anywhere in Europe. Extra columns are
not read. A row whose topic_id begins with "?" decides nothing: so begin the rows that
`rapup topics --write` proposes, until a person takes the mark away.
"""

from __future__ import annotations

import csv
import difflib
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from models.topics import PostKey

_UNREADABLE: Final = (zipfile.BadZipFile, KeyError, ValueError, SyntaxError)
"""What openpyxl raises on a broken workbook; XML errors are SyntaxErrors."""

ASSIGNMENTS: Final = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "topic_id": pa.string(),  # NULL: "no topic"
        "note": pa.string(),
        "row_no": pa.int64(),  # as Excel counts: the header is row 1
    }
)
COLUMNS: Final = ("post_url", "topic_id", "note")
UNDECIDED: Final = "?"
"""How the topic_id of a row begins that nobody has decided yet."""

_NEEDED: Final = frozenset({"post_url", "topic_id"})
_DELIMITERS: Final = ",;\t"
_SHOWN: Final = 60  # characters of a cell in a message
_ZIP: Final = b"PK\x03\x04"  # how every .xlsx begins
_SAVE_AS_CSV: Final = "open it in Excel and save it as csv (utf-8)"


class BadAssignments(Exception):
    """Assignments that cannot be used; one line per problem: file, row, what, what to do."""


class _Row(NamedTuple):
    number: int
    link: str
    topic_id: str | None
    note: str | None


class _Assignment(NamedTuple):
    platform: str
    post_id: str
    topic_id: str | None
    note: str | None
    row_no: int


class _Sheet(NamedTuple):
    header: list[str]
    records: Iterable[list[str]]
    """What is below the header; cells are trimmed."""


def assignments_file(path: Path) -> Path | None:
    """The file that is there: `path` (a csv) or the workbook of the same name; None without either.

    Raises:
        BadAssignments: both are there.
    """
    found = [file for file in (path, path.with_suffix(".xlsx")) if file.exists()]
    if len(found) > 1:
        raise BadAssignments(f"{path}: {found[1].name} is there too; keep one and move the other away")
    return found[0] if found else None


def read_assignments(path: Path, post_key: PostKey, topic_ids: Collection[str]) -> pa.Table:
    """What `NAME.assignments.csv` or `.xlsx` assigns, a row per post and topic; none without a file.

    Raises:
        BadAssignments: the file cannot be read, or a row of it cannot be used.
    """
    file = assignments_file(path)
    if file is None:
        return ASSIGNMENTS.empty_table()
    assignments = _checked(file, _rows(file), post_key, topic_ids)
    return pa.Table.from_pylist([a._asdict() for a in assignments], schema=ASSIGNMENTS)


def _checked(
    path: Path, rows: Iterator[_Row], post_key: PostKey, topic_ids: Collection[str]
) -> list[_Assignment]:
    """One assignment per post and topic: the first row of each; all problems are told together."""
    kept: dict[tuple[tuple[str, str], str | None], _Assignment] = {}
    first: dict[tuple[str, str], _Assignment] = {}
    problems: list[str] = []
    for row in rows:
        post = post_key(row.link) if row.link else None
        problem = _problem(row, post, first.get(post) if post else None, topic_ids)
        if problem:
            problems.append(f"{path}, row {row.number}: {problem}")
        elif post:
            assignment = _Assignment(*post, row.topic_id, row.note, row.number)
            first.setdefault(post, assignment)
            kept.setdefault((post, row.topic_id), assignment)
    if problems:
        raise BadAssignments("\n".join(problems))
    return list(kept.values())


def _problem(
    row: _Row, post: tuple[str, str] | None, earlier: _Assignment | None, topic_ids: Collection[str]
) -> str | None:
    if not row.link:
        return "no post_url; write the link of the post, or delete the row"
    if post is None:
        return f"post_url {_shown(row.link)} is no link to a post; copy it from the post's own page"
    if row.topic_id is not None and row.topic_id not in topic_ids:
        return f"unknown topic {_shown(row.topic_id)}; {_nearest(row.topic_id, topic_ids)}"
    if earlier and (earlier.topic_id is None) != (row.topic_id is None):
        return f"the post has a topic and no topic, see row {earlier.row_no}; keep one of the two rows"
    return None


def _rows(path: Path) -> Iterator[_Row]:
    """The rows that decide something, or should."""
    raw = _bytes(path)
    sheet = _workbook(path, raw) if path.suffix == ".xlsx" else _text(path, raw)
    if sheet is None:
        raise BadAssignments(
            f"{path}, row 1: no columns post_url and topic_id; name them so in the first row"
        )
    places = [sheet.header.index(name) if name in sheet.header else None for name in COLUMNS]
    for number, cells in enumerate(sheet.records, 2):
        link, topic_id, note = (cells[p] if p is not None and p < len(cells) else "" for p in places)
        if any(cells) and not topic_id.startswith(UNDECIDED):
            yield _Row(number, link, topic_id.lower() or None, note or None)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadAssignments(f"{path}: cannot be read ({error.strerror}); close it in Excel") from None


def _workbook(path: Path, raw: bytes) -> _Sheet | None:
    """The first sheet with the columns; nothing in the workbook is run."""
    from openpyxl import load_workbook  # noqa: PLC0415 (costs time that a CSV never needs)

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = [[_cell(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            header, *records = rows or [[]]
            names = _names(header)
            if set(names) >= _NEEDED:
                return _Sheet(names, records)
    except _UNREADABLE:
        raise BadAssignments(
            f"{path}: damaged, or protected by a password; {_SAVE_AS_CSV}, and move the workbook away"
        ) from None
    return None


def _cell(value: object) -> str:
    """A cell as it is seen: Excel keeps whole numbers as 7.0."""
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def _text(path: Path, raw: bytes) -> _Sheet | None:
    text = _decoded(path, raw)
    line = text.splitlines()[0] if text.strip() else ""
    for delimiter in _DELIMITERS:
        header = _names(next(csv.reader([line], delimiter=delimiter), []))
        if set(header) >= _NEEDED:
            return _Sheet(header, _records(path, text, delimiter))
    return None


def _names(header: Iterable[str]) -> list[str]:
    return [name.strip().lower().replace(" ", "_") for name in header]


def _records(path: Path, text: str, delimiter: str) -> Iterator[list[str]]:
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        next(records)
        for row, record in enumerate(records, 2):  # noqa: B007 (told when the next one breaks)
            yield [cell.strip() for cell in record]
    except csv.Error:
        raise BadAssignments(
            f"{path}, row {row + 1}: quotes that do not close; correct them, or {_SAVE_AS_CSV}"
        ) from None


def _decoded(path: Path, raw: bytes) -> str:
    if raw.startswith(_ZIP):
        raise BadAssignments(f"{path}: an excel workbook named csv; name it {path.stem}.xlsx")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadAssignments(f"{path}: neither utf-8 nor windows-1252; {_SAVE_AS_CSV}")


def _nearest(topic_id: str, topic_ids: Collection[str]) -> str:
    found = difflib.get_close_matches(topic_id, topic_ids, n=1)
    return f"did you mean {_shown(found[0])}?" if found else f"use one of {', '.join(sorted(topic_ids))}"


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= _SHOWN else f"{cell[: _SHOWN - 1]}…")
