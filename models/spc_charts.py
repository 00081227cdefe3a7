"""Run charts with Anhøj's rules, and control charts of counts and rates. Missing values are NaN."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise
from typing import Final

import numpy as np

from models.spc import BadSeries, Options, Point, as_array, phase_starts
from models.spc_rules import Flags, Floats, Limits, exact_mean, screened

FEWEST_FOR_RUNS: Final = 10
_D2: Final = 1.128  # a moving range of two is this many standard deviations
_CHANCE: Final = 20  # crossings so few happen by chance in less than 1 of 20 charts


@dataclass(frozen=True)
class Runs:
    """Runs about a centre line, over the `n_useful` values that do not lie on it."""

    n_useful: int
    longest_run: int
    longest_run_max: int
    n_crossings: int
    n_crossings_min: int

    @property
    def signal(self) -> bool:
        """A run too long or crossings too few; never below 10 useful values (Anhøj 2014)."""
        is_unusual = self.longest_run > self.longest_run_max or self.n_crossings < self.n_crossings_min
        return self.n_useful >= FEWEST_FOR_RUNS and is_unusual


@dataclass(frozen=True)
class RunGroup:
    """One phase of a run chart; the first `n_baseline` of its `n` values set the median."""

    phase: int
    first: date
    last: date
    n: int
    n_baseline: int
    median: float | None
    runs: Runs


@dataclass(frozen=True)
class RunChart:
    """A run chart: each point's line is `limits.mean`, and no point has a cause of its own."""

    points: tuple[Point, ...]
    groups: tuple[RunGroup, ...]
    snapped: tuple[tuple[date, date], ...] = ()


def longest_run_max(n_useful: int) -> int:
    """The longest run that is still usual: log2 of the useful values, rounded, plus 3 (Anhøj 2014)."""
    return round(math.log2(n_useful)) + 3 if n_useful else 0


def crossings_min(n_useful: int) -> int:
    """The fewest crossings that are still usual: the 5 % quantile of tosses of a fair coin (Anhøj 2014)."""
    tosses = n_useful - 1
    if tosses < 1:
        return 0
    ways = accumulate(math.comb(tosses, k) for k in range(tosses + 1))
    return next(k for k, so_far in enumerate(ways) if _CHANCE * so_far >= 2**tosses)


def runs(y: Floats, centre: float | Floats) -> Runs:
    """Runs on either side of a centre line; values on it are dropped first."""
    away = y - centre
    is_above = (away[~np.isnan(away) & (away != 0)] > 0).tolist()
    changes = [earlier != later for earlier, later in pairwise(is_above)]
    lengths = accumulate(changes, lambda length, changed: 1 if changed else length + 1, initial=1)
    n = len(is_above)
    longest = max(lengths) if n else 0
    return Runs(n, longest, longest_run_max(n), sum(changes), crossings_min(n))


def run_chart(
    dates: Sequence[date], values: Sequence[float | None], options: Options | None = None
) -> RunChart:
    """The run chart of one series: per phase a median, and Anhøj's two rules about the whole phase.

    Raises:
        BadSeries: dates out of order or twice, a phase date outside the data, or an infinite value.
    """
    options = options or Options()
    y = as_array(dates, values)
    starts, snapped = phase_starts(dates, options.rebase)
    points: list[Point] = []
    groups = []
    for phase, (start, end) in enumerate(zip(starts, [*starts[1:], len(y)], strict=True), 1):
        group = _run_group(dates[start:end], y[start:end], phase, options.baseline)
        groups.append(group)
        line = Limits(group.median)
        rows = zip(dates[start:end], values[start:end], strict=True)
        points += [Point(day, value, phase, group.n_baseline, line, is_trial=False) for day, value in rows]
    return RunChart(tuple(points), tuple(groups), snapped)


