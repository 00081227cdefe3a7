"""Who may lead a list: rates that a tiny number of views cannot lift, and whether anybody stands out.

A list of posts by bare rate is led by whichever post has the fewest views. Here posts are ordered by
the lower end of what their rate may be, and "best" is said of a post, an hour or a topic only when it
stands out from the others by more than such posts differ anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from models.intervals import FEWEST_POSTS, Floats, RatedPosts, Values, as_floats
from models.quantiles import gamma_quantile, student_quantile

ERROR: Final = 0.04
"""Probability that anything at all is named when nothing differs but by chance: 5 %, and a margin."""
TELLING: Final = 10
"""Interactions to be expected of a post before its own rate says how much posts differ."""

PERMUTATIONS: Final = 1999
"""Beside the order that was seen: 2,000 in all."""
FEWEST_GROUPS: Final = 2

_TAIL: Final = 0.025
_ROUNDING: Final = 1e-9


def ranking_lower_ends(interactions: Values, views: Values) -> Floats:
    """Lower end of the 95 % interval of every post's rate, 0-1, to order a list by; NaN: not known.

    Empirical Bayes: counts are Poisson around rates that differ between posts as a gamma distribution
    does, whose mean and variance are moments of all the posts (Marshall 1991). A post with few views
    gets the lower end of what posts have in general, never more than its own numbers support.

    Raises:
        ValueError: a value is negative or infinite, or the sequences differ in length.
    """
    x, v = _pairs(interactions, views)
    used = (v > 0) & ~np.isnan(x)
    ends = np.full(v.size, np.nan)
    if not used.any():
        return ends
    mean, variance = _moments(x[used], v[used])
    if variance <= 0:
        ends[used] = mean  # no sign that posts differ: all share the lead
        return ends
    scale = mean / variance
    for i in np.flatnonzero(used):
        ends[i] = gamma_quantile(mean * scale + x[i], _TAIL) / (scale + v[i])
    return ends


def _moments(x: Floats, v: Floats) -> tuple[float, float]:
    """Mean of the posts' rates, and their variance beyond what counting makes."""
    total = v.sum()
    mean = x.sum() / total
    spread = (v * (x / v - mean) ** 2).sum() - (v.size - 1) * mean
    weight = total - (v**2).sum() / total
    return float(mean), float(spread / weight) if weight > 0 else 0.0


def named_best(interactions: Values, views: Values) -> int | None:
    """The index of the one post that stands out by its rate; None, as a rule.

    The lower end of a post's own rate (Poisson) must exceed the upper end of what the other posts
    predict for one more (log-normal rates, Student's t). Over all posts, and both ends, this errs in at
    most 4 % of lists whose posts differ only as posts do (Bonferroni). Posts whose numbers do not tell
    are never named; None also when fewer than six of the others tell.

    Raises:
        ValueError: as `ranking_lower_ends`.
    """
    x, v = _pairs(interactions, views)
    used = np.flatnonzero((v > 0) & ~np.isnan(x))
    telling = used[_tells(v[used], _pooled(x[used], v[used]))]
    if telling.size <= FEWEST_POSTS:
        return None
    x, v = x[telling], v[telling]
    tail = ERROR / (2 * telling.size)
    own = np.array([gamma_quantile(count, tail) for count in x]) / v
    margins = own - np.exp(_upper_ends_of_the_rest(_log_rates(x, v), tail))
    top = int(np.argmax(margins))
    return int(telling[top]) if margins[top] > 0 else None


def _upper_ends_of_the_rest(logs: Floats, tail: float) -> Floats:
    """For every post, the upper end of the interval in which the others predict one more."""
    centred = logs - logs.mean()
    n = logs.size - 1
    means = -centred / n
    variances = ((centred**2).sum() - centred**2 - n * means**2) / (n - 1)
    t = student_quantile(1 - tail, n - 1)
    ends: Floats = logs.mean() + means + t * np.sqrt(np.maximum(variances, 0) * (1 + 1 / n))
    return ends


def named_best_group(groups: Sequence[RatedPosts]) -> int | None:
    """The index of the one group (hour, weekday, topic) whose posts stand out by their rates, or None.

    A permutation test of the largest difference between a group's mean log rate and that of all others
    (Pitman 1937; for the maximum Westfall & Young 1993): it errs in at most 4 % of sets, whatever the
    distribution, when it does not matter in which group a post is. Only posts whose numbers tell take
    part, and groups with six of them. Give posts of one account: else which accounts post at which hour
    looks like the hour's doing.

    Raises:
        ValueError: as `ranking_lower_ends`.
    """
    pairs = [_seen(*_pairs(group.interactions, group.views)) for group in groups]
    none = np.zeros(0)
    rate = _pooled(
        np.concatenate([none, *(x for x, _ in pairs)]), np.concatenate([none, *(v for _, v in pairs)])
    )
    logs = {i: _log_rates(x, v)[_tells(v, rate)] for i, (x, v) in enumerate(pairs)}
    judged = {i: group for i, group in logs.items() if group.size >= FEWEST_POSTS}
    if len(judged) < FEWEST_GROUPS:
        return None
    found = _standing_out(list(judged.values()))
    return None if found is None else list(judged)[found]


def _standing_out(groups: list[Floats]) -> int | None:
    together = np.concatenate(groups)
    sizes = np.array([group.size for group in groups])
    centred = together - together.mean()
    orders = _orders(together.size)
    starts = np.cumsum(sizes) - sizes
    sums = np.add.reduceat(centred[orders], starts, axis=1)
    # A sum of centred values over this is the difference of the two means over its standard error.
    scaled = sums / np.sqrt(sizes * (together.size - sizes))
    seen, by_chance = scaled[0], scaled.max(axis=1)
    top = int(np.argmax(seen))
    is_rare = (by_chance >= seen[top] - _ROUNDING).mean() <= ERROR
    return top if is_rare else None


@lru_cache(maxsize=64)
def _orders(n: int) -> npt.NDArray[np.int32]:
    """The order as it is, and then random ones of `n` posts; always the same."""
    rng = np.random.default_rng((20231107, n))
    posts = np.arange(n, dtype=np.int32)
    return np.vstack([posts, rng.permuted(np.tile(posts, (PERMUTATIONS, 1)), axis=1)])


def _pooled(x: Floats, v: Floats) -> float:
    return float(x.sum() / v.sum()) if v.size else 0.0


def _tells(v: Floats, rate: float) -> npt.NDArray[np.bool_]:
    """Whether a post, at the common rate, would have numbers that tell."""
    return v * rate >= TELLING


def _log_rates(x: Floats, v: Floats) -> Floats:
    """Half an interaction more, so that none at all has a logarithm too."""
    logs: Floats = np.log((x + 0.5) / v)
    return logs


def _seen(x: Floats, v: Floats) -> tuple[Floats, Floats]:
    used = (v > 0) & ~np.isnan(x)
    return x[used], v[used]


def _pairs(interactions: Values, views: Values) -> tuple[Floats, Floats]:
    x, v = as_floats(interactions), as_floats(views)
    if x.size != v.size:
        raise ValueError("interactions and views of posts must be equally many")
    return x, v
