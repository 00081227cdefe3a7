"""Which accounts a pull reads, through which API, and with whose token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from connectors import registry
from connectors.api import ApiSource
from flows.credentials import Credentials
from models.campaign import Account, Campaign


@dataclass(frozen=True)
class Job:
    """One account through one API."""

    account: Account
    api: ApiSource
    owner: Account
    """Whose token it is read with: the account itself, but for APIs that look at others."""

    def __str__(self) -> str:
        return f"{self.account} ({self.api.source})"


def jobs(credentials: Credentials, campaign: Campaign, today: date, source: str | None = None) -> list[Job]:
    """Every account that can be read, in the order of the campaign file (`source`: by that API only).

    Accounts of creators whose consent has ended are not read.
    """
    accounts = [a for c in campaign.creators if _consents(c.consent_until, today) for a in c.accounts]
    own = [Job(a, api, a) for a in accounts for api in credentials.apis(a)]
    found = [*own, *_of_others(accounts, own)]
    return [job for job in found if source in (None, job.api.source)]


def _consents(until: date | None, today: date) -> bool:
    return until is None or today <= until


def _of_others(accounts: list[Account], own: list[Job]) -> Iterator[Job]:
    """Accounts that gave no token themselves, where an API shows them to another account of the campaign."""
    reached = {job.account for job in own}
    for account in accounts if own else ():
        if account in reached:
            continue
        for api in registry.apis(account.platform):
            owner = next((job.owner for job in own if job.api.source == api.token_source), None)
            if owner and api.token_source != api.source:
                yield Job(account, api, owner)
