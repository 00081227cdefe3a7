"""Draws XmR and run charts as a picture: shape says high or low, colour says good or bad."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import pandas as pd
import vl_convert

from dashboards import words
from dashboards.chart_parts import fixed, milliseconds
from dashboards.svg_worker import VEGA_LITE
from dashboards.theme import CHART, vega_config
from models.spc import FEWEST_FOR_LIMITS, Chart, Group, Options, Point
from models.spc_charts import FEWEST_FOR_RUNS, RunChart, RunGroup

WIDTH: Final = 1280
_INK, _COMMON, _LIMIT, _TARGET = "#212B32", "#768692", "#4C6272", "#D5281B"
_GOOD, _BAD, _CHANGE = "#005EB8", "#C65A00", "#490092"
_LEFT, _RIGHT, _PADDING = 78, 206, 16
_PLOT: Final = WIDTH - _LEFT - _RIGHT - 2 * _PADDING
_UP, _DOWN = "triangle-up", "triangle-down"
_VALUE: Final = "Value"
_NOT_JUDGED: Final = "Not judged"
_STATES: Final = {
    "Common cause": ("circle", _COMMON),
    "Improvement, high": (_UP, _GOOD),
    "Improvement, low": (_DOWN, _GOOD),
    "Concern, high": (_UP, _BAD),
    "Concern, low": (_DOWN, _BAD),
    "Special cause, high": (_UP, _CHANGE),
    "Special cause, low": (_DOWN, _CHANGE),
    _NOT_JUDGED: ("circle", _COMMON),
    _VALUE: ("circle", _COMMON),
}
_MOST_TICKS: Final = 9
_SMALL: Final = 0.001
_LARGE, _HUGE = 1e6, 1e9
_SHORTEST_MONTH: Final = 28 * 86_400_000  # milliseconds
_LABEL_PX: Final = 20  # between two labels at the right
_HEADROOM: Final = 0.08
_ONE_HEIGHT, _MANY_HEIGHT = 420, 200


@dataclass(frozen=True)
class Panel:
    """One chart and its title; `is_log`: its limits were computed on log10."""

    title: str
    chart: Chart | RunChart
    is_log: bool = False


@dataclass(frozen=True)
class _Line:
    """A line over one phase (the mean, a limit) or, as the target, over all of them."""

    name: str
    of: tuple[Group | RunGroup, Group | RunGroup]  # the first and the last
    height: float
    colour: str
    dash: tuple[int, ...]


@dataclass(frozen=True)
class _Axes:
    x: alt.X
    y: alt.Y
    domain: tuple[float, float]


def draw_png(panels: Sequence[Panel], options: Options) -> bytes:
    """The charts below one another, 1280 pixels wide, each with its key.

    Raises:
        ValueError: the drawing engine failed.
    """
    height = _ONE_HEIGHT if len(panels) == 1 else _MANY_HEIGHT
    charts = alt.vconcat(*(_panel(panel, options, height) for panel in panels), spacing=36)
    apart: dict[str, Any] = dict.fromkeys(("shape", "stroke", "fill"), "independent")
    spec = charts.resolve_scale(**apart).resolve_legend(**apart).to_dict()
    spec["config"] = {**vega_config(), "padding": _PADDING}
    drawn = vl_convert.vegalite_to_png(
        spec, vl_version=VEGA_LITE, allowed_base_urls=[], format_locale="en-GB", time_format_locale="en-GB"
    )
    return bytes(drawn)


def _panel(panel: Panel, options: Options, height: int) -> alt.LayerChart:
    points = _points(panel.chart)
    lines = _lines(panel.chart, options)
    axes = _axes(points, lines, is_log=panel.is_log)
    layers = [
        *_phases(panel.chart, axes, height),
        *(_drawn(line, axes) for line in lines),
        *_values(points, axes),
        _labels(lines, axes, height, is_log=panel.is_log),
        _full_width(),
    ]
    return alt.LayerChart(layer=layers, width=_PLOT, height=height, title=_title(panel, options))


def _title(panel: Panel, options: Options) -> alt.TitleParams:
    return alt.TitleParams(
        panel.title,
        subtitle=_subtitle(panel, options),
        anchor="start",
        fontSize=22,
        color=_INK,
        subtitleFontSize=15,
        subtitleColor=CHART["axis"],
        subtitlePadding=6,
        offset=16,
        limit=_PLOT + _RIGHT,
    )


def _subtitle(panel: Panel, options: Options) -> str:
    """What a dot is, how many, and from what the limits are."""
    chart, last = panel.chart, panel.chart.groups[-1]
    first, end = chart.points[0].date, chart.points[-1].date
    span = words.days(first, end) if first != end else words.day(first)
    count = words.count(sum(group.n for group in chart.groups), "point")
    baseline = "all points" if options.baseline is None else f"the first {options.baseline} points"
    if isinstance(chart, RunChart):
        return f"Run chart, {count}, {span}. Median of {baseline} of each phase. {_runs(chart)}"
    if all(_has_median(group) for group in chart.groups):
        return f"XmR chart, {count}, {span}.{_caution(last)}"
    screened = "screened" if options.screen else "unscreened"
    scale = ", computed on log10" if panel.is_log else ""
    limits = f"Limits from {baseline} of each phase, moving ranges {screened}{scale}"
    return f"XmR chart, {count}, {span}. {limits}.{_caution(last)}"


def _runs(chart: RunChart) -> str:
    """What Anhøj's rules say of each phase."""
    found = [str(group.phase) for group in chart.groups if group.runs.signal]
    if not found:
        is_judged = any(group.runs.n_useful >= FEWEST_FOR_RUNS for group in chart.groups)
        return "No unusual runs." if is_judged else "Too few points to judge."
    return f"Unusual runs (Anhøj) in phase {words.listed(found)}."


