"""What weekly charts are built from: a frame of dots, two scales, and what lies behind the dots.

A chart's width is set where it is drawn (`svg.py`, `site.js`); a week's dot stands at its Thursday.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

import altair as alt
import pandas as pd

from dashboards import words
from dashboards.theme import CHART

T = TypeVar("T")
HEIGHT: Final = 300
_NUMBERS: Final = "replace(format(datum.value, '~s'), 'M', 'm')"
_MONTHS: Final = (
    "utcmonth(datum.value) == 0 || datum.index == 0"
    " ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] : utcFormat(datum.value, '%b')"
)
_MOST_LABELS: Final = 7  # what a phone has room for
_MARK_WIDTH_PX: Final = 22
_NARROWEST_PX: Final = 290
_HEADROOM: Final = 1.32  # above the highest dot, for the names of the action periods and of lines
_CROWD: Final = 0.9
_TOO_HIGH: Final = 4  # times the crowd
_FEWEST_TO_CUT: Final = 12
_FEW_POWERS: Final = 150  # of ten: above this ratio, labels at these alone are enough


@dataclass(frozen=True)
class Week:
    """A dot of a weekly chart; `is_firm` False is drawn hollow, `value` None is a gap."""

    week: date
    value: float | None
    is_firm: bool
    shown: str
    status: str


@dataclass(frozen=True)
class Backdrop:
    """What lies behind the dots: days shown, action periods, numbered events."""

    window: tuple[date, date]
    periods: tuple[tuple[str, date, date], ...]
    events: tuple[tuple[int, date], ...]


def fixed(channel: Callable[..., T], value: float, **more: object) -> T:
    """A channel with one value, by its class: for a bare `alt.value` Altair searches all classes it has."""
    return channel(value, **more)


def scale_top(values: Sequence[float]) -> float:
    """The highest value; where it would flatten all others, twice what nine in ten stay below."""
    highest = max(values, default=0.0)
    if len(values) < _FEWEST_TO_CUT:
        return highest
    crowd = sorted(values)[int(len(values) * _CROWD)]
    return 2 * crowd if crowd > 0 and highest > _TOO_HIGH * crowd else highest


def frame_of(weeks: Sequence[Week], window: tuple[date, date], top: float) -> pd.DataFrame:
    """A row per week of the window, also for those without any figure: a line must break there."""
    known = {week.week: week for week in weeks}
    start = window[0] - timedelta(window[0].weekday())
    mondays = [start + timedelta(7 * n) for n in range((window[1] - start).days // 7 + 1)]
    return pd.DataFrame([_dot(known.get(monday), monday, top) for monday in mondays])


def _dot(week: Week | None, monday: date, top: float) -> dict[str, Any]:
    """A week as it is drawn; a value above the scale is drawn at its top, and marked."""
    value = min(week.value, top) if week and week.value is not None else None
    is_firm = bool(week and week.is_firm)
    return {
        "day": milliseconds(monday + timedelta(3)),
        "value": value,
        "firm": value if is_firm else None,
        "open": None if is_firm else value,
        "is_off": bool(week and week.value is not None and week.value > top),
        "full": week.value if week else None,
        "Week of": words.day(monday),
        "Figure": week.shown if week else words.NOT_KNOWN,
        "Status": week.status if week else words.NOT_KNOWN,
    }


@dataclass(frozen=True)
class Axes:
    """The same two scales for every layer; `firm`, `open` and `any` are the columns drawn on them."""

    x: alt.X
    firm: alt.Y
    open: alt.Y
    any: alt.Y


def axes_of(frame: pd.DataFrame, backdrop: Backdrop, top: float, ticks: int = 4) -> Axes:
    """Time over the window; values from 0, or from below where a platform took views back."""
    low = min(float(frame["value"].min()), 0.0)
    scale = alt.Scale(domain=[low, max(top, 1.0) * _HEADROOM], zero=False, nice=False)
    axis = alt.Axis(tickCount=ticks, labelExpr=_NUMBERS)
    return Axes(
        _time(backdrop.window),
        *(alt.Y(f"{column}:Q", scale=scale, axis=axis) for column in ("firm", "open", "value")),
    )


def log_axes_of(backdrop: Backdrop, ends: tuple[float, float]) -> Axes:
    """The same with values by factors, between two heights above zero; labels at 1, 2, 5, 10 and so on."""
    low, top = ends
    domain = [low, top * (top / low) ** (_HEADROOM - 1)]
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(top)) + 1)
    steps = (1, 2, 5) if top / low < _FEW_POWERS else (1,)
    marks = [step * 10.0**power for power in powers for step in steps if low <= step * 10.0**power <= top]
    scale = alt.Scale(type="log", domain=domain, nice=False)
    axis = alt.Axis(values=marks, labelExpr=_NUMBERS)
    return Axes(
        _time(backdrop.window),
        *(alt.Y(f"{column}:Q", scale=scale, axis=axis) for column in ("firm", "open", "value")),
    )


def _time(window: tuple[date, date]) -> alt.X:
    """The days of the window; UTC so that no viewer's zone moves a week."""
    # As expressions: Vega-Lite writes plain moments as datetime(…), which fails where eval is forbidden.
    first, last = (alt.expr(str(milliseconds(day))) for day in (window[0], window[1] + timedelta(1)))
    scale = alt.Scale(type="utc", domainMin=first, domainMax=last, nice=False)
    months = alt.expr(str([milliseconds(day) for day in _firsts(window)]))
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


