"""Quantiles that intervals are made of, without SciPy: exact where that is cheap, named where not."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Final

LARGEST_EXACT: Final = 49
"""Posts on either side up to which the Mann-Whitney distribution is counted out, as in R."""

_NORMAL: Final = NormalDist()
_HALVINGS: Final = 80


def normal_quantile(probability: float) -> float:
    """The standard normal quantile."""
    return _NORMAL.inv_cdf(probability)


def normal_probability(z: float) -> float:
    """The standard normal probability of at most `z`."""
    return _NORMAL.cdf(z)


@lru_cache(maxsize=256)
def median_rank(n: int, tail: float = 0.025) -> int:
    """Rank k: a median lies below the k-th smallest of `n` values with probability < `tail`.

    The binomial (n, 1/2) quantile; 0: there is no such rank. (Conover, Practical Nonparametric
    Statistics, intervals for quantiles.)
    """
    wanted = math.ceil(Fraction(tail) * 2**n)
    ways, total = 1, 1  # of k heads in n tosses; of at most k
    for k in range(n):
        if total >= wanted:
            return k
        ways = ways * (n - k) // (k + 1)
        total += ways
    return n


@lru_cache(maxsize=1024)
def shift_rank(m: int, n: int, tail: float = 0.025) -> int:
    """Rank k: a shift lies below the k-th smallest of m * n differences with probability < `tail`.

    The quantile of Mann and Whitney's U (1947): counted out while neither side has more than
    `LARGEST_EXACT` values, else normal with a correction for continuity. Ties are not corrected for:
    they only make the interval wider than it need be. 0: there is no such rank.
    """
    if max(m, n) <= LARGEST_EXACT:
        wanted, total = tail * math.comb(m + n, m), 0
        for u, ways in enumerate(_ways(m, n)):
            total += ways
            if total >= wanted:
                return u
    spread = math.sqrt(m * n * (m + n + 1) / 12)
    return max(math.ceil(m * n / 2 + normal_quantile(tail) * spread - 0.5), 0)


def _ways(m: int, n: int) -> list[int]:
    """In how many of the orders of m + n values U is 0, 1, 2, …: a Gaussian binomial coefficient."""
    ways = [1] + [0] * (m * n)
    for i in range(1, m + 1):
        for u in range(m * n, n + i - 1, -1):
            ways[u] -= ways[u - n - i]
        for u in range(i, m * n + 1):
            ways[u] += ways[u - i]
    return ways


@lru_cache(maxsize=1024)
def student_quantile(probability: float, freedom: int) -> float:
    """The quantile of Student's t, for a probability above 1/2 and whole degrees of freedom."""
    low, high = 0.0, math.pi / 2  # of the angle whose tangent is t / sqrt(freedom)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if 0.5 + _within(middle, freedom) / 2 < probability:
            low = middle
        else:
            high = middle
    return math.tan(low) * math.sqrt(freedom)


def _within(angle: float, freedom: int) -> float:
    """Probability that |t| is below tan(angle) * sqrt(freedom): the finite series of Gosset's t."""
    cosine = math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for k in range(2 + odd, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        total += term
    total *= math.sin(angle)
    return 2 / math.pi * (angle + total) if odd else total


def gamma_quantile(shape: float, probability: float) -> float:
    """The quantile of a gamma distribution of scale 1, to about 2 % for shapes from 1.

    Wilson and Hilferty (1931): its cube root is nearly normal. With `shape` = a count it is the
    lower end of that count's Poisson mean (Byar's approximation), a little below the exact one.
    """
    if shape <= 0:
        return 0.0
    root = 1 - 1 / (9 * shape) + normal_quantile(probability) / (3 * math.sqrt(shape))
    return shape * max(root, 0.0) ** 3
