"""The least and the greatest value of a column."""

from __future__ import annotations

from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

FEW: Final = 64
"""Up to so many rows a loop in Python costs less than one call of a compute function."""


class Span(NamedTuple):
    """The ends of a column's values."""

    first: int
    last: int


def span(numbers: pa.Array) -> Span | None:
    """The ends of a column (int64), None when it holds no value."""
    if len(numbers) <= FEW:
        known = [number for number in numbers.to_pylist() if number is not None]
        return Span(min(known), max(known)) if known else None
    ends = pc.min_max(numbers).as_py()
    return None if ends["min"] is None else Span(ends["min"], ends["max"])