def _caution(last: Group | RunGroup) -> str:
    if isinstance(last, RunGroup) or not last.caution:
        return ""
    return f" {last.caution.capitalize()}." if last.phase == 1 else f" Phase {last.phase}: {last.caution}."


def _points(chart: Chart | RunChart) -> pd.DataFrame:
    sizes = {group.phase: group.n for group in chart.groups}
    is_run = isinstance(chart, RunChart)
    rows = [
        {
            "day": milliseconds(point.date),
            "value": point.value,
            "phase": point.phase,
            "state": _VALUE if is_run else _state(point, sizes[point.phase]),
        }
        for point in chart.points
    ]
    return pd.DataFrame(rows).astype({"value": "float64"})


def _state(point: Point, n: int) -> str:
    """What a dot says, and which way it points; nothing in a phase of fewer than 10 values."""
    if point.cause is None or point.point_type is None or n < FEWEST_FOR_LIMITS:
        return _NOT_JUDGED
    if point.point_type == "common_cause":
        return "Common cause"
    kind = {"improvement": "Improvement", "concern": "Concern"}.get(
        point.point_type.removeprefix("special_cause_"), "Special cause"
    )
    return f"{kind}, {'high' if point.is_high else 'low'}"


def _lines(chart: Chart | RunChart, options: Options) -> list[_Line]:
    """Mean and limits of each phase; only the median of one with fewer than 10 values."""
    lines = [
        line
        for group in chart.groups
        for line in (_few_lines(chart, group) if _has_median(group) else _limit_lines(group))
    ]
    if options.target is not None:
        everywhere = (chart.groups[0], chart.groups[-1])
        lines.append(_Line("Target", everywhere, options.target, _TARGET, (10, 4)))
    return lines


def _has_median(group: Group | RunGroup) -> bool:
    return isinstance(group, RunGroup) or group.n < FEWEST_FOR_LIMITS


