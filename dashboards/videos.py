"""The videos of a team, or of all: newest first, with links, filters and sorting; no ranking."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboards import words
from dashboards.blocks import Cell, Column, Filter, Record, Table, Videos, figure
from dashboards.facts import Facts
from dashboards.measures import PER_THOUSAND
from dashboards.reader import Reader, Row, rows
from models.metrics import BY_NAME

TABLE: Final = "videos-table"
LISTED: Final = 400
"""Rows of a page at most, the newest: its file must stay small enough to send."""

_COLUMNS: Final = """
SELECT
    p.platform, p.post_id, p.creator_id, p.topic_id, p.period_id, p.published_on, p.permalink, p.caption,
    p.views, p.views_day_28, p.views_day_28_status, p.interactions, p.engagement_rate,
    p.engagement_rate_low, p.target_low, p.gone_at
FROM marts.posts AS p
"""
_NEWEST: Final = " ORDER BY p.published_at DESC NULLS LAST, p.platform, p.post_id"
_AT_LEAST: Final = "what the rate is at least, so that few views cannot lead"
_WHY_NOT_28: Final = {
    "not_yet": ("not yet", "the post is younger than 28 days"),
    "missing": (words.NOT_KNOWN, "no reading within 14 days of that age on both sides"),
}


def team_posts(reader: Reader, team_id: str) -> tuple[Row, ...]:
    """A team's posts, newest first."""
    return rows(reader, _COLUMNS + " WHERE p.team_id = ?" + _NEWEST, (team_id,))


def creator_posts(reader: Reader, creator_id: str) -> tuple[Row, ...]:
    """A creator's posts, newest first."""
    return rows(reader, _COLUMNS + " WHERE p.creator_id = ?" + _NEWEST, (creator_id,))


def all_posts(reader: Reader) -> tuple[Row, ...]:
    """The campaign's posts, newest first."""
    return rows(reader, _COLUMNS + _NEWEST)


def videos(facts: Facts, posts: tuple[Row, ...], *, with_topic: bool) -> Videos:
    """The table of posts with its filters."""
    shown = posts[:LISTED]
    note = f"Only the newest {LISTED} are listed." if len(posts) > LISTED else ""
    table = Table(
        id=TABLE,
        caption="Videos, newest first",
        columns=_columns(with_topic=with_topic),
        records=tuple(_record(facts, post, with_topic=with_topic) for post in shown),
        empty="No video is known yet. It appears here once an export that lists it has been read.",
        note=note,
    )
    return Videos(table, _filters(facts, shown, with_topic=with_topic) if shown else ())


def _columns(*, with_topic: bool) -> tuple[Column, ...]:
    topic = (Column("Topic"),) if with_topic else ()
    return (
        Column("Published", is_kept=True),
        Column("Creator"),
        Column("Video"),
        *topic,
        Column("Platform"),
        Column(BY_NAME["views"].label, is_number=True, why=BY_NAME["views"].formula),
        Column(BY_NAME["views_day_28"].label, is_number=True, why=BY_NAME["views_day_28"].formula),
        Column(BY_NAME["interactions"].label, is_number=True, why=BY_NAME["interactions"].formula),
        Column("Per 1,000 views", is_number=True, why=f"{PER_THOUSAND}; sorted by {_AT_LEAST}"),
    )


def _record(facts: Facts, post: Row, *, with_topic: bool) -> Record:
    topic = (Cell(_topic_name(facts, post["topic_id"])),) if with_topic else ()
    published = post["published_on"]
    cells = (
        Cell(words.day(published) if published else words.NOT_KNOWN, sort=str(published or "")),
        Cell(facts.creator(post["creator_id"])),
        Cell(words.caption(post["caption"]), href=words.safe_link(post["permalink"]), is_public=True),
        *topic,
        Cell(words.platform(post["platform"])),
        figure("posts", post, "views"),
        views_28(post),
        figure("posts", post, "interactions", why=BY_NAME["interactions"].undefined_when),
        per_thousand(post),
    )
    return Record(cells, tags_of(post))


def per_thousand(post: Row) -> Cell:
    """Sorted by what the rate is at least, so that a handful of views cannot lead the list."""
    undefined = BY_NAME["engagement_rate"].undefined_when
    cell = figure("posts", post, "engagement_rate", words.per_thousand, undefined)
    low = post["engagement_rate_low"]
    return replace(cell, sort="" if low is None else str(low))


def views_28(post: Row) -> Cell:
    """The views at 28 days, or why they are not known."""
    cell = figure("posts", post, "views_day_28")
    if cell.value:
        estimated = post["views_day_28_status"] == "interpolated"
        why = "estimated between two readings" if estimated else ""
        return Cell(cell.text, cell.metric, cell.value, cell.row, why, cell.sort)
    text, why = _WHY_NOT_28.get(post["views_day_28_status"] or "", _WHY_NOT_28["missing"])
    return Cell(text, cell.metric, row=cell.row, why=why)


def tags_of(post: Row) -> dict[str, str]:
    """What the page's filters look at."""
    return {
        "platform": post["platform"],
        "creator": post["creator_id"] or "none",
        "period": post["period_id"] or "none",
        "topic": post["topic_id"] or "none",
    }


def _topic_name(facts: Facts, topic_id: str | None) -> str:
    return next((str(topic["name"]) for topic in facts.topics if topic["topic_id"] == topic_id), "no topic")


def _filters(facts: Facts, posts: tuple[Row, ...], *, with_topic: bool) -> tuple[Filter, ...]:
    """Selects for the values that occur, in the campaign's order."""
    used = [tags_of(post) for post in posts]
    platforms = [(name, words.platform(name)) for name in sorted({tags["platform"] for tags in used})]
    creators = [(row["creator_id"], row["name"]) for row in facts.creators]
    periods = [(row["period_id"], row["name"]) for row in facts.periods]
    topics = [(row["topic_id"], row["name"]) for row in facts.topics]
    made = [
        Filter("platform", "Platform", "All platforms", tuple(platforms)),
        Filter("creator", "Creator", "All creators", (*creators, ("none", "outside the campaign"))),
        Filter("period", "Action period", "All periods", (*periods, ("none", "outside the action periods"))),
        *([Filter("topic", "Topic", "All topics", (*topics, ("none", "no topic")))] if with_topic else []),
    ]
    return tuple(_only_used(one, {tags[one.name] for tags in used}) for one in made)


def _only_used(one: Filter, used: set[str]) -> Filter:
    options = tuple((value, label) for value, label in one.options if value in used)
    return Filter(one.name, one.label, one.every, options)
