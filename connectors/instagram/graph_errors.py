"""The error codes of Meta's Graph API, each with what to do about it.

Codes are those of Meta's pages "Graph API, handle errors", "Rate Limits" and "Instagram media insights"
(2026). Meta answers HTTP 400 to most of them, also where another status is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from connectors.source_errors import (
    PermissionMissing,
    RateLimited,
    RequestRefused,
    SourceError,
    SourceUnavailable,
    TokenRejected,
)
from connectors.strict_json import JsonObject

Verdict = SourceError | None


class MetricRefused(RequestRefused):
    """One of the metrics, or fields, asked for is not to be had of this kind of post."""


class NotOfThisPost(RequestRefused):
    """There are no insights of this one post, and there will be none; the others are not concerned."""

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message, why)
        self.why = why

    def __str__(self) -> str:
        return str(self.args[0])


_TRANSIENT: Final = frozenset({1, 2})
_LIMITS: Final = frozenset({4, 17, 32, 341, 368, 613, *range(80000, 80015)})
_TOKENS: Final = frozenset({102, 190, 463, 467})
_PERMISSIONS: Final = frozenset({3, 10, *range(200, 300)})
_BAD_PARAMETER: Final = 100
_NO_SUCH_USER: Final = 110
_WITHDRAWN: Final[Mapping[int, str]] = {
    458: "its owner removed the app",
    459: "its owner must log in to Instagram or Facebook and answer a question",
    460: "its owner changed the password",
    463: "it has expired",
    464: "its owner has not confirmed the account",
    467: "it was withdrawn",
}
_ONE_POST: Final[Mapping[int, str]] = {
    33: "deleted, or not ours",
    2108006: "from before the account was professional",
}


def classify(source: str, account: str, scopes: str, status: int, payload: JsonObject) -> Verdict:
    """The failure that Meta's code stands for; None when there is none, or nobody knows it."""
    error = payload.get("error")
    if "error_type" in payload:  # the login pages' own kind
        return TokenRejected(
            f"{source}: what @{account} allowed is used up, too old or not for this app: connect it again"
        )
    if not isinstance(error, dict):
        return None
    code, sub = _whole(error.get("code")), _whole(error.get("error_subcode"))
    if code in _TOKENS:
        why = _WITHDRAWN.get(sub, "it has expired or was withdrawn")
        return TokenRejected(f"{source}: the token of @{account} is no longer taken: {why} ({code}/{sub})")
    if code in _LIMITS:
        return RateLimited(
            f"{source}: Meta takes no more requests for @{account} now: run `rapup pull` again in an hour"
            f" ({code})"
        )
    if code in _TRANSIENT or error.get("is_transient") is True:
        return SourceUnavailable(
            f"{source}: Meta has an error of its own and did not answer for @{account}: run `rapup pull`"
            f" again later ({code})"
        )
    return _of_this_post(source, account, code, sub, error) or _refused(source, account, scopes, code, status)


def _of_this_post(source: str, account: str, code: int, sub: int, error: Mapping[str, Any]) -> Verdict:
    """What concerns one post only: Meta uses the codes of permissions and parameters for it."""
    why = None
    if code == _BAD_PARAMETER:
        why = _ONE_POST.get(sub)
    elif code in _PERMISSIONS and "viewers" in str(error.get("message")).lower():
        why = "too few viewers"
    if why is None:
        return None
    return NotOfThisPost(f"{source}: no insights of a post of @{account}: {why} ({code})", why)


def _refused(source: str, account: str, scopes: str, code: int, status: int) -> Verdict:
    if code in _PERMISSIONS:
        return PermissionMissing(
            f"{source}: @{account} has not allowed all of {scopes}, or Meta has not approved your app for"
            f" them: connect the account again and allow each ({code})"
        )
    if code == _NO_SUCH_USER:
        return RequestRefused(
            f"{source}: @{account} is no public professional account of Instagram: correct its handle, ask"
            f" its owner for an export, or connect it ({code})"
        )
    if code == _BAD_PARAMETER:
        return MetricRefused(
            f"{source}: Meta does not take the request for @{account} as it is: update rapup, or report it"
            f" ({code})"
        )
    if status >= 400:  # noqa: PLR2004 - then the status says more than a code nobody knows
        return None
    return RequestRefused(f"{source}: an unknown error for @{account} ({code}): update rapup, or report it")


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
