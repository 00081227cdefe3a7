"""Small multiples: a topic's weeks in little, on one scale of time and one of views for all topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import altair as alt

from dashboards import charts, figures
from dashboards.blocks import Figure, Grid
from dashboards.chart_parts import Backdrop, Week, scale_top
from dashboards.facts import Facts
from dashboards.reader import Row

_SMALL_PX: Final = 540


def grid(facts: Facts) -> Grid:
    """A small chart per topic, in the order of the campaign file; the page's filter leaves others out."""
    top = shared_top(facts)
    return Grid(tuple(_of_topic(facts, topic, top) for topic in facts.topics))


def shared_top(facts: Facts) -> float:
    """The top of the scale of all topics' weeks."""
    weeks = [row["views_new"] for row in facts.topic_weeks if row["platform"] == "all"]
    return scale_top([views for views in weeks if views is not None])


def small(facts: Facts, topic: Row, top: float, name: str) -> Figure:
    """The weekly chart of a topic, small, and on the scale of all."""

    def draw(weeks: Sequence[Week], backdrop: Backdrop, _: float) -> alt.LayerChart:
        return charts.small(weeks, backdrop, top)

    return replace(figures.weekly(facts, topic, figures.NEW_VIEWS, name, draw), width=_SMALL_PX)


def _of_topic(facts: Facts, topic: Row, top: float) -> Figure:
    figure = small(facts, topic, top, f"small-{topic['rank']}")
    weeks = facts.weeks(topic["topic_id"])
    known = figures.dots(weeks, figures.NEW_VIEWS)
    return replace(
        figure,
        title=figure.title.replace(figures.NEW_VIEWS.measure, str(topic["name"]), 1),
        subtitle=f"{figures.NEW_VIEWS.measure}, all platforms. {figures.span(weeks, known)}".strip(),
        note=figures.above(known, top),
        marks=(),
        tags={"topic": topic["topic_id"]},
    )
