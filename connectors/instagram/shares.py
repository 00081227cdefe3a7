"""What is special about Instagram's shares of an audience."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from connectors.shares import parse_share

FEWEST: Final = 100
"""Followers from which on Instagram gives shares (Graph API, `follower_demographics`)."""
TOO_FEW: Final = f"shares of fewer than {FEWEST} followers are not kept"


def parse_percent(cell: str) -> Decimal | None:
    """A percentage ("17.7%", "17,7 %") as a share, 0-1; None for an empty cell.

    Raises:
        ValueError: it is none; the message is the cell.
    """
    share = parse_share(cell)
    if share is not None and "%" not in cell:  # of a bare "0.5" nobody knows whether it is half or little
        raise ValueError(cell)
    return share


def add_up(shares: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, at most 1; None when a part is not known."""
    parts = list(shares)
    known = [part for part in parts if part is not None]
    return min(sum(known, Decimal(0)), Decimal(1)) if len(known) == len(parts) else None
