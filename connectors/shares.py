"""Shares of an audience: how they are written, what they add up to, and their rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import pyarrow as pa

from models.schema import conform

MOST: Final = Decimal("1.02")
"""What rounded shares of one whole may add up to."""
_MISSING: Final = frozenset({"", "undefined", "--"})
_NUMBER: Final = re.compile(r"\d{1,9}(?:\.\d{1,20})?", re.ASCII)
_FRACTION: Final = re.compile(r"[01](?:[.,]\d{1,20})?", re.ASCII)
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,4})?)\s*%")  # also a no-break space


class Share(NamedTuple):
    """How much of an audience is in one bucket."""

    row_no: int
    dimension: str
    """age, gender, country, city or hour."""
    bucket: str
    value: Decimal | None
    """0-1; None: not said."""


def parse_share(cell: str) -> Decimal | None:
    """A share, 0-1, written as a fraction ("0.313") or with a per cent sign ("61%", "17,7 %").

    None for an empty cell, `undefined` (TikTok) and `--` (Instagram).

    Raises:
        ValueError: it is neither; the message is the cell.
    """
    text = cell.strip()
    if text.lower() in _MISSING:
        return None
    percent = _PERCENT.fullmatch(text)
    if not percent and not _FRACTION.fullmatch(text):
        raise ValueError(cell)
    number = Decimal((percent[1] if percent else text).replace(",", "."))
    share = number / 100 if percent else number
    if share > 1:
        raise ValueError(cell)
    return share


def is_unsigned_percentage(cell: str) -> bool:
    """Whether it is a plain number above 1; then the other numbers beside it are no fractions either."""
    text = cell.strip().replace(",", ".")
    return bool(_NUMBER.fullmatch(text)) and Decimal(text) > 1


def exceed_the_whole(shares: Iterable[Decimal | None]) -> bool:
    """Whether shares of one whole add up to more than rounding explains."""
    return sum((share for share in shares if share is not None), Decimal(0)) > MOST


def to_table(
    shares: list[Share], population: str, account: str, observed: Mapping[str, pa.Array]
) -> pa.Table:
    """Rows of `audience_seen`, of an account's audience; `observed` as from `Observed.columns`."""
    length = len(shares)
    columns = {
        **observed,
        "row_no": pa.array([share.row_no for share in shares], pa.int64()),
        "account": pa.repeat(account, length),
        "subject_type": pa.repeat("account", length),
        "subject_id": pa.repeat(account, length),
        "population": pa.repeat(population, length),
        "dimension": pa.array([share.dimension for share in shares], pa.string()),
        "bucket": pa.array([share.bucket for share in shares], pa.string()),
        "share": pa.array([None if s.value is None else float(s.value) for s in shares], pa.float64()),
    }
    return conform(columns, "audience_seen")
