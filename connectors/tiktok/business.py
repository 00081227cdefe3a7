"""TikTok API for Business, Accounts API v1.3: every post with watch time and audience, the account by day.

Works for accounts whose owner turned analytics on in the app; nothing from before that day exists. The
figures of a post come one to two days late and stop a year after it was posted. Comments themselves are
asked for only where the campaign says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from connectors import pages, values, verdicts
from connectors.api import Visit
from connectors.base import Batch, Reading, Refusal
from connectors.calls import Caller, Misshapen
from connectors.comments import Comments
from connectors.drift import Drift
from connectors.http import Api
from connectors.pages import Page
from connectors.source_errors import PermissionMissing, RequestRefused, TokenRejected
from connectors.strict_json import JsonObject
from connectors.tiktok.business_comments import comments_misshapen, comments_of
from connectors.tiktok.business_errors import classify
from connectors.tiktok.business_fields import (
    ALWAYS_THERE,
    DAYS,
    METRIC_NOTES,
    POSTS,
    VERSION,
    account_audience,
    post_row,
)
from connectors.tiktok.login import BUSINESS, BusinessLogin
from connectors.tiktok.videos import PLATFORM, cursor_of, is_last, origin, post_id_of
from connectors.tokens import Tokens
from connectors.waiting import Rate
from models.schema import SOURCE_RANKS

SOURCE: Final = "tiktok_business_api"
BASE_URL: Final = f"https://business-api.tiktok.com/open_api/{VERSION}"
HOSTS: Final = frozenset({"business-api.tiktok.com"})
RATES: Final = (Rate(36, 60, per_account=True, per_endpoint=True), Rate(540, 60), Rate(9, 1))
"""TikTok takes 40 a minute of an account at each endpoint, 600 a minute and 10 a second of an app.

