"""The error names of TikTok's API v2, each with what to do about it.

Names and HTTP statuses are those of TikTok's developer page "Error Handling".
"""

from __future__ import annotations

import re
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

_CODE: Final = re.compile(r"[a-z_]{1,40}")

# "{account}" and "{scopes}" are filled in. TikTok answers 401 for two of these and 400 for others
# that mean much the same, so that only the name tells what is to be done.
_FAILURES: Final[Mapping[str, tuple[type[SourceError], str]]] = {
    "access_token_invalid": (
        TokenRejected,
        "the token of @{account} has expired or was withdrawn: connect the account again",
    ),
    "scope_not_authorized": (
        PermissionMissing,
        "@{account} has not allowed all of {scopes}: connect the account again and let its owner allow each",
    ),
    "scope_permission_missed": (
        PermissionMissing,
        "the token of @{account} does not cover all of {scopes}: add them to your app on TikTok's developer"
        " page, then connect the account again",
    ),
    "rate_limit_exceeded": (
        RateLimited,
        "TikTok takes no more requests for @{account} now: run `rapup pull` again in an hour",
    ),
    "internal_error": (
        SourceUnavailable,
        "TikTok has an error of its own and did not answer for @{account}: run `rapup pull` again later",
    ),
    "invalid_params": (
        RequestRefused,
        "TikTok does not take the request for @{account} as it is: update rapup, or report it",
    ),
    "invalid_grant": (
        TokenRejected,
        "what @{account} allowed has expired, was used or was withdrawn: connect the account again",
    ),
    "invalid_client": (
        RequestRefused,
        "TikTok does not know the app that @{account} is read with: check its key and secret in .env",
    ),
}


def classify(source: str, account: str, scopes: str, status: int, payload: JsonObject) -> Verdict:
    """The failure that TikTok's error name stands for; None when it is "ok" or says nothing.

    A name that is not in the table is a failure too if it came with HTTP 200.
    """
    code = _error_code(payload)
    if code is None or code == "ok":
        return None
    if code in _FAILURES:
        kind, text = _FAILURES[code]
        return kind(f"{source}: {text.format(account=account, scopes=scopes)} ({code})")
    if status >= 400:  # noqa: PLR2004 - then the status says more than a name nobody knows
        return None
    shown = code if _CODE.fullmatch(code) else "an unreadable name"
    return RequestRefused(f"{source}: an unknown error for @{account} ({shown}): update rapup, or report it")


def _error_code(payload: JsonObject) -> str | None:
    """Of the API's envelope, or of the one that TikTok's login pages use."""
    error = payload.get("error")
    code = error.get("code") if isinstance(error, dict) else error
    return code if isinstance(code, str) else None
