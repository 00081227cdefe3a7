"""Calls of Instagram's Graph API: who calls, what a list must look like, and where its next page begins."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from connectors import addresses
from connectors.calls import Caller, Misshapen
from connectors.http import Api
from connectors.instagram.graph_errors import classify
from connectors.instagram.graph_fields import VERSION
from connectors.pages import Page
from connectors.source_errors import RequestRefused, SourceError
from connectors.strict_json import JsonObject, NotStrictJson, parse
from connectors.tokens import Tokens
from connectors.wording import one_line

MOST_AT_ONCE: Final = 50
"""Requests in one batch (Meta's page "Batch Requests"); each counts as one against its limits."""


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
        caller = Caller(self.source, self.account, self.tokens.access, self._judge, misshapen)
        return self.api.get(f"/{VERSION}/{path}", caller, query)

    def _judge(self, status: int, payload: JsonObject) -> SourceError | None:
        return classify(self.source, self.account, ", ".join(self.scopes), status, payload)

    def get_all(
        self, asked: Sequence[tuple[str, Mapping[str, str]]], misshapen: Misshapen
    ) -> list[JsonObject | SourceError | None]:
        """The objects at paths below the version, of one request: up to `MOST_AT_ONCE`.

        Each is judged by itself. None: no use, or no time for it; it may be asked for again alone.

        Raises:
            SourceError: none of them came; the subclass says why.
        """
        wanted = [
            {"method": "GET", "relative_url": f"{VERSION}/{path}?{urlencode(query)}"} for path, query in asked
        ]
        form = {"batch": json.dumps(wanted), "include_headers": "false", "access_token": self.tokens.access}
        caller = Caller(self.source, self.account, None, self._judge, list_misshapen, may_be_list=True)
        answers = self.api.post_form("/", caller, form)["data"]
        answers += [None] * (len(asked) - len(answers))
        return [self._judged(answer, misshapen) for answer in answers[: len(asked)]]

    def _judged(self, answer: Any, misshapen: Misshapen) -> JsonObject | SourceError | None:
        try:
            status, payload = int(answer["code"]), parse(str(answer["body"]).encode())
        except (TypeError, KeyError, ValueError, NotStrictJson):
            return None
        return self._judge(status, payload) or (None if misshapen(payload) else payload)

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
