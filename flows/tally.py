"""Counting a load: rows in = rows loaded + rows refused, and the days they are of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import Batch

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
        for name, column in (("posts_seen", "published_at"), ("account_days_seen", "day")):
            if name in batch.tables and batch.tables[name].num_rows:
                self._stretch(pc.min_max(batch.tables[name].column(column).cast(pa.date32())).as_py())

    def _stretch(self, days: dict[str, date | None]) -> None:
        low, high = days["min"], days["max"]
        if low and high:
            self.first_day = min(low, self.first_day or low)
            self.last_day = max(high, self.last_day or high)

    def reason(self) -> str | None:
        """Why rows were left out: the first few, and how many more."""
        if not self.refused:
            return None
        more = self.refused - len(self.reasons)
        return "; ".join(self.reasons) + (f"; and {more} more rows" if more else "")