From the page "Rate limits" of the Accounts API and, for apps at level Basic, from "API rate limits"
(business-api.tiktok.com/portal/docs?id=1738084416214017 and ?id=1740029171730433).
"""

PAGE_SIZE: Final = 20  # the most that TikTok gives
_MOST_DAYS: Final = 60  # so far back TikTok tells of the account
_ALWAYS: Final = ("item_id", "create_time", "media_type", "caption", "share_url", "is_ad", "video_duration")
_ACCOUNT: Final = ("username", "followers_count")
Fields = Sequence[str]
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class BusinessApi:
    """Reads one account that gave its consent."""

    source: str = SOURCE
    token_source: str = SOURCE
    platform: str = PLATFORM
    base_variable: str = "TIKTOK_BUSINESS_API_BASE"
    login: BusinessLogin = BUSINESS

    def open_api(self, base_url: str | None = None) -> Api:
        """The way to TikTok, or to a loopback address in a test.

        Raises:
            ValueError: `base_url` is another host, or not https.
        """
        return Api(base_url or BASE_URL, HOSTS, rates=RATES)

    def owner(self, account: str, tokens: Tokens, api: Api) -> Tokens:
        """The tokens, if they are the account's own.

        Raises:
            WrongAccount: they are another account's.
            SourceError: TikTok does not say whose they are.
        """
        _account(account, tokens, api, {"fields": json.dumps(_ACCOUNT)})
        return tokens

    def read(self, visit: Visit) -> Reading:
        """The posts of the window, the account's days and its followers.

        Raises:
            SourceError: before the first batch, or while batches are drawn.
        """
        walk = _Walk(visit)
        account = walk.account()
        return Reading(
            source=SOURCE,
            platform=PLATFORM,
            account=visit.account,
            exported_on=visit.now.astimezone(visit.context.timezone).date(),
            batches=walk.batches(account),
            metrics=METRIC_NOTES,
            chosen={"days": "UTC, as TikTok counts them", "views": "organic and paid together"},
            notices=walk.notices,
            source_rank=SOURCE_RANKS["api"],
        )


def _account(account: str, tokens: Tokens, api: Api, query: dict[str, str]) -> JsonObject:
    """The owner of the token, who must be the account asked for."""
    caller = _caller(account, tokens, _account_misshapen)
    data: JsonObject = api.get("/business/get/", caller, {"business_id": _id(account, tokens), **query})[
        "data"
    ]
    name = data["username"].lower()
    if name != account:
        raise verdicts.wrong_account(SOURCE, account, [name])
    return data


def _is_taken(ask: Callable[[Fields], object], fields: Fields) -> bool:
    try:
        ask(fields)
    except RequestRefused:
        return False
    return True


def _id(account: str, tokens: Tokens) -> str:
    if tokens.user_id is None:
        raise TokenRejected(f"{SOURCE}: it is not known whose the token of @{account} is: connect it again")
    return tokens.user_id


def _caller(account: str, tokens: Tokens, misshapen: Misshapen) -> Caller:
    judge = partial(classify, SOURCE, account, ", ".join(BUSINESS.scopes))
    return Caller(SOURCE, account, tokens.access, judge, misshapen, header="Access-Token")


@dataclass
class _Walk:
    """One way through an account's days and pages."""

    visit: Visit
    notices: list[str] = field(default_factory=list)
    row: int = 0
    posts: set[str] = field(default_factory=set)
    is_whole: bool = True
    """Whether every post so far could be told from the others: else none can be said to be gone."""
    drift: Drift = field(default_factory=lambda: Drift("TikTok", ALWAYS_THERE))

    def __post_init__(self) -> None:
        self.comments = Comments(self.visit, "TikTok", BUSINESS.comment_scope, self.notices)

    def account(self) -> JsonObject:
        """Profile, days and audience; the profile alone where TikTok does not give more."""
        visit, days = self.visit, self._days()
        dates = {"start_date": str(days[0]), "end_date": str(days[1])}

        def ask(fields: Sequence[str]) -> JsonObject:
            query = {"fields": json.dumps(fields), **(dates if len(fields) > len(_ACCOUNT) else {})}
            return _account(visit.account, visit.tokens, visit.api, query)

        return self._all_given("account", "user.insights", _ACCOUNT, tuple(DAYS), ask)

    def batches(self, account: JsonObject) -> Iterator[Batch]:
        """The account's days and audience, then one batch per page."""
        yield self._account_batch(account)
        visit = self.visit
        start = visit.window.cursor
        for page in pages.all_pages(self._fetch, start, SOURCE, visit.account, "the video list"):
            posts = (post for video in page.items if (post := _commented(video)))
            below = (comments_of(self._ask_comments, SOURCE, visit, post) for post in posts)
            yield from self.comments.after(self._post_batch(page), below)
            if is_last(page, visit.window.since_s):
                self.notices += self.drift.notices(from_start=start is None)
                self.comments.tell()
                return

    def _days(self) -> tuple[date, date]:
        """The first and the last day wanted: whole ones, as far back as the window and TikTok go."""
        yesterday = self.visit.now.astimezone(UTC).date() - timedelta(days=1)
        since_s = self.visit.window.since_s
        wanted = _MOST_DAYS if since_s is None else (self.visit.now.timestamp() - since_s) // 86_400
        return yesterday - timedelta(days=min(int(wanted), _MOST_DAYS) - 1), yesterday

    def _all_given(
        self, kind: str, scope: str, always: Fields, wanted: Fields, ask: Callable[[Fields], _Found]
    ) -> _Found:
        """The answer with all that is given; what TikTok does not take is found out once, and told."""
        known = self.visit.window.not_given.get(kind, [])
        left = () if scope in known else tuple(name for name in wanted if name not in known)
        try:
            return ask((*always, *left))
        except (PermissionMissing, RequestRefused) as error:
            if not left:
                raise
            found = ask(always)  # else it is none of those
            if isinstance(error, PermissionMissing):
                self._refuse(kind, scope, f"what needs {scope}: those figures are empty")
                return found
        bad = [name for name in left if not _is_taken(ask, (*always, name))]
        for name in bad:
            self._refuse(kind, name, f"{name}: left empty")
        return ask((*always, *(name for name in left if name not in bad)))

    def _refuse(self, kind: str, what: str, words: str) -> None:
        """Not asked for again for a week, and told."""
        self.visit.window.not_given.setdefault(kind, []).append(what)
        self.notices.append(f"TikTok does not give {words}")

    def _fetch(self, cursor: str | None) -> Page:
        always = (*_ALWAYS, *POSTS["video.list"])
        wanted = tuple(POSTS["video.insights"])
        return self._all_given("post", "video.insights", always, wanted, partial(self._page, cursor))

    def _page(self, cursor: str | None, fields: Fields) -> Page:
        visit = self.visit
        query = {
            "business_id": _id(visit.account, visit.tokens),
            "fields": json.dumps(fields),
            "max_count": str(PAGE_SIZE),
            **({} if cursor is None else {"cursor": cursor}),
        }
        caller = _caller(visit.account, visit.tokens, _list_misshapen)
        data = visit.api.get("/business/video/list/", caller, query)["data"]
        return Page(data["videos"] or [], cursor_of(data), data["has_more"])

    def _ask_comments(self, path: str, query: dict[str, str]) -> JsonObject:
        visit = self.visit
        caller = _caller(visit.account, visit.tokens, comments_misshapen)
        asked = {"business_id": _id(visit.account, visit.tokens), **query}
        data: JsonObject = visit.api.get(path, caller, asked)["data"]
        return data

    def _account_batch(self, account: JsonObject) -> Batch:
        reasons: list[str] = []
        visit = self.visit
        rows = [self._day(n, day, reasons) for n, day in enumerate(account.get("metrics") or [], 1)]
        days = [row for row in rows if row]
        followers = values.count(account, "followers_count", reasons)
        if followers is not None:
            today = visit.now.astimezone(visit.context.timezone).date()
            number = len(rows) + 1
            days.append({**origin(SOURCE, visit, number), "day": today, "followers": followers})
        audience = account_audience(visit, account, reasons)
        tables = {
            "account_days_seen": values.to_table("account_days_seen", days),
            "audience_seen": values.to_table("audience_seen", audience),
        }
        refused = tuple(Refusal(1, reason) for reason in reasons)
        return Batch(tables, len(days) + len(audience), refused, visit.window.cursor)

    def _day(self, number: int, day: Any, reasons: list[str]) -> dict[str, object] | None:
        try:
            on = date.fromisoformat(str(day["date"]))
        except (TypeError, KeyError, ValueError):
            reasons.append("a day without a date: left out")
            return None
        counts = {m: values.count(day, native, reasons) for native, m in DAYS.items() if m}
        return {**origin(SOURCE, self.visit, number), "day": on, **counts}

    def _post_batch(self, page: Page) -> Batch:
        tables: dict[str, list[dict[str, object]]] = {
            "post_observations": [],
            "posts_seen": [],
            "audience_seen": [],
        }
        refused: list[Refusal] = []
        for video in page.items:
            self.row += 1
            post_id = post_id_of(video, "item_id")
            if post_id is None:
                self.is_whole = False
                refused.append(Refusal(self.row, "no id of 5 to 25 digits: post left out"))
            elif post_id not in self.posts:
                self.posts.add(post_id)
                self.drift.look(video)
                reasons: list[str] = []
                for name, rows in post_row(SOURCE, self.visit, self.row, post_id, video, reasons).items():
                    tables[name] += rows
                refused += [Refusal(self.row, f"id {post_id}: {reason}") for reason in reasons]
        last = is_last(page, self.visit.window.since_s)
        return Batch(
            {name: values.to_table(name, rows) for name, rows in tables.items()},
            len(tables["posts_seen"]),
            tuple(refused),
            None if last else page.cursor,
            last and self.is_whole,
        )


def _commented(video: Any) -> str | None:
    """The id of a post that has comments."""
    post_id = post_id_of(video, "item_id")
    return post_id if post_id and video.get("comments") else None


def _account_misshapen(payload: JsonObject) -> str | None:
    data = payload.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("username"), str):
        return "no data.username"
    return None if isinstance(data.get("metrics", []), list | None) else "no data.metrics"


def _list_misshapen(payload: JsonObject) -> str | None:
    """A list that lost its name must not pass for an account without posts."""
    data = payload.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("videos", ""), list | None):
        return "no data.videos"
    return None if isinstance(data.get("has_more"), bool) else "no data.has_more"
