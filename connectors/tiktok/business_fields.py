"""The fields of TikTok's Accounts API, read from `business.toml`, and the rows that they make."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from connectors import values
from connectors.api import Visit, notes
from connectors.audiences import audience_rows
from connectors.strict_json import JsonObject
from connectors.tiktok.videos import link, origin, published
from models.schema import ACCOUNT_METRICS, POST_METRICS

Rows = list[dict[str, object]]

_FIELDS: Final[Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "business.toml").read_text(encoding="utf-8")
)
_NATIVE: Final[Mapping[str, str]] = {
    metric: native for scope in _FIELDS["posts"].values() for metric, native in scope.items()
}
_DAY_NATIVE: Final[Mapping[str, str]] = _FIELDS["days"]["user.insights"]
_POST_AUDIENCE: Final[Mapping[str, list[str]]] = _FIELDS["post_audience"]["video.insights"]
_ACCOUNT_AUDIENCE: Final[Mapping[str, list[str]]] = _FIELDS["account_audience"]["user.insights"]

VERSION: Final[str] = _FIELDS["version"]
POSTS: Final[Mapping[str, list[str]]] = {
    "video.list": list(_FIELDS["posts"]["video.list"].values()),
    "video.insights": [
        *_FIELDS["posts"]["video.insights"].values(),
        *(field for field, _bucket in _POST_AUDIENCE.values()),
    ],
}
"""Fields of a post, by the permission that gives them."""

DAYS: Final[Mapping[str, str | None]] = {
    **{native: metric for metric, native in _DAY_NATIVE.items()},
    **{field: None for field, _bucket in _ACCOUNT_AUDIENCE.values()},
}
"""Fields of the account that need user.insights, each with its metric by day; audiences have none."""

ALWAYS_THERE: Final = tuple(
    _FIELDS["posts"]["video.list"][metric] for metric in ("views", "likes", "comments", "shares")
)
"""Fields that every post has; others are missing after a week without activity."""

_KINDS: Final = {"VIDEO": "video", "PHOTO": "photo"}
_SECONDS: Final = frozenset({"watch_time_total_s", "watch_time_avg_s"})
_PLAUSIBLE_LOOPS: Final = 20

_ABSENT: Final = "not offered by the Accounts API"
_LATE: Final = "empty where TikTok gives none: in the first two days, or after a week without activity"


def post_row(
    source: str, visit: Visit, row: int, post_id: str, video: JsonObject, reasons: list[str]
) -> dict[str, Rows]:
    """One post as rows of three tables."""
    start = origin(source, visit, row)
    key = {**start, "post_id": post_id}
    duration = values.number(video, "video_duration", reasons, unit="duration", most=86_400) or None
    described = {
        **key,
        "exporter": visit.account,
        **published(post_id, _seconds(video.get("create_time")), visit, reasons),
        **_kind(visit, post_id, video),
        "caption": values.on_one_line(video.get("caption")),
        "duration_s": duration,
    }
    subject = ("post", post_id, "viewers")
    audience = [
        one
        for dimension, place in _POST_AUDIENCE.items()
        for one in _audience(start, subject, dimension, place, video, reasons)
    ]
    metrics = _metrics(video, duration, reasons)
    return {
        "post_observations": [{**key, **metrics}],
        "posts_seen": [described],
        "audience_seen": audience,
    }


def account_audience(visit: Visit, account: JsonObject, reasons: list[str]) -> Rows:
    """The followers' shares: rows of `audience_seen`."""
    start = origin("tiktok_business_api", visit, 1)
    subject = ("account", visit.account, "followers")
    return [
        one
        for dimension, place in _ACCOUNT_AUDIENCE.items()
        for one in _audience(start, subject, dimension, place, account, reasons)
    ]


def _audience(
    start: Mapping[str, object],
    subject: tuple[str, str, str],
    dimension: str,
    place: list[str],
    item: JsonObject,
    reasons: list[str],
) -> Rows:
    name, bucket = place
    entries = item.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        reasons.append(f"{name} is not a list of shares: left out")
        return []
    pairs = [(entry.get(bucket), entry.get("percentage")) for entry in entries]
    return audience_rows(start, subject, dimension, pairs, reasons)


def _metrics(video: JsonObject, duration: float | None, reasons: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for metric, native in _NATIVE.items():
        if metric in _SECONDS:
            found[metric] = values.number(video, native, reasons, unit="seconds")
        elif metric == "completion_rate":
            found[metric] = values.number(video, native, reasons, unit="share", most=1)
        else:
            found[metric] = values.count(video, native, reasons)
    average = found["watch_time_avg_s"]
    # Nobody watches a video twenty times on average: then the unit is another one than TikTok's page says.
    if duration and isinstance(average, float) and average > _PLAUSIBLE_LOOPS * duration:
        reasons.append("average_time_watched is far longer than the video: watch times left empty")
        found |= dict.fromkeys(_SECONDS)
    return found


def _seconds(created: object) -> object:
    """TikTok writes the moment of a post as text here."""
    return int(created) if isinstance(created, str) and created.isascii() and created.isdigit() else created


def _kind(visit: Visit, post_id: str, video: JsonObject) -> dict[str, object]:
    linked = link(visit, post_id, video.get("share_url"))
    kind = _KINDS.get(str(video.get("media_type")))
    is_ad = video.get("is_ad")
    return {
        **linked,
        "media_type": linked["media_type"] or kind,
        "is_paid": is_ad if isinstance(is_ad, bool) else None,
    }


METRIC_NOTES: Final = (
    *notes(_NATIVE, POST_METRICS, _ABSENT),
    *notes(
        {"followers": "followers_count", **_DAY_NATIVE},
        [name for name in ACCOUNT_METRICS if name not in POST_METRICS],
        _ABSENT,
    ),
)
