"""The first page: teams in the campaign's order, each against its own past; timetable; definitions."""

from __future__ import annotations

from typing import Final

from dashboards import comparison, method, multiples, words
from dashboards.blocks import (
    Cell,
    Column,
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
from dashboards.facts import Facts
from dashboards.reader import Row

FILE: Final = "index.html"
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
    top = multiples.shared_top(facts)
    pairs = [(team, topic) for team in facts.teams for topic in facts.topics_of(team["team_id"])]
    return Rungs(tuple(_rung(facts, team, topic, top) for team, topic in pairs))


def _rung(facts: Facts, team: Row, topic: Row, top: float) -> Rung:
    return Rung(
        name=team["name"],
        href=f"{team['team_id']}.html",
        topic=topic["name"],
        sentence=comparison.in_brief(facts, topic),
        figure=multiples.small(facts, topic, top, f"small-{topic['rank']}"),
    )


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
