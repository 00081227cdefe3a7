"""What an account's owner gives: tokens, how long they last, how they are got, renewed and given back.

Where tokens are kept is no business of a connector: it is handed them, and hands new ones back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from connectors.secret import Secret
from connectors.source_errors import TokenRejected
from connectors.strict_json import JsonObject
from connectors.values import is_whole

if TYPE_CHECKING:  # the transport costs 150 ms that a run without APIs never needs
    from connectors.http import Api

_HOUR_S: Final = 3600
WARN_S: Final = 7 * 86_400
"""So long before the end a person is told."""


@dataclass(frozen=True)
class App:
    """What the platform gave the developer: the key that addresses show, and its secret."""

    key: str
    secret: Secret


@dataclass(frozen=True)
class Tokens:
    """What one account's owner allowed one app. Epoch seconds; None: no end is known."""

    access: Secret
    refresh: Secret | None = None
    """Renews `access`; the platform may give a new one each time, and then the old one is dead."""
    issued_s: int = 0
    expires_s: int | None = None
    refresh_expires_s: int | None = None
    user_id: str | None = None
    """The account, as the platform numbers it for this app."""
    scopes: tuple[str, ...] = ()
    can_renew: bool = False
    """Whether `Login.renewed` can give later ones."""

    def is_due(self, now_s: int) -> bool:
        """Whether it is time to renew: half of the life is over, or less than an hour is left of it.

        The hour forgives a clock that is an hour slow; a clock before `issued_s` is trusted in nothing.
        """
        if not self.can_renew or self.expires_s is None:
            return False
        half = (self.expires_s - self.issued_s) // 2
        return now_s < self.issued_s or now_s >= self.expires_s - max(half, _HOUR_S)

    @property
    def ends_s(self) -> int | None:
        """When the owner must be asked again; None: not known, or never."""
        return self.refresh_expires_s if self.refresh else self.expires_s


_SHAPES: Final = (("act.", "tiktok"), ("rft.", "tiktok"), ("EAA", "instagram"), ("IG", "instagram"))


def platform_of(token: Secret) -> str | None:
    """Which platform makes tokens that begin so; None: it cannot be told."""
    text = token.reveal()
    return next((platform for start, platform in _SHAPES if text.startswith(start)), None)


@dataclass(frozen=True)
class Grant:
    """The answer of the authorisation page."""

    code: Secret
    redirect_uri: str
    verifier: Secret
    """Of PKCE (RFC 7636): proves that who asked is who redeems."""


def tokens_misshapen(answer: JsonObject) -> str | None:
    """What the answer of a token endpoint lacks (RFC 6749, 5.1)."""
    access = answer.get("access_token")
    return None if isinstance(access, str) and access else "no access_token"


def tokens_of(answer: JsonObject, now_s: int, refresh_life: str = "refresh_expires_in") -> Tokens:
    """The tokens in an answer; their lives count from `now_s`, the moment before they were asked for."""
    refresh, user_id = answer.get("refresh_token"), answer.get("open_id")
    return Tokens(
        access=Secret(answer["access_token"]),
        refresh=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        issued_s=now_s,
        expires_s=_end(answer.get("expires_in"), now_s),
        refresh_expires_s=_end(answer.get(refresh_life), now_s),
        user_id=user_id if isinstance(user_id, str) else None,
        scopes=tuple(str(answer.get("scope") or "").replace(",", " ").split()),
        can_renew=bool(refresh),
    )


def succeeding(old: Tokens, new: Tokens) -> Tokens:
    """New tokens with what their answer left out: a refresh token that was not replaced stays good."""
    kept = replace(new, user_id=new.user_id or old.user_id, scopes=new.scopes or old.scopes)
    if new.refresh or not old.refresh:
        return kept
    return replace(
        kept, refresh=old.refresh, refresh_expires_s=old.refresh_expires_s, can_renew=old.can_renew
    )


def _end(life: object, now_s: int) -> int | None:
    """Epoch seconds; a life of 0 is what Meta says of tokens without an end."""
    return now_s + life if is_whole(life) and life else None


def cannot_renew(source: str, account: str, variables: Sequence[str]) -> TokenRejected:
    """There is nothing to renew with."""
    return TokenRejected(
        f"{source}: the token of @{account} is at its end and cannot be renewed without"
        f" {' and '.join(variables)} in .env: set them, or connect the account again"
    )


class Login(Protocol):
    """A platform's OAuth 2.0: authorisation code with PKCE where there is one."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """What is asked for: reading only."""

    @property
    def comment_scope(self) -> str:
        """What is asked for besides where comments are read; empty: the API has none."""

    def with_comments(self) -> Login:
        """The same, asking to read comments too."""

    @property
    def app_variables(self) -> tuple[str, str]:
        """The variables that hold the app's key and secret."""

    @property
    def takes_loopback(self) -> bool:
        """Whether an owner may be sent back to this machine; else only to a page on the web."""

    def address(self, key: str, redirect_uri: str, state: str, verifier: Secret) -> str:
        """The page on which an owner allows it."""

    def redeem(self, app: App, grant: Grant, api: Api, account: str, now_s: int) -> Tokens:
        """Tokens for a code. Raises `SourceError`."""

    def renewed(self, app: App | None, tokens: Tokens, api: Api, account: str, now_s: int) -> Tokens:
        """Later tokens. Raises `SourceError`; `TokenRejected`: the owner must be asked again."""

    def revoke(self, app: App, tokens: Tokens, api: Api, account: str) -> bool:
        """Give the permission back; False: the platform has no call for it. Raises `SourceError`."""

    @property
    def by_hand(self) -> str:
        """Where an owner takes a permission back: the way through the platform's app."""
