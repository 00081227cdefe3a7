"""Instagram's Graph API: the posts, stories and insights of a professional account that gave its consent.

Through Instagram Login (graph.instagram.com) or Facebook Login (graph.facebook.com), which gives the
posts of others on which the account is a collaborator, too. Figures are of Instagram alone and organic;
Meta's totals with advertisements and Facebook have other names and are not mixed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from connectors import pages, verdicts
from connectors.api import Visit
from connectors.base import Batch, Reading
from connectors.comments import Comments
from connectors.drift import nothing_listed
from connectors.http import Api
from connectors.instagram.graph_account import AccountFigures
from connectors.instagram.graph_calls import Graph, list_misshapen
from connectors.instagram.graph_comments import commented, comments_of
from connectors.instagram.graph_errors import NotOfThisPost
from connectors.instagram.graph_fields import FIELDS, own_notes
from connectors.instagram.graph_login import FACEBOOK, INSTAGRAM, LOGIN_HOST, FacebookLogin, InstagramLogin
from connectors.instagram.graph_rows import PLATFORM, Rows, insight_kind, published_s
from connectors.instagram.insights import Insights, Values, values_of
from connectors.pages import Page
from connectors.source_errors import MalformedResponse, PermissionMissing, RequestRefused
from connectors.strict_json import JsonObject
from connectors.tokens import Tokens
from models.schema import SOURCE_RANKS

PAGE_SIZE: Final = 25  # each post costs a request more: a short page is sooner stored
_PROFILE: Final = "username,followers_count,media_count"


@dataclass(frozen=True)
class GraphApi:
    """Reads one professional account; which login its token came from decides what else it sees."""

    source: str
    host: str
    login: InstagramLogin | FacebookLogin
    platform: str = PLATFORM
    base_variable: str = "INSTAGRAM_API_BASE"

    @property
    def token_source(self) -> str:
        """Its own."""
        return self.source

    def open_api(self, base_url: str | None = None) -> Api:
        """The way to Meta, or to a loopback address in a test.

        Raises:
            ValueError: `base_url` is another host, or not https.
        """
        hosts = {self.host} if self.login is FACEBOOK else {self.host, LOGIN_HOST}
        return Api(base_url or f"https://{self.host}", frozenset(hosts))

    def owner(self, account: str, tokens: Tokens, api: Api) -> Tokens:
        """The tokens with the account's number, by which Meta lists its posts.

        Raises:
            WrongAccount: they are another account's.
            SourceError: Meta does not say whose they are.
        """
        graph = Graph(self.source, account, tokens, api, self.login.scopes)
        found = self._of_pages(graph) if self.login is FACEBOOK else self._of_me(graph)
        if account not in found:
            raise verdicts.wrong_account(self.source, account, found)
        return replace(tokens, user_id=found[account])

    def read(self, visit: Visit) -> Reading:
        """The posts of the window with their insights, stories of the day, the account's days and audience.

        Raises:
            SourceError: before the first batch, or while batches are drawn.
        """
        tokens = visit.tokens if visit.tokens.user_id else self.owner(visit.account, visit.tokens, visit.api)
        graph = Graph(self.source, visit.account, tokens, visit.api, self.login.scopes)
        profile = self._profile(graph, str(tokens.user_id))
        if str(profile["username"]).lower() != visit.account:
            self.owner(visit.account, tokens, visit.api)
        walk = _Walk(graph, str(tokens.user_id), visit, self.login is FACEBOOK, self.login.comment_scope)
        return Reading(
            source=self.source,
            platform=PLATFORM,
            account=visit.account,
            exported_on=visit.now.astimezone(visit.context.timezone).date(),
            batches=walk.batches(profile),
            metrics=own_notes(),
            chosen={"days": "US Pacific, as Meta counts them", "views": "organic, on Instagram"},
            notices=walk.notices,
            source_rank=SOURCE_RANKS["api"],
        )

    def _profile(self, graph: Graph, user_id: str) -> JsonObject:
        try:
            return graph.get(user_id, _profile_misshapen, {"fields": _PROFILE})
        except NotOfThisPost:
            raise RequestRefused(
                f"{self.source}: Meta no longer knows @{graph.account} as a professional account: it was"
                " converted, deleted or taken from its Page; ask its owner, then connect it again"
            ) from None

    def _of_me(self, graph: Graph) -> dict[str, str]:
        """The one account of a token, with its number."""
        me = graph.get("me", _me_misshapen, {"fields": "user_id,username"})
        return {str(me["username"]).lower(): str(me["user_id"])}

    def _of_pages(self, graph: Graph) -> dict[str, str]:
        """Accounts of all Pages that a token reaches, with their numbers."""
        query = {"fields": "instagram_business_account{id,username}", "limit": "100"}
        listed = partial(graph.listed, "me/accounts", query)
        found: dict[str, str] = {}
        for page in pages.all_pages(listed, None, self.source, graph.account, "the list of pages"):
            for item in page.items:
                account = item.get("instagram_business_account") if isinstance(item, dict) else None
                if isinstance(account, dict) and isinstance(account.get("username"), str):
                    found[account["username"].lower()] = str(account.get("id"))
        return found


LOGIN_API: Final = GraphApi("instagram_login_api", "graph.instagram.com", INSTAGRAM)
GRAPH_API: Final = GraphApi("instagram_graph_api", "graph.facebook.com", FACEBOOK)


@dataclass
class _Walk:
    """One way through an account's lists: stories, its own posts, then those of others."""

    graph: Graph
    user_id: str
    visit: Visit
    is_facebook: bool
    """Whether it is Facebook Login, which lists posts of others, too, and takes many requests as one."""
    comment_scope: str
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows = Rows(self.graph.source, self.visit)
        self.reasons: list[str] = []
        fetch_all = self._insights_at_once if self.is_facebook else None
        self.insights = Insights(self._insights, self.visit.window.not_given, self.notices, fetch_all)
        self.comments = Comments(self.visit, "Meta", self.comment_scope, self.notices)

    def batches(self, profile: JsonObject) -> Iterator[Batch]:
        """The account's figures, its stories, then one batch per page."""
        yield AccountFigures(self.graph, self.user_id, self.visit, self.notices).batch(profile)
        yield from self._stories()
        start = self.visit.window.cursor or ""
        edge, _, cursor = start.partition(" ")
        if edge != "collaborative_media":
            yield from self._pages("media", cursor or None)
        if self.is_facebook:
            yield from self._of_others(cursor if edge == "collaborative_media" else None)
        self.insights.tell()
        self.comments.tell()
        if not start and not self.rows.posts:
            self.notices.append(nothing_listed("Meta"))

    def _stories(self) -> Iterator[Batch]:
        """What can be seen now: a story is gone, and its insights with it, after a day."""
        try:
            page = self.graph.listed(f"{self.user_id}/stories", {"fields": ",".join(FIELDS["media"])}, None)
        except (RequestRefused, PermissionMissing):
            self.notices.append("Meta does not list the account's stories: left out")
            return
        stories = [{**item, "media_product_type": "STORY"} for item in page.items if isinstance(item, dict)]
        if stories:
            was_whole = self.rows.is_whole
            batch = self._batch(stories, "media")
            self.rows.is_whole = was_whole  # a story is never looked for again
            yield replace(batch, cursor=self.visit.window.cursor)

    def _pages(self, edge: str, cursor: str | None) -> Iterator[Batch]:
        name = "media" if edge == "media" else "collaborative"
        query = {"fields": ",".join(FIELDS[name]), "limit": str(PAGE_SIZE)}
        listed = partial(self.graph.listed, f"{self.user_id}/{edge}", query)
        for page in pages.all_pages(
            listed, cursor, self.graph.source, self.visit.account, f"the list of {edge}"
        ):
            batch = self._batch(page.items, name)
            last = is_last(page, self.visit.window.since_s)
            below = (comments_of(self.graph, self.visit, *ids) for ids in commented(page.items, name))
            yield from self.comments.after(self._placed(batch, edge, page, last=last), below)
            if last:
                return

    def _placed(self, batch: Batch, edge: str, page: Page, *, last: bool) -> Batch:
        """A batch with where a later walk goes on: on this list, on the next, or nowhere."""
        if not last:
            return replace(batch, cursor=page.cursor and f"{edge} {page.cursor}")
        if edge == "media" and self.is_facebook:
            return replace(batch, cursor="collaborative_media ")
        return replace(batch, ends=self.rows.is_whole)

    def _of_others(self, cursor: str | None) -> Iterator[Batch]:
        try:
            yield from self._pages("collaborative_media", cursor or None)
        except (RequestRefused, PermissionMissing):
            self.notices.append("Meta does not list posts of others on which this account collaborates")
            yield Batch({}, 0, ends=self.rows.is_whole)

    def _batch(self, posts: list[Any], name: str) -> Batch:
        own = [post for post in posts if isinstance(post, dict)] if name == "media" else []
        asked = [(str(p["id"]), kind) for p in own if "id" in p and (kind := insight_kind(p))]
        self.reasons.clear()
        found = self.insights.of_posts(asked)
        batch = self.rows.batch(posts, name, found)
        self.notices += dict.fromkeys(self.reasons)
        return batch

    def _insights(self, media_id: str, names: Any) -> Values:
        if not media_id.isalnum():
            raise NotOfThisPost("a post without a number", "their numbers cannot be read")
        answer = self.graph.get(f"{media_id}/insights", list_misshapen, {"metric": ",".join(names)})
        return values_of(answer, names, self.reasons)

    def _insights_at_once(
        self, asked: Sequence[tuple[str, Sequence[str]]]
    ) -> list[Values | NotOfThisPost | None]:
        """Of several posts. What cannot be had so is left for a request of its own, which says why."""
        paths = [(f"{media_id}/insights", {"metric": ",".join(names)}) for media_id, names in asked]
        try:
            is_plain = all(media_id.isalnum() for media_id, _ in asked)
            answers = self.graph.get_all(paths, list_misshapen) if is_plain else [None] * len(asked)
        except (RequestRefused, PermissionMissing, MalformedResponse):
            answers = [None] * len(asked)
        return [
            values_of(answer, names, self.reasons)
            if isinstance(answer, dict)
            else answer
            if isinstance(answer, NotOfThisPost)
            else None
            for (_, names), answer in zip(asked, answers, strict=True)
        ]


def is_last(page: Page, since_s: int | None) -> bool:
    """Whether a page is the last one wanted: the newest come first."""
    if not page.has_more or since_s is None:
        return not page.has_more
    moments = [published_s(item) for item in page.items]
    return bool(moments) and all(moment is not None and moment < since_s for moment in moments)


def _profile_misshapen(payload: JsonObject) -> str | None:
    return None if isinstance(payload.get("username"), str) else "no username"


def _me_misshapen(payload: JsonObject) -> str | None:
    if not str(payload.get("user_id") or "").isdigit():
        return "no user_id"
    return _profile_misshapen(payload)
