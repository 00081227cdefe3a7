"""The five-minute sheet: one A4 to put on the table when a team meets with its influencer."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboards import comparison, figures, judged_figures, picks, sentences, words
from dashboards.blocks import Block, Figure, Page, Points, Prose, Section, Space
from dashboards.facts import Facts
from dashboards.reader import Reader, Row
from dashboards.videos import team_posts

FOLDER: Final = "sheets"
_CHART_PX: Final = 1050
_LONGEST: Final = 210
_NO_TOPIC: Final = "This team has no topic in the campaign file yet."


def sheet_page(reader: Reader, facts: Facts, team: Row) -> Page:
    """A team's sheet. Of several topics it shows the first; the team's page has them all."""
    topic = next(iter(facts.topics_of(team["team_id"])), None)
    chosen = picks.picks(facts, team_posts(reader, team["team_id"]))
    return Page(
        file=f"{FOLDER}/{team['team_id']}.html",
        title=f"Five-minute sheet: {team['name']}",
        heading=str(team["name"]),
        standfirst=f"Five-minute sheet: “{topic['name']}”" if topic else "Five-minute sheet",
        sections=(
            Section("summary", "In three sentences", (_sentences(facts, team, topic),)),
            *([Section("chart", "Week by week", (_chart(facts, topic),))] if topic else []),
            Section("talk", picks.HEADING, (chosen,)),
            Section(
                "question",
                "One question",
                (Prose((picks.question(facts, team["team_id"], topic),), is_lead=True),),
            ),
            Section("own-words", "In the influencer's own words", (Space("Room to write"),)),
        ),
        is_sheet=True,
    )


def _sentences(facts: Facts, team: Row, topic: Row | None) -> Block:
    tried = sentences.what_was_tried(facts, team["team_id"])[-1]
    if topic is None:
        return Points((("Tried", (_short(tried),)), ("Happened", (_NO_TOPIC,))))
    happened = sentences.what_happened(
        topic, facts.current, facts.period_of(topic["topic_id"], facts.current)
    )
    beside = comparison.headline(facts, topic) or "There is no earlier action period to stand beside."
    return Points(
        tuple(
            (term, (_short(text),))
            for term, text in (("Tried", tried), ("Happened", happened), ("Beside before", beside))
        )
    )


def _short(text: str) -> str:
    """Cut at a word: one A4 stays one A4, whatever was noted."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]}…"


def _chart(facts: Facts, topic: Row) -> Figure:
    """The team's own chart; what explains it at length stays on the team's page."""
    figure = judged_figures.weekly(facts, topic, figures.NEW_VIEWS, "chart")
    marks = tuple(replace(mark, text=words.caption(mark.text), note="") for mark in figure.marks)
    return replace(figure, title=_short(figure.title), subtitle="", note="", marks=marks, width=_CHART_PX)
