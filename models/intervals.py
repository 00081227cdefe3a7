"""Intervals around what a few posts show: medians, ratios of views, rates and shares of posts.

Every interval is at 95 % unless a level is given. None or NaN among the values means "not known" and
is left out. Posts differ far more than counting noise would make them differ, so the post, never the
view, is the unit; below six posts there is a value but no interval.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from models import quantiles

FEWEST_POSTS: Final = 6
"""Below this, not even the smallest and the largest value enclose a median with 95 % confidence."""
LEVEL: Final = 0.95
RESAMPLES: Final = 5000
"""Of the posts of one period; a ratio of two rates rests on twice as many."""
MOST_ZEROS: Final = 0.10
"""Share of a period's posts without a single view up to which a ratio of views speaks for the period."""

_SEEDS: Final = (20231107, 20240206)  # any two: fixed, so that a figure is the same in every build

Floats = npt.NDArray[np.float64]
Values = Sequence[float | None] | npt.NDArray[np.float64] | npt.NDArray[np.int64]
Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the two ends of its interval; the ends are None where no interval exists."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    """Posts that it rests on."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """After divided by before, with the two ends of its interval; 1 is "no change"."""

    value: float | None
    low: float | None
    high: float | None
    n_before: int
    n_after: int
    left_out: int = 0
    """Posts known to have no view at all: no ratio can be made of them."""

    @property
    def direction(self) -> Direction | None:
        """Where the whole interval lies; None when it includes no change, or does not exist."""
        if self.low is not None and self.low > 1:
            return "up"
        return "down" if self.high is not None and self.high < 1 else None


def as_floats(values: Values) -> Floats:
    """Values as floats, NaN where they are not known: None, or masked as DuckDB's arrays are.

    Raises:
        ValueError: a value is negative or infinite.
    """
    masked = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else False
    floats = np.where(masked, np.nan, np.asarray(values, dtype=np.float64))
    if (floats < 0).any() or np.isinf(floats).any():
        raise ValueError("counts of a post are never negative or infinite; give None where one is not known")
    return floats


def median_interval(values: Values) -> Interval:
    """The median, between order statistics: in the unit of the values, whatever their distribution.

    From the k-th smallest to the k-th largest, k the binomial quantile (Conover, Practical
    Nonparametric Statistics); the true confidence is at least 95 %.

    Raises:
        ValueError: a value is negative or infinite.
    """
    known = np.sort(_known(values))
    n = known.size
    value = float(np.median(known)) if n else None
    k = quantiles.median_rank(n) if n >= FEWEST_POSTS else 0
    return (
        Interval(value, float(known[k - 1]), float(known[n - k]), n) if k else Interval(value, None, None, n)
    )


def ratio_of_views(before: Values, after: Values, level: float = LEVEL) -> Ratio:
    """How many times as many views posts got after as before: a ratio, from views at one age.

    The shift of Hodges and Lehmann (1963) on the scale of log10, between the differences whose ranks
    Mann and Whitney's distribution gives (exact up to 49 posts a side, then normal, as in R).
    Posts with 0 views have no logarithm: they are left out and counted, and when they are more than
    10 % of either period there is no interval, because the rest does not speak for the period.

    Raises:
        ValueError: a value is negative or infinite.
    """
    known = (_known(before), _known(after))
    x, y = (np.log10(side[side > 0]) for side in known)
    left_out = sum(side.size for side in known) - x.size - y.size
    if not x.size or not y.size:
        return Ratio(None, None, None, x.size, y.size, left_out)
    shifts = np.sort(np.subtract.outer(y, x), axis=None)
    enough = min(x.size, y.size) >= FEWEST_POSTS and all(
        (side == 0).sum() <= MOST_ZEROS * side.size for side in known
    )
    k = quantiles.shift_rank(x.size, y.size, (1 - level) / 2) if enough else 0
    low, high = (_ten_to(shifts[k - 1]), _ten_to(shifts[-k])) if k else (None, None)
    return Ratio(_ten_to(np.median(shifts)), low, high, x.size, y.size, left_out)


def rate_interval(
    interactions: Values, views: Values, accounts: Sequence[Hashable] | None = None, level: float = LEVEL
) -> Interval:
    """The rate of some posts, 0-1: a ratio of sums, so that a view counts the same in every post.

    A percentile bootstrap (Efron 1979) that resamples posts, or whole accounts when there are at least
    six of them: fewer could not show how accounts vary. Its tails are widened for small samples
    (Hesterberg 2015), its seed is fixed. Posts with 0 views are left out. No interval below six posts,
    nor when all posts have one and the same rate.

    Raises:
        ValueError: a value is negative or infinite, or the sequences differ in length.
    """
    posts = _rated(RatedPosts(interactions, views, accounts))
    if posts is None:
        return Interval(None, None, None, 0)
    if not posts.varies:
        return Interval(posts.rate, None, None, posts.n)
    low, high = _percentiles(posts.resampled(_SEEDS[0]), posts.units, level)
    return Interval(posts.rate, float(low), float(high), posts.n)


@dataclass(frozen=True, slots=True)
class RatedPosts:
    """The posts of a period: interactions and views of each, from one observation, and its account."""

    interactions: Values
    views: Values
    accounts: Sequence[Hashable] | None = None


def rate_ratio(before: RatedPosts, after: RatedPosts, level: float = LEVEL) -> Ratio:
    """The rate after divided by the rate before, resampled as `rate_interval` says.

    Swapping the periods inverts the ratio and its interval exactly. No interval when a resample has
    no interaction at all on one side: its ratio would be 0 or infinite.

    Raises:
        ValueError: as `rate_interval`.
    """
    x, y = _rated(before), _rated(after)
    n_before, n_after = (posts.n if posts else 0 for posts in (x, y))
    if not x or not y or not x.rate:
        return Ratio(None, None, None, n_before, n_after)
    none = Ratio(y.rate / x.rate, None, None, n_before, n_after)
    if not x.varies or not y.varies:
        return none
    rates = [(x.resampled(a), y.resampled(b)) for a, b in (_SEEDS, _SEEDS[::-1])]
    if min(side.min() for pair in rates for side in pair) == 0:
        return none
    logs = np.concatenate([np.log(later) - np.log(earlier) for earlier, later in rates])
    low, high = np.exp(_percentiles(logs, min(x.units, y.units), level))
    return Ratio(none.value, float(low), float(high), n_before, n_after)


def wilson(k: int, n: int, level: float = LEVEL) -> Interval:
    """A share of posts, 0-1: k of n (Wilson 1927). For posts only: views are not independent trials.

    Raises:
        ValueError: k is not between 0 and n.
    """
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share; give 0 <= k <= n")
    if n == 0:
        return Interval(None, None, None, 0)
    z2 = quantiles.normal_quantile((1 + level) / 2) ** 2
    middle = (k + z2 / 2) / (n + z2)
    half = math.sqrt(z2 * (k * (n - k) / n + z2 / 4)) / (n + z2)
    # Rounding must not move the ends of 0 of n and n of n off 0 and 1.
    low = max(middle - half, 0.0) if k else 0.0
    high = min(middle + half, 1.0) if k < n else 1.0
    return Interval(k / n, low, high, n)


@dataclass(frozen=True, slots=True)
class _Rated:
    """What a bootstrap draws from: interactions and views per post, or per account."""

    interactions: Floats
    views: Floats
    n: int
    """Posts, whatever the units are."""

    @property
    def units(self) -> int:
        return self.views.size

    @property
    def rate(self) -> float:
        return float(self.interactions.sum() / self.views.sum())

    @property
    def varies(self) -> bool:
        """Whether there are units enough, and a difference between them, to draw an interval from."""
        return self.units >= FEWEST_POSTS and len(set(self.interactions / self.views)) > 1

    def resampled(self, seed: int) -> Floats:
        drawn = _drawn(self.units, seed)
        rates: Floats = (drawn @ self.interactions) / (drawn @ self.views)
        return rates


def _rated(posts: RatedPosts) -> _Rated | None:
    x, v = as_floats(posts.interactions), as_floats(posts.views)
    accounts = posts.accounts
    if x.size != v.size or (accounts is not None and len(accounts) != v.size):
        raise ValueError("interactions, views and accounts of posts must be equally many")
    used = (v > 0) & ~np.isnan(x)
    n = int(used.sum())
    if not n:
        return None
    x, v = x[used], v[used]
    known = (
        [account for account, is_used in zip(accounts, used, strict=True) if is_used]
        if accounts is not None
        else []
    )
    number = {account: i for i, account in enumerate(dict.fromkeys(known))}
    if len(number) >= FEWEST_POSTS:
        group = [number[account] for account in known]
        x, v = (as_floats(np.bincount(group, weights)) for weights in (x, v))
    return _Rated(x, v, n)


@lru_cache(maxsize=16)
def _drawn(n: int, seed: int) -> Floats:
    """How often each of n units is drawn, in each of the resamples."""
    return np.random.default_rng((seed, n)).multinomial(n, [1 / n] * n, size=RESAMPLES).astype(np.float64)


def _percentiles(resampled: Floats, n: int, level: float) -> Floats:
    """Both ends, further out than the level says: percentiles of few units are too narrow.

    Hesterberg (What teachers should know about the bootstrap, 2015): the tail is the normal one
    beyond Student's quantile times sqrt(n / (n - 1)).
    """
    t = quantiles.student_quantile((1 + level) / 2, n - 1)
    tail = quantiles.normal_probability(-t * math.sqrt(n / (n - 1)))
    return np.quantile(resampled, [tail, 1 - tail])


def _known(values: Values) -> Floats:
    floats = as_floats(values)
    return floats[~np.isnan(floats)]


def _ten_to(exponent: float) -> float:
    return float(10.0**exponent)
