"""Words for answers that are no use: what an HTTP status, a redirect or a bad body means and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from connectors.source_errors import (
    PermissionMissing,
    RateLimited,
    RequestRefused,
    RunOver,
    SourceError,
    SourceUnavailable,
    TokenRejected,
    WrongAccount,
)
from connectors.values import shown_handle
from connectors.wording import one_line

_KINDS: Final[dict[int, tuple[type[SourceError], str]]] = {
    401: (TokenRejected, "connect the account again"),
    451: (RequestRefused, "the platform is blocked in this country or network: ask IT"),
    403: (PermissionMissing, "connect the account again and allow all that is asked for"),
    429: (RateLimited, "run `rapup pull` again later"),
}


def by_status(source: str, account: str, endpoint: str, status: int) -> SourceError | None:
    """What an HTTP status says when the payload says nothing (RFC 9110, 15; RFC 6585, 4)."""
    if status < 300:  # noqa: PLR2004 - a success
        return None
    if status == 408 or status >= 500:  # noqa: PLR2004
        return unavailable(source, account, endpoint, f"HTTP {status}")
    kind, cure = _KINDS.get(status, (RequestRefused, "update rapup, or report it"))
    return kind(f"{source}: {endpoint} refused @{account} (HTTP {status}): {cure}")


def unavailable(source: str, account: str, endpoint: str, why: str) -> SourceUnavailable:
    """No whole answer came."""
    return SourceUnavailable(
        f"{source}: {endpoint} could not be read for @{account} ({why}): run `rapup pull` again later"
    )


def redirected(source: str, account: str, endpoint: str, location: str | None) -> RequestRefused:
    """The platform wants the request, and its token, elsewhere."""
    try:
        host = urlsplit(location or "").hostname or "the same host"
    except ValueError:
        host = "an address that is none"
    return RequestRefused(
        f"{source}: {endpoint} redirects @{account} to {one_line(host)}, where no token"
        " is sent: check the API address in the settings, and whether a network login page is in the way"
    )


def private_host(source: str, account: str, host: str) -> RequestRefused:
    """The platform's name leads into a private network."""
    return RequestRefused(
        f"{source}: {host} leads to a private address, where no token of @{account} is sent: check the"
        " name server and the proxy of this machine"
    )


def asks_too_long(source: str, account: str, endpoint: str, asked: float, most: float) -> RateLimited:
    """A longer pause than a run makes."""
    return RateLimited(
        f"{source}: {endpoint} asks @{account} to wait {asked:.0f} s, more"
        f" than a run waits ({most:.0f} s): run `rapup pull` after that time"
    )


def quota_nearly_used(source: str, account: str, used: float, regain_s: float) -> RateLimited:
    """The platform has not refused yet, but would soon."""
    again = f"in {regain_s / 60:.0f} minutes" if regain_s else "in an hour, or tomorrow"
    return RateLimited(
        f"{source}: {used:.0%} of the quota that @{account} is read with is used: the rest is left to its"
        f" owner; run `rapup pull` again {again}"
    )


def run_over(source: str, account: str) -> RunOver:
    """The time that a run may take is over."""
    return RunOver(
        f"{source}: the time of this run is over, @{account} is not read to its end: run `rapup pull` again,"
        " it goes on from there"
    )


def wrong_account(source: str, account: str, owners: Iterable[str]) -> WrongAccount:
    """The platform says that a token is of others, or that the account has another name by now."""
    others = ", ".join(shown_handle(name) for name in owners) or "no professional account"
    return WrongAccount(
        f"{source}: the token filed under @{account} belongs to {others}: if the account was renamed,"
        f" correct its handle in the campaign file and connect it again; if not, let the owner of @{account}"
        " connect it"
    )
