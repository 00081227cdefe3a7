"""TikTok's Display API v2: an account's own public posts with four counters, and its followers.

Calls, fields and error names are those of TikTok's developer pages "Get User Info", "List Videos"
and "Video Object" (formats of September 2026).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeGuard

import pyarrow as pa

from connectors import ids
from connectors.base import Batch, Context, MetricNote, Reading, Refusal
from connectors.http import Api, Caller, Misshapen
from connectors.secret import Secret
from connectors.source_errors import PaginationLoop, WrongAccount
from connectors.strict_json import JsonObject
from connectors.tiktok.display_errors import classify
from models.schema import ACCOUNT_METRICS, POST_METRICS, SOURCE_RANKS, TABLES, from_epoch, to_epoch

SOURCE: Final = "tiktok_display_api"
BASE_URL: Final = "https://open.tiktokapis.com"
HOSTS: Final = frozenset({"open.tiktokapis.com"})

PAGE_SIZE: Final = 20  # the most that TikTok gives
MAX_PAGES: Final = 2000
MAX_EMPTY_PAGES: Final = 10  # in a row

_PLATFORM: Final = "tiktok"
_NATIVE: Final = {
    "views": "view_count",
    "likes": "like_count",
    "comments": "comment_count",
    "shares": "share_count",
}
_FOLLOWERS: Final = "follower_count"
_USER_FIELDS: Final = ("username", _FOLLOWERS)
_USER_SCOPES: Final = "user.info.basic, user.info.profile, user.info.stats"
_VIDEO_FIELDS: Final = (
    *("id", "create_time", "share_url", "title", "video_description", "duration"),
    *_NATIVE.values(),
)
_VIDEO_SCOPES: Final = "video.list"

_HANDLE: Final = re.compile(r"[\w.]{1,64}")
_LARGEST: Final = 2**63 - 1  # what a counter's column can hold
_OLDEST: Final = 1_451_606_400  # 2016-01-01: TikTok did not exist before


@dataclass(frozen=True)
class DisplayApi:
    """Reads one account that gave its consent; the token decides whose posts they are."""

    source: str = SOURCE

    def open_api(self, base_url: str = BASE_URL) -> Api:
        """The way to TikTok, or to a loopback address in a test.

        Raises:
            ValueError: `base_url` is another host, or not https.
        """
        return Api(base_url, HOSTS)

    def read(self, account: str, token: Secret, api: Api, context: Context, now: datetime) -> Reading:
        """All public posts of `account` as they are at `now` (aware), and today's followers.

        The account is checked at once, the posts are fetched page by page as batches are drawn; a
        batch that was drawn stays valid whatever happens to the next page.

        Raises:
            SourceError: before the first batch, or while batches are drawn.
        """
        handle = account.removeprefix("@").lower()
        walk = _Walk(handle, token, api, context, now)
        user = walk.user()
        return Reading(
            source=SOURCE,
            platform=_PLATFORM,
            account=handle,
            exported_on=now.astimezone(context.timezone).date(),
            batches=walk.batches(user),
            metrics=_METRIC_NOTES,
            chosen={"captions": "TikTok cuts them after 150 characters"},
            source_rank=SOURCE_RANKS["api"],
        )


@dataclass
class _Walk:
    """One way through an account's pages."""

    handle: str
    token: Secret
    api: Api
    context: Context
    now: datetime
    row: int = 0
    posts: set[str] = field(default_factory=set)

    def user(self) -> JsonObject:
        """The owner of the token, who must be the account asked for."""
        caller = self._caller(_USER_SCOPES, _user_misshapen)
        answer = self.api.get("/v2/user/info/", caller, {"fields": ",".join(_USER_FIELDS)})
        user: JsonObject = answer["data"]["user"]
        name = user["username"].lower()
        if name != self.handle:
            shown = f"@{name}" if _HANDLE.fullmatch(name) else "another account"
            raise WrongAccount(
                f"{SOURCE}: the token filed under @{self.handle} belongs to {shown}: file each token"
                " under the account that gave it"
            )
        return user

    def batches(self, user: JsonObject) -> Iterator[Batch]:
        """The account's day, then one batch per page."""
        yield self._account_batch(user)
        for videos in self._pages():
            batch = self._post_batch(videos)
            if batch.rows or batch.refused:
                yield batch

    def _pages(self) -> Iterator[list[Any]]:
        """The lists of videos, newest first, until TikTok says that there is no more.

        A page may be short or empty and still not be the last one. A page is handed out before its
        cursor is judged: what it holds is good even if the list then turns out to be a circle.
        """
        cursors: set[int] = set()
        body: dict[str, object] = {"max_count": PAGE_SIZE}
        empty = 0
        caller = self._caller(_VIDEO_SCOPES, _list_misshapen)
        for _page in range(MAX_PAGES):
            data = self.api.post("/v2/video/list/", caller, {"fields": ",".join(_VIDEO_FIELDS)}, body)["data"]
            videos = data["videos"] or []
            yield videos
            if not data["has_more"]:
                return
            cursor = data.get("cursor")
            empty = 0 if videos else empty + 1
            if not _is_whole(cursor):
                raise self._no_end("there is more, but no cursor to ask for it")
            if cursor in cursors:
                raise self._no_end("a cursor came twice")
            if empty > MAX_EMPTY_PAGES:
                raise self._no_end(f"{empty} empty pages in a row")
            cursors.add(cursor)
            body = {"max_count": PAGE_SIZE, "cursor": cursor}
        raise self._no_end(f"more than {MAX_PAGES} pages")

    def _no_end(self, why: str) -> PaginationLoop:
        return PaginationLoop(
            f"{SOURCE}: the video list of @{self.handle} has no end ({why}): the posts so far are valid, the"
            " list is not complete; run `rapup pull` again later"
        )

    def _caller(self, scopes: str, misshapen: Misshapen) -> Caller:
        return Caller(
            SOURCE, self.handle, self.token, partial(classify, SOURCE, self.handle, scopes), misshapen
        )

    def _account_batch(self, user: JsonObject) -> Batch:
        reasons: list[str] = []
        followers = _counter(user, _FOLLOWERS, reasons)
        row = {
            **self._origin(1),
            "day": self.now.astimezone(self.context.timezone).date(),
            "followers": followers,
        }
        refused = tuple(Refusal(1, reason) for reason in reasons)
        known = followers is not None
        return Batch(
            {"account_days_seen": _table("account_days_seen", [row] if known else [])}, known, refused
        )

    def _post_batch(self, videos: list[Any]) -> Batch:
        observations: list[dict[str, object]] = []
        seen: list[dict[str, object]] = []
        refused: list[Refusal] = []
        for video in videos:
            self.row += 1
            post_id = _post_id(video)
            if post_id is None:
                refused.append(Refusal(self.row, "no id of 5 to 25 digits: post left out"))
            elif post_id not in self.posts:  # pages overlap when somebody publishes during the walk
                self.posts.add(post_id)
                reasons: list[str] = []
                key = {**self._origin(self.row), "post_id": post_id}
                observations.append({**key, **_counters(video, reasons)})
                seen.append({**key, "exporter": self.handle, **self._description(post_id, video, reasons)})
                refused += [Refusal(self.row, f"id {post_id}: {reason}") for reason in reasons]
        tables = {
            "post_observations": _table("post_observations", observations),
            "posts_seen": _table("posts_seen", seen),
        }
        return Batch(tables, len(seen), tuple(refused))

    def _origin(self, row: int) -> dict[str, object]:
        observed_s = to_epoch(self.now)
        return {
            "row_no": row,
            "source": SOURCE,
            "platform": _PLATFORM,
            "account": self.handle,
            "observed_at": from_epoch(observed_s),
            "observed_s": observed_s,
            "observed_precision": "second",
        }

    def _description(self, post_id: str, video: JsonObject, reasons: list[str]) -> dict[str, object]:
        published_s, basis = _published(post_id, video, self.now, reasons)
        link = ids.parse_link(str(video.get("share_url") or ""))
        kind = link.kind if link and link.platform == _PLATFORM else None
        return {
            "published_at": None if published_s is None else from_epoch(published_s),
            "published_s": published_s,
            "published_basis": basis,
            # Made anew: a shared link carries a query that names who shared it.
            "permalink": ids.tiktok_permalink(self.handle, kind or "video", post_id),
            "caption": _caption(video),
            "media_type": kind,
            "duration_s": _duration(video, reasons),
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


def _table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TABLES[name])


