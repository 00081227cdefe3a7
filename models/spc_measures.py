"""Table `spc`: each weekly series of `spc_weeks.sql` with its lines, and each of its weeks judged.

The baseline is fixed and its limits are extended forward; no limits move by themselves. Only weeks
that are complete and settled take part; the others keep their row and are not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

import numpy as np
import pyarrow as pa

from models.campaign import Campaign
from models.metrics import BY_NAME
from models.spc import FEWEST_FOR_BASELINE, FEWEST_FOR_ICONS, Chart, Options, Point, xmr
from models.spc_charts import FEWEST_FOR_RUNS, RunChart, i_chart, run_chart
from models.spc_laney import u_prime
from models.spc_rules import Floats
from models.spc_series import (
    WEEK,
    Breaks,
    Phase,
    Record,
    Series,
    a_series,
    as_floats,
    first_monday,
    known_weeks,
    phases,
)
from models.spc_views import Scale, advised_scale, views_vary, xmr_log10

FEWEST_FOR_SPREAD: Final = 6
_SETTLES: Final = timedelta(10)  # after its Monday, as `spc_weeks.sql` has it
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
        "phase_asked": pa.date32(),
        "phase_reason": pa.string(),
        "target": pa.float64(),
        "assurance": pa.string(),
        "run_longest": pa.int64(),
        "run_longest_max": pa.int64(),
        "crossings": pa.int64(),
        "crossings_min": pa.int64(),
        "run_signal": pa.bool_(),
        "is_sufficient": pa.bool_(),
        "limits_from": pa.date32(),
        "spread": pa.float64(),
    }
)


def spc(campaign: Campaign, weeks: pa.Table, run: pa.Table, breaks: pa.Table) -> pa.Table:
    """The rows of `spc`, from the tables `spc_weeks`, `cfg_run` and `spc_breaks`."""
    as_of = datetime.fromtimestamp(run["as_of_s"][0].as_py(), campaign.timezone)
    forced: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
    for row in breaks.to_pylist():
        forced[row["facet"]].append((row["week"], row["reason"]))
    return spc_table(weeks, campaign, as_of.date(), forced)


def spc_table(series: pa.Table, campaign: Campaign, as_of: date, breaks: Breaks | None = None) -> pa.Table:
    """The rows of `spc`, from the rows of `spc_weeks`; `as_of` is the day that counts as today."""
    rows = sorted(series.to_pylist(), key=lambda row: (row["measure"], row["facet"], row["week"]))
    made: list[Record] = []
    for _, group in groupby(rows, key=lambda row: (row["measure"], row["facet"])):
        weeks = list(group)
        for phase, part in _parts(weeks, phases(weeks, campaign, breaks or {})):
            made += _charted(part, phase, campaign, as_of)
    return pa.Table.from_pylist(made, schema=_SCHEMA)


def _parts(rows: Sequence[Record], found: Sequence[Phase]) -> Iterator[tuple[Phase, list[Record]]]:
    """Each phase that has rows, with them."""
    ends = [*(phase.starts for phase in found[1:]), date.max]
    for phase, end in zip(found, ends, strict=True):
        part = [row for row in rows if phase.starts <= row["week"] < end]
        if part:
            yield phase, part


def _charted(rows: Sequence[Record], phase: Phase, campaign: Campaign, as_of: date) -> list[Record]:
    measure, facet = rows[0]["measure"], rows[0]["facet"]
    series = a_series(rows, campaign)
    scale = chart_kind(series)
    options = Options(
        direction=BY_NAME[measure].good_direction,
        screen=campaign.spc.screen_outliers,
        baseline=series.n_rows if series.n_rows >= FEWEST_FOR_BASELINE else None,
        target=campaign.spc.target_of(measure, facet),
    )
    chart = _drawn(series, scale, options)
    points = {point.date: point for point in chart.points}
    shared = {
        "phase": phase.number,
        "phase_asked": phase.asked,
        "phase_reason": phase.reason,
        **_basis(series, scale, options),
        **_verdicts(chart),
        **_awaited(series, as_of),
    }
    return [_named(row) | _judged(points[row["week"]]) | shared for row in rows]


def _named(row: Record) -> Record:
    kept = {name: row[name] for name in ("measure", "facet", "week", "value", "is_sufficient")}
    return kept | {"is_provisional": not row["is_firm"]}


def _judged(point: Point) -> Record:
    """What the chart says of a week; its lines also where the week itself is not judged."""
    return {
        "mean": point.limits.mean,
        "lpl": point.limits.lpl,
        "upl": point.limits.upl,
        "n_baseline": point.n_baseline,
        "cause": point.cause,
        "point_type": point.point_type,
        "is_trial": point.is_trial,
    }


def chart_kind(series: Series) -> Scale:
    """Which chart suits a series, decided on its baseline, so that it does not change at each refresh.

    u' for a rate of views that vary more than 4-fold; else XmR of the values or of their log10. A run
    chart where limits would mean little: below 12 weeks of baseline or 13 in all, with zeros in the
    baseline, and where log10 is asked of a later week that has none.
    """
    baseline = series.baseline
    n_baseline = int((~np.isnan(baseline)).sum())
    if not series.is_sufficient or n_baseline < FEWEST_FOR_BASELINE or series.n < FEWEST_FOR_ICONS:
        return "run chart"
    if _needs_u_prime(series, baseline):
        return "u'"
    if (baseline == 0).any():
        return "run chart"
    scale = advised_scale(baseline)
    has_none = any(value is not None and value <= 0 for value in series.values)
    return "run chart" if scale == "log10" and has_none else scale


def _needs_u_prime(series: Series, baseline: Floats) -> bool:
    """Whether views vary too much for limits that are the same every week; rates below zero are no rates."""
    known = baseline[~np.isnan(baseline)]
    sizes = as_floats(series.sizes[: series.n_rows])
    return bool(known.min() >= 0 < known.max()) and views_vary(sizes[~np.isnan(baseline)])


def _drawn(series: Series, scale: Scale, options: Options) -> Chart | RunChart:
    if scale == "run chart":
        return run_chart(series.weeks, series.values, options)
    if scale == "u'":
        return u_prime(series.weeks, series.values, series.sizes, options)
    return (xmr_log10 if scale == "log10" else xmr)(series.weeks, series.values, options)


def _basis(series: Series, scale: Scale, options: Options) -> Record:
    """Which weeks set the lines, and how."""
    weeks = known_weeks(series, options.baseline)
    return {
        "scale": scale,
        "is_screened": options.screen,
        "baseline_from": min(weeks, default=None),
        "baseline_to": max(weeks, default=None),
        "target": options.target,
    }


def _verdicts(chart: Chart | RunChart) -> Record:
    """What is said of the phase as a whole: by its limits, or by Anhøj's rules where it has none."""
    if isinstance(chart, Chart):
        (group,) = chart.groups
        return {"assurance": group.assurance, "autocorrelation": group.autocorrelation}
    (runs,) = (group.runs for group in chart.groups)
    if runs.n_useful < FEWEST_FOR_RUNS:
        return {}
    return {
        "run_longest": runs.longest_run,
        "run_longest_max": runs.longest_run_max,
        "crossings": runs.n_crossings,
        "crossings_min": runs.n_crossings_min,
        "run_signal": runs.signal,
    }


def _awaited(series: Series, as_of: date) -> Record:
    """Where weeks are missing for limits: when they will exist, and how far weeks spread so far."""
    missing = FEWEST_FOR_ICONS - series.n
    if not series.is_sufficient:
        missing = max(missing, 4 * series.n_settled - 5 * series.n)  # until 80 % of them are complete
    if missing <= 0:
        return {}
    next_week = first_monday(as_of - _SETTLES + timedelta(1))
    return {"limits_from": next_week + (missing - 1) * WEEK + _SETTLES, "spread": _spread(series)}


def _spread(series: Series) -> float | None:
    """The standard deviation of the weeks so far, as limits would have it; None below 6."""
    known = as_floats([value for value in series.values if value is not None])
    if len(known) < FEWEST_FOR_SPREAD:
        return None
    control = i_chart(known, np.ones(len(known), dtype=np.bool_))
    return float(control.upper[0] - control.centre) / 3
