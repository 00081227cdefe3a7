"""One function per chart: plain rows in, an Altair chart out. All words in them are our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import altair as alt
import pandas as pd

from dashboards.blocks import Spec
from dashboards.chart_parts import (
    HEIGHT,
    Backdrop,
    Week,
    axes_of,
    backdrop_layers,
    dot_layers,
    frame_of,
    off_scale,
    shade_layers,
)
from dashboards.theme import CHART, vega_config

_SMALL_HEIGHT: Final = 120


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
    text = base.mark_text(align="left", dx=6, fontSize=16, fontWeight="bold").encode(text="shown:N")
    return alt.LayerChart(layer=[bar, text], height=44 * len(frame))


def small(weeks: Sequence[Week], backdrop: Backdrop, top: float) -> alt.LayerChart:
    """`weekly` without names and numbers, for one of several on the same scale."""
    frame = frame_of(weeks, backdrop.window, top)
    axes = axes_of(frame, backdrop, top, ticks=2)
    line = alt.Chart(frame).mark_line(color=CHART["value"], strokeWidth=2).encode(x=axes.x, y=axes.firm)
    dots = dot_layers(frame, axes, size=28)
    layers = [*shade_layers(backdrop, axes.x), line, *dots, *off_scale(frame, axes)]
    return alt.LayerChart(layer=layers, height=_SMALL_HEIGHT)


def spec(chart: alt.LayerChart) -> Spec:
    """The chart as Vega-Lite with our look, filling whatever width it is given."""
    made: Spec = chart.to_dict(validate=False)  # which takes longer than drawing; tests do validate
    made["config"] = vega_config()
    made["autosize"] = {"type": "fit-x", "contains": "padding"}
    return made
