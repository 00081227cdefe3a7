"""The rules of an XmR chart, one small function each, on arrays in which NaN is a missing value.

Those of NHS England's Making Data Count, with the constants of NHSRplotthedots, whose published cases
the tests reproduce. An array holds one phase: no formula and no window ever crosses into another.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int64]
"""-1, 0 or 1; also 0 where there is no value."""

FEWEST_FOR_AUTOCORRELATION: Final = 20
_LIMIT: Final = 2.66  # as printed by Shewhart and by Making Data Count, not 3 / 1.128
_NEAR: Final = 2 * _LIMIT / 3
_OUTLYING: Final = 3.267  # moving ranges above this many times their mean (Nelson 1982)
_RUN: Final = 7


@dataclass(frozen=True)
class Limits:
    """Lines of one phase. Without a moving range there is a mean at most."""

    mean: float | None = None
    amr: float | None = None
    lpl: float | None = None
    nlpl: float | None = None
    nupl: float | None = None
    upl: float | None = None


def limits_of(baseline: Floats, *, screen: bool) -> Limits:
    """Mean ± 2.66 average moving ranges (Making Data Count); near limits at two thirds. Never clipped."""
    known = baseline[~np.isnan(baseline)]
    if not known.size:
        return Limits()
    mean = exact_mean(known)
    ranges = np.abs(np.diff(baseline))
    ranges = ranges[~np.isnan(ranges)]
    if not ranges.size:
        return Limits(mean)
    amr = exact_mean(screened(ranges) if screen else ranges)
    near, far = _NEAR * amr, _LIMIT * amr
    return Limits(mean, amr, mean - far, mean - near, mean + near, mean + far)


def exact_mean(values: Floats) -> float:
    """The mean, rounded once: in 0.1, 0.2, 0.3 the middle lies ON it, which a plain sum would miss."""
    return float(statistics.mean(values.tolist()))


def screened(ranges: Floats) -> Floats:
    """The moving ranges below 3.267 times their mean: one pass (Nelson 1982; Provost & Murray)."""
    kept = ranges[ranges < _OUTLYING * exact_mean(ranges)]
    return kept if kept.size else ranges  # all zero: none is below zero, and none is outlying


def outside(y: Floats, limits: Limits) -> Flags:
    """Rule 1: beyond a limit; on it is inside."""
    return _beyond(y, limits.lpl, limits.upl)


def near(y: Floats, limits: Limits) -> Flags:
    """Beyond a near limit, yet not outside."""
    return _beyond(y, limits.nlpl, limits.nupl) & ~outside(y, limits)


def _beyond(y: Floats, low: float | None, high: float | None) -> Flags:
    if low is None or high is None:
        return np.zeros(len(y), dtype=np.bool_)
    return (y > high) | (y < low)  # a missing value is neither


def signs(differences: Floats) -> Signs:
    """-1, 0 or 1, and 0 where a value is missing."""
    return np.sign(np.nan_to_num(differences)).astype(np.int64)


def steps_into(y: Floats) -> Signs:
    """Up, down or level from the row before; the first row has none."""
    return np.concatenate([np.zeros(min(len(y), 1), dtype=np.int64), signs(np.diff(y))])


def trend(steps: Signs) -> Flags:
    """Rule 2: in 7 consecutive values that all rise, or all fall; `steps` as from `steps_into`."""
    return _in_full_windows(steps[1:], _RUN - 1, len(steps))


def two_of_three(side: Signs, is_near: Flags) -> Flags:
    """Rule 3: near a limit, in 3 consecutive values on one side of which 2 or more are near."""
    flags = np.zeros(len(side), dtype=np.bool_)
    for start in range(len(side) - 2):
        window = slice(start, start + 3)
        if abs(side[window].sum()) == 3 and is_near[window].sum() >= 2:  # noqa: PLR2004 (the rule's name)
            flags[window] = True
    return flags & is_near


def shift(side: Signs) -> Flags:
    """Rule 4: in 7 consecutive values on one side of the mean; one on the mean breaks it."""
    return _in_full_windows(side, _RUN, len(side))


def _in_full_windows(sign: Signs, length: int, n: int) -> Flags:
    """Whether each of `n` rows lies in a window of 7 in which all `length` signs are alike."""
    flags = np.zeros(n, dtype=np.bool_)
    if len(sign) >= length:
        for start in np.flatnonzero(np.abs(sliding_window_view(sign, length).sum(axis=1)) == length):
            flags[start : start + _RUN] = True
    return flags


def trend_directions(steps: Signs, in_trend: Flags) -> Signs:
    """Where each trend goes. A turning point belongs to the trend that it begins."""
    onward = np.append(steps[1:], 0)
    goes_on = np.append(in_trend[1:], False) & (onward != 0)  # a level step ends a trend
    return np.where(goes_on, onward, steps)


def autocorrelation(baseline: Floats) -> float | None:
    """Lag-1 autocorrelation of 20 or more values, over neighbours that are both known."""
    known = baseline[~np.isnan(baseline)]
    if len(known) < FEWEST_FOR_AUTOCORRELATION or np.ptp(known) == 0:
        return None
    away = baseline - exact_mean(known)
    return float(np.nansum(away[1:] * away[:-1]) / np.nansum(away**2))
