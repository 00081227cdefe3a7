"""Accounts that gave consent, read through their platform's API: several at once, with one writer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from connectors.api import Visit
from connectors.base import Batch, Context
from connectors.source_errors import MalformedResponse, PermissionMissing, RunOver, SourceError, TokenRejected
from connectors.tokens import WARN_S, Tokens
from connectors.usage import Meter
from flows import quarantine
from flows.attempt import Attempt
from flows.comments import keeper
from flows.credentials import Credentials, open_api
from flows.pull_jobs import Job, jobs
from flows.settings import BadSettings, Settings, token_variable
from flows.windows import RECENT_DAYS, Plan, Pull, plans
from models.campaign import Campaign
from models.schema import to_epoch
from models.store import Store, open_store

if TYPE_CHECKING:
    from connectors.http import Api
    from models.comments import Keeper

_AT_ONCE: Final = 12  # accounts: enough to use up what TikTok takes of an app in a minute
_RUN_S: Final = 3 * 3600.0  # a night's pull ends before people come to work


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Time as a run sees it; tests bring their own."""

    now: Callable[[], datetime] = _now
    """Aware."""
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[Event, float], bool] = Event.wait
    """Until so many seconds are over or the event is set: then True."""


REAL: Final = Clock()


@dataclass(frozen=True)
class Pulled:
    """What became of one account through one API."""

    account: str
    source: str
    rows: int = 0
    pages: int = 0
    requests: int = 0
    retries: int = 0
    waited_s: float = 0.0
    quota_used: float | None = None
    newest: datetime | None = None
    """UTC, of its newest figures; None: none came."""
    is_complete: bool = False
    reason: str | None = None
    """Why it was not read to its end."""
    notices: tuple[str, ...] = ()


def pull(
    settings: Settings,
    campaign: Campaign,
    source: str | None = None,
    days: int = RECENT_DAYS,
    clock: Clock = REAL,
) -> list[Pulled]:
    """Read every account that can be; a failure of one is reported and harms no other.

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
        BadSettings: an API's address, or the key for pseudonyms, cannot be used.
    """
    credentials = Credentials(settings)
    today = clock.now().astimezone(campaign.timezone).date()
    found = jobs(credentials, campaign, today, source)
    if not found:
        return []
    ways = {job.api.source: open_api(settings, job.api) for job in found}  # accounts share its pace and quota
    settings.data.mkdir(parents=True, exist_ok=True)
    stop = Event()
    with open_store(settings.data) as store:
        writer = _Writer(store, clock, keeper(settings, campaign))
        history = store.pulls()
        with ThreadPoolExecutor(min(_AT_ONCE, len(found))) as pool:
            readers = [
                _Reader(job, _way(ways[job.api.source], stop, clock), credentials, campaign, writer, clock)
                for job in found
            ]
            runs = [pool.submit(r.read, _of(r.job, history), days) for r in readers]
            try:
                return [run.result() for run in runs]
            finally:
                stop.set()  # when one breaks off, or a person does, the others end with their page


def _way(api: Api, stop: Event, clock: Clock) -> Api:
    """One account's own, that ends with the run."""

    def sleep(seconds: float) -> None:
        if clock.wait(stop, seconds):
            raise RunOver("the run was interrupted: run `rapup pull` again, it goes on from there")

    return replace(
        api,
        sleep=sleep,
        clock=clock.monotonic,
        now=lambda: clock.now().timestamp(),
        run_ends=clock.monotonic() + _RUN_S,
    )


def _of(job: Job, history: Sequence[Pull]) -> list[Pull]:
    key = (job.api.source, job.account.platform, job.account.handle)
    return [pull for pull in history if (pull["source"], pull["platform"], pull["account"]) == key]


class _Writer:
    """The only one that writes, whichever thread it is called from."""

    def __init__(self, store: Store, clock: Clock, comments: Keeper | None) -> None:
        self._store = store
        self._clock = clock
        self._comments = comments
        self._lock = Lock()

    def save(self, attempt: Attempt, tables: Mapping[str, pa.Table] | None = None) -> None:
        """A page and the ledger as it stands with it: both last, or neither."""
        with self._lock:
            if tables:
                kept = self._comments.storable(tables) if self._comments else tables
                self._store.add_rows(attempt.load_id, kept)
            pulled = attempt.pull_row(to_epoch(self._clock.now()))
            self._store.save_pull(pulled, attempt.ledger_row(), attempt.metric_rows())


