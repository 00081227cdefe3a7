"""The weekly chart with a centre line, and with limits where there are any.

The shape of a dot says high or low, its colour whether that is the direction hoped for; hollow
dots are provisional and not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import altair as alt
import pandas as pd

from dashboards import words
from dashboards.chart_parts import (
    HEIGHT,
    Axes,
    Backdrop,
    Week,
    axes_of,
    backdrop_layers,
    dot_layers,
    frame_of,
    log_axes_of,
    milliseconds,
    off_scale,
)
from dashboards.theme import CHART

State = Literal["usual", "high, hoped for", "low, not hoped for"]

_MARKS: Final[Mapping[State, tuple[str, str, int]]] = {
    "usual": ("circle", "common", 60),
    "high, hoped for": ("triangle-up", "good", 110),
    "low, not hoped for": ("triangle-down", "bad", 110),
}
_LINES: Final[Mapping[str, tuple[str, list[int]]]] = {
    "centre": ("mean", [1, 0]),
    "limit": ("limit", [7, 4]),
    "target": ("target", [10, 4]),
}
_CROWD: Final = 0.9
_ROOM: Final = 0.12  # of the scale
_DRAWN: Final = ["value", "firm", "open"]


@dataclass(frozen=True)
class Line:
    """A line over some weeks, as the axis has it, named at its start or its end."""

    kind: Literal["centre", "limit", "target"]
    heights: tuple[tuple[date, float], ...]
    """By week; for a level line its first and last week will do."""
    name: str = ""
    name_below: bool = False
    name_at_end: bool = False

    @property
    def is_level(self) -> bool:
        """Whether every week has the same height."""
        return len({height for _, height in self.heights}) == 1


def top_with(top: float, lines: Sequence[Line]) -> float:
    """The scale's top: over the lines too, but not over limits of the few weeks that hardly have views."""
    highest = [sorted(height for _, height in line.heights) for line in lines]
    return max([top, *(heights[int((len(heights) - 1) * _CROWD)] for heights in highest)])


def control(
    weeks: Sequence[Week],
    states: Mapping[date, State],
    lines: Sequence[Line],
    backdrop: Backdrop,
    top: float,
    *,
    is_log: bool = False,
) -> alt.LayerChart:
    """Dots and a line by week over action periods and events, with centre lines, limits and target.

    The line breaks where a centre line begins: weeks before and after are not compared. With `is_log`
    values go by factors, and what is not above zero stands at the foot of the scale.
    """
    frame = frame_of(weeks, backdrop.window, top)
    named = {words.day(week): state for week, state in states.items()}
    frame["state"] = [named.get(week) for week in frame["Week of"]]
    starts = [_moment(line.heights[0][0]) for line in lines if line.kind == "centre"]
    frame["phase"] = [sum(start <= day for start in starts) for day in frame["day"]]
    if is_log:
        low = _foot(frame, lines)
        frame[_DRAWN] = frame[_DRAWN].astype("float64").clip(lower=low)
        axes = log_axes_of(backdrop, (low, top))
    else:
        axes = axes_of(frame, backdrop, top)
    path = (
        alt.Chart(frame)
        .mark_line(color=CHART["common"], strokeWidth=1.5)
        .encode(x=axes.x, y=axes.firm, detail=alt.Detail("phase:N"))
    )
    loose = frame.assign(firm=None).astype({"firm": "float64"})
    layers = [
        *backdrop_layers(backdrop, axes.x),
        *(_line(line, axes) for line in lines),
        *(layer for line in lines if line.name for layer in _name(line, axes)),
        path,
        *_judged_dots(frame, axes),
        *dot_layers(loose, axes, colour=CHART["common"]),
        *off_scale(frame, axes),
    ]
    return alt.LayerChart(layer=layers, height=HEIGHT)


def _foot(frame: pd.DataFrame, lines: Sequence[Line]) -> float:
    """Below the lowest height above zero, with room for a name."""
    drawn = [float(value) for value in frame["value"].dropna()]
    heights = [h for h in (*drawn, *(h for line in lines for _, h in line.heights)) if h > 0]
    return float(min(heights) / (max(heights) / min(heights)) ** _ROOM)


def _moment(week: date) -> int:
    """Where a week stands on the axis of time."""
    return milliseconds(week + timedelta(3))


def _judged_dots(frame: pd.DataFrame, axes: Axes) -> list[alt.Chart]:
    """A layer per state that occurs; a firm week without a state is as usual as any."""
    tips = [alt.Tooltip(f"{name}:N") for name in ("Week of", "Figure", "Status")]
    firm = frame[frame["firm"].notna()]
    shown = firm["state"].fillna("usual")
    return [
        alt.Chart(firm[shown == state])
        .mark_point(shape=shape, filled=True, size=size, opacity=1, color=CHART[colour])
        .encode(x=axes.x, y=axes.firm, tooltip=tips)
        for state, (shape, colour, size) in _MARKS.items()
        if (shown == state).any()
    ]


def _line(line: Line, axes: Axes) -> alt.Chart:
    colour, dash = _LINES[line.kind]
    mark: alt.Chart = alt.Chart(_points(line.heights)).mark_line(
        color=CHART[colour],
        strokeWidth=2 if line.is_level else 1.5,
        strokeDash=dash,
        interpolate="linear" if line.is_level else "step",
        clip=True,
    )
    return mark.encode(x=axes.x, y=axes.any)


def _name(line: Line, axes: Axes) -> list[alt.Chart]:
    """The name on the far side of its line, where the baseline has hardly a dot; with a halo."""
    align: Literal["left", "right"] = "right" if line.name_at_end else "left"
    end = line.heights[-1:] if line.name_at_end else line.heights[:1]
    base = alt.Chart(_points(end).assign(name=line.name))
    shift = 12 if line.name_below else -10
    halo = base.mark_text(align=align, dy=shift, stroke=CHART["paper"], strokeWidth=5)
    text = base.mark_text(align=align, dy=shift, color=CHART["axis"])
    return [layer.encode(x=axes.x, y=axes.any, text=alt.Text("name:N")) for layer in (halo, text)]


def _points(heights: Sequence[tuple[date, float]]) -> pd.DataFrame:
    rows = [(_moment(week), height) for week, height in heights]
    return pd.DataFrame(rows, columns=["day", "value"])
