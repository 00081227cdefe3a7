"""Meta's small tables under titles: figures by day, and the audience in several sections.

Observed in real exports of 2026: UTF-16 with a mark, a first line `sep=,`, then sections apart from
each other by blank lines, each a quoted title, a header and rows.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from connectors.base import BadExport, Head, Member, Refusal
from connectors.columns import kept_out, name_key
from connectors.tabular import open_sheet
from connectors.wording import EXPORT_AGAIN, listed, one_line

_MAX_SIZE: Final = 2_000_000  # ten years of days are 200 kB
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_SEP: Final = re.compile(r"\s*sep=(.?)\s*\n", re.IGNORECASE)
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ].*)?", re.ASCII)


@dataclass(frozen=True)
class Row:
    """A row of a section."""

    number: int
    """1 = the first row of the file that is neither title nor header."""
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """A titled table."""

    title: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def key(self) -> str:
        """The title in the spelling in which titles are looked up."""
        return name_key(self.title)

    @property
    def is_facebook(self) -> bool:
        """Whether it is a Facebook page's: its brand stands in the title in every language."""
        return "facebook" in self.key

    @property
    def is_daily(self) -> bool:
        """Whether its first column holds days."""
        return bool(self.rows) and _MOMENT.fullmatch(self.rows[0].cells[0].strip()) is not None


def sections_of(head: Head) -> tuple[Section, ...]:
    """The sections in a file's first bytes; none when it does not begin as Meta's small tables do."""
    if head.sheets or len(head.header) != 1:
        return ()
    encoding = "utf-16" if head.data.startswith(_UTF16) else "utf-8-sig"
    text = head.data.decode(encoding, "ignore")
    return _parse(text) if _SEP.match(text) else ()


def read_sections(member: Member) -> tuple[tuple[Section, ...], dict[str, str]]:
    """(every section of a file, what was decided on the way).

    Raises:
        BadExport: no such text, or too large to be one.
    """
    chosen = open_sheet(member).chosen()
    if member.size > _MAX_SIZE:
        raise BadExport(f"larger than such figures can be: {one_line(member.name)}: {EXPORT_AGAIN}")
    with member.open() as raw:
        text = raw.read().decode(chosen["encoding"])
    return _parse(text), chosen


def split_ragged(section: Section, width: int) -> tuple[list[Row], tuple[Refusal, ...]]:
    """The rows of `width` cells, and the refusals of the others."""
    good = [row for row in section.rows if len(row.cells) == width]
    bad = (row for row in section.rows if len(row.cells) != width)
    return good, tuple(Refusal(row.number, f"{len(row.cells)} cells, not {width}") for row in bad)


def strangers(found: Sequence[Section], known: Sequence[Section]) -> tuple[str, ...]:
    """Notices of the sections that are not read."""
    others = [section for section in found if section not in known]
    pages = [section.title for section in others if section.is_facebook]
    return (
        *kept_out("section", [section.title for section in others if not section.is_facebook]),
        *((f"figures of a facebook page kept out: {listed(pages)}",) if pages else ()),
    )


def _parse(text: str) -> tuple[Section, ...]:
    separator = _SEP.match(text)
    delimiter = separator[1] or "\t" if separator else ","
    body = text[separator.end() :] if separator else text
    records = _records(body, delimiter)
    numbers = count(1)
    return tuple(_section(block, numbers) for block in _blocks(records))


def _records(body: str, delimiter: str) -> list[tuple[str, ...]]:
    try:
        reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter)
        return [tuple(cell.strip() for cell in record) for record in reader]
    except (csv.Error, TypeError, ValueError):  # a cell of 128 KiB, a delimiter that cannot be one
        return []


def _blocks(records: list[tuple[str, ...]]) -> list[list[tuple[str, ...]]]:
    """Records between blank lines."""
    blocks: list[list[tuple[str, ...]]] = [[]]
    for record in records:
        if any(record):
            blocks[-1].append(record)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _section(block: list[tuple[str, ...]], numbers: count[int]) -> Section:
    title, header, *rows = [*block, ()] if len(block) == 1 else block
    return Section(" ".join(title).strip(), header, tuple(Row(next(numbers), cells) for cells in rows))
