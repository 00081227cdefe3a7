"""Counting a load: rows in = rows loaded + rows refused, and the days they are of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from connectors.base import Batch
from connectors.spans import Span, span
from connectors.zones import DAY_S, as_date

_REASONS_SHOWN = 3


@dataclass
class Tally:
    """Rows in = rows loaded + rows refused, and the days they are of."""

    rows: int = 0
    refused: int = 0
    reasons: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    def add(self, batch: Batch) -> None:
        """Count a batch."""
        self.rows += batch.rows
        self.refused += len(batch.refused)
        room = _REASONS_SHOWN - len(self.reasons)
        self.reasons += tuple(f"row {r.row}: {r.reason}" for r in batch.refused[:room])
        if "posts_seen" in batch.tables:
            seconds = span(batch.tables["posts_seen"].column("published_s"))
            self._stretch(seconds and Span(seconds.first // DAY_S, seconds.last // DAY_S))
        if "account_days_seen" in batch.tables:
            self._stretch(span(batch.tables["account_days_seen"].column("day").cast(pa.int32())))

    def _stretch(self, days: Span | None) -> None:
        if days:
            first, last = map(as_date, days)
            self.first_day = min(first, self.first_day or first)
            self.last_day = max(last, self.last_day or last)

    def reason(self) -> str | None:
        """Why rows were left out: the first few, and how many more."""
        if not self.refused:
            return None
        more = self.refused - len(self.reasons)
        return "; ".join(self.reasons) + (f"; and {more} more rows" if more else "")
