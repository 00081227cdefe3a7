"""What is asked of Instagram's Graph API, read from `graph.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from connectors.api import notes
from connectors.base import MetricNote
from models.schema import ACCOUNT_METRICS, POST_METRICS

_DATA: Final[Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "graph.toml").read_text(encoding="utf-8")
)

VERSION: Final[str] = _DATA["version"]
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    edge: tuple(_DATA[edge]["fields"]) for edge in ("media", "collaborative", "discovery")
}
"""Of a post, by the list that it stands in."""
COUNTERS: Final[Mapping[str, Mapping[str, str]]] = {edge: _DATA[edge]["counters"] for edge in FIELDS}
"""The field by canonical metric, of counters that a post carries itself."""
INSIGHTS: Final[Mapping[str, Mapping[str, str]]] = _DATA["insights"]
"""By kind of post (or DAY), the platform's name by canonical metric."""
DAY: Final = "DAY"
MILLISECONDS: Final = frozenset(_DATA["units"]["milliseconds"])
AUDIENCE_METRIC: Final[str] = _DATA["audience"]["metric"]
BREAKDOWNS: Final[tuple[str, ...]] = tuple(_DATA["audience"]["breakdowns"])
BUCKETS: Final[Mapping[str, str]] = _DATA["audience"]["buckets"]

_ABSENT: Final = "not offered by Instagram's Graph API"


def own_notes() -> tuple[MetricNote, ...]:
    """The metrics' names where the account itself is connected."""
    native = {m: n for kind in ("STORY", "FEED", "REELS") for m, n in INSIGHTS[kind].items()}
    days = {"followers": "followers_count", "follows": "follower_count", **INSIGHTS[DAY]}
    return (*_post_notes(native), *notes(days, _of_days_alone(), _ABSENT))


def discovered_notes() -> tuple[MetricNote, ...]:
    """The metrics' names where an account is seen from outside."""
    absent = "only the account's own token gives it"
    return (
        *notes(COUNTERS["discovery"], POST_METRICS, absent),
        *notes({"followers": "followers_count"}, _of_days_alone(), absent),
    )


def _post_notes(native: Mapping[str, str]) -> list[MetricNote]:
    apart: Mapping[str, str] = _DATA["kept_apart"]
    return [
        MetricNote(n.metric, None, apart[n.metric]) if n.metric in apart else n
        for n in notes(native, POST_METRICS, _ABSENT)
    ]


def _of_days_alone() -> list[str]:
    """Metrics of posts and of days share names; then the posts' note is the one kept."""
    return [name for name in ACCOUNT_METRICS if name not in POST_METRICS]
