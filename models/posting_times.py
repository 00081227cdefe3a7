"""Table `posting_times`: whether videos published at some hour or weekday gained more than others.

Naming whichever hour has the highest mean names noise: with eight parts of the day and seven weekdays
one of them always leads. Here one is named only when chance hardly ever leads by as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.campaign import Campaign
from models.intervals import FEWEST_POSTS, LEVEL, Floats
from models.quantiles import student_quantile
from models.rankings import ERROR, FEWEST_GROUPS, PERMUTATIONS

HOURS: Final = 3
"""Length of a part of the day: single hours have too few posts to judge."""
TIMES: Final = pa.schema(
    {
        "dimension": pa.string(),
        "bucket": pa.int64(),
        "posts": pa.int64(),
        "median_views": pa.float64(),
        "ratio": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "is_named": pa.bool_(),
    }
)
_UNTOLD: Final[Mapping[str, object]] = {"ratio": None, "low": None, "high": None, "is_named": False}
_NOON: Final = (12, 0, 0)
_ALIKE: Final = 1e-9

Row = Mapping[str, Any]
Bucket = tuple[str, int]
Effect = Mapping[str, object]


def posting_times(campaign: Campaign, posts: pa.Table) -> pa.Table:
    """A row per part of the day and weekday that has posts, from rows of `timed_posts`.

    Posts are compared within their account and action period, so that neither who posts when nor
    growth over the campaign looks like the hour's doing.
    """
    rows = posts.sort_by([("published_s", "ascending"), ("post_id", "ascending")]).to_pylist()
    moments = [datetime.fromtimestamp(row["published_s"], campaign.timezone) for row in rows]
    members: dict[Bucket, list[int]] = {}
    for at, moment in enumerate(moments):
        for bucket in _buckets(moment):
            members.setdefault(bucket, []).append(at)
    judged = [bucket for bucket in sorted(members) if len(members[bucket]) >= FEWEST_POSTS]
    views = [int(row["views_day_28"]) for row in rows]
    strata = [(row["platform"], row["account"], row["period_id"]) for row in rows]
    effects = judge(views, strata, [members[bucket] for bucket in judged])
    found = dict(zip(judged, effects, strict=True))
    made = [_row(bucket, [views[at] for at in members[bucket]], found) for bucket in sorted(members)]
    return pa.Table.from_pylist(made, schema=TIMES)


def _buckets(moment: datetime) -> list[Bucket]:
    """The weekday, and the part of the day unless only the day is known: its noon is stored then."""
    weekday = ("weekday", moment.isoweekday())
    is_day_alone = (moment.hour, moment.minute, moment.second) == _NOON
    return [weekday] if is_day_alone else [weekday, ("hours", moment.hour // HOURS * HOURS)]


def _row(bucket: Bucket, views: Sequence[int], found: Mapping[Bucket, Effect]) -> dict[str, object]:
    named = {"dimension": bucket[0], "bucket": bucket[1], "posts": len(views)}
    return {**named, "median_views": float(median(views)), **found.get(bucket, _UNTOLD)}


def judge(views: Sequence[int], strata: Sequence[object], groups: Sequence[Sequence[int]]) -> list[Effect]:
    """For every group of posts its ratio to the others of their strata, an interval, and whether it is named.

    `views` are above 0; groups hold positions in it and may overlap. The ratio is geometric, of a
    regression with a level per stratum; intervals are 95 % for all groups together (Bonferroni). At most
    one group is named: its interval leaves 1 out, and of all orders of the posts within their strata at
    most 4 % have any group that leads by as much (Pitman 1937; for the maximum Westfall & Young 1993).
    """
    levels = np.unique([repr(stratum) for stratum in strata], return_inverse=True)[1]
    logs = _within(np.log(np.asarray(views, dtype=np.float64))[None, :], levels)[0] if views else np.zeros(0)
    shares = np.zeros((len(groups), len(views)))
    for row, group in zip(shares, groups, strict=True):
        row[list(group)] = 1
    shares = _within(shares, levels)
    weights = np.sqrt((shares**2).sum(axis=1))
    is_told = weights > _ALIKE  # else the group is all of its strata: nothing to compare it with
    shares[is_told] /= weights[is_told, None]
    leads = shares @ logs
    spread = _spread(logs, levels)
    t = student_quantile(1 - (1 - LEVEL) / (2 * max(is_told.sum(), 1)), max(_freedom(levels), 1))
    top = _named(shares[is_told], logs, levels)
    named = np.flatnonzero(is_told)[top] if top is not None else None
    return [
        _effect(lead, weight, t * spread, at == named) if told and spread > _ALIKE else _UNTOLD
        for at, (lead, weight, told) in enumerate(zip(leads, weights, is_told, strict=True))
    ]


def _effect(lead: float, weight: float, half: float, is_first: bool) -> Effect:
    low, high = (lead - half) / weight, (lead + half) / weight
    return {
        "ratio": float(np.exp(lead / weight)),
        "low": float(np.exp(low)),
        "high": float(np.exp(high)),
        "is_named": bool(is_first and low > 0),
    }


def _within(rows: Floats, levels: npt.NDArray[np.intp]) -> Floats:
    """Rows less the mean of each stratum."""
    sizes = np.bincount(levels)
    means = (
        np.array([np.bincount(levels, weights=row) for row in rows]).reshape(len(rows), sizes.size) / sizes
    )
    centred: Floats = rows - means[:, levels]
    return centred


def _freedom(levels: npt.NDArray[np.intp]) -> int:
    return int(levels.size - np.unique(levels).size - 1)


def _spread(logs: Floats, levels: npt.NDArray[np.intp]) -> float:
    """Standard deviation of the posts within their strata."""
    freedom = _freedom(levels)
    return float(np.sqrt((logs**2).sum() / freedom)) if freedom > 0 else 0.0


def _named(shares: Floats, logs: Floats, levels: npt.NDArray[np.intp]) -> int | None:
    """The group that leads, if chance hardly ever leads by as much."""
    if len(shares) < FEWEST_GROUPS or _freedom(levels) < 1:
        return None
    seen = shares @ logs
    top = int(np.argmax(seen))
    by_chance = (shares @ logs[_orders(tuple(levels.tolist()))].T).max(axis=0)
    is_rare = (1 + (by_chance >= seen[top] - _ALIKE).sum()) / (1 + PERMUTATIONS) <= ERROR
    return top if is_rare else None


@lru_cache(maxsize=1)
def _orders(levels: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """Random orders of the posts, each within its stratum; always the same."""
    rng = np.random.default_rng((20231107, len(levels)))
    found = np.tile(np.arange(len(levels)), (PERMUTATIONS, 1))
    at = np.asarray(levels)
    for level in np.unique(at):
        inside = np.flatnonzero(at == level)
        found[:, inside] = rng.permuted(found[:, inside], axis=1)
    return found
