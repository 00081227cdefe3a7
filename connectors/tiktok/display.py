"""TikTok's Display API v2: an account's own public posts with four counters, and its followers.

Calls, fields and error names are those of TikTok's developer pages "Get User Info", "List Videos"
and "Video Object" (formats of September 2026).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from connectors import pages, values, verdicts
from connectors.api import Visit, notes
from connectors.base import Batch, Reading, Refusal
from connectors.calls import Caller, Misshapen
from connectors.drift import Drift
from connectors.http import Api
from connectors.pages import Page
from connectors.strict_json import JsonObject
from connectors.tiktok.display_errors import classify
from connectors.tiktok.login import DISPLAY, DisplayLogin
from connectors.tiktok.videos import PLATFORM, cursor_of, is_last, link, origin, post_id_of, published
from connectors.tokens import Tokens
from connectors.waiting import Rate
from models.schema import ACCOUNT_METRICS, POST_METRICS, SOURCE_RANKS

SOURCE: Final = "tiktok_display_api"
BASE_URL: Final = "https://open.tiktokapis.com"
HOSTS: Final = frozenset({"open.tiktokapis.com"})
RATES: Final = (Rate(540, 60, per_endpoint=True),)
"""TikTok takes 600 a minute; whether of each account or of all, its page does not say: so of all."""

PAGE_SIZE: Final = 20  # the most that TikTok gives

_FIELDS: Final[Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "display.toml").read_text(encoding="utf-8")
)
_VERSION: Final[str] = _FIELDS["version"]
_NATIVE: Final[Mapping[str, str]] = _FIELDS["posts"]["counters"]
_FOLLOWERS: Final[str] = _FIELDS["account"]["followers"]
_USER_FIELDS: Final = ("username", _FOLLOWERS)
_USER_SCOPES: Final = "user.info.basic, user.info.profile, user.info.stats"
_VIDEO_FIELDS: Final = (*_FIELDS["posts"]["described"], *_NATIVE.values())
_VIDEO_SCOPES: Final = "video.list"


@dataclass(frozen=True)
class DisplayApi:
    """Reads one account that gave its consent; the token decides whose posts they are."""

    source: str = SOURCE
    token_source: str = SOURCE
    platform: str = PLATFORM
    base_variable: str = "TIKTOK_API_BASE"
    login: DisplayLogin = DISPLAY

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
        _user(account, tokens, api)
        return tokens

    def read(self, visit: Visit) -> Reading:
        """The public posts of the window as they are at the visit's moment, and today's followers.

        The account is checked at once, the posts are fetched page by page as batches are drawn; a
        batch that was drawn stays valid whatever happens to the next page.

        Raises:
            SourceError: before the first batch, or while batches are drawn.
        """
        user = _user(visit.account, visit.tokens, visit.api)
        walk = _Walk(visit)
        return Reading(
            source=SOURCE,
            platform=PLATFORM,
            account=visit.account,
            exported_on=visit.now.astimezone(visit.context.timezone).date(),
            batches=walk.batches(user),
            metrics=_METRIC_NOTES,
            chosen={"captions": "TikTok cuts them after 150 characters"},
            notices=walk.notices,
            source_rank=SOURCE_RANKS["api"],
        )


def _user(account: str, tokens: Tokens, api: Api) -> JsonObject:
    """The owner of the token, who must be the account asked for."""
    caller = _caller(account, tokens, _USER_SCOPES, _user_misshapen)
    answer = api.get(f"/{_VERSION}/user/info/", caller, {"fields": ",".join(_USER_FIELDS)})
    user: JsonObject = answer["data"]["user"]
    name = user["username"].lower()
    if name != account:
        raise verdicts.wrong_account(SOURCE, account, [name])
    return user


def _caller(account: str, tokens: Tokens, scopes: str, misshapen: Misshapen) -> Caller:
    return Caller(SOURCE, account, tokens.access, partial(classify, SOURCE, account, scopes), misshapen)


@dataclass
class _Walk:
    """One way through an account's pages."""

    visit: Visit
    row: int = 0
    posts: set[str] = field(default_factory=set)
    is_whole: bool = True
    """Whether every post so far could be told from the others: else none can be said to be gone."""
    notices: list[str] = field(default_factory=list)
    drift: Drift = field(default_factory=lambda: Drift("TikTok", ("create_time", *_NATIVE.values())))

    def batches(self, user: JsonObject) -> Iterator[Batch]:
        """The account's day, then one batch per page."""
        yield self._account_batch(user)
        visit = self.visit
        start = visit.window.cursor
        for page in pages.all_pages(self._fetch, start, SOURCE, visit.account, "the video list"):
            yield self._post_batch(page)
            if is_last(page, visit.window.since_s):
                self.notices += self.drift.notices(from_start=start is None)
                return

    def _fetch(self, cursor: str | None) -> Page:
        """A list of videos, newest first; the cursor is the moment before which the next were posted."""
        visit = self.visit
        body: dict[str, object] = {"max_count": PAGE_SIZE}
        if cursor is not None:
            body["cursor"] = int(cursor)
        caller = _caller(visit.account, visit.tokens, _VIDEO_SCOPES, _list_misshapen)
        query = {"fields": ",".join(_VIDEO_FIELDS)}
        data = visit.api.post(f"/{_VERSION}/video/list/", caller, query, body)["data"]
        return Page(data["videos"] or [], cursor_of(data), data["has_more"])

    def _account_batch(self, user: JsonObject) -> Batch:
        reasons: list[str] = []
        followers = values.count(user, _FOLLOWERS, reasons)
        today = self.visit.now.astimezone(self.visit.context.timezone).date()
        row = {**origin(SOURCE, self.visit, 1), "day": today, "followers": followers}
        refused = tuple(Refusal(1, reason) for reason in reasons)
        known = followers is not None
        table = values.to_table("account_days_seen", [row] if known else [])
        return Batch({"account_days_seen": table}, known, refused, self.visit.window.cursor)

    def _post_batch(self, page: Page) -> Batch:
        observations: list[dict[str, object]] = []
        seen: list[dict[str, object]] = []
        refused: list[Refusal] = []
        for video in page.items:
            self.row += 1
            post_id = post_id_of(video, "id")
            if post_id is None:
                self.is_whole = False
                refused.append(Refusal(self.row, "no id of 5 to 25 digits: post left out"))
            elif post_id not in self.posts:  # pages overlap when somebody publishes during the walk
                self.posts.add(post_id)
                self.drift.look(video)
                reasons: list[str] = []
                key = {**origin(SOURCE, self.visit, self.row), "post_id": post_id}
                observations.append({**key, **_counters(video, reasons)})
                described = self._description(post_id, video, reasons)
                seen.append({**key, "exporter": self.visit.account, **described})
                refused += [Refusal(self.row, f"id {post_id}: {reason}") for reason in reasons]
        tables = {
            "post_observations": values.to_table("post_observations", observations),
            "posts_seen": values.to_table("posts_seen", seen),
        }
        last = is_last(page, self.visit.window.since_s)
        cursor = None if last else page.cursor
        return Batch(tables, len(seen), tuple(refused), cursor, last and self.is_whole)

    def _description(self, post_id: str, video: JsonObject, reasons: list[str]) -> dict[str, object]:
        caption = values.on_one_line(video.get("video_description"))
        return {
            **published(post_id, video.get("create_time"), self.visit, reasons),
            **link(self.visit, post_id, video.get("share_url")),
            "caption": caption or values.on_one_line(video.get("title")),
            # A post of photos has 0, which means that it has none.
            "duration_s": float(values.count(video, "duration", reasons) or 0) or None,
        }


def _user_misshapen(payload: JsonObject) -> str | None:
    data = payload.get("data")
    user = data.get("user") if isinstance(data, dict) else None
    if not isinstance(user, dict) or not isinstance(user.get("username"), str):
        return "no data.user.username"
    return None


def _list_misshapen(payload: JsonObject) -> str | None:
    """A list that lost its name must not pass for an account without posts."""
    data = payload.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("videos", ""), list | None):
        return "no data.videos"
    return None if isinstance(data.get("has_more"), bool) else "no data.has_more"


def _counters(video: JsonObject, reasons: list[str]) -> dict[str, object]:
    return {metric: values.count(video, native, reasons) for metric, native in _NATIVE.items()}


_ABSENT: Final = "not offered by the Display API"
# Metrics of posts and of account days share some names; then the posts' note is the one kept.
_METRIC_NOTES: Final = (
    *notes(_NATIVE, POST_METRICS, _ABSENT),
    *notes(
        {"followers": _FOLLOWERS},
        {name: kind for name, kind in ACCOUNT_METRICS.items() if name not in POST_METRICS},
        _ABSENT,
    ),
)
