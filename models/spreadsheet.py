"""Text that a spreadsheet shows as text: Excel runs a CSV cell that begins like a formula.

An apostrophe in front ends that (OWASP, CSV Injection). It stays in the cell, so files for programs
do without it.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are the first four in full width, which East Asian settings take for the same."""


def as_text(cell: str) -> str:
    """The cell, with an apostrophe in front if a spreadsheet might run it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_text_column(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """`as_text` of a column of strings; NULL stays NULL."""
    runs = pc.is_in(pc.utf8_slice_codeunits(cells, 0, 1), pa.array(FORMULA_STARTS))
    return pc.if_else(runs, pc.binary_join_element_wise("'", cells, ""), cells)