def _few_lines(chart: Chart | RunChart, group: Group | RunGroup) -> list[_Line]:
    known = [p.value for p in chart.points if p.phase == group.phase and p.value is not None]
    if not known:
        return []
    median = group.median if isinstance(group, RunGroup) else statistics.median(known)
    return [] if median is None else [_Line("Median", (group, group), median, _INK, (1, 0))]


def _limit_lines(group: Group | RunGroup) -> list[_Line]:
    if isinstance(group, RunGroup) or (mean := group.limits.mean) is None:
        return []
    limits = group.limits
    is_trial = bool(group.caution)
    name, dash = ("trial limit", (3, 3)) if is_trial else ("limit", (7, 4))
    heights = [(f"Upper {name}", limits.upl), (f"Lower {name}", limits.lpl)]
    ends = [
        _Line(what, (group, group), height, _LIMIT, dash) for what, height in heights if height is not None
    ]
    return [_Line("Mean", (group, group), mean, _INK, (1, 0)), *ends]


def _axes(points: pd.DataFrame, lines: Sequence[_Line], *, is_log: bool) -> _Axes:
    """Time, and values with some room; the widths of both margins are fixed, so the picture's is."""
    heights = [*points["value"].dropna(), *(line.height for line in lines)] or [0.0]
    low, high = _scaled(min(heights), is_log), _scaled(max(heights), is_log)
    room = (high - low) * _HEADROOM or 1.0
    domain = (10 ** (low - room), 10 ** (high + room)) if is_log else (low - room, high + room)
    scale = alt.Scale(domain=list(domain), type="log" if is_log else "linear", zero=False, nice=False)
    axis = alt.Axis(tickCount=5, minExtent=_LEFT, maxExtent=_LEFT, format=_format(domain, is_log))
    # A month's name alone is true only where no month has two dots.
    named = "%b %Y" if points["day"].diff().min() >= _SHORTEST_MONTH else "%-d %b %Y"
    time = alt.Axis(format=named, values=_ticks(points), labelOverlap="greedy", labelFlush=False)
    return _Axes(
        alt.X("day:T", scale=alt.Scale(type="utc", padding=12), axis=time),
        alt.Y("value:Q", scale=scale, axis=axis),
        domain,
    )


def _format(domain: tuple[float, float], is_log: bool) -> str:
    if is_log and domain[0] < _SMALL:
        return "~e"
    return "~s" if max(map(abs, domain)) >= _LARGE else ",~f"


def _ticks(points: pd.DataFrame) -> list[int]:
    """Every so many rows, so that a label stands below a dot."""
    days = points["day"].tolist()
    return list(days[:: math.ceil(len(days) / _MOST_TICKS)])


def _scaled(height: float, is_log: bool) -> float:
    return math.log10(height) if is_log else height


def _drawn(line: _Line, axes: _Axes) -> alt.Chart:
    ends = [milliseconds(line.of[0].first), milliseconds(line.of[1].last)]
    frame = pd.DataFrame({"day": ends, "value": [line.height] * 2})
    mark: alt.Chart = alt.Chart(frame).mark_line(color=line.colour, strokeWidth=2, strokeDash=list(line.dash))
    return mark.encode(x=axes.x, y=axes.y)


def _values(points: pd.DataFrame, axes: _Axes) -> list[alt.Chart]:
    """The dots in their shapes and colours, on a line that breaks at gaps and between phases."""
    known = points[points["value"].notna()]
    states = [state for state in _STATES if state in set(known["state"])] or [_VALUE]
    shapes, colours = zip(*(_STATES[state] for state in states), strict=True)
    fills = [CHART["paper"] if state == _NOT_JUDGED else _STATES[state][1] for state in states]
    key = alt.Legend(title=None, orient="top", symbolSize=140, labelFontSize=15, labelLimit=300, offset=12)
    path = alt.Chart(points).mark_line(color=_COMMON, strokeWidth=1.5)
    dots = alt.Chart(known).mark_point(size=110, strokeWidth=2, opacity=1)
    return [
        path.encode(x=axes.x, y=axes.y, detail=alt.Detail("phase:N")),
        dots.encode(
            x=axes.x,
            y=axes.y,
            shape=alt.Shape("state:N", scale=alt.Scale(domain=states, range=shapes), legend=key),
            stroke=alt.Stroke("state:N", scale=alt.Scale(domain=states, range=colours), legend=key),
            fill=alt.Fill("state:N", scale=alt.Scale(domain=states, range=fills), legend=key),
        ),
    ]


