"""Calls of Instagram's Graph API: who calls, what a list must look like, and where its next page begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from connectors import addresses
from connectors.calls import Caller, Misshapen
from connectors.http import Api
from connectors.instagram.graph_errors import classify
from connectors.instagram.graph_fields import VERSION
from connectors.pages import Page
from connectors.source_errors import RequestRefused
from connectors.strict_json import JsonObject
from connectors.tokens import Tokens
from connectors.wording import one_line


@dataclass(frozen=True)
class Graph:
    """The API as one account calls it."""

    source: str
    account: str
    tokens: Tokens
    api: Api
    scopes: tuple[str, ...]

    def get(self, path: str, misshapen: Misshapen, query: Mapping[str, str]) -> JsonObject:
        """The object at a path below the version.

        Raises:
            SourceError: the subclass says why.
        """
        judge = partial(classify, self.source, self.account, ", ".join(self.scopes))
        caller = Caller(self.source, self.account, self.tokens.access, judge, misshapen)
        return self.api.get(f"/{VERSION}/{path}", caller, query)

    def listed(self, path: str, query: Mapping[str, str], cursor: str | None) -> Page:
        """One page of a list.

        Raises:
            RequestRefused: its next page is said to be at an address where no token is sent.
            SourceError: as `get`.
        """
        more = {"after": cursor} if cursor else {}
        return self.page_of(self.get(path, list_misshapen, {**query, **more}))

    def page_of(self, answer: JsonObject) -> Page:
        """The page in an answer. Only a cursor is taken from it: an address could lead anywhere.

        Raises:
            RequestRefused: its next page is said to be at an address where no token is sent.
        """
        paging: Any = answer.get("paging") or {}
        following = paging.get("next")
        if following is not None and not addresses.is_allowed(
            str(following), self.api.base_url, self.api.hosts
        ):
            raise RequestRefused(
                f"{self.source}: a list of @{self.account} goes on at {_host(str(following))}, where no token"
                " is sent: check the API address in the settings"
            )
        cursor = (paging.get("cursors") or {}).get("after")
        return Page(
            answer["data"], cursor if isinstance(cursor, str) and cursor else None, following is not None
        )


def list_misshapen(payload: JsonObject) -> str | None:
    """A list that lost its name must not pass for an account without posts."""
    if not isinstance(payload.get("data"), list):
        return "no data"
    return paging_misshapen(payload)


def paging_misshapen(payload: JsonObject) -> str | None:
    """`paging` may be missing, but not be something else."""
    paging = payload.get("paging", {})
    if not isinstance(paging, dict) or not isinstance(paging.get("cursors", {}), dict):
        return "paging is no object"
    return None


def _host(url: str) -> str:
    try:
        return one_line(urlsplit(url).hostname or "an address that is none", 60)
    except ValueError:
        return "an address that is none"
