"""A charted file in plain words: a line per series and phase, then its signals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from models.spc import COMMON, FEWEST_FOR_LIMITS, Chart, Group, Options, Point
from models.spc_charts import FEWEST_FOR_RUNS, RunChart, RunGroup
from models.spc_views import RESEMBLING, advised_scale

_POINT_TYPES: Final = {
    "common_cause": "common cause",
    "special_cause_improvement": "improvement",
    "special_cause_concern": "concern",
    "special_cause_neutral_high": "high",
    "special_cause_neutral_low": "low",
}
_ASSURANCE: Final = {
    "consistent_pass": "consistently met",
    "consistent_fail": "consistently missed",
    "inconsistent": "met or missed by chance",
    None: "",
}


_WIDEST: Final = 40  # characters of a name in a table
_SMALL: Final = 0.001


@dataclass(frozen=True)
class Charted:
    """A series of a file and its chart; `is_log`: limits were computed on log10."""

    facet: str | None
    chart: Chart | RunChart
    is_log: bool


def table(charted: Sequence[Charted], options: Options) -> str:
    """One aligned line per series and phase, and below it what is special."""
    rows = [_header(charted, options)]
    for one in charted:
        last = one.chart.groups[-1]
        for group in one.chart.groups:
            cells = (
                _run_cells(group) if isinstance(group, RunGroup) else _cells(group, options, group is last)
            )
            rows.append([_short(one.facet or ""), *_span(group), *cells, "; ".join(notes_of(one, group))])
    if charted[0].facet is None:
        rows = [row[1:] for row in rows]
    lines = [_basis(charted[0], options), *_aligned(rows), *_signals(charted)]
    return "\n".join(_printable(line) for line in lines) + "\n"


def notes_of(one: Charted, group: Group | RunGroup) -> list[str]:
    """What must be minded when this phase is read."""
    if isinstance(group, RunGroup):
        if group.runs.n_useful >= FEWEST_FOR_RUNS:
            return []
        where = "" if group.n < FEWEST_FOR_RUNS else " off the median"
        return [f"too few points{where} to judge"]
    notes = [group.caution] if group.caution else []
    if group.limits.amr is None:
        notes.append("no limits: they need two neighbouring values")
    related = group.autocorrelation
    if related is not None and related > RESEMBLING:
        notes.append(f"neighbours resemble each other ({related:.2f}): signals are over-stated")
    advised = "as they are" if one.is_log else advised_scale(_baseline(one.chart.points, group))
    if advised != "as they are":
        notes.append(f"skewed values: use {'--log10' if advised == 'log10' else '--chart run'}")
    return notes


def runs_of(group: RunGroup) -> str:
    """What Anhøj's rules say of a phase, in a line."""
    _, longest, crossings, signal = _run_cells(group)
    return f"longest run {longest}, crossings {crossings}: {'a' if signal == 'yes' else 'no'} signal"


def _baseline(points: Sequence[Point], group: Group) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    values = [point.value for point in points if point.phase == group.phase and point.value is not None]
    return np.array(values[: group.n_baseline], dtype=np.float64)


def _header(charted: Sequence[Charted], options: Options) -> list[str]:
    span = ["series", "phase", "from", "to", "points"]
    if isinstance(charted[0].chart, RunChart):
        return [*span, "median", "longest run", "crossings", "signal", "notes"]
    target = "" if options.target is None else f"target {figure(options.target)}"
    return [*span, "mean", "lower", "upper", "latest", target, "notes"]


def _span(group: Group | RunGroup) -> list[str]:
    return [str(group.phase), group.first.isoformat(), group.last.isoformat(), str(group.n)]


def _cells(group: Group, options: Options, is_last: bool) -> list[str]:
    """Limits from 10 points on; a verdict, on the latest phase only, from 13 on."""
    limits = group.limits
    lines = [figure(limits.mean), figure(limits.lpl), figure(limits.upl)]
    if group.n < FEWEST_FOR_LIMITS:
        lines[1:] = ["-", "-"]
    if not (is_last and group.has_icons):
        return [*lines, "", ""]
    return [
        *lines,
        _in_words(group.latest),
        _ASSURANCE[group.assurance if options.target is not None else None],
    ]


def _in_words(point: Point) -> str:
    if point.cause is None or point.point_type is None:
        return "not assessed"
    words = _POINT_TYPES[point.point_type]
    return words if point.cause == COMMON[0] else f"{words} ({point.cause})"


def _run_cells(group: RunGroup) -> list[str]:
    runs = group.runs
    if runs.n_useful < FEWEST_FOR_RUNS:
        return [figure(group.median), "", "", ""]
    return [
        figure(group.median),
        f"{runs.longest_run} (at most {runs.longest_run_max})",
        f"{runs.n_crossings} (at least {runs.n_crossings_min})",
        "yes" if runs.signal else "no",
    ]


def _basis(one: Charted, options: Options) -> str:
    baseline = "all points" if options.baseline is None else f"the first {options.baseline} rows"
    if isinstance(one.chart, RunChart):
        return f"run chart, Anhøj rules; median of {baseline} of each phase"
    scale = ", computed on log10 (the mean is the geometric mean)" if one.is_log else ""
    screened = "screened" if options.screen else "not screened"
    good = "no direction is good" if options.direction == "neutral" else f"{options.direction} is good"
    return f"XmR chart; {good}; limits from {baseline} of each phase, moving ranges {screened}{scale}"


def _signals(charted: Sequence[Charted]) -> Iterator[str]:
    for one in charted:
        judged = {group.phase for group in one.chart.groups if group.n >= FEWEST_FOR_LIMITS}
        for (phase, cause), points in groupby(one.chart.points, lambda point: (point.phase, point.cause)):
            if phase in judged and cause not in {None, COMMON[0]}:
                yield _signal(one.facet, list(points))


def _signal(facet: str | None, points: Sequence[Point]) -> str:
    first, last = points[0], points[-1]
    days = first.date.isoformat() if first is last else f"{first.date} to {last.date}, {len(points)} points"
    where = "" if facet is None else f"{facet}, "
    return f"signal    {where}{days}: {_in_words(first)}"


def _short(facet: str) -> str:
    return facet if len(facet) <= _WIDEST else f"{facet[: _WIDEST - 1]}…"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True) if w).rstrip() for row in rows]


def figure(value: float | None) -> str:
    """A number for people, about four digits of it; a dash for none."""
    if value is None:
        return "-"
    whole_digits = int(math.log10(abs(value))) + 1 if abs(value) >= 1 else 1
    return f"{value:,.{max(0, 4 - whole_digits)}f}" if abs(value) >= _SMALL or value == 0 else f"{value:.3g}"


def _printable(line: str) -> str:
    """Names of series may hold anything: control characters are not for the terminal."""
    return "".join(c if c.isprintable() else "?" for c in line)
