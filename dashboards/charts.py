"""One function per chart: plain rows in, an Altair chart out. All words in them are our own.

A chart's width is set where it is drawn (`svg.py`, `site.js`); a week's dot stands at its Thursday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import altair as alt
import pandas as pd

from dashboards import words
from dashboards.blocks import Spec
from dashboards.theme import CATEGORIES, CHART, vega_config

_HEIGHT: Final = 300
_NUMBERS: Final = "replace(format(datum.value, '~s'), 'M', 'm')"
_MONTHS: Final = (
    "utcmonth(datum.value) == 0 || datum.index == 0"
    " ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] : utcFormat(datum.value, '%b')"
)
_MOST_LABELS: Final = 7  # what a phone has room for
_MARK_WIDTH_PX: Final = 22
_NARROWEST_PX: Final = 290
_LITTLE_HEADROOM: Final = 1.08
_HEADROOM: Final = 1.32  # above the highest dot, for the names of the action periods


@dataclass(frozen=True)
class Week:
    """A dot of a weekly chart; `is_firm` False is drawn hollow, `value` None is a gap."""

    week: date
    value: float | None
    is_firm: bool
    shown: str
    status: str
    series: str = ""


@dataclass(frozen=True)
class Backdrop:
    """What lies behind the dots: days shown, action periods, numbered events."""

    window: tuple[date, date]
    periods: tuple[tuple[str, date, date], ...]
    events: tuple[tuple[int, date], ...]


def weekly(weeks: Sequence[Week], backdrop: Backdrop) -> alt.LayerChart:
    """Dots and a line by week over action periods and events; hollow = provisional, gap = unknown."""
    frame = _frame(weeks, backdrop.window)
    axes = _axes(frame, backdrop, float(frame["value"].max()))
    line = alt.Chart(frame).mark_line(color=CHART["value"], strokeWidth=2).encode(x=axes.x, y=axes.firm)
    return alt.LayerChart(
        layer=[*_backdrop(backdrop, axes.x), line, *_dots(frame, axes, _ONE)], height=_HEIGHT
    )


def platforms(weeks: Sequence[Week], backdrop: Backdrop) -> alt.LayerChart:
    """As `weekly`, one line per platform, each named at its highest dot."""
    frame = _frame(weeks, backdrop.window)
    axes = _axes(frame, backdrop, float(frame["value"].max()))
    colours = _colours(sorted(frame["series"].unique()))
    line = alt.Chart(frame).mark_line(strokeWidth=2).encode(x=axes.x, y=axes.firm, color=colours[0])
    peaks = alt.Chart(_peaks(frame)).encode(x=axes.x, y=axes.any, text="series:N")
    halo = peaks.mark_text(dy=-16, fontSize=16, fontWeight="bold", stroke=CHART["shade"], strokeWidth=6)
    named = peaks.mark_text(dy=-16, fontSize=16, fontWeight="bold").encode(color=colours[0])
    return alt.LayerChart(
        layer=[*_backdrop(backdrop, axes.x), line, *_dots(frame, axes, colours), halo, named], height=_HEIGHT
    )


def _peaks(frame: pd.DataFrame) -> pd.DataFrame:
    """Of each series the highest dot away from the edges: its line leaves room for a name above it."""
    known = frame[frame["value"].notna()]
    inner = known["day"].between(known["day"].quantile(0.2), known["day"].quantile(0.8))
    places = known[inner] if set(known[inner]["series"]) == set(known["series"]) else known
    return places.sort_values("value").groupby("series").tail(1)


def bars(values: Sequence[tuple[str, float, str]]) -> alt.LayerChart:
    """Bars of a few categories, each with its figure at its end."""
    frame = pd.DataFrame(values, columns=["name", "value", "shown"])
    ends = [min(float(frame["value"].min()), 0.0), max(float(frame["value"].max()), 1.0) * 1.25]
    base = alt.Chart(frame).encode(
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=ends)),
        y=alt.Y("name:N", sort=None, axis=alt.Axis(ticks=False, domain=False, labelFontSize=16)),
    )
    bar = base.mark_bar(color=CHART["value"], height=26)
    text = base.mark_text(align="left", dx=6, fontSize=16, fontWeight="bold").encode(text="shown:N")
    return alt.LayerChart(layer=[bar, text], height=44 * len(frame))


def small(weeks: Sequence[Week], backdrop: Backdrop, top: float) -> alt.LayerChart:
    """`weekly` without names and numbers, for one of several on the same scale."""
    frame = _frame(weeks, backdrop.window)
    axes = _axes(frame, backdrop, top / _HEADROOM * _LITTLE_HEADROOM, ticks=2)
    line = alt.Chart(frame).mark_line(color=CHART["value"], strokeWidth=2).encode(x=axes.x, y=axes.firm)
    return alt.LayerChart(
        layer=[_shade(backdrop, axes.x), line, *_dots(frame, axes, _ONE, size=28)], height=110
    )


def spec(chart: alt.LayerChart) -> Spec:
    """The chart as Vega-Lite with our look, filling whatever width it is given."""
    made: Spec = chart.to_dict(validate=False)  # which takes longer than drawing; tests do validate
    made["config"] = vega_config()
    made["autosize"] = {"type": "fit-x", "contains": "padding"}
    return made


def _frame(weeks: Sequence[Week], window: tuple[date, date]) -> pd.DataFrame:
    """A row per series and week, also for weeks without any: a line must break there."""
    series = sorted({week.series for week in weeks}) or [""]
    known = {(week.series, week.week): week for week in weeks}
    start = window[0] - timedelta(window[0].weekday())
    mondays = [start + timedelta(7 * n) for n in range((window[1] - start).days // 7 + 1)]
    return pd.DataFrame(
        [_dot(known.get((name, monday)), name, monday) for name in series for monday in mondays]
    )


def _dot(week: Week | None, series: str, monday: date) -> dict[str, Any]:
    value = week.value if week else None
    is_firm = bool(week and week.is_firm)
    return {
        "day": _milliseconds(monday + timedelta(3)),
        "series": series,
        "value": value,
        "firm": value if is_firm else None,
        "open": None if is_firm else value,
        "Week of": words.day(monday),
        "Figure": week.shown if week else words.NOT_KNOWN,
        "Status": week.status if week else words.NOT_KNOWN,
    }


@dataclass(frozen=True)
class _Axes:
    """The same two scales for every layer; `firm`, `open` and `any` are the columns drawn on them."""

    x: alt.X
    firm: alt.Y
    open: alt.Y
    any: alt.Y


def _axes(frame: pd.DataFrame, backdrop: Backdrop, top: float, ticks: int = 4) -> _Axes:
    """Time over the window; values from 0, or from below where a platform took views back."""
    low = min(float(frame["value"].min()), 0.0)
    scale = alt.Scale(domain=[low, max(top, 1.0) * _HEADROOM], zero=False, nice=False)
    axis = alt.Axis(tickCount=ticks, labelExpr=_NUMBERS)
    return _Axes(
        _time(backdrop.window),
        *(alt.Y(f"{column}:Q", scale=scale, axis=axis) for column in ("firm", "open", "value")),
    )


def _time(window: tuple[date, date]) -> alt.X:
    """The days of the window; UTC so that no viewer's zone moves a week."""
    # As expressions: Vega-Lite writes plain moments as datetime(…), which fails where eval is forbidden.
    first, last = (alt.expr(str(_milliseconds(day))) for day in (window[0], window[1] + timedelta(1)))
    scale = alt.Scale(type="utc", domainMin=first, domainMax=last, nice=False)
    months = alt.expr(str([_milliseconds(day) for day in _firsts(window)]))
    axis = alt.Axis(
        values=months, labelExpr=_MONTHS, labelOverlap="greedy", labelSeparation=4, labelFlush=False
    )
    return alt.X("day:T", scale=scale, axis=axis)


