"""A team's page: five lines first, then its measures, its weeks, its videos, and what came in."""

from __future__ import annotations

from dashboards import (
    account_figures,
    comparison,
    figures,
    intake,
    judged_figures,
    measures,
    picks,
    reach,
    sentences,
    sheet,
    video_chart,
    videos,
    words,
)
from dashboards.blocks import Block, Page, Points, Prose, Section, Way, Ways
from dashboards.facts import Facts
from dashboards.reader import Reader, Row


def team_page(reader: Reader, facts: Facts, team: Row) -> Page:
    """The page of a team."""
    topics = facts.topics_of(team["team_id"])
    posts = videos.team_posts(reader, team["team_id"])
    return Page(
        file=f"{team['team_id']}.html",
        title=team["name"],
        heading=team["name"],
        standfirst=_standfirst(topics),
        sections=(
            _summary(facts, team, topics),
            *(
                section
                for topic in topics
                for section in _topic_sections(facts, topic, alone=len(topics) == 1)
            ),
            *account_figures.section(facts, team["team_id"]),
            _to_talk_about(facts, team, topics, posts),
            Section(
                "videos",
                "The videos",
                (
                    video_chart.video_chart(facts, posts),
                    videos.videos(facts, posts, with_topic=len(topics) > 1),
                ),
            ),
            Section(
                "reach",
                "Who was reached",
                reach.reach(facts, facts.creators_of(team["team_id"]), team["team_id"]),
            ),
            _came_in(facts, team),
        ),
        has_deck=True,
    )


def _standfirst(topics: tuple[Row, ...]) -> str:
    names = words.listed([f"“{topic['name']}”" for topic in topics])
    return f"{'Topic' if len(topics) == 1 else 'Topics'}: {names}" if topics else "No topic yet"


def _summary(facts: Facts, team: Row, topics: tuple[Row, ...]) -> Section:
    """What we tried, what happened, what next."""
    happened = tuple(line for topic in topics for line in comparison.happened(facts, topic))
    wanted = len(intake.asks_of(facts, facts.creators_of(team["team_id"])))
    points = Points(
        (
            ("What we tried", sentences.what_was_tried(facts, team["team_id"])),
            ("What happened", happened or ("This team has no topic in the campaign file yet.",)),
            ("What next", sentences.what_next(facts, team["team_id"], wanted)),
        )
    )
    meeting = Way(
        f"{sheet.FOLDER}/{team['team_id']}.html", "Five-minute sheet", "one A4 to print for the next meeting"
    )
    return Section("summary", "In short", (points, Ways((meeting,))))


def _to_talk_about(facts: Facts, team: Row, topics: tuple[Row, ...], posts: tuple[Row, ...]) -> Section:
    asked = picks.question(facts, team["team_id"], next(iter(topics), None))
    return Section("talk", picks.HEADING, (picks.picks(facts, posts), Prose((asked,), is_lead=True)))


def _topic_sections(facts: Facts, topic: Row, *, alone: bool) -> tuple[Section, ...]:
    above = "" if alone else str(topic["name"])
    name = f"topic-{topic['rank']}"
    period = sentences.period_days(facts.current)
    return (
        Section(
            f"{name}-period",
            f"{sentences.which_period(facts).capitalize()}: {period}"
            if period
            else "No action period has begun yet",
            (measures.cards(facts, topic), comparison.table(facts, topic, f"{name}-comparison")),
            above,
        ),
        Section(f"{name}-weeks", "Week by week", _charts(facts, topic, name), above),
    )


def _charts(facts: Facts, topic: Row, name: str) -> tuple[Block, ...]:
    return (
        judged_figures.weekly(facts, topic, figures.NEW_VIEWS, f"{name}-views"),
        judged_figures.weekly(facts, topic, figures.RATE, f"{name}-rate"),
        figures.by_platform(facts, topic, f"{name}-platforms"),
    )


def _came_in(facts: Facts, team: Row) -> Section:
    creators = facts.creators_of(team["team_id"])
    heading = "What came in, and whom to ask for what"
    if not creators:
        none = (
            "No creator's post is known under this team's topics yet."
            " The page for comms officers lists every file to ask for."
        )
        return Section("came-in", heading, (Prose((none,)),))
    return Section("came-in", heading, (intake.whom_to_ask(facts, creators), intake.came_in(facts, creators)))
