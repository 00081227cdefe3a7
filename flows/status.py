"""How things stand: `status` reads what is published, `check` looks at everything before a run."""

from __future__ import annotations

from dataclasses import dataclass

from connectors import intake
from connectors.archives import folder_of
from connectors.base import BadExport
from connectors.wording import listed
from flows import steps
from flows.check_comments import check_comments
from flows.check_tokens import Finding, check_tokens
from flows.exports import find_files
from flows.pull_states import PullState, pull_states, pull_troubles
from flows.settings import Settings
from flows.steps import Trouble
from models.campaign import BadCampaign, Campaign
from models.readers import Published
from models.store import StoreBusy, StoreUnreadable, open_published, open_store

_DELETE = "a private archive lies in the inbox; delete it, also elsewhere, once its posts are read or refused"


@dataclass(frozen=True)
class SourceState:
    """One source of one account."""

    platform: str | None
    account: str | None
    source: str | None
    newest: str | None
    """Day, as 2024-02-06; None when nothing ever came."""
    status: str | None


@dataclass(frozen=True)
class Status:
    """What is published, how fresh it is, and what needs a person."""

    as_of: str
    built_at: str
    sources: tuple[SourceState, ...]
    pulls: tuple[PullState, ...]
    troubles: tuple[Trouble, ...]


def status(settings: Settings) -> Status:
    """Freshness, refused files and why.

    Raises:
        StoreUnreadable: nothing is published yet.
    """
    with open_published(settings.data) as published:
        ((as_of, built_at),) = published.rows("SELECT CAST(as_of AS DATE), built_at FROM marts.campaign")
        refusals = published.rows(
            "SELECT name, reason FROM marts.loads WHERE reason IS NOT NULL ORDER BY name, load_id"
        )
        troubles = tuple(Trouble(str(name), str(reason)) for name, reason in refusals)
        sources = _sources(published)
        pulls = pull_states(published)
    told = {trouble.name for trouble in troubles}
    archives = tuple(Trouble(name, _DELETE) for name in _archives(settings) if name not in told)
    stale = tuple(steps.stale_sources(settings))
    found = (*troubles, *archives, *pull_troubles(pulls), *stale)
    return Status(str(as_of), str(built_at), sources, pulls, found)


def _archives(settings: Settings) -> list[str]:
    """The private archives that still lie in the inbox."""
    if not settings.inbox.is_dir():
        return []
    files = find_files([settings.inbox], settings.inbox)
    found = (_archive_name(name) for path, name in files if intake.is_private_archive(path, name))
    return list(dict.fromkeys(found))


def _archive_name(name: str) -> str:
    """The file's own, or that of the folder when the archive was unpacked."""
    unpacked = folder_of(name)
    return unpacked[0] if unpacked else name


def _sources(published: Published) -> tuple[SourceState, ...]:
    rows = published.rows(
        "SELECT platform, account, source, CAST(CAST(newest_observation AS DATE) AS VARCHAR), status"
        " FROM marts.sources ORDER BY account, platform, source"
    )
    return tuple(SourceState(*(None if cell is None else str(cell) for cell in row)) for row in rows)


def check(settings: Settings) -> list[Finding]:
    """Look at settings, campaign file, tokens, inbox and store; nothing is changed."""
    findings = [Finding(True, "data folder", str(settings.data.resolve()))]
    try:
        campaign = settings.load_campaign()
    except BadCampaign as error:
        return [*findings, Finding(False, "campaign file", str(error))]
    findings.append(Finding(True, "campaign file", f"{campaign.title}, {len(campaign.topics)} topics"))
    return [
        *findings,
        *check_tokens(settings, campaign),
        *check_comments(settings, campaign),
        _check_inbox(settings, campaign),
        *_check_archives(settings),
        _check_store(settings),
    ]


def _check_inbox(settings: Settings, campaign: Campaign) -> Finding:
    try:
        results = steps.ingest(settings, campaign, dry_run=True)
    except BadCampaign as error:
        return Finding(False, "mapping", str(error))
    except BadExport:
        return Finding(False, "inbox", f"{settings.inbox}: not there yet; run `rapup init {campaign.name}`")
    refused = [result for result in results if result.status == "refused"]
    if refused:
        more = f" (and {len(refused) - 1} more: rapup ingest --dry-run)" if len(refused) > 1 else ""
        return Finding(False, "inbox", f"{refused[0].reason}{more}")
    return Finding(True, "inbox", f"{len(results)} files can be read")


def _check_archives(settings: Settings) -> list[Finding]:
    found = _archives(settings)
    return [Finding(False, "private archive", f"{_DELETE}: {listed(found, 5)}")] if found else []


def _check_store(settings: Settings) -> Finding:
    if not (settings.data / "store.duckdb").exists():
        return Finding(True, "store", "none yet; `rapup ingest` makes it")
    try:
        with open_store(settings.data) as store:
            store.verify()
            return Finding(True, "store", f"{len(store.loads())} loads")
    except (StoreBusy, StoreUnreadable) as error:
        return Finding(False, "store", str(error))
