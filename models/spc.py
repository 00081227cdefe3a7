"""XmR charts by NHS England's Making Data Count: phases, causes, what they mean, assurance, cautions.

The rules themselves are in `spc_rules.py`. Values keep their own unit throughout.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from models.spc_rules import (
    Floats,
    Limits,
    Signs,
    autocorrelation,
    limits_of,
    near,
    outside,
    shift,
    signs,
    steps_into,
    trend,
    trend_directions,
    two_of_three,
)

DIRECTIONS: Final = {"increase": 1, "decrease": -1, "neutral": 0}
FEWEST_FOR_BASELINE: Final = 12
FEWEST_FOR_LIMITS: Final = 10
FEWEST_FOR_ICONS: Final = 13
FEWEST_FOR_FIRM_LIMITS: Final = 20  # Provost & Murray: 20 to 30

_CAUSES: Final = (  # in order of precedence
    {1: "Above UCL", -1: "Below LCL"},
    {1: "7 Point Trend (Increasing)", -1: "7 Point Trend (Decreasing)"},
    {1: "2 in 3 Above CL", -1: "2 in 3 Below CL"},
    {1: "7 Points Above CL", -1: "7 Points Below CL"},
)
COMMON: Final = ("Common Cause", "common_cause")
_POINT_TYPES: Final = {1: "special_cause_improvement", -1: "special_cause_concern"}
_NEUTRAL_TYPES: Final = {1: "special_cause_neutral_high", -1: "special_cause_neutral_low"}

Assurance = Literal["consistent_pass", "consistent_fail", "inconsistent"]


class BadSeries(Exception):
    """A series or its options cannot be charted; the message says where and what to do."""


@dataclass(frozen=True)
class Options:
    """How to chart: which direction is good, screening, rows of the baseline, phase dates, target.

    Raises:
        BadSeries: an unknown direction, a baseline under 12 rows, a target that is no number.
    """

    direction: str = "neutral"
    screen: bool = True
    """Leave moving ranges above 3.267 times their mean out of it, once."""
    baseline: int | None = None
    """The first rows of each phase that set its limits; None: all its rows."""
    rebase: tuple[date, ...] = ()
    target: float | None = None

    def __post_init__(self) -> None:
        if self.direction not in DIRECTIONS:
            raise BadSeries(f"direction {self.direction!r}: use one of {', '.join(DIRECTIONS)}")
        if self.baseline is not None and self.baseline < FEWEST_FOR_BASELINE:
            raise BadSeries(f"a baseline of {self.baseline} rows is too short; use 12 or more")
        if self.target is not None and not math.isfinite(self.target):
            raise BadSeries(f"target {self.target} is not a number; write it like 12.5")


@dataclass(frozen=True)
class Point:
    """One row: its lines, the four rules, and the first rule that holds. No cause: not assessed."""

    date: date
    value: float | None
    phase: int
    """From 1."""
    n_baseline: int
    limits: Limits
    outside: bool = False
    trend: bool = False
    two_of_three: bool = False
    shift: bool = False
    cause: str | None = None
    point_type: str | None = None
    is_trial: bool = True

    @property
    def is_high(self) -> bool:
        """Whether its signal points up: above the line, or rising."""
        return self.cause in {up[1] for up in _CAUSES}


@dataclass(frozen=True)
class Group:
    """One phase: `n` values of which `n_baseline` set the limits, and what may be said of it."""

    phase: int
    first: date
    last: date
    n: int
    n_baseline: int
    limits: Limits
    latest: Point
    assurance: Assurance | None
    autocorrelation: float | None
    """Of neighbours in the baseline; None below 20 values. Above 0.3 signals are overstated."""

    @property
    def has_icons(self) -> bool:
        """Whether there are enough values for a verdict (NHSRplotthedots warns below 13)."""
        return self.n >= FEWEST_FOR_ICONS

    @property
    def caution(self) -> str:
        """What a chart with few values must say."""
        return caution(self.n, self.n_baseline)


@dataclass(frozen=True)
class Chart:
    """A charted series; `snapped` holds the phase dates that moved to the next row's date."""

    points: tuple[Point, ...]
    groups: tuple[Group, ...]
    snapped: tuple[tuple[date, date], ...] = ()


def xmr(dates: Sequence[date], values: Sequence[float | None], options: Options | None = None) -> Chart:
    """The XmR chart of one series, in time order; None is a missing value and keeps its row.

    Raises:
        BadSeries: dates out of order or twice, a phase date outside the data, or an infinite value.
    """
    options = options or Options()
    y = as_array(dates, values)
    starts, snapped = phase_starts(dates, options.rebase)
    points: list[Point] = []
    groups = []
    for phase, (start, end) in enumerate(zip(starts, [*starts[1:], len(y)], strict=True), 1):
        limits = limits_of(y[start:end][: options.baseline], screen=options.screen)
        charted, group = judged_phase(dates[start:end], y[start:end], phase, options, limits)
        points += charted
        groups.append(group)
    return Chart(tuple(points), tuple(groups), snapped)


