"""Laney's u' chart with the four rules of Making Data Count: rates whose sizes vary from week to week."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np

from models.spc import Chart, Group, Options, Point, as_array, assurance, judged_phase, phase_starts
from models.spc_charts import u_chart
from models.spc_rules import Floats, Limits, Signs, steps_into

_STANDARD: Final = Limits(mean=0.0, amr=1.128, lpl=-3.0, nlpl=-2.0, nupl=2.0, upl=3.0)
_NO_SPREAD: Final = Limits(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def u_prime(
    dates: Sequence[date],
    values: Sequence[float | None],
    sizes: Sequence[float | None],
    options: Options | None = None,
) -> Chart:
    """The u' chart of rates (Laney 2002): limits for each row, as narrow as its size allows.

    `values` are counts / sizes; a row without a size has no limits. Rows are judged by their distance
    from the centre in standard deviations of their own, since only that compares between rows of
    unlike sizes (Montgomery, Introduction to Statistical Quality Control: the standardized control
    chart). A trend must be one of the rates as well: readers see those. Limits are not clipped at zero.
    No row has narrower limits than the largest of the baseline: how rates vary among larger ones was never
    seen, and one viral post would pass limits that only its own views made narrow.

    Raises:
        BadSeries: no row of a phase's baseline has a value and a size, or anything `xmr` refuses.
    """
    options = options or Options()
    y, n = as_array(dates, values), as_array(dates, sizes)
    starts, snapped = phase_starts(dates, options.rebase)
    points: list[Point] = []
    groups = []
    for phase, (start, end) in enumerate(pairwise([*starts, len(y)]), 1):
        charted, group = _phase(dates[start:end], y[start:end], n[start:end], phase, options)
        points += charted
        groups.append(group)
    return Chart(tuple(points), tuple(groups), snapped)


def _phase(
    dates: Sequence[date], y: Floats, sizes: Floats, phase: int, options: Options
) -> tuple[list[Point], Group]:
    in_baseline = np.arange(len(y)) < (options.baseline or len(y))
    seen = np.minimum(sizes, _largest(sizes[in_baseline & ~np.isnan(y)]))
    control = u_chart(y * seen, seen, in_baseline, prime=True, screen=options.screen)
    sigma = (control.upper - control.centre) / 3
    standard = _standardised(y, control.centre, sigma)
    lines = _lines(sigma)
    steps = _common(steps_into(y), steps_into(standard)) if lines is _STANDARD else None
    points, group = judged_phase(dates, standard, phase, options, lines, steps)
    told = [
        replace(point, value=value, limits=_limits(control.centre, distance))
        for point, value, distance in zip(points, _known(y), _known(sigma), strict=True)
    ]
    latest = next(point for point in told if point.date == group.latest.date)
    verdict = assurance(latest.limits, options)
    return told, replace(group, limits=latest.limits, latest=latest, assurance=verdict)


def _largest(sizes: Floats) -> float:
    return float(np.nanmax(sizes, initial=-math.inf)) if (~np.isnan(sizes)).any() else math.inf


def _standardised(y: Floats, centre: float, sigma: Floats) -> Floats:
    """Distances from the centre in standard deviations; in the unit of y where nothing varies."""
    return (y - centre) / np.where(sigma == 0, 1, sigma)


def _lines(sigma: Floats) -> Limits:
    """The limits of standardised values; none where one value alone is no measure of spread."""
    if (sigma > 0).any():
        return _STANDARD
    return _NO_SPREAD if (sigma == 0).any() else Limits()


def _common(steps: Signs, others: Signs) -> Signs:
    return np.where(steps == others, steps, 0)


def _limits(centre: float, sigma: float | None) -> Limits:
    """The lines of one row; a chart with limits for each row has no moving range to tell."""
    if sigma is None:
        return Limits(centre)
    return Limits(centre, None, *(centre + times * sigma for times in (-3, -2, 2, 3)))


def _known(values: Floats) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