def _firsts(window: tuple[date, date]) -> list[date]:
    """First days of months to label: every one, second, third or sixth, January always among them."""
    months = range(window[0].year * 12 + window[0].month - 1, window[1].year * 12 + window[1].month)
    inside = [day for month in months if (day := date(month // 12, month % 12 + 1, 1)) >= window[0]]
    step = next((step for step in (1, 2, 3, 6) if len(inside) <= _MOST_LABELS * step), 12)
    return [day for day in inside if (day.month - 1) % step == 0]


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


_Colours = tuple[Any, Any]
"""Of what is filled, and of what is outlined."""
_ONE: Final[_Colours] = (alt.value(CHART["value"]), alt.value(CHART["value"]))


def _colours(names: Sequence[str]) -> _Colours:
    scale = alt.Scale(domain=list(names), range=list(CATEGORIES[: len(names)]))
    return (
        alt.Color("series:N", scale=scale, legend=None),
        alt.Stroke("series:N", scale=scale, legend=None),
    )


def _dots(frame: pd.DataFrame, axes: _Axes, colours: _Colours, size: int = 64) -> tuple[alt.Chart, alt.Chart]:
    """Filled where the figure is firm, hollow where it is provisional."""
    tips = [alt.Tooltip(f"{name}:N") for name in ("Week of", "Figure", "Status")]
    filled, outlined = colours
    firm = alt.Chart(frame[frame["firm"].notna()]).mark_circle(size=size, opacity=1)
    loose = alt.Chart(frame[frame["open"].notna()])
    hollow = loose.mark_point(size=size, fill=CHART["paper"], strokeWidth=2)
    return (
        firm.encode(x=axes.x, y=axes.firm, color=filled, tooltip=tips),
        hollow.encode(x=axes.x, y=axes.open, stroke=outlined, tooltip=tips),
    )


def _backdrop(backdrop: Backdrop, x: alt.X) -> list[alt.Chart]:
    """Shaded periods, numbered events, and the names of the periods over both."""
    return [_shade(backdrop, x), *_events(backdrop, x), *_period_names(backdrop, x)]


def _period_frame(backdrop: Backdrop) -> pd.DataFrame:
    start, end = backdrop.window[0], backdrop.window[1] + timedelta(1)
    return pd.DataFrame(
        [
            {
                "day": _milliseconds(max(first, start)),
                "until": _milliseconds(min(last + timedelta(1), end)),
                "name": _two_lines(name) if min(last, end) - max(first, start) > timedelta(21) else "",
            }
            for name, first, last in backdrop.periods
            if first < end and last > start
        ],
        columns=["day", "until", "name"],
    )


def _two_lines(name: str) -> str:
    """A name broken at the space nearest its middle: narrow enough for a phone."""
    spaces = [at for at, character in enumerate(name) if character == " "]
    if not spaces:
        return name
    middle = min(spaces, key=lambda at: abs(at - len(name) / 2))
    return f"{name[:middle]}\n{name[middle + 1 :]}"


def _shade(backdrop: Backdrop, x: alt.X) -> alt.Chart:
    base: alt.Chart = alt.Chart(_period_frame(backdrop)).mark_rect(color=CHART["shade"])
    return base.encode(x=x, x2="until")


def _period_names(backdrop: Backdrop, x: alt.X) -> tuple[alt.Chart, alt.Chart, alt.Chart]:
    base = alt.Chart(_period_frame(backdrop)).encode(x=x)
    bar = base.mark_rule(color=CHART["period"], strokeWidth=4).encode(x2="until", y=alt.value(0))
    name = base.mark_text(align="left", baseline="top", dx=6, lineBreak="\n", color=CHART["label"])
    named = name.encode(text="name:N", y=alt.value(9))
    halo = named.mark_text(
        align="left", baseline="top", dx=6, lineBreak="\n", stroke=CHART["shade"], strokeWidth=5
    )
    return bar, halo, named


def _events(backdrop: Backdrop, x: alt.X) -> tuple[alt.Chart, alt.Chart, alt.Chart]:
    """A dashed line and a numbered disc above the plot, in lanes where they would touch."""
    frame = pd.DataFrame(_lanes(backdrop), columns=["day", "number", "lane"])
    base = alt.Chart(frame).encode(x=x)
    y = alt.Y("lane:Q", scale=None)
    rule = base.mark_rule(color=CHART["event"], strokeDash=[4, 3]).encode(y=y, y2=alt.value(_HEIGHT))
    disc = base.mark_circle(color=CHART["event"], size=330, opacity=1).encode(y=y)
    text = base.mark_text(color=CHART["on-event"], fontSize=12, fontWeight="bold")
    return rule, disc, text.encode(y=y, text="number:N")


def _lanes(backdrop: Backdrop) -> list[tuple[int, str, float]]:
    days = (backdrop.window[1] - backdrop.window[0]).days + 1
    room = timedelta(days * _MARK_WIDTH_PX / _NARROWEST_PX)
    ends: list[date] = []
    placed = []
    for number, day in backdrop.events:
        lane = next((n for n, last in enumerate(ends) if day - last >= room), len(ends))
        ends[lane : lane + 1] = [day]
        placed.append((_milliseconds(day), str(number), -16.0 - 22.0 * lane))
    return placed