def _is_whole(value: object) -> TypeGuard[int]:
    """Whether it is an integer from 0 up that fits a column; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def _post_id(video: object) -> str | None:
    """The id as text. TikTok sends text; a number is as exact, for Python reads all its digits."""
    value = video.get("id") if isinstance(video, dict) else None
    text = str(value) if _is_whole(value) else value
    return text if isinstance(text, str) and ids.is_tiktok_id(text) else None


def _counters(video: JsonObject, reasons: list[str]) -> dict[str, object]:
    return {metric: _counter(video, native, reasons) for metric, native in _NATIVE.items()}


def _counter(item: JsonObject, native: str, reasons: list[str]) -> int | None:
    """A count; None if there is none, and with a reason if there is something else."""
    value = item.get(native)
    if value is None or _is_whole(value):
        return value
    # A text is not shown: nobody knows what stands in it.
    shown = f"the text of {len(value)} characters" if isinstance(value, str) else type(value).__name__
    if isinstance(value, int | float):
        shown = f"{value!r:.40}"
    reasons.append(f"{native} is not a whole number from 0 up ({shown}): left empty")
    return None


def _published(
    post_id: str, video: JsonObject, now: datetime, reasons: list[str]
) -> tuple[int | None, str | None]:
    """Epoch seconds and what they rest on: TikTok's word, else the clock in the id."""
    latest = to_epoch(now + timedelta(days=1))
    value = video.get("create_time")
    if _is_whole(value) and _OLDEST <= value <= latest:
        return value, "source"
    if value is not None:
        reasons.append("create_time is not a time between 2016 and tomorrow: the id's own time is used")
    clock = ids.tiktok_epoch_s(post_id)
    return (clock, "id clock") if _OLDEST <= clock <= latest else (None, None)


def _duration(video: JsonObject, reasons: list[str]) -> float | None:
    """Seconds; a post of photos has 0, which means that it has none."""
    seconds = _counter(video, "duration", reasons)
    return float(seconds) if seconds else None


def _caption(video: JsonObject) -> str | None:
    """On one line. An emoji that TikTok cut in half becomes U+FFFD: it could not be stored."""
    for name in ("video_description", "title"):
        text = video.get(name)
        if isinstance(text, str) and text:
            whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            return re.sub(r"[\r\n]+", " ", whole)
    return None


def _notes(native: Mapping[str, str], metrics: Mapping[str, pa.DataType]) -> list[MetricNote]:
    return [
        MetricNote(metric, native.get(metric), None if metric in native else "not offered by the Display API")
        for metric in metrics
    ]


# Metrics of posts and of account days share some names; then the posts' note is the one kept.
_METRIC_NOTES: Final = (
    *_notes(_NATIVE, POST_METRICS),
    *_notes(
        {"followers": _FOLLOWERS},
        {name: kind for name, kind in ACCOUNT_METRICS.items() if name not in POST_METRICS},
    ),
)
