"""One function per chart: plain rows in, an Altair chart out. All words in them are our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle
from typing import Final

import altair as alt
import pandas as pd

from dashboards import words
from dashboards.blocks import Spec
from dashboards.chart_parts import (
    HEIGHT,
    Backdrop,
    Week,
    axes_of,
    backdrop_layers,
    dot_layers,
    fixed,
    frame_of,
    milliseconds,
    off_scale,
    shade_layers,
)
from dashboards.theme import CHART, SERIES, vega_config
from models.metrics import BY_NAME

_SMALL_HEIGHT: Final = 120
_FACTORS: Final = (0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100)
_VIEWS_28: Final = BY_NAME["views_day_28"].label
SHAPES: Final = ("circle", "square", "diamond", "triangle-up")
"""Of videos, by platform."""
DRIVEN_BY: Final = ("platform", "creator", "topic", "period")
"""The page's filters, under these names in its tables and in the charts that follow them."""


@dataclass(frozen=True)
class Dot:
    """A video: its day, its views at one age, and what the page's filters look at (ids of our own)."""

    day: date
    value: int
    shown: str
    platform: str
    tags: Mapping[str, str]


def weekly(weeks: Sequence[Week], backdrop: Backdrop, top: float) -> alt.LayerChart:
    """Dots and a line by week over action periods and events; hollow = provisional, gap = unknown."""
    frame = frame_of(weeks, backdrop.window, top)
    axes = axes_of(frame, backdrop, top)
    line = alt.Chart(frame).mark_line(color=CHART["value"], strokeWidth=2).encode(x=axes.x, y=axes.firm)
    dots = dot_layers(frame, axes)
    layers = [*backdrop_layers(backdrop, axes.x), line, *dots, *off_scale(frame, axes)]
    return alt.LayerChart(layer=layers, height=HEIGHT)


def bars(values: Sequence[tuple[str, float, str]]) -> alt.LayerChart:
    """Bars of a few categories, each with its figure at its end."""
    frame = pd.DataFrame(values, columns=["name", "value", "shown"])
    ends = [min(float(frame["value"].min()), 0.0), max(float(frame["value"].max()), 1.0) * 1.25]
    base = alt.Chart(frame).encode(
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=ends)),
        y=alt.Y("name:N", sort=None, axis=alt.Axis(ticks=False, domain=False, labelFontSize=16)),
    )
    bar = base.mark_bar(color=CHART["value"], height=26)
    text = base.mark_text(align="left", dx=6, fontSize=16, fontWeight="bold").encode(text=alt.Text("shown:N"))
    return alt.LayerChart(layer=[bar, text], height=44 * len(frame))


def intervals(rows: Sequence[tuple[str, float, float, float]]) -> alt.LayerChart:
    """Ratios with their intervals, by factors around 1: name, ratio, low, high."""
    frame = pd.DataFrame(rows, columns=["name", "ratio", "low", "high"])
    ends = [min(float(frame["low"].min()), 0.5), max(float(frame["high"].max()), 2.0)]
    scale = alt.Scale(type="log", domain=ends, nice=False, clamp=True)
    marks = [step for step in _FACTORS if ends[0] <= step <= ends[1]]
    axis = alt.Axis(values=marks, labelExpr="format(datum.value, '~g') + '\u00d7'")
    names = alt.Axis(ticks=False, domain=False, labelLimit=200)
    base = alt.Chart(frame).encode(y=alt.Y("name:N", sort=None, axis=names))
    one = alt.Chart(pd.DataFrame({"ratio": [1.0]})).mark_rule(color=CHART["mean"], strokeWidth=2)
    rule = base.mark_rule(color=CHART["limit"], strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2=alt.X2("high:Q")
    )
    dot = base.mark_circle(color=CHART["value"], size=90, opacity=1)
    x = alt.X("ratio:Q", scale=scale, axis=axis)
    layers = [one.encode(x=x), rule, dot.encode(x=x)]
    return alt.LayerChart(layer=layers, height=26 * len(frame))


def small(weeks: Sequence[Week], backdrop: Backdrop, top: float) -> alt.LayerChart:
    """`weekly` without names and numbers, for one of several on the same scale."""
    frame = frame_of(weeks, backdrop.window, top)
    axes = axes_of(frame, backdrop, top, ticks=2)
    line = alt.Chart(frame).mark_line(color=CHART["value"], strokeWidth=2).encode(x=axes.x, y=axes.firm)
    dots = dot_layers(frame, axes, size=28)
    layers = [*shade_layers(backdrop, axes.x), line, *dots, *off_scale(frame, axes)]
    return alt.LayerChart(layer=layers, height=_SMALL_HEIGHT)


def videos(dots: Sequence[Dot], platforms: Sequence[str], backdrop: Backdrop, top: float) -> alt.LayerChart:
    """A dot a video by the day of publication, shaped by platform; it follows the page's filters."""
    frame = pd.DataFrame([_video(dot, top) for dot in dots])
    axes = axes_of(frame, backdrop, top)
    # Not a filter: Vega complains about a scale whose data a filter has left empty.
    wanted = " && ".join(f"({name} == '' || datum.{name} == {name})" for name in DRIVEN_BY)
    tips = [alt.Tooltip(f"{name}:N") for name in ("Published", _VIEWS_28, "Platform")]
    marks = [
        alt.Chart(frame[frame["Platform"] == platform])
        .mark_point(shape=shape, filled=True, opacity=1, color=colour, stroke=CHART["paper"], strokeWidth=0.6)
        .encode(
            x=axes.x,
            y=axes.any,
            tooltip=tips,
            size=fixed(alt.SizeValue, 0, condition={"test": wanted, "value": 80}),
        )
        for platform, shape, colour in zip(platforms, cycle(SHAPES), cycle(SERIES), strict=False)
    ]
    arrows = [
        layer.encode(opacity=fixed(alt.OpacityValue, 0, condition={"test": wanted, "value": 1}))
        for layer in off_scale(frame, axes)
    ]
    layers = [*backdrop_layers(backdrop, axes.x), *marks, *arrows]
    parameters = [alt.param(name=name, value="") for name in DRIVEN_BY]
    return alt.LayerChart(layer=layers, height=HEIGHT).add_params(*parameters)


def _video(dot: Dot, top: float) -> dict[str, object]:
    """A video as it is drawn; one above the scale is drawn at its top, and marked."""
    return {
        **{name: dot.tags[name] for name in DRIVEN_BY},
        "day": milliseconds(dot.day),
        "value": min(float(dot.value), top),
        "is_off": dot.value > top,
        "full": dot.value,
        "Figure": dot.shown,
        "Published": words.day(dot.day),
        _VIEWS_28: dot.shown,
        "Platform": dot.platform,
    }


def spec(chart: alt.LayerChart) -> Spec:
    """The chart as Vega-Lite with our look, filling whatever width it is given."""
    made: Spec = chart.to_dict(validate=False)  # which takes longer than drawing; tests do validate
    made["config"] = vega_config()
    made["autosize"] = {"type": "fit-x", "contains": "padding"}
    return made
