"""One call of an API: on whose behalf it is made, what it carries, and how its answer is to be judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from connectors.secret import Secret
from connectors.source_errors import SourceError, TokenRejected
from connectors.strict_json import JsonObject

Classify = Callable[[int, JsonObject], SourceError | None]
"""Of an HTTP status and a payload: the failure that they mean, None if the status may decide."""

Misshapen = Callable[[JsonObject], str | None]
"""Of a payload without an error: what it lacks to be used, None if nothing."""

Values = Mapping[str, object]
"""Names and values of a query, form or JSON body; a `Secret` is revealed only as it is sent."""


def _well_shaped(_payload: JsonObject) -> None:
    return None


@dataclass(frozen=True)
class Caller:
    """On whose behalf a request is made, and how its answer is to be judged."""

    source: str
    """Name in the ledger: "tiktok_display_api"."""
    account: str
    """Handle, for messages."""
    token: Secret | None
    """None: the request carries what proves the right to make it."""
    classify: Classify
    misshapen: Misshapen = _well_shaped
    header: str = "Authorization"
    """Where the token travels; only under this name does "Bearer" stand before it."""
    may_be_empty: bool = False
    """Whether success may have no body at all; it is then read as `{}`."""
    may_be_list: bool = False
    """Whether success may be a list; it is then read as `{"data": [...]}`."""

    def refuse_unsendable_token(self) -> None:
        """A header must be able to hold the token; requests would print one that does not fit.

        Raises:
            TokenRejected: none can.
        """
        if self.token is not None and not re.fullmatch(r"[!-~]+", self.token.reveal()):
            raise TokenRejected(
                f"{self.source}: the token of @{self.account} is empty or holds a blank or a line end:"
                " copy it again"
            )


@dataclass(frozen=True)
class Request:
    """What is sent, its secrets still closed."""

    method: str
    url: str
    query: Values
    body: Values | None = None
    form: Values | None = None

    @property
    def host(self) -> str:
        """To whom it goes."""
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        """By which rates are kept."""
        return urlsplit(self.url).path

    @property
    def endpoint(self) -> str:
        """For messages: scheme, host and path."""
        return SplitResult(urlsplit(self.url).scheme, self.host, self.path, "", "").geturl()

    def named(self, caller: Caller) -> tuple[str, str, str]:
        """Source, account and endpoint, as verdicts name them."""
        return caller.source, caller.account, self.endpoint

    def secrets(self, caller: Caller) -> list[Secret]:
        """Everything in it that nobody may see."""
        parts = (self.query, self.body or {}, self.form or {})
        values = [caller.token, *(value for part in parts for value in part.values())]
        return [value for value in values if isinstance(value, Secret)]


def revealed(values: Values | None) -> dict[str, object] | None:
    """The values themselves, for the one line that sends them."""
    if values is None:
        return None
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}
