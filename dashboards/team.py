"""A team's page: five lines first, then its measures, its weeks, its videos, and what came in."""

from __future__ import annotations

from dashboards import figures, intake, judged_figures, measures, sentences, videos, words
from dashboards.blocks import Block, Page, Points, Prose, Section
from dashboards.facts import Facts
from dashboards.reader import Reader, Row


def team_page(reader: Reader, facts: Facts, team: Row) -> Page:
    """The page of a team."""
    topics = facts.topics_of(team["team_id"])
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
            Section(
                "videos",
                "The videos",
                (
                    videos.videos(
                        facts, videos.team_posts(reader, team["team_id"]), with_topic=len(topics) > 1
                    ),
                ),
            ),
            _came_in(facts, team),
        ),
    )


def _standfirst(topics: tuple[Row, ...]) -> str:
    names = words.listed([f"“{topic['name']}”" for topic in topics])
    return f"{'Topic' if len(topics) == 1 else 'Topics'}: {names}" if topics else "No topic yet"


def _summary(facts: Facts, team: Row, topics: tuple[Row, ...]) -> Section:
    """What we tried, what happened, what next."""
    happened = tuple(
        sentences.what_happened(topic, facts.current, facts.period_of(topic["topic_id"], facts.current))
        for topic in topics
    )
    wanted = len(intake.asks_of(facts, facts.creators_of(team["team_id"])))
    points = Points(
        (
            ("What we tried", sentences.what_was_tried(facts, team["team_id"])),
            ("What happened", happened or ("This team has no topic in the campaign file yet.",)),
            ("What next", sentences.what_next(facts, team["team_id"], wanted)),
        )
    )
    return Section("summary", "In short", (points,))


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
            (measures.cards(facts, topic),),
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
