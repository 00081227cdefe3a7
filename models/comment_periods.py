"""Table `comment_periods`: how the comments below a topic's posts sound, period by period.

No text and no name comes in here, only counts and sums of scores by post; what goes out is under the
campaign's rule for small numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from models.campaign import Campaign
from models.comment_disclosure import (
    CATEGORIES,
    ROUNDED_TO,
    SCORED,
    figures,
    hidden_counts,
    may_show_mean,
)
from models.disclosure import disclose
from models.intervals import rate_interval

COMMENT_PERIODS: Final = pa.schema(
    {
        "topic_id": pa.string(),
        "period_id": pa.string(),
        "comments": pa.int64(),
        "scored": pa.int64(),
        "mean_compound": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "positive": pa.int64(),
        "neutral": pa.int64(),
        "negative": pa.int64(),
        "no_words": pa.int64(),
        "not_scored": pa.int64(),
        "suppressed": pa.string(),
    }
)
_MEAN: Final = ("mean_compound", "low", "high")
_SCALE: Final = 10_000

Row = Mapping[str, Any]


def comment_periods(campaign: Campaign, counts: pa.Table, periods: pa.Table) -> pa.Table:
    """A row for each of `topic_periods`, from the rows of `comment_counts`; none while comments are off."""
    if not campaign.comments.enabled:
        return COMMENT_PERIODS.empty_table()
    found: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in counts.to_pylist():
        found[row["topic_id"], row["period_id"]].append(row)
    rule = campaign.privacy.suppress
    keys = [(row["topic_id"], row["period_id"]) for row in periods.to_pylist()]
    rows = [{"topic_id": key[0], "period_id": key[1], **_shown(found[key], rule)} for key in keys]
    return pa.Table.from_pylist(rows, schema=COMMENT_PERIODS)


def _shown(rows: Sequence[Row], rule: str) -> dict[str, object]:
    """The columns of a topic's period that may be shown, and the names of the others."""
    if not rows:
        return {"comments": 0}
    counts = tuple(sum(row["comments"] for row in rows if row["category"] == name) for name in CATEGORIES)
    hidden, mean = hidden_counts(counts, rule), _mean(rows)
    value = mean["mean_compound"]
    if value is None or not may_show_mean(counts, hidden, value, rule):
        hidden |= set(_MEAN)
    by_name = {name: disclose(count, rule).value for name, count in figures(counts).items()}
    columns = {name: None if name in hidden else shown for name, shown in {**by_name, **mean}.items()}
    names = ", ".join(name for name in COMMENT_PERIODS.names if name in hidden)
    return {"comments": sum(counts), **columns, "suppressed": names or None}


def _mean(rows: Sequence[Row]) -> dict[str, float | None]:
    """The mean score with its interval, posts resampled: comments below one post answer each other.

    A ratio of sums like a rate; rates are never negative, so that scores are moved from -1..1 to 0..2.
    """
    scored: Counter[tuple[str, str]] = Counter()
    sums: Counter[tuple[str, str]] = Counter()
    # In the order of their ids: a resampling must not depend on the order of rows.
    for row in sorted(rows, key=lambda row: (row["platform"], row["post_id"])):
        if row["category"] in SCORED:
            scored[row["platform"], row["post_id"]] += row["comments"]
            sums[row["platform"], row["post_id"]] += row["compound_10000"]
    moved = rate_interval([sums[post] / _SCALE + n for post, n in scored.items()], [*scored.values()])
    return {
        "mean_compound": _rounded(sums.total() / _SCALE / scored.total()) if scored else None,
        "low": None if moved.low is None else _rounded(moved.low - 1),
        "high": None if moved.high is None else _rounded(moved.high - 1),
    }


def _rounded(mean: float) -> float:
    return round(mean, ROUNDED_TO) + 0.0  # no -0.0