def _phases(chart: Chart | RunChart, axes: _Axes, height: int) -> list[alt.Chart]:
    """A dotted line where a phase starts, with its number on a halo that parts it from limits behind it."""
    starts = [{"day": milliseconds(g.first), "name": f"Phase {g.phase}"} for g in chart.groups[1:]]
    base = alt.Chart(pd.DataFrame(starts, columns=["day", "name"])).encode(x=axes.x)
    rule = base.mark_rule(color=_LIMIT, strokeDash=[2, 4], xOffset=-8)
    name = base.mark_text(align="left", baseline="top", dx=-2, color=_LIMIT)
    named = name.encode(text=alt.Text("name:N"), y=fixed(alt.YValue, 2))
    return [
        rule.encode(y=fixed(alt.YValue, 0), y2=fixed(alt.Y2Value, height)),
        named.mark_text(align="left", baseline="top", dx=-2, stroke=CHART["paper"], strokeWidth=5),
        named,
    ]


def _labels(lines: Sequence[_Line], axes: _Axes, height: int, *, is_log: bool) -> alt.Chart:
    """The lines of the latest phase, named at the right edge where their names do not touch."""
    low, high = (_scaled(end, is_log) for end in axes.domain)
    latest = max((line.of[1].phase for line in lines), default=0)
    named = sorted((line for line in lines if line.of[1].phase == latest), key=lambda line: -line.height)
    places = _apart([height * (high - _scaled(line.height, is_log)) / (high - low) for line in named], height)
    frame = pd.DataFrame(
        [
            {"name": f"{_called(line, is_log)} {_figure(line.height)}", "place": place, "colour": line.colour}
            for line, place in zip(named, places, strict=True)
        ],
        columns=["name", "place", "colour"],
    )
    text: alt.Chart = alt.Chart(frame).mark_text(align="left", dx=10, fontSize=15)
    return text.encode(
        x=fixed(alt.XValue, _PLOT),
        y=alt.Y("place:Q", scale=None),
        text=alt.Text("name:N"),
        color=alt.Color("colour:N", scale=None),
    )


def _called(line: _Line, is_log: bool) -> str:
    return "Geometric mean" if is_log and line.name == "Mean" else line.name


def _full_width() -> alt.Chart:
    """Something unseen from margin to margin: every picture is as wide, whatever its labels are."""
    unseen: alt.Chart = alt.Chart(pd.DataFrame({"n": [0]})).mark_rule(opacity=0)
    return unseen.encode(
        x=fixed(alt.XValue, -_LEFT), x2=fixed(alt.X2Value, _PLOT + _RIGHT), y=fixed(alt.YValue, 0)
    )


def _apart(places: Sequence[float], height: int) -> list[float]:
    """Places from the top down, moved so far that two texts do not touch."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + _LABEL_PX if moved else 0.0))
    for at in reversed(range(len(moved))):
        below = moved[at + 1] - _LABEL_PX if at + 1 < len(moved) else float(height)
        moved[at] = min(moved[at], below)
    return moved


def _figure(value: float) -> str:
    """About four digits of a number."""
    if _LARGE <= abs(value) < _HUGE:
        return words.compact(value)
    if value and not _SMALL <= abs(value) < _LARGE:
        return f"{value:.3g}"
    return f"{value:,.{max(0, 4 - len(str(int(abs(value)))))}f}"
