"""Which chart suits a measure's values, and XmR on log10 for the skewed ones, such as views."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final, Literal

import numpy as np

from models.spc import BadSeries, Chart, Options, Point, xmr
from models.spc_rules import Floats, Limits

SKEWED: Final = 5  # times its median
VARYING: Final = 4  # times its minimum
_FARTHEST: Final = 1e30  # limits may lie 5 times as far, in powers of ten
RESEMBLING: Final = 0.3  # a lag-1 autocorrelation above which the rules fire far too often

Advice = Literal["as they are", "log10", "run chart"]
Scale = Literal["as they are", "log10", "run chart", "u'"]
"""`Advice`, or Laney's u' for rates of unlike sizes."""


def is_skewed(baseline: Floats) -> bool:
    """Whether the largest value is more than 5 times the median; never where values are negative."""
    known = _known(baseline)
    return bool(known.size and known.min() >= 0 and known.max() > SKEWED * np.median(known))


def advised_scale(baseline: Floats) -> Advice:
    """How to chart values: on log10 when skewed; as a run chart when skewed with zeros.

    log10(value + 1) is no way out of zeros: the limits would depend on the 1. Decide once per measure,
    on its baseline, not at each refresh.
    """
    if not is_skewed(baseline):
        return "as they are"
    return "run chart" if _known(baseline).min() == 0 else "log10"


def views_vary(views: Floats) -> bool:
    """Whether the busiest week has more than 4 times the views of the quietest: a rate then needs u'.

    More weeks can only make it so: what is decided on a baseline is not taken back as that grows.
    """
    known = _known(views)
    return bool(known.size and known.max() > VARYING * known.min())


def _known(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def xmr_log10(dates: Sequence[date], values: Sequence[float | None], options: Options | None = None) -> Chart:
    """XmR of log10(value), told in the unit of the value.

    The centre is the geometric mean, limits are not symmetric about it, and `amr` is the average
    factor between neighbours.

    Raises:
        BadSeries: a value or the target is zero or below or beyond 1e30, or anything `xmr` refuses.
    """
    options = options or Options()
    for day, value in zip(dates, values, strict=True):
        if value is not None and value <= 0:
            raise BadSeries(f"{day}: {value:g} has no logarithm; use a run chart for values of zero or below")
        if value is not None and not 1 / _FARTHEST < value < _FARTHEST:
            raise BadSeries(f"{day}: {value:g} is too far from one for limits on log10; use another unit")
    if options.target is not None and options.target <= 0:
        raise BadSeries(f"target {options.target:g} has no logarithm; use one above zero")
    target = None if options.target is None else math.log10(options.target)
    logs = [None if value is None else math.log10(value) for value in values]
    return _back(xmr(dates, logs, replace(options, target=target)), values)


def _back(chart: Chart, values: Sequence[float | None]) -> Chart:
    points = tuple(_point_back(p, value) for p, value in zip(chart.points, values, strict=True))
    given = {point.date: point for point in points}
    groups = tuple(
        replace(group, limits=_limits_back(group.limits), latest=given[group.latest.date])
        for group in chart.groups
    )
    return replace(chart, points=points, groups=groups)


def _point_back(point: Point, value: float | None) -> Point:
    return replace(point, value=value, limits=_limits_back(point.limits))


def _limits_back(limits: Limits) -> Limits:
    lines = (limits.mean, limits.amr, limits.lpl, limits.nlpl, limits.nupl, limits.upl)
    return Limits(*(None if line is None else 10**line for line in lines))
