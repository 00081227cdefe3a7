"""One attempt to read an account through an API, as the ledger keeps it: rows, cost, why it ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from connectors.base import Batch, Reading
from connectors.tokens import Tokens
from connectors.usage import Meter
from flows.pull_jobs import Job
from flows.tally import Tally
from flows.windows import Plan
from models.schema import to_epoch

_CLOCK_S: Final = 300.0  # less is no matter for figures that are kept by the day


@dataclass
class Attempt:
    """Grows page by page; after every page it can be stored as it is."""

    job: Job
    plan: Plan
    now: datetime
    """Aware; the moment of which its figures are said to be true."""
    meter: Meter
    reading: Reading | None = None
    cursor: str | None = None
    is_complete: bool = False
    pages: int = 0
    posts: int = 0
    stopped: str | None = None
    """Why it ended before the last page."""
    rejected: Tokens | None = None
    """What the platform did not take."""
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.cursor = self.plan.window.cursor
        given = self.plan.window.not_given.items()
        self.known = tuple(
            f"not given: {', '.join(names)} ({kind.lower()})" for kind, names in given if names
        )
        """What an earlier walk found out, and this one did not ask for."""

    @property
    def name(self) -> str:
        """In the ledger, where files have their path."""
        return f"{self.job.api.source}:{self.job.account.handle}:{self._moment.isoformat()}Z"

    @property
    def load_id(self) -> str:
        """Names its rows."""
        return self._digest[:16]

    def add(self, batch: Batch) -> None:
        """A page came."""
        self.tally.add(batch)
        self.pages += 1
        self.cursor = batch.cursor
        self.is_complete = batch.ends
        if "posts_seen" in batch.tables:
            self.posts += batch.tables["posts_seen"].num_rows

    def pull_row(self, ended_s: int) -> Mapping[str, object]:
        """A row of `models.schema.PULLS`."""
        return {
            "load_id": self.load_id,
            "source": self.job.api.source,
            "platform": self.job.account.platform,
            "account": self.job.account.handle,
            "started_s": self.plan.started_s,
            "ended_s": ended_s,
            "since_s": self.plan.window.since_s,
            "cursor": self.cursor,
            "is_complete": self.is_complete,
            "posts": self.posts,
            "requests": self.meter.requests,
            "pages": self.pages,
            "retries": self.meter.retries,
            "waited_s": self.meter.waited_s,
            "quota_used": self.meter.quota_used,
            "stopped": self.stopped,
            "skipped": "; ".join((*self.known, *self.notices)) or None,
            "not_given": json.dumps(self.plan.window.not_given, sort_keys=True),
        }

    @property
    def notices(self) -> tuple[str, ...]:
        """What the platform did not give, and why."""
        return (*(self.reading.notices if self.reading else ()), *self._clock_notice())

    def _clock_notice(self) -> Iterator[str]:
        ahead_s = self.meter.clock_ahead_s
        if abs(ahead_s) > _CLOCK_S:
            yield (
                f"the clock of this machine is {abs(ahead_s) / 60:.0f} minutes"
                f" {'fast' if ahead_s > 0 else 'slow'} by the platform's: set it right; the times of this"
                " pull are off by as much"
            )

    def ledger_row(self) -> dict[str, Any]:
        """A row of `models.schema.LOADS`; empty while nothing has come."""
        if self.reading is None or not self.pages:
            return {}
        tally = self.tally
        return {
            "load_id": self.load_id,
            "source": self.reading.source,
            "source_rank": self.reading.source_rank,
            "platform": self.reading.platform,
            "account": self.reading.account,
            "name": self.name,
            "file_name": self.name,
            "path": "",
            "file_sha256": self._digest,
            "sha256": self._digest,
            "exported_on": self.reading.exported_on,
            "loaded_at": self._moment.replace(microsecond=0),
            "rows": tally.rows,
            "refused": tally.refused,
            "reason": tally.reason(),
            "notice": "; ".join(self.notices) or None,
            "chosen": json.dumps(dict(self.reading.chosen), ensure_ascii=False, sort_keys=True),
            "first_day": tally.first_day,
            "last_day": tally.last_day,
            "options": "",
        }

    def metric_rows(self) -> list[dict[str, object]]:
        """Rows of `models.schema.LOAD_METRICS`."""
        return [
            {
                "load_id": self.load_id,
                "metric": m.metric,
                "native_name": m.native_name,
                "null_reason": m.null_reason,
            }
            for m in (self.reading.metrics if self.reading else ())
        ]

    @property
    def _digest(self) -> str:
        walk = f"{self.plan.started_s}|{self.plan.window.cursor or ''}"  # two may begin at one moment
        return hashlib.sha256(f"{self.name}|{walk}".encode()).hexdigest()

    @property
    def _moment(self) -> datetime:
        return self.now.replace(tzinfo=None)

    @property
    def observed_s(self) -> int:
        """The moment of its figures, in epoch seconds."""
        return to_epoch(self.now)
