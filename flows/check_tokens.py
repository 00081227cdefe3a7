"""Whether every connected account will still be readable next week, and what to do if not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.api import ApiSource
from connectors.source_errors import SourceError
from connectors.tokens import WARN_S, Tokens
from flows.credentials import Credentials
from flows.settings import BadSettings, Settings, token_variable
from models.campaign import Account, Campaign


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str
    words: str


def check_tokens(settings: Settings, campaign: Campaign) -> list[Finding]:
    """A finding for each account and API, and for each token that fits no account; nobody is asked."""
    accounts = campaign.accounts()
    credentials = Credentials(settings)
    held = [_look(credentials, a, api) for a in accounts for api in credentials.apis(a)]
    unused = set(settings.tokens) - {token_variable(a) for a in accounts}
    strange = [
        Finding(False, "tokens", f"{name} fits no account of the campaign; correct or remove it in .env")
        for name in sorted(unused)
    ]
    none = Finding(True, "tokens", "none: exports only, nothing is read from the network")
    return [*(held or [none]), *strange]


def _look(credentials: Credentials, account: Account, api: ApiSource) -> Finding:
    try:
        tokens = credentials.held(account, api.source)
    except (BadSettings, SourceError) as error:
        return Finding(False, "tokens", str(error))
    named = f"{account} for {api.source}"
    if tokens is None:
        return Finding(False, "tokens", f"{named}: run `rapup connect {account}`")
    worries = "; ".join(_worries(credentials.settings, account, api, tokens, int(time.time())))
    return Finding(not worries, "tokens", f"{named}: {worries or _good_until(tokens)}")


def _worries(
    settings: Settings, account: Account, api: ApiSource, tokens: Tokens, now_s: int
) -> Iterator[str]:
    connect = f"run `rapup connect {account} --source {api.source}`"
    end = tokens.ends_s
    if end is not None and end <= now_s:
        yield f"expired on {_day(end)}; {connect}"
    elif end is not None and end - now_s < WARN_S:
        # Without a refresh token the access token itself is renewed, by the next pull.
        cure = "run `rapup pull`, which renews it" if tokens.can_renew and not tokens.refresh else connect
        yield f"expires on {_day(end)}; {cure}"
    if tokens.refresh and api.login and settings.app(api.login.app_variables) is None:
        yield f"cannot be renewed without {' and '.join(api.login.app_variables)}; set them in .env"


def _good_until(tokens: Tokens) -> str:
    if tokens.ends_s is None:
        return "connected; its end is not told"
    return f"connected until {_day(tokens.ends_s)}"


def _day(epoch_s: int) -> str:
    return f"{datetime.fromtimestamp(epoch_s, UTC):%Y-%m-%d}"
