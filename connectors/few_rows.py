"""A short delimited text in Python: the parser for long ones costs more to set up than such a file holds.

Both read alike: quotes only where a cell begins, doubled quotes inside, any line end, no blank rows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from connectors.base import Refusal
from connectors.sheets import Rows

MOST_BYTES: Final = 1 << 13
_LAST: Final = "\x1e"


def few_rows(
    text: str, delimiter: str, width: int, wanted: Mapping[str, int], repetitive: frozenset[str]
) -> Rows | None:
    """All rows below a header of `width` names, as `Sheet.rows` gives them; None when there is none.

    Raises:
        ValueError: a quote that is not closed swallows the end.
    """
    # A line of its own at the end tells whether a quote is still open there.
    lines = io.StringIO(f"{text}\n{_LAST}", newline="")
    records = [record for record in csv.reader(lines, delimiter=delimiter) if record]
    if records.pop() != [_LAST]:
        raise ValueError("a quote is still open at the end")
    numbered = list(enumerate(records, start=1))
    if not numbered:
        return None
    whole = [(number, record) for number, record in numbered if len(record) == width]
    ragged = (Refusal(n, f"{len(cells)} cells, not {width}") for n, cells in numbered if len(cells) != width)
    every = pa.array([record[at] for at in wanted.values() for _, record in whole], pa.string())
    columns = {name: every.slice(n * len(whole), len(whole)) for n, name in enumerate(wanted)}
    columns |= {name: columns[name].dictionary_encode() for name in repetitive & wanted.keys()}
    return Rows(pa.array([number for number, _ in whole], pa.int64()), columns, tuple(ragged))
