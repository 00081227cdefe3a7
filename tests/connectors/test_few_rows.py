"""A short file is read by another parser than a long one: both must read the same."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors import delimited
from connectors.base import BadExport
from connectors.tabular import open_sheet
from tests.connectors.exports import Inbox

WANTED = {"a": 0, "b": 1, "c": 2}
REPETITIVE = frozenset({"b"})
PIECES = [
    '"',
    '""',
    ",",
    ",",
    ";",
    "\n",
    "\n",
    "\r",
    "\r\n",
    " ",
    "a",
    "é",
    "\t",
    "1",
    "\x1e",
    "\u2028",
    "sep=;",
]
CELLS = st.text(st.sampled_from('a",\n\r é;'), max_size=5).map(
    lambda text: '"' + text.replace('"', '""') + '"'
)
RECORDS = st.lists(st.lists(CELLS | st.sampled_from(["", "x", "12"]), min_size=1, max_size=4), max_size=5)
TIDY = RECORDS.map(lambda records: "\n".join(",".join(record) for record in records))
UNTIDY = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def read(data: bytes, folder: Path, most_bytes: int) -> object:
    """(number and cells of every row, ragged rows), or the message of the refusal."""
    member = Inbox(folder).member(data, "any.csv")
    with patch.object(delimited, "MOST_BYTES", most_bytes):
        try:
            pieces = list(open_sheet(member).rows(WANTED, REPETITIVE))
        except BadExport as refusal:
            return str(refusal)
    columns = [[cell for p in pieces for cell in p.columns[name].to_pylist()] for name in WANTED]
    numbers = [number for piece in pieces for number in piece.row_no.to_pylist()]
    ragged = [(refusal.row, refusal.reason) for piece in pieces for refusal in piece.ragged]
    return numbers, columns, ragged


def ends_in_a_quote(rows: str) -> bool:
    """Whether a line more would not be a line of its own."""
    return list(csv.reader(io.StringIO(f"{rows}\nlast", newline="")))[-1] != ["last"]


@settings(max_examples=100, deadline=None)
@given(TIDY | UNTIDY)
@example('1,2,3\n\n"4","a\nb","6"\n7,8\n')
@example('1,"2",3\n"a"b,2,3\nx"y,"",3"')
@example('1,2,3\n4,"5,6\n7"8",9\n')
@example('1,";","')
@example("")
def test_a_short_file_is_read_as_a_long_one_would_be(rows: str) -> None:
    data = f'"a",b,c\n{rows}'.encode()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        short, long = read(data, folder, 1 << 13), read(data, folder, 0)
    # A quote that swallows the end is seen of a short file alone.
    assert short == long or (ends_in_a_quote(rows) and str(short).startswith("broken quotes"))


@pytest.mark.parametrize("most_bytes", [0, 1 << 13])
def test_a_row_that_is_ragged_keeps_its_number(tmp_path: Path, most_bytes: int) -> None:
    numbers, _, ragged = read(b"a,b,c\n1,2\n3,4,5\n6,7,8,9\n", tmp_path, most_bytes)  # type: ignore[misc]
    assert numbers == [2]
    assert ragged == [(1, "2 cells, not 3"), (3, "4 cells, not 3")]
