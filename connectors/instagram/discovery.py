"""Public professional accounts of Instagram that gave no token, seen by one that did ("Business Discovery").

Likes, comments, and views of reels alone: those count advertisements and Facebook too, so they are
another series than the `views` of an account's own insights. Facebook Login only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from connectors import pages, values
from connectors.api import Visit
from connectors.base import Batch, Reading
from connectors.http import Api
from connectors.instagram.graph import GRAPH_API, is_last
from connectors.instagram.graph_calls import Graph, paging_misshapen
from connectors.instagram.graph_fields import FIELDS, discovered_notes
from connectors.instagram.graph_login import FacebookLogin
from connectors.instagram.graph_rows import PLATFORM, Rows, origin
from connectors.pages import Page
from connectors.source_errors import RequestRefused
from connectors.strict_json import JsonObject
from connectors.tokens import Tokens
from models.schema import SOURCE_RANKS

SOURCE: Final = "instagram_business_discovery"
PAGE_SIZE: Final = 50
_HANDLE: Final = re.compile(r"[\w.]{1,30}", re.ASCII)  # it stands inside an expression of fields
_CURSOR: Final = re.compile(r"[\w=-]+", re.ASCII)


@dataclass(frozen=True)
class BusinessDiscovery:
    """Reads an account with the token of another, connected through Facebook Login."""

    source: str = SOURCE
    token_source: str = GRAPH_API.source
    platform: str = PLATFORM
    base_variable: str = GRAPH_API.base_variable

    @property
    def login(self) -> FacebookLogin:
        """That of the account which looks."""
        return FacebookLogin()

    def open_api(self, base_url: str | None = None) -> Api:
        """The way to Meta, or to a loopback address in a test.

        Raises:
            ValueError: `base_url` is another host, or not https.
        """
        return GRAPH_API.open_api(base_url)

    def owner(self, account: str, tokens: Tokens, api: Api) -> Tokens:
        """Those of the account which looks.

        Raises:
            WrongAccount, SourceError: see `GraphApi.owner`.
        """
        return GRAPH_API.owner(account, tokens, api)

    def read(self, visit: Visit) -> Reading:
        """The public posts of the window, and today's followers.

        Raises:
            SourceError: before the first batch, or while batches are drawn.
        """
        if not _HANDLE.fullmatch(visit.account) or visit.tokens.user_id is None:
            raise RequestRefused(f"{SOURCE}: @{visit.account} cannot be asked for: check its handle")
        graph = Graph(SOURCE, visit.account, visit.tokens, visit.api, GRAPH_API.login.scopes)
        return Reading(
            source=SOURCE,
            platform=PLATFORM,
            account=visit.account,
            exported_on=visit.now.astimezone(visit.context.timezone).date(),
            batches=_batches(graph, visit),
            metrics=discovered_notes(),
            chosen={"views": "of reels alone, with advertisements and Facebook"},
            source_rank=SOURCE_RANKS["api"],
        )


def _batches(graph: Graph, visit: Visit) -> Iterator[Batch]:
    rows = Rows(SOURCE, visit)
    followers: dict[str, Any] = {}

    def fetch(cursor: str | None) -> Page:
        found = _discovered(graph, visit, cursor)
        followers.setdefault("count", found.get("followers_count"))
        media = found.get("media") or {}
        after = ((media.get("paging") or {}).get("cursors") or {}).get("after")
        # It is put into the next expression: nothing but letters, digits and the like may be in it.
        cursor = after if isinstance(after, str) and _CURSOR.fullmatch(after) else None
        return Page(media.get("data") or [], cursor, bool(after))

    is_first = True
    for page in pages.all_pages(fetch, visit.window.cursor, SOURCE, visit.account, "the list of posts"):
        if is_first:
            yield _account_batch(visit, {"followers_count": followers["count"]})
            is_first = False
        last = is_last(page, visit.window.since_s)
        batch = rows.batch(page.items, "discovery", {})
        cursor = None if last else page.cursor
        yield replace(batch, cursor=cursor, ends=last and rows.is_whole)
        if last:
            return


def _account_batch(visit: Visit, profile: JsonObject) -> Batch:
    reasons: list[str] = []
    followers = values.count(profile, "followers_count", reasons)
    today = visit.now.astimezone(visit.context.timezone).date()
    row = {**origin(SOURCE, visit, 1), "day": today, "followers": followers}
    table = values.to_table("account_days_seen", [] if followers is None else [row])
    return Batch({"account_days_seen": table}, table.num_rows, (), visit.window.cursor)


def _discovered(graph: Graph, visit: Visit, cursor: str | None) -> JsonObject:
    """One page of an account, asked for inside one expression."""
    after = f".after({cursor})" if cursor else ""
    media = f"media.limit({PAGE_SIZE}){after}{{{','.join(FIELDS['discovery'])}}}"
    wanted = f"business_discovery.username({visit.account}){{username,followers_count,{media}}}"
    answer = graph.get(str(visit.tokens.user_id), _misshapen, {"fields": wanted})
    found: JsonObject = answer["business_discovery"]
    return found


def _misshapen(payload: JsonObject) -> str | None:
    found = payload.get("business_discovery")
    if not isinstance(found, dict) or not isinstance(found.get("username"), str):
        return "no business_discovery.username"
    media = found.get("media", {"data": []})
    if not isinstance(media, dict) or not isinstance(media.get("data"), list):
        return "no business_discovery.media.data"
    return paging_misshapen(media)