@dataclass
class _Reader:
    """Reads one account, in a thread of its own."""

    job: Job
    http: Api
    credentials: Credentials
    campaign: Campaign
    writer: _Writer
    clock: Clock
    rejected: Tokens | None = None
    """What the platform no longer took in this run."""
    warnings: list[str] = field(default_factory=list)

    def read(self, history: Sequence[Pull], days: int) -> Pulled:
        """All walks that are due, one after another, until one stops."""
        walks = plans(history, to_epoch(self.clock.now()), days)
        attempts: list[Attempt] = []
        while walks:
            plan = walks.pop(0)
            attempt = self._attempt(plan)
            attempts.append(attempt)
            if attempt.rejected and self.rejected is None and attempt.rejected.can_renew:
                self.rejected = attempt.rejected
                walks.insert(0, replace(plan, window=replace(plan.window, cursor=attempt.cursor)))
            elif attempt.stopped:
                break
        return self._told(attempts)

    def _attempt(self, plan: Plan) -> Attempt:
        """One walk as far as it goes; every page is stored before the next is asked for."""
        attempt = Attempt(self.job, plan, self.clock.now(), Meter())
        tokens: Tokens | None = None
        try:
            tokens = self.credentials.fresh(
                self.job.owner, self.job.api, self.http, attempt.observed_s, self.rejected
            )
            self._warn(tokens, attempt.observed_s)
            for batch in self._batches(attempt, tokens):
                attempt.add(batch)
                self.writer.save(attempt, batch.tables)
                self.http.sleep(0)  # a person may have stopped the run
            if not attempt.is_complete:
                attempt.stopped = "some posts could not be told from the others: the list is not complete"
        except (TokenRejected, PermissionMissing) as error:
            attempt.rejected = tokens if isinstance(error, TokenRejected) else None
            attempt.stopped = f"{error}; {self._cure()}"
        except MalformedResponse as error:
            kept = quarantine.keep(self.credentials.settings.quarantine, error)
            attempt.stopped = f"{error}; {kept} holds its shape, without any text"
        except (SourceError, BadSettings) as error:
            attempt.stopped = str(error)
        self.writer.save(attempt)
        return attempt

    def _batches(self, attempt: Attempt, tokens: Tokens) -> Iterator[Batch]:
        context = Context(
            timezone=self.campaign.timezone,
            accounts=self.campaign.handles(),
            account=self.job.account.handle,
            today=attempt.now.astimezone(self.campaign.timezone).date(),
            comments=self.campaign.comments.enabled,
        )
        http = replace(self.http, meter=attempt.meter)
        visit = Visit(self.job.account.handle, tokens, http, context, attempt.now, attempt.plan.window)
        attempt.reading = self.job.api.read(visit)
        return attempt.reading.batches

    def _warn(self, tokens: Tokens, now_s: int) -> None:
        """A week before the end there is still time to ask the owner."""
        if tokens.ends_s is not None and tokens.ends_s - now_s < WARN_S:
            day = datetime.fromtimestamp(tokens.ends_s, UTC).date()
            self.warnings.append(f"its token ends on {day}: {self._cure()}")

    def _cure(self) -> str:
        owner, source = self.job.owner, self.job.api.token_source
        if source in self.credentials.files.sources(owner):
            return f"run `rapup connect {owner}`"
        return f"set the new one as {token_variable(owner)} in .env"

    def _told(self, attempts: Sequence[Attempt]) -> Pulled:
        last, meters = attempts[-1], [attempt.meter for attempt in attempts]
        return Pulled(
            account=str(self.job.account),
            source=self.job.api.source,
            rows=sum(attempt.tally.rows for attempt in attempts),
            pages=sum(attempt.pages for attempt in attempts),
            requests=sum(meter.requests for meter in meters),
            retries=sum(meter.retries for meter in meters),
            waited_s=sum(meter.waited_s for meter in meters),
            quota_used=last.meter.quota_used,
            newest=max((attempt.now for attempt in attempts if attempt.tally.rows), default=None),
            is_complete=last.is_complete,
            reason=last.stopped,
            notices=tuple(dict.fromkeys(self.warnings + [n for a in attempts for n in a.notices])),
        )
