"""The first page: teams in the campaign's order, each against its own past; timetable; definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import altair as alt

from dashboards import charts, comparison, figures, method, words
from dashboards.blocks import (
    Cell,
    Column,
    Figure,
    Page,
    Points,
    Prose,
    Record,
    Rung,
    Rungs,
    Section,
    Table,
    Way,
    Ways,
)
from dashboards.chart_parts import Backdrop, Week, scale_top
from dashboards.facts import Facts
from dashboards.reader import Row

FILE: Final = "index.html"
_SMALL_PX: Final = 540
_ONE_SCALE: Final = (
    "The small charts show new views a week, all on one scale, with the action periods shaded. Hollow dots"
    " are provisional; an arrow stands for a figure above the scale. Teams stand in the order of the"
    " campaign file and are never ranked."
)
_METHOD: Final = Way(
    method.FILE, "Method", "every definition, each account's sources, the rules of charts and comparisons"
)


def index_page(facts: Facts) -> Page:
    """The page that leads to all others."""
    return Page(
        file=FILE,
        title="Overview",
        heading="Overview",
        standfirst=_standfirst(facts),
        sections=(
            Section("teams", "The teams", (_teams(facts), Prose((_ONE_SCALE,)))),
            Section("timetable", "Timetable", (_timetable(facts),)),
            Section(
                "definitions", "What the figures mean", (method.in_short(), _limits(facts), Ways((_METHOD,)))
            ),
        ),
    )


def _standfirst(facts: Facts) -> str:
    audience = facts.campaign["audience"]
    return f"For: {audience}" if audience else "Short videos by local creators"


def _teams(facts: Facts) -> Rungs:
    weeks = [row for row in facts.topic_weeks if row["platform"] == "all" and row["views_new"] is not None]
    top = scale_top([row["views_new"] for row in weeks])
    pairs = [(team, topic) for team in facts.teams for topic in facts.topics_of(team["team_id"])]
    return Rungs(tuple(_rung(facts, team, topic, top) for team, topic in pairs))


def _rung(facts: Facts, team: Row, topic: Row, top: float) -> Rung:
    return Rung(
        name=team["name"],
        href=f"{team['team_id']}.html",
        topic=topic["name"],
        sentence=comparison.in_brief(facts, topic),
        figure=_small(facts, topic, top),
    )


def _small(facts: Facts, topic: Row, top: float) -> Figure:
    """The chart of the team's own page, small, and on the scale of all teams."""

    def draw(weeks: Sequence[Week], backdrop: Backdrop, _: float) -> alt.LayerChart:
        return charts.small(weeks, backdrop, top)

    figure = figures.weekly(facts, topic, figures.NEW_VIEWS, f"small-{topic['rank']}", draw)
    return replace(figure, width=_SMALL_PX)


def _timetable(facts: Facts) -> Table:
    periods = [
        (row["starts"], words.days(row["starts"], row["ends"]), row["name"], "everyone")
        for row in facts.periods
    ]
    events = [(row["day"], words.day(row["day"]), _event(row), _for_whom(facts, row)) for row in facts.events]
    return Table(
        "timetable-data",
        "Action periods and events",
        (Column("When", is_kept=True), Column("What"), Column("For")),
        tuple(
            Record((Cell(when), Cell(what), Cell(whom)))
            for _, when, what, whom in sorted([*periods, *events])
        ),
        empty="The campaign file has no timetable yet.",
    )


def _event(event: Row) -> str:
    return f"{event['name']}. {event['note']}" if event["note"] else str(event["name"])


def _for_whom(facts: Facts, event: Row) -> str:
    return next((str(t["name"]) for t in facts.teams if t["team_id"] == event["team_id"]), "everyone")


def _limits(facts: Facts) -> Points:
    return Points(
        (
            ("Weeks", (method.WEEKS,)),
            ("Who was reached", (words.ETHNICITY,)),
            *(("What is missing", (line,)) for line in facts.top_list),
        )
    )