def as_array(dates: Sequence[date], values: Sequence[float | None]) -> Floats:
    """The values, missing ones as NaN, once the dates are known to rise.

    Raises:
        BadSeries: no rows, dates out of order or twice, an infinite value.
    """
    if not dates:
        raise BadSeries("no rows; a series needs at least one date")
    for row, (earlier, later) in enumerate(pairwise(dates), 2):
        if later == earlier:
            raise BadSeries(f"{later} is there twice (rows {row - 1} and {row}); keep one of them")
        if later < earlier:
            raise BadSeries(f"{later} (row {row}) comes after {earlier}; sort the rows by date")
    y = np.array([math.nan if value is None else value for value in values], dtype=np.float64)
    if np.isinf(y).any():
        raise BadSeries(f"{dates[int(np.isinf(y).argmax())]}: the value is infinite; leave it empty")
    return y


def phase_starts(
    dates: Sequence[date], rebase: Sequence[date]
) -> tuple[list[int], tuple[tuple[date, date], ...]]:
    """Where phases start, and which asked dates moved to which row: the first on or after them.

    Raises:
        BadSeries: a date before the first row or after the last.
    """
    starts, snapped = {0}, []
    for day in sorted(rebase):
        if not dates[0] <= day <= dates[-1]:
            raise BadSeries(f"rebase {day} is outside the data; use a date from {dates[0]} to {dates[-1]}")
        row = next(row for row, at in enumerate(dates) if at >= day)
        starts.add(row)
        if dates[row] != day:
            snapped.append((day, dates[row]))
    return sorted(starts), tuple(snapped)


def judged_phase(
    dates: Sequence[date],
    y: Floats,
    phase: int,
    options: Options,
    limits: Limits,
    steps: Signs | None = None,
) -> tuple[list[Point], Group]:
    """One phase judged by the limits given; `steps` are those that a trend is made of, else those of y."""
    baseline = y[: options.baseline]
    n, n_baseline = _count(y), _count(baseline)
    is_trial = min(n, n_baseline) < FEWEST_FOR_FIRM_LIMITS
    blanks = [Point(day, None, phase, n_baseline, limits, is_trial=is_trial) for day in dates]
    still = _still(y, limits, len(baseline))
    rules = _rules(still, limits, steps_into(still) if steps is None else steps).T.tolist()
    points = [
        point if math.isnan(value) else _judged(replace(point, value=value), held, options)
        for point, value, held in zip(blanks, y.tolist(), rules, strict=True)
    ]
    latest = next((point for point in reversed(points) if point.value is not None), points[-1])
    verdict, related = assurance(limits, options), autocorrelation(baseline)
    return points, Group(phase, dates[0], dates[-1], n, n_baseline, limits, latest, verdict, related)


def _count(y: Floats) -> int:
    return int((~np.isnan(y)).sum())


def _still(y: Floats, limits: Limits, n_baseline: int) -> Floats:
    """The values; where nothing in the baseline moved, all of it on the mean: nothing there is a signal."""
    if limits.amr != 0 or limits.mean is None:
        return y
    return np.concatenate([np.where(np.isnan(y), y, limits.mean)[:n_baseline], y[n_baseline:]])


def _rules(y: Floats, limits: Limits, steps: Signs) -> Signs:
    """A line per rule, in order of precedence: where it holds its direction, elsewhere 0."""
    if limits.mean is None or limits.amr is None:
        return np.zeros((len(_CAUSES), len(y)), dtype=np.int64)
    side, in_trend = signs(y - limits.mean), trend(steps)
    return np.stack(
        [
            side * outside(y, limits),
            trend_directions(steps, in_trend) * in_trend,
            side * two_of_three(side, near(y, limits)),
            side * shift(side),
        ]
    )


def _judged(point: Point, held: list[int], options: Options) -> Point:
    """The point with its rules, its cause (the first rule that holds) and what that means."""
    if point.limits.amr is None:
        return point  # nothing to judge it by
    rule = next((rule for rule, direction in enumerate(held) if direction), None)
    cause, kind = COMMON if rule is None else (_CAUSES[rule][held[rule]], meaning(held[rule], options))
    far, trending, two, shifted = map(bool, held)
    return replace(
        point,
        outside=far,
        trend=trending,
        two_of_three=two,
        shift=shifted,
        cause=cause,
        point_type=kind,
    )


def meaning(direction: int, options: Options) -> str:
    """The point type of a signal that points up (1) or down (-1)."""
    good = DIRECTIONS[options.direction]
    return _POINT_TYPES[direction * good] if good else _NEUTRAL_TYPES[direction]


def assurance(limits: Limits, options: Options) -> Assurance | None:
    """Whether the process meets its target always, never or by chance; None where that has no meaning."""
    if options.target is None or options.direction == "neutral" or limits.lpl is None or limits.upl is None:
        return None
    if limits.lpl <= options.target <= limits.upl:
        return "inconsistent"
    is_above = options.target > limits.upl
    return "consistent_fail" if is_above == (options.direction == "increase") else "consistent_pass"


def caution(n: int, n_baseline: int) -> str:
    """What must be said beside a phase of `n` values whose limits come from `n_baseline` of them."""
    if n < FEWEST_FOR_LIMITS:
        return "too few points to judge"
    if n < FEWEST_FOR_ICONS:
        return "trial limits"
    if min(n, n_baseline) < FEWEST_FOR_FIRM_LIMITS:
        return "trial limits: fewer than 20 points"
    return ""
