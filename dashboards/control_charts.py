"""The weekly chart with a mean and limits.

The shape of a dot says high or low, its colour whether that is the direction hoped for; hollow
dots are provisional and not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    off_scale,
)
from dashboards.theme import CHART

State = Literal["usual", "high, hoped for", "low, not hoped for"]

_MARKS: Final[Mapping[State, tuple[str, str, int]]] = {
    "usual": ("circle", "common", 60),
    "high, hoped for": ("triangle-up", "good", 110),
    "low, not hoped for": ("triangle-down", "bad", 110),
}


@dataclass(frozen=True)
class Lines:
    """The mean and its limits, as the axis has them, and what to call the limits."""

    mean: float
    lower: float | None
    """None: not drawn, since it lies below zero, where no value can be."""
    upper: float
    upper_name: str
    lower_name: str


def control(
    weeks: Sequence[Week], states: Mapping[date, State], lines: Lines, backdrop: Backdrop, top: float
) -> alt.LayerChart:
    """Dots and a line by week over action periods and events, with the mean and the limits."""
    top = max(top, lines.upper)
    frame = frame_of(weeks, backdrop.window, top)
    named = {words.day(week): state for week, state in states.items()}
    frame["state"] = [named.get(week) for week in frame["Week of"]]
    axes = axes_of(frame, backdrop, top)
    line = alt.Chart(frame).mark_line(color=CHART["common"], strokeWidth=1.5).encode(x=axes.x, y=axes.firm)
    loose = frame.assign(firm=None).astype({"firm": "float64"})
    layers = [
        *backdrop_layers(backdrop, axes.x),
        *_line_layers(lines, frame, axes),
        line,
        *_judged_dots(frame, axes),
        *dot_layers(loose, axes, colour=CHART["common"]),
        *off_scale(frame, axes),
    ]
    return alt.LayerChart(layer=layers, height=HEIGHT)


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


def _line_layers(lines: Lines, frame: pd.DataFrame, axes: Axes) -> list[alt.Chart]:
    known = frame[frame["value"].notna()]
    start, end = float(known["day"].min()), float(known["day"].max())
    drawn = [_line(lines.mean, (start, end), "mean", [1, 0], axes)]
    limits = [(lines.upper, lines.upper_name, -10), (lines.lower, lines.lower_name, 12)]
    for height, name, shift in limits:
        if height is not None:
            drawn.append(_line(height, (start, end), "limit", [7, 4], axes))
            drawn += _label(height, name, start, shift, axes)
    return drawn


def _line(height: float, span: tuple[float, float], colour: str, dash: list[int], axes: Axes) -> alt.Chart:
    frame = pd.DataFrame({"day": list(span), "value": [height] * 2})
    mark: alt.Chart = alt.Chart(frame).mark_line(color=CHART[colour], strokeWidth=2, strokeDash=dash)
    return mark.encode(x=axes.x, y=axes.any)


def _label(height: float, name: str, day: float, shift: int, axes: Axes) -> list[alt.Chart]:
    """The name on the far side of its line, where the baseline has hardly a dot; with a halo."""
    base = alt.Chart(pd.DataFrame({"day": [day], "value": [height], "name": [name]}))
    halo = base.mark_text(align="left", dy=shift, stroke=CHART["paper"], strokeWidth=5)
    text = base.mark_text(align="left", dy=shift, color=CHART["axis"])
    return [layer.encode(x=axes.x, y=axes.any, text="name:N") for layer in (halo, text)]
