"""What a person assigned to topics by hand: `NAME.assignments.csv`, or the workbook of that name.

A row whose topic_id begins with "?" decides nothing: so begin the rows that `rapup topics --write`
proposes, until a person takes the mark away.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from models.sheets import SheetReader, sheet_file, shown
from models.topics import PostKey

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

_NEEDED: Final = ("post_url", "topic_id")


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


def assignments_file(path: Path) -> Path | None:
    """The file that is there: `path` (a csv) or the workbook of the same name; None without either.

    Raises:
        BadAssignments: both are there.
    """
    return sheet_file(path, BadAssignments)


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
    path: Path, rows: Iterable[_Row], post_key: PostKey, topic_ids: Collection[str]
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
        return f"post_url {shown(row.link)} is no link to a post; copy it from the post's own page"
    if row.topic_id is not None and row.topic_id not in topic_ids:
        return f"unknown topic {shown(row.topic_id)}; {_nearest(row.topic_id, topic_ids)}"
    if earlier and (earlier.topic_id is None) != (row.topic_id is None):
        return f"the post has a topic and no topic, see row {earlier.row_no}; keep one of the two rows"
    return None


def _rows(file: Path) -> Iterable[_Row]:
    """The rows that decide something, or should."""
    reader = SheetReader(COLUMNS, _NEEDED, BadAssignments)
    for number, (link, topic_id, note) in reader.rows(file):
        if not topic_id.startswith(UNDECIDED):
            yield _Row(number, link, topic_id.lower() or None, note or None)


def _nearest(topic_id: str, topic_ids: Collection[str]) -> str:
    found = difflib.get_close_matches(topic_id, topic_ids, n=1)
    return f"did you mean {shown(found[0])}?" if found else f"use one of {', '.join(sorted(topic_ids))}"
