"""Exports into the store: find files, read each through the registry, write loads. No Prefect here."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path, PurePosixPath

from connectors import intake, registry
from connectors.archives import unpacked
from connectors.base import BadExport, Context, Member, Reading
from connectors.mapped import FileMapping
from connectors.wording import one_line
from flows.earlier_loads import EarlierLoads, shrunk
from flows.tally import Tally
from models.campaign import Campaign, account_of_folder
from models.raw_tables import LedgerEntry
from models.store import Store

_COMMIT_LOADS = 1000
_BY_RULES = ";mapping="


@dataclass(frozen=True)
class FileResult:
    """What became of one file, or of one member of a ZIP."""

    name: str
    status: str
    """loaded, unchanged or refused."""
    source: str | None = None
    account: str | None = None
    rows: int = 0
    refused: int = 0
    first_day: date | None = None
    last_day: date | None = None
    reason: str | None = None
    notices: tuple[str, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """What the person said on the command line about all the files of this run."""

    account: str | None = None
    exported_on: date | None = None

    def key(self) -> str:
        """As the ledger keeps it: the same bytes with other options are another load."""
        return f"account={self.account or ''};exported_on={self.exported_on or ''}"


@dataclass(frozen=True)
class _Found:
    path: Path
    name: str
    taken: intake.Fingerprint

    @property
    def sha256(self) -> str:
        return self.taken.sha256


def ingest(
    store: Store | None,
    campaign: Campaign,
    files: Sequence[tuple[Path, str]],
    told: Told,
    now: datetime,
    notify: Callable[[FileResult], None],
    *,
    mappings: tuple[FileMapping, ...] = (),
) -> list[FileResult]:
    """Load every file that is new; without a store, only say what would be loaded.

    One load's rows and its ledger row are committed together. A file that cannot be read is
    reported and left where it is; the others are loaded all the same.
    """
    run = _Run(store, campaign, told, now, mappings)
    results = []
    with _rare_collection():
        for result in run.all_files(files):
            results.append(result)
            notify(result)
    run.end()
    return results


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Collect garbage rarely, and only of what is new: over thousands of files it costs a tenth."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


class _Run:
    """One ingest: what the ledger knew at its start, and the loads not yet committed."""

    def __init__(
        self,
        store: Store | None,
        campaign: Campaign,
        told: Told,
        now: datetime,
        mappings: tuple[FileMapping, ...] = (),
    ) -> None:
        self.store = store
        self.mappings = mappings
        self.campaign = campaign
        self.told = told
        self.now = now
        self.known_files = self._still_known(store.known_files() if store else frozenset())
        self.known_names = {(sha256, name) for sha256, name, _ in self.known_files}
        self.earlier = EarlierLoads(store.loads() if store else [])
        self.uncommitted = 0
        self.contexts: dict[str, Context] = {}
        self.handles = campaign.handles()

    def _still_known(self, files: frozenset[tuple[str, str, str]]) -> frozenset[tuple[str, str, str]]:
        """Without those read by rules that a person has changed since, and what was told of them."""
        rules = {mapping.digest for mapping in self.mappings}
        split = ((sha256, name, *options.partition(_BY_RULES)) for sha256, name, options in files)
        return frozenset((sha, name, told) for sha, name, told, by, rule in split if not by or rule in rules)

    def end(self) -> None:
        if self.store:
            self.store.commit()

    def all_files(self, files: Sequence[tuple[Path, str]]) -> Iterator[FileResult]:
        """What becomes of every file; private archives that were unpacked are told first, once each."""
        aside = unpacked((name for _, name in files), allowed=self.campaign.privacy.read_archives)
        for folder, refusal in aside.refusals.items():
            found = _Found(Path(folder), folder, intake.Fingerprint("", None))
            yield self._refused(found, folder, "", str(refusal))
        for path, name in files:
            if name not in aside.passed_over:
                yield from self.file(path, name)

    def file(self, path: Path, name: str) -> Iterator[FileResult]:
        """What becomes of one file: a result for each of its members."""
        if (shown := _printable(name)) != name:
            yield FileResult(shown, "refused", refused=1, reason=f"{shown}: its name is not utf-8; rename it")
            return
        try:
            found = _Found(path, name, intake.fingerprint(path))
        except OSError as error:
            reason = f"{name}: cannot be read ({error.strerror}); check its permissions"
            yield FileResult(name, "refused", refused=1, reason=reason)
            return
        if self._is_known(found):
            yield FileResult(name, "unchanged")
            return
        try:
            allowed = self.campaign.privacy.read_archives
            for member in intake.open_members(path, name, found.taken, read_archives=allowed):
                yield self._member(found, member)
        except BadExport as refusal:
            yield self._refused(found, found.name, found.sha256, str(refusal))
        self._commit_sometimes()

    def _is_known(self, found: _Found) -> bool:
        """When nothing is told, what was told of the file before still holds."""
        if self.told == Told():
            return (found.sha256, found.name) in self.known_names
        return (found.sha256, found.name, self.told.key()) in self.known_files

    def _commit_sometimes(self) -> None:
        if self.store and self.uncommitted >= _COMMIT_LOADS:
            self.store.commit()
            self.uncommitted = 0

    def _context(self, name: str) -> Context:
        """The same for all files of a folder."""
        folder = name.rpartition("/")[0]
        if folder not in self.contexts:
            self.contexts[folder] = self._context_of(folder)
        return self.contexts[folder]

    def _context_of(self, below_inbox: str) -> Context:
        folder = account_of_folder(PurePosixPath(below_inbox).parts, self.campaign)
        told = self.told.account
        if told and folder and told != folder.handle:
            where = one_line(below_inbox)
            raise BadExport(f"--account says @{told}, the folder @{folder.handle}: {where}: correct one")
        return Context(
            timezone=self.campaign.timezone,
            accounts=self.handles,
            account=told or (folder.handle if folder else None),
            exported_on=self.told.exported_on,
            today=self.now.astimezone(self.campaign.timezone).date(),
            read_archives=self.campaign.privacy.read_archives,
            comments=self.campaign.comments.enabled,
            mappings=self.mappings,
        )

    def _member(self, found: _Found, member: Member) -> FileResult:
        try:
            reading = registry.read(member, self._context(found.name))
        except BadExport as refusal:
            return self._refused(found, member.name, member.sha256, str(refusal))
        load_id = self._load_id(member.sha256, reading)
        if load_id in self.earlier.ids:
            self._settle(found, member)
            return FileResult(member.name, "unchanged", reading.source, reading.account)
        try:
            return self._load(found, member, reading, load_id)
        except BadExport as refusal:
            if self.store:
                self.store.forget_load(load_id)
            return self._refused(found, member.name, member.sha256, str(refusal))

    def _load(self, found: _Found, member: Member, reading: Reading, load_id: str) -> FileResult:
        tally = Tally()
        for batch in reading.batches:
            tally.add(batch)
            if self.store:
                self.store.add_rows(load_id, batch.tables)
        corrects = self.earlier.corrected_by(member, reading, tally.rows)
        result = FileResult(
            member.name,
            "loaded",
            reading.source,
            reading.account,
            tally.rows,
            tally.refused,
            tally.first_day,
            tally.last_day,
            tally.reason(),
            (*reading.notices, *shrunk(reading, tally.rows, corrects)),
            tuple(reading.chosen.items()),
        )
        if self.store:
            self._to_ledger(self.store, found, member, reading, load_id, result, corrects=corrects)
        return result

    def _to_ledger(
        self,
        store: Store,
        found: _Found,
        member: Member,
        reading: Reading,
        load_id: str,
        result: FileResult,
        *,
        corrects: LedgerEntry | None,
    ) -> None:
        refused_before = _refused_id(found, member.name)
        if refused_before in self.earlier.ids:
            store.forget_load(refused_before)
        replaces = corrects.load_id if corrects else None
        row = self._ledger_row(found, result, load_id, member.sha256) | {
            "platform": reading.platform,
            "exported_on": reading.exported_on,
            "source_rank": reading.source_rank,
            "replaces": replaces,
            "options": self.told.key() + (_BY_RULES + reading.rules if reading.rules else ""),
        }
        metrics = [
            {
                "load_id": load_id,
                "metric": m.metric,
                "native_name": m.native_name,
                "null_reason": m.null_reason,
            }
            for m in reading.metrics
        ]
        store.finish_load(row, metrics)
        entry = (
            load_id,
            member.sha256,
            reading.source,
            reading.account,
            member.name,
            str(found.path),
        )
        self.earlier.add(LedgerEntry(*entry, replaces, result.rows))
        self.uncommitted += 1

    def _settle(self, found: _Found, member: Member) -> None:
        """A copy of what is loaded, refused until a person told what it is: not to be asked for again."""
        refused_before = _refused_id(found, member.name)
        if self.store and refused_before in self.earlier.ids:
            self.store.forget_load(refused_before)
            copy = FileResult(member.name, "unchanged", notices=("a copy of a file that is loaded",))
            self.store.finish_load(self._ledger_row(found, copy, refused_before, member.sha256), [])
            self.uncommitted += 1

    def _load_id(self, sha256: str, reading: Reading) -> str:
        """The ledger's key: bytes, kind, account, day of export; numbered when one was replaced."""
        key = f"{sha256}|{reading.source}|{reading.account or ''}|{reading.exported_on or ''}{reading.rules}"
        ids = (hashlib.sha256(f"{key}{again or ''}".encode()).hexdigest()[:16] for again in count())
        return next(load_id for load_id in ids if load_id not in self.earlier.replaced)

    def _ledger_row(self, found: _Found, result: FileResult, load_id: str, sha256: str) -> dict[str, object]:
        return {
            "load_id": load_id,
            "source": result.source,
            "account": result.account,
            "name": result.name,
            "file_name": found.name,
            "path": str(found.path),
            "file_sha256": found.sha256,
            "sha256": sha256,
            "loaded_at": self.now.astimezone(UTC).replace(tzinfo=None, microsecond=0),
            "rows": result.rows,
            "refused": result.refused,
            "reason": result.reason,
            "notice": "; ".join(result.notices) or None,
            "chosen": json.dumps(dict(result.chosen), ensure_ascii=False, sort_keys=True),
            "first_day": result.first_day,
            "last_day": result.last_day,
            "options": self.told.key(),
        }

    def _refused(self, found: _Found, name: str, sha256: str, reason: str) -> FileResult:
        """Say so, once in the ledger however often the same file is met."""
        shown = one_line(name)
        text = reason if shown in reason or one_line(found.name) in reason else f"{shown}: {reason}"
        result = FileResult(name, "refused", refused=1, reason=text)
        load_id = _refused_id(found, name)
        is_read = (found.sha256, found.name) in self.known_names  # what is wrong is what was told of it now
        if self.store and load_id not in self.earlier.ids and not is_read:
            self.store.finish_load(self._ledger_row(found, result, load_id, sha256), [])
            self.earlier.ids.add(load_id)
            self.uncommitted += 1
        return result


def _printable(name: str) -> str:
    """A name as it can be written down: bytes that are no UTF-8 become question marks."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _refused_id(found: _Found, name: str) -> str:
    return hashlib.sha256(f"refused|{found.sha256}|{name}".encode()).hexdigest()[:16]
