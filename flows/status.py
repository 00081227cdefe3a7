"""How things stand: `status` reads what is published, `check` looks at everything before a run."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.base import BadExport
from flows import steps
from flows.settings import Settings, token_variable
from flows.steps import Trouble
from models.campaign import BadCampaign, Campaign
from models.store import Published, StoreBusy, StoreUnreadable, open_published, open_store


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
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str
    words: str


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
    return Status(str(as_of), str(built_at), sources, troubles + tuple(steps.stale_sources(settings)))


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
        *_check_tokens(settings, campaign),
        _check_inbox(settings, campaign),
        _check_store(settings),
    ]


def _check_tokens(settings: Settings, campaign: Campaign) -> list[Finding]:
    accounts = [account for creator in campaign.creators for account in creator.accounts]
    held = [a for a in accounts if settings.token(a)]
    words = ", ".join(str(a) for a in held) or "none: exports only, nothing is read from the network"
    unused = set(settings.tokens) - {token_variable(a) for a in accounts}
    return [
        Finding(True, "tokens", words),
        *(
            Finding(False, "tokens", f"{name} fits no account of the campaign; correct or remove it in .env")
            for name in sorted(unused)
        ),
    ]


def _check_inbox(settings: Settings, campaign: Campaign) -> Finding:
    try:
        results = steps.ingest(settings, campaign, dry_run=True)
    except BadExport:
        return Finding(False, "inbox", f"{settings.inbox}: not there yet; run `rapup init {campaign.name}`")
    refused = [result for result in results if result.status == "refused"]
    if refused:
        more = f" (and {len(refused) - 1} more: rapup ingest --dry-run)" if len(refused) > 1 else ""
        return Finding(False, "inbox", f"{refused[0].reason}{more}")
    return Finding(True, "inbox", f"{len(results)} files can be read")


def _check_store(settings: Settings) -> Finding:
    if not (settings.data / "store.duckdb").exists():
        return Finding(True, "store", "none yet; `rapup ingest` makes it")
    try:
        with open_store(settings.data) as store:
            store.verify()
            return Finding(True, "store", f"{len(store.loads())} loads")
    except (StoreBusy, StoreUnreadable) as error:
        return Finding(False, "store", str(error))