def _run_group(dates: Sequence[date], y: Floats, phase: int, n_first: int | None) -> RunGroup:
    known = y[~np.isnan(y)]
    baseline = y[:n_first][~np.isnan(y[:n_first])]
    median = float(np.median(baseline)) if baseline.size else None
    found = runs(known, math.nan if median is None else median)
    return RunGroup(phase, dates[0], dates[-1], len(known), len(baseline), median, found)


@dataclass(frozen=True)
class Control:
    """A centre line, and 3-sigma limits for each row in the unit of the centre."""

    centre: float
    lower: Floats
    upper: Floats


def i_chart(y: Floats, baseline: Flags, *, screen: bool = True) -> Control:
    """Individual values with 3-sigma limits, as qicharts2 draws them: 3 / 1.128 where XmR has 2.66.

    Known rows of the baseline are taken as neighbours, also across a gap.

    Raises:
        BadSeries: no row of the baseline has a value.
    """
    known = y[baseline & ~np.isnan(y)]
    if not known.size:
        raise BadSeries("no row of the baseline has a value; give it some")
    return _control(exact_mean(known), np.full(len(y), _sigma(known, screen=screen)))


def c_chart(counts: Floats, baseline: Flags) -> Control:
    """Counts of events with the same opportunity each time (Poisson).

    Raises:
        BadSeries: no row of the baseline has a count.
    """
    known = counts[baseline & ~np.isnan(counts)]
    if not known.size:
        raise BadSeries("no row of the baseline has a count; give it some")
    centre = exact_mean(known)
    return _control(centre, np.full(len(counts), math.sqrt(centre)), floor=0)


def u_chart(
    counts: Floats, sizes: Floats, baseline: Flags, *, prime: bool = False, screen: bool = True
) -> Control:
    """Events per unit of size (Poisson); `prime`: limits as wide as the data vary (Laney 2002).

    Rows without a size have no limits. `screen` matters to `prime` only.

    Raises:
        BadSeries: no row of the baseline has a count and a size.
    """
    return _rates(counts, sizes, baseline, lambda rate: rate, screen=screen if prime else None)


def p_chart(
    counts: Floats, sizes: Floats, baseline: Flags, *, prime: bool = False, screen: bool = True
) -> Control:
    """The share of `sizes` things that count (binomial); `prime` and errors as in `u_chart`."""
    drawn = _rates(
        counts, sizes, baseline, lambda share: share * (1 - share), screen=screen if prime else None
    )
    return Control(drawn.centre, drawn.lower, np.minimum(drawn.upper, 1))


def _rates(
    counts: Floats,
    sizes: Floats,
    baseline: Flags,
    variance: Callable[[float], float],
    *,
    screen: bool | None,
) -> Control:
    """A chart of counts / sizes; `screen` None: as wide as chance alone, else as wide as the rates vary."""
    sizes, baseline = _usable(counts, sizes, baseline)
    centre = math.fsum(counts[baseline]) / math.fsum(sizes[baseline])
    sigma = np.sqrt(variance(centre) / sizes)
    if screen is not None and variance(centre) > 0:
        scores = (counts / sizes - centre) / sigma
        sigma = sigma * _sigma(scores[baseline], screen=screen)
    return _control(centre, sigma, floor=0)


def _usable(counts: Floats, sizes: Floats, baseline: Flags) -> tuple[Floats, Flags]:
    """Sizes with NaN for none, and the rows of the baseline that have a count and a size."""
    sizes = np.where(sizes > 0, sizes, math.nan)
    baseline = baseline & ~np.isnan(counts) & ~np.isnan(sizes)
    if not baseline.any():
        raise BadSeries("no row of the baseline has a count and a size; give it some")
    return sizes, baseline


def _sigma(y: Floats, *, screen: bool) -> float:
    ranges = np.abs(np.diff(y))
    if not ranges.size:
        return math.nan
    return exact_mean(screened(ranges) if screen else ranges) / _D2


def _control(centre: float, sigma: Floats, floor: float = -math.inf) -> Control:
    return Control(centre, np.maximum(centre - 3 * sigma, floor), centre + 3 * sigma)
