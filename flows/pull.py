"""Accounts that gave consent, read through their platform's API into the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors import registry
from connectors.base import Context, Reading
from connectors.source_errors import SourceError, TokenRejected
from flows.settings import Settings, token_variable
from models.campaign import Account, Campaign
from models.store import Store, open_store


@dataclass(frozen=True)
class Pulled:
    """What became of one account."""

    account: str
    rows: int = 0
    reason: str | None = None


def accounts_with_tokens(settings: Settings, campaign: Campaign) -> list[Account]:
    """Accounts of the campaign that can be pulled."""
    return [a for c in campaign.creators for a in c.accounts if settings.token(a)]


def pull(settings: Settings, campaign: Campaign, source: str | None = None) -> list[Pulled]:
    """Read every account that has a token; a failure of one is reported and harms no other.

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    return [pull_account(settings, campaign, a, source) for a in accounts_with_tokens(settings, campaign)]


def pull_account(
    settings: Settings, campaign: Campaign, account: Account, source: str | None = None
) -> Pulled:
    """One account's posts and figures of now: one load, committed whole or not at all."""
    settings.data.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    try:
        with open_store(settings.data) as store:
            return Pulled(str(account), _read(store, settings, campaign, account, source, now))
    except TokenRejected as error:
        return Pulled(str(account), reason=f"{error}; set the new one as {token_variable(account)} in .env")
    except SourceError as error:
        return Pulled(str(account), reason=str(error))


def _read(
    store: Store, settings: Settings, campaign: Campaign, account: Account, source: str | None, now: datetime
) -> int:
    connector = registry.api_of(account.platform, source)
    token = settings.token(account)
    if connector is None or token is None:
        raise SourceError(
            f"{account}: no API of this platform is known; remove its token, or leave out --source"
        )
    context = Context(
        timezone=campaign.timezone,
        accounts=campaign.handles(),
        account=account.handle,
        today=now.astimezone(campaign.timezone).date(),
    )
    reading = connector.read(account.handle, token, connector.open_api(settings.tiktok_api), context, now)
    return _store(store, reading, now)


def _store(store: Store, reading: Reading, now: datetime) -> int:
    moment = now.replace(tzinfo=None, microsecond=0)
    name = f"{reading.source}:{reading.account}:{moment.isoformat()}Z"
    digest = hashlib.sha256(name.encode()).hexdigest()
    rows = refused = 0
    reasons: list[str] = []
    for batch in reading.batches:
        store.add_rows(digest[:16], batch.tables)
        rows += batch.rows
        refused += len(batch.refused)
        reasons += [f"post {r.row}: {r.reason}" for r in batch.refused[:3]]
    ledger = {
        "load_id": digest[:16],
        "source": reading.source,
        "source_rank": reading.source_rank,
        "platform": reading.platform,
        "account": reading.account,
        "name": name,
        "file_name": name,
        "path": "",
        "file_sha256": digest,
        "sha256": digest,
        "loaded_at": moment,
        "rows": rows,
        "refused": refused,
        "reason": "; ".join(reasons[:3]) or None,
        "notice": "; ".join(reading.notices) or None,
        "options": "",
    }
    metrics = [
        {
            "load_id": digest[:16],
            "metric": m.metric,
            "native_name": m.native_name,
            "null_reason": m.null_reason,
        }
        for m in reading.metrics
    ]
    store.finish_load(ledger, metrics)
    return rows
