"""How the newest attempt to read each account ended, as published."""

from __future__ import annotations

from dataclasses import dataclass

from flows.pull_told import count
from flows.steps import Trouble
from models.published import BY_NAME
from models.readers import Published


@dataclass(frozen=True)
class PullState:
    """One account through one API. Times as text, UTC; None: never, or not said."""

    account: str
    source: str
    pulled_at: str
    newest_value_at: str | None
    is_complete: bool
    requests: int
    pages: int
    rows: int
    retries: int
    waited_s: float
    quota_left: float | None
    """Of the platform's quota, 0-1."""
    stopped: str | None
    skipped: str | None

    def in_words(self) -> str:
        """One line."""
        counted = (count(self.requests, "request"), count(self.pages, "page"), count(self.rows, "row"))
        parts = [", ".join(counted)]
        if self.retries:
            parts.append(f"{self.retries} tried again")
        if self.waited_s >= 1:
            parts.append(f"waited {self.waited_s:,.0f} s")
        if self.quota_left is not None:
            parts.append(f"{self.quota_left:.0%} of the quota left")
        if self.skipped:
            parts.append(self.skipped)
        how = "whole" if self.is_complete else "not read to its end"
        return f"{self.account} {self.source}: {self.pulled_at[:16]}, {how}; {'; '.join(parts)}"


def pull_states(published: Published) -> tuple[PullState, ...]:
    """Every account that was ever read, or tried."""
    return tuple(
        PullState(
            account=f"{row['platform']}:@{row['account']}",
            source=row["source"],
            pulled_at=str(row["pulled_at"]),
            newest_value_at=None if row["newest_value_at"] is None else str(row["newest_value_at"]),
            is_complete=row["is_complete"],
            requests=row["requests"],
            pages=row["pages"],
            rows=row["rows"],
            retries=row["retries"],
            waited_s=row["waited_s"],
            quota_left=None if row["quota_used"] is None else max(0.0, 1 - row["quota_used"]),
            stopped=row["stopped"],
            skipped=row["skipped"],
        )
        for row in published.table(BY_NAME["pulls"]).to_pylist()
    )


def pull_troubles(states: tuple[PullState, ...]) -> tuple[Trouble, ...]:
    """Accounts whose newest attempt ended before its last page."""
    return tuple(Trouble(s.account, s.stopped) for s in states if s.stopped)