def milliseconds(day: date) -> int:
    """A day's midnight as Vega counts time."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def dot_layers(
    frame: pd.DataFrame, axes: Axes, size: int = 64, colour: str = CHART["value"]
) -> list[alt.Chart]:
    """Filled where the figure is firm, hollow where it is provisional."""
    tips = [alt.Tooltip(f"{name}:N") for name in ("Week of", "Figure", "Status")]
    firm, loose = frame[frame["firm"].notna()], frame[frame["open"].notna()]
    full = alt.Chart(firm).mark_circle(size=size, opacity=1, color=colour)
    hollow = alt.Chart(loose).mark_point(size=size, fill=CHART["paper"], stroke=colour, strokeWidth=2)
    return [
        *_unless_empty(firm, full.encode(x=axes.x, y=axes.firm, tooltip=tips)),
        *_unless_empty(loose, hollow.encode(x=axes.x, y=axes.open, tooltip=tips)),
    ]


def _unless_empty(frame: pd.DataFrame, *layers: alt.Chart) -> list[alt.Chart]:
    """Vega complains about a layer without any row."""
    return [] if frame.empty else list(layers)


def off_scale(frame: pd.DataFrame, axes: Axes) -> list[alt.Chart]:
    """An arrow over each dot that stands for more than the scale holds; the highest has its figure."""
    off = frame[frame["is_off"]]
    arrows = alt.Chart(off).mark_text(text="\N{UPWARDS ARROW}", dy=-12, fontSize=15, fontWeight="bold")
    highest = alt.Chart(off.sort_values("full").tail(1)).encode(x=axes.x, y=axes.any)
    figure = highest.mark_text(align="right", dx=-9, dy=-12, fontSize=15, fontWeight="bold")
    return _unless_empty(off, arrows.encode(x=axes.x, y=axes.any), figure.encode(text=alt.Text("Figure:N")))


def backdrop_layers(backdrop: Backdrop, x: alt.X) -> list[alt.Chart]:
    """Shaded periods, numbered events, and the names of the periods over both."""
    return [*shade_layers(backdrop, x), *_events(backdrop, x), *_period_names(backdrop, x)]


def _period_frame(backdrop: Backdrop) -> pd.DataFrame:
    start, end = backdrop.window[0], backdrop.window[1] + timedelta(1)
    return pd.DataFrame(
        [
            {
                "day": milliseconds(max(first, start)),
                "until": milliseconds(min(last + timedelta(1), end)),
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


def shade_layers(backdrop: Backdrop, x: alt.X) -> list[alt.Chart]:
    """The action periods as bands."""
    frame = _period_frame(backdrop)
    return _unless_empty(
        frame, alt.Chart(frame).mark_rect(color=CHART["shade"]).encode(x=x, x2=alt.X2("until"))
    )


def _period_names(backdrop: Backdrop, x: alt.X) -> list[alt.Chart]:
    """A bar along each period and its name, with a halo that parts it from lines behind it."""
    frame = _period_frame(backdrop)
    base = alt.Chart(frame).encode(x=x)
    bar = base.mark_rule(color=CHART["period"], strokeWidth=4).encode(
        x2=alt.X2("until"), y=fixed(alt.YValue, 0)
    )
    name = base.mark_text(align="left", baseline="top", dx=6, lineBreak="\n", color=CHART["label"])
    named = name.encode(text=alt.Text("name:N"), y=fixed(alt.YValue, 9))
    halo = named.mark_text(
        align="left", baseline="top", dx=6, lineBreak="\n", stroke=CHART["shade"], strokeWidth=5
    )
    return _unless_empty(frame, bar, halo, named)


def _events(backdrop: Backdrop, x: alt.X) -> list[alt.Chart]:
    """A dashed line and a numbered disc above the plot, in lanes where they would touch."""
    frame = pd.DataFrame(_lanes(backdrop), columns=["day", "number", "lane"])
    base = alt.Chart(frame).encode(x=x)
    y = alt.Y("lane:Q", scale=None)
    rule = base.mark_rule(color=CHART["event"], strokeDash=[4, 3]).encode(y=y, y2=fixed(alt.Y2Value, HEIGHT))
    disc = base.mark_circle(color=CHART["event"], size=330, opacity=1).encode(y=y)
    text = base.mark_text(color=CHART["on-event"], fontSize=12, fontWeight="bold")
    return _unless_empty(frame, rule, disc, text.encode(y=y, text=alt.Text("number:N")))


def _lanes(backdrop: Backdrop) -> list[tuple[int, str, float]]:
    days = (backdrop.window[1] - backdrop.window[0]).days + 1
    room = timedelta(days * _MARK_WIDTH_PX / _NARROWEST_PX)
    ends: list[date] = []
    placed = []
    for number, day in backdrop.events:
        lane = next((n for n, last in enumerate(ends) if day - last >= room), len(ends))
        ends[lane : lane + 1] = [day]
        placed.append((milliseconds(day), str(number), -16.0 - 22.0 * lane))
    return placed
