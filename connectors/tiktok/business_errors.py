"""The error codes of TikTok's API for Business, each with what to do about it.

An answer with HTTP 200 and a code other than 0 is a failure. Codes are those of TikTok's page "Appendix,
Return Codes" (business-api.tiktok.com/portal/docs?id=1737172488964097).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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

# A limit by the minute asks for five minutes of silence, one by the day for the rest of the UTC day.
_LIMITED: Final = (
    RateLimited,
    "TikTok takes no more requests for @{account} now: run `rapup pull` again in ten minutes, or tomorrow",
)
_WITHDRAWN: Final = (
    TokenRejected,
    "the token of @{account} has expired or was withdrawn: connect the account again",
)
_CODE_USED: Final = (
    TokenRejected,
    "the code for @{account} is used up or too old: connect the account again",
)
_FAILURES: Final[Mapping[int, tuple[type[SourceError], str]]] = {
    40001: (
        PermissionMissing,
        "the token of @{account} does not cover all of {scopes}: connect the account again and allow each,"
        " and see whether TikTok has approved your app for them",
    ),
    40002: (
        RequestRefused,
        "TikTok does not take the request for @{account} as it is: update rapup, or report it",
    ),
    40016: _LIMITED,
    40100: _LIMITED,
    40101: (
        RequestRefused,
        "TikTok does not know the app that @{account} is read with: check its id and secret in .env",
    ),
    40102: (TokenRejected, "the token of @{account} has expired: connect the account again"),
    40104: (TokenRejected, "the token of @{account} is missing or empty: connect the account again"),
    40105: _WITHDRAWN,
    40107: _WITHDRAWN,
    40110: _CODE_USED,
    40131: _CODE_USED,
    40133: _LIMITED,
}
_THEIRS: Final = range(50000, 60000)


def classify(source: str, account: str, scopes: str, status: int, payload: JsonObject) -> Verdict:
    """The failure that TikTok's code stands for; None when it is 0 or there is none."""
    code = payload.get("code")
    if code == 0 or not isinstance(code, int) or isinstance(code, bool):
        return None
    if code in _FAILURES:
        kind, text = _FAILURES[code]
        return kind(f"{source}: {text.format(account=account, scopes=scopes)} ({code})")
    if code in _THEIRS:
        return SourceUnavailable(
            f"{source}: TikTok has an error of its own and did not answer for @{account}:"
            f" run `rapup pull` again later ({code})"
        )
    if status >= 400:  # noqa: PLR2004 - then the status says more than a code nobody knows
        return None
    return RequestRefused(f"{source}: an unknown error for @{account} ({code}): update rapup, or report it")
