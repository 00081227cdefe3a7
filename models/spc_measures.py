"""Table `spc`: each weekly series of `spc_weeks.sql` with its lines, and each of its weeks judged.

The baseline is fixed and its limits are extended forward; no limits move by themselves. Only weeks
that are complete and settled take part; the others keep their row and are not judged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import numpy as np
import pyarrow as pa

from models.campaign import Campaign
from models.metrics import BY_NAME
from models.spc import FEWEST_FOR_BASELINE, FEWEST_FOR_ICONS, Chart, Options, Point, xmr
from models.spc_charts import RunChart, run_chart
from models.spc_rules import Floats
from models.spc_views import Advice, advised_scale, xmr_log10

_WEEK: Final = timedelta(7)
_SCHEMA: Final = pa.schema(
    {
        "measure": pa.string(),
        "facet": pa.string(),
        "week": pa.date32(),
        "value": pa.float64(),
        "phase": pa.int64(),
        "mean": pa.float64(),
        "lpl": pa.float64(),
        "upl": pa.float64(),
        "n_baseline": pa.int64(),
        "cause": pa.string(),
        "point_type": pa.string(),
        "is_trial": pa.bool_(),
        "is_provisional": pa.bool_(),
        "scale": pa.string(),
        "baseline_from": pa.date32(),
        "baseline_to": pa.date32(),
        "is_screened": pa.bool_(),
        "autocorrelation": pa.float64(),
    }
)

Record = dict[str, Any]


@dataclass(frozen=True)
class Series:
    """One measure of one facet: every week from the first to the last, also those without a row."""

    weeks: tuple[date, ...]
    values: tuple[float | None, ...]
    """Of firm weeks: the others are not judged."""
    n_rows: int
    """How many of the first weeks hold the baseline."""

    @property
    def n(self) -> int:
        """Weeks that can be judged."""
        return sum(value is not None for value in self.values)


def spc_table(series: pa.Table, campaign: Campaign) -> pa.Table:
    """The rows of `spc`, from the rows of `spc_weeks`."""
    rows = sorted(series.to_pylist(), key=lambda row: (row["measure"], row["facet"], row["week"]))
    made: list[Record] = []
    for (measure, _), group in groupby(rows, key=lambda row: (row["measure"], row["facet"])):
        made += _charted(measure, list(group), campaign)
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def _charted(measure: str, rows: Sequence[Record], campaign: Campaign) -> list[Record]:
    series = a_series(rows, campaign)
    scale = chart_kind(series)
    options = Options(
        direction=BY_NAME[measure].good_direction,
        screen=campaign.spc.screen_outliers,
        baseline=series.n_rows if series.n_rows >= FEWEST_FOR_BASELINE else None,
    )
    chart = _drawn(series, scale, options)
    points = {point.date: point for point in chart.points}
    shared = _shared(series, scale, chart, options)
    return [_named(row) | shared | _judged(points[row["week"]]) for row in rows]


def _named(row: Record) -> Record:
    kept = {name: row[name] for name in ("measure", "facet", "week", "value")}
    return kept | {"is_provisional": not row["is_firm"]}


def _judged(point: Point) -> Record:
    """What the chart says of a week; its lines also where the week itself is not judged."""
    return {
        "phase": point.phase,
        "mean": point.limits.mean,
        "lpl": point.limits.lpl,
        "upl": point.limits.upl,
        "n_baseline": point.n_baseline,
        "cause": point.cause,
        "point_type": point.point_type,
        "is_trial": point.is_trial,
    }


def a_series(rows: Sequence[Record], campaign: Campaign) -> Series:
    """The series of rows in time order; weeks that are not firm, or have no row, are without a value."""
    firm = {row["week"]: row["value"] for row in rows if row["is_firm"]}
    first, last = rows[0]["week"], rows[-1]["week"]
    weeks = tuple(first + n * _WEEK for n in range((last - first).days // 7 + 1))
    values = tuple(firm.get(week) for week in weeks)
    return Series(weeks, values, _baseline_rows(weeks, values, campaign))


def _baseline_rows(weeks: Sequence[date], values: Sequence[float | None], campaign: Campaign) -> int:
    """How many of the first weeks hold the baseline: up to the action periods, or as the campaign says."""
    known = [at for at, value in enumerate(values) if value is not None]
    if (asked := campaign.spc.baseline_weeks) is not None:
        return known[asked - 1] + 1 if len(known) >= asked else len(weeks)
    ends = [sum(week < monday for week in weeks) for monday in _first_full_weeks(campaign)]
    enough = [end for end in ends[:1] if sum(at < end for at in known) >= FEWEST_FOR_ICONS]
    return next(iter([*enough, *ends[1:2]]), len(weeks))


def _first_full_weeks(campaign: Campaign) -> list[date]:
    """The first Monday on or after the start of each action period, in time order."""
    starts = sorted(period.starts for period in campaign.periods)
    return [start + timedelta(-start.weekday() % 7) for start in starts]


def chart_kind(series: Series) -> Advice:
    """XmR of the values or of their log10, by the baseline; a run chart where limits would mean little.

    That is below 12 weeks of baseline or 13 in all, with zeros in the baseline, and where log10 is
    asked of a later week that has none.
    """
    baseline = _array(series.values[: series.n_rows])
    n_baseline = int((~np.isnan(baseline)).sum())
    if n_baseline < FEWEST_FOR_BASELINE or series.n < FEWEST_FOR_ICONS or (baseline == 0).any():
        return "run chart"
    scale = advised_scale(baseline)
    has_none = any(value is not None and value <= 0 for value in series.values)
    return "run chart" if scale == "log10" and has_none else scale


def _array(values: Sequence[float | None]) -> Floats:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _drawn(series: Series, scale: Advice, options: Options) -> Chart | RunChart:
    if scale == "run chart":
        return run_chart(series.weeks, series.values, options)
    return (xmr_log10 if scale == "log10" else xmr)(series.weeks, series.values, options)


def _shared(series: Series, scale: Advice, chart: Chart | RunChart, options: Options) -> Record:
    """What every week of a series says of its chart."""
    weeks = known_weeks(series, options.baseline)
    return {
        "scale": scale,
        "is_screened": options.screen,
        "baseline_from": min(weeks, default=None),
        "baseline_to": max(weeks, default=None),
        "autocorrelation": None if isinstance(chart, RunChart) else chart.groups[0].autocorrelation,
    }


def known_weeks(series: Series, n_rows: int | None = None) -> list[date]:
    """The weeks that have a value, of the first `n_rows`."""
    rows = zip(series.weeks[:n_rows], series.values, strict=False)
    return [week for week, value in rows if value is not None]
