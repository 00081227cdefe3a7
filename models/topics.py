"""Which posts belong to which topic: the campaign's rules, and what a person assigned by hand.

`NAME.assignments.csv` is edited in Excel, so it is read as Excel writes it anywhere in Europe.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from models.campaign import Campaign, Topic
from models.text import hashtags_key, words_key

RULE_RANKS: Final = {"hashtag": 1, "keyword": 2, "account": 3}
"""Which rule decides a post's primary topic; an assignment has rank 0."""

RULES: Final = pa.schema(
    {
        "topic_id": pa.string(),
        "rule": pa.string(),
        "rule_rank": pa.int64(),
        "topic_rank": pa.int64(),  # order in the file, from 0
        "key": pa.string(),  # what SQL looks for
        "matched_on": pa.string(),  # what a person wrote
    }
)
ASSIGNMENTS: Final = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "topic_id": pa.string(),  # NULL: "no topic"
        "note": pa.string(),
        "row_no": pa.int64(),  # as Excel counts: the header is row 1
    }
)

PostKey = Callable[[str], tuple[str, str] | None]
"""The platform and the id of the post that a link leads to."""

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


def topic_rules(campaign: Campaign) -> pa.Table:
    """Every rule of every topic, in the order of the file."""
    rules = [
        {
            "topic_id": topic.id,
            "rule": rule,
            "rule_rank": RULE_RANKS[rule],
            "topic_rank": rank,
            "key": key,
            "matched_on": matched_on,
        }
        for rank, topic in enumerate(campaign.topics)
        for rule, key, matched_on in _rules_of(topic)
    ]
    return pa.Table.from_pylist(rules, schema=RULES)


def _rules_of(topic: Topic) -> Iterator[tuple[str, str, str]]:
    for tag in topic.hashtags:
        yield "hashtag", hashtags_key(f"#{tag}"), f"#{tag}"
    for keyword in topic.keywords:
        yield "keyword", words_key(keyword), keyword
    for account in topic.accounts:
        yield "account", f"{account.platform}:{account.handle}", str(account)


def read_assignments(path: Path, post_key: PostKey, topic_ids: Collection[str]) -> pa.Table:
    """What `NAME.assignments.csv` assigns, one row per post and topic; no rows without the file.

    Raises:
        BadAssignments: the file cannot be read, or a row of it cannot be used.
    """
    if not path.exists():
        if path.with_suffix(".xlsx").exists():
            raise BadAssignments(f"{path.with_suffix('.xlsx')}: only csv is read; {_SAVE_AS_CSV}")
        return ASSIGNMENTS.empty_table()
    assignments = _checked(path, _rows(path), post_key, topic_ids)
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
    """The rows with anything in them."""
    text = _decoded(path)
    delimiter, header = _delimiter_and_header(path, text)
    places = [header.index(name) if name in header else None for name in ("post_url", "topic_id", "note")]
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        next(records)
        for number, record in enumerate(records, 2):
            cells = [cell.strip() for cell in record]
            if any(cells):
                link, topic_id, note = (cells[p] if p is not None and p < len(cells) else "" for p in places)
                yield _Row(number, link, topic_id.lower() or None, note or None)
    except csv.Error:
        raise BadAssignments(
            f"{path}, row {number + 1}: quotes that do not close; correct them, or {_SAVE_AS_CSV}"
        ) from None


def _delimiter_and_header(path: Path, text: str) -> tuple[str, list[str]]:
    line = text.splitlines()[0] if text.strip() else ""
    for delimiter in _DELIMITERS:
        header = [
            name.strip().lower().replace(" ", "_")
            for name in next(csv.reader([line], delimiter=delimiter), [])
        ]
        if {"post_url", "topic_id"} <= set(header):
            return delimiter, header
    raise BadAssignments(f"{path}, row 1: no columns post_url and topic_id; name them so in the first row")


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadAssignments(f"{path}: cannot be read ({error.strerror}); close it in Excel") from None
    if raw.startswith(_ZIP):
        raise BadAssignments(f"{path}: an excel workbook named csv; {_SAVE_AS_CSV}")
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
