"""The comms officers' page: what to share, whom to ask, all topics, all videos, what came in."""

from __future__ import annotations

from typing import Final

from dashboards import (
    charts,
    comparison,
    figures,
    intake,
    measures,
    messages,
    multiples,
    picks,
    posting_times,
    reach,
    sentences,
    video_chart,
    videos,
    words,
)
from dashboards.blocks import Block, Cell, Column, Figure, Page, Points, Prose, Record, Section, Table
from dashboards.chart_parts import scale_top
from dashboards.facts import Facts, is_firm
from dashboards.reader import Reader, Row, rows
from models.metrics import BY_NAME

FILE: Final = "comms.html"


def comms_page(reader: Reader, facts: Facts) -> Page:
    """The page of the comms officers."""
    posts = videos.all_posts(reader)
    return Page(
        file=FILE,
        title="For comms officers",
        heading="For comms officers",
        standfirst="What to share next, whom to ask for what, and every video",
        sections=(
            Section("share", picks.TO_SHARE, (picks.to_share(facts, posts), Prose((picks.SHARED_HOW,)))),
            Section("summary", "In short", (_summary(facts),)),
            Section("ask", "Whom to ask for what", (messages.messages(facts),)),
            Section("topics", _period_heading(facts), (measures.side_by_side(facts), multiples.grid(facts))),
            Section("weeks", "Platforms week by week", _weeks(reader, facts)),
            Section("times", "When to publish", (posting_times.posting_times(facts),)),
            Section("reach", "Who was reached", reach.reach(facts, facts.creators, None)),
            Section(
                "videos",
                "All videos",
                (video_chart.video_chart(facts, posts), videos.videos(facts, posts, with_topic=True)),
            ),
            Section(
                "came-in", "What came in", (intake.came_in(facts, facts.creators), intake.refused(facts))
            ),
        ),
    )


def _summary(facts: Facts) -> Points:
    posts = sum(account["posts"] or 0 for account in facts.accounts)
    silent = len({(s["platform"], s["account"]) for s in facts.sources if s["status"] == "never"})
    accounts = words.count(len(facts.accounts), "account")
    creators = words.count(len(facts.creators), "creator")
    known = f"{words.count(posts, 'post')} known from {accounts} of {creators}."
    missing = f"Nothing has come yet from {words.count(silent, 'account')}." if silent else ""
    happened = tuple(comparison.in_a_line(facts, topic) for topic in facts.topics if facts.current)
    before = facts.previous
    beside = f"Beside {before['name']}, by views and rates of posts at one age:" if before else ""
    return Points(
        (
            ("What came in", tuple(filter(None, [known, missing, *facts.top_list]))),
            (
                "What happened",
                tuple(filter(None, [beside, *happened])) or ("No action period has begun yet.",),
            ),
            ("What next", sentences.what_next(facts, None, len(facts.asks))),
        )
    )


def _period_heading(facts: Facts) -> str:
    period = sentences.period_days(facts.current)
    return f"The topics in {sentences.which_period(facts)}: {period}" if period else "The topics"


def _weeks(reader: Reader, facts: Facts) -> tuple[Block, ...]:
    """New views a week of each platform, all topics together: platforms count views differently."""
    weeks = platform_weeks(reader)
    platforms = list(dict.fromkeys(week["platform"] for week in weeks))
    if not platforms:
        return (Prose(("No week is known yet.",)),)
    return tuple(_platform(facts, name, [w for w in weeks if w["platform"] == name]) for name in platforms)


def _platform(facts: Facts, platform: str, weeks: list[Row]) -> Figure:
    known = figures.dots([week for week in weeks if week["views_new"] is not None], figures.NEW_VIEWS)
    top = scale_top(figures.values_of(known))
    chart = charts.weekly(known, figures.backdrop(facts, None), top) if known else None
    return Figure(
        id=f"weeks-{platform}",
        title=_weeks_title(platform, weeks),
        subtitle=f"All topics. Each dot is the views gained in one week by all known posts on"
        f" {words.platform(platform)}, old ones too. {figures.span(weeks, known)}",
        words=_alternative(platform, weeks),
        table=_weeks_table(platform, weeks),
        source=f"{figures.source(facts)} {BY_NAME['views'].caveat}",
        chart=charts.spec(chart) if chart else None,
        empty="No week has a figure yet: no post is known at both ends of one.",
        note=f"{figures.HOLLOW} {figures.above(known, top)}{words.NOT_JUDGED}",
        marks=figures.marks(facts, None),
        tags={"platform": platform},
    )


def platform_weeks(reader: Reader) -> tuple[Row, ...]:
    """Weeks by platform over all topics; firm only where every topic's week is."""
    return rows(
        reader,
        "SELECT platform, week, CAST(sum(views_new) AS BIGINT) AS views_new, min(coverage) AS coverage,"
        " bool_and(is_complete AND views_new IS NOT NULL) AS is_complete, bool_and(is_settled) AS is_settled,"
        " max(basis) AS basis FROM marts.topic_weeks WHERE platform <> 'all'"
        " GROUP BY platform, week ORDER BY platform DESC, week",
    )


def _weeks_title(platform: str, weeks: list[Row]) -> str:
    """The latest settled week of a platform."""
    firm = [week for week in weeks if is_firm(week)]
    if not firm:
        return f"{words.platform(platform)}: no settled week yet"
    latest = firm[-1]
    views = f"{words.compact(latest['views_new'])} new views"
    return f"{words.platform(platform)}: {views} in the week of {words.day(latest['week'])}"


def _alternative(platform: str, weeks: list[Row]) -> str:
    known = [(w["week"], w["views_new"], is_firm(w)) for w in weeks if w["views_new"] is not None]
    measure = f"{BY_NAME['new_views'].label} a week on {words.platform(platform)}"
    return sentences.week_series(measure, known, len(weeks) - len(known), "number")


def _weeks_table(platform: str, weeks: list[Row]) -> Table:
    return Table(
        f"weeks-{platform}-data",
        "The numbers of this chart",
        (
            Column("Week of", is_kept=True),
            Column(BY_NAME["new_views"].label, is_number=True),
            Column("Status"),
        ),
        tuple(map(_week_record, weeks)),
        empty="No week is known yet.",
    )


def _week_record(week: Row) -> Record:
    value = week["views_new"]
    row = f"topic_weeks/*/{week['platform']}/{week['week']}"
    shown = words.NOT_KNOWN if value is None else words.exact(value)
    return Record(
        (
            Cell(words.day(week["week"])),
            Cell(shown, "views_new", "" if value is None else str(value), row, _why_not(value)),
            Cell(figures.status(week)),
        )
    )


def _why_not(value: int | None) -> str:
    return "no post is known at both ends of the week" if value is None else ""
