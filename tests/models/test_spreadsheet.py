from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.spreadsheet import as_text, as_text_column


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    assert as_text(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "a=1", " =1", "#tag", "?help", "'=1", "1-2", "🍵=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert as_text(cell) == cell


@given(st.lists(st.none() | st.text(alphabet="=+-@\t\r\nab'🍵＝", max_size=4), max_size=20))
def test_a_column_is_treated_as_its_cells_are(cells: list[str | None]) -> None:
    column = pa.chunked_array([pa.array(cells[:3], pa.string()), pa.array(cells[3:], pa.string())])
    assert as_text_column(column).to_pylist() == [None if cell is None else as_text(cell) for cell in cells]
