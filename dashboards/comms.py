"""The comms officers' page: what came in, whom to ask, all topics, all videos."""

from __future__ import annotations

from typing import Final

from dashboards import charts, figures, intake, measures, sentences, videos, words
from dashboards.blocks import Cell, Column, Figure, Page, Points, Record, Section, Table
from dashboards.facts import Facts, is_firm
from dashboards.reader import Reader, Row, rows
from models.metrics import BY_NAME

FILE: Final = "comms.html"


def comms_page(reader: Reader, facts: Facts) -> Page:
    """The page of the comms officers."""
    return Page(
        file=FILE,
        title="For comms officers",
        heading="For comms officers",
        standfirst="All topics and creators: what came in, whom to ask for what, and every video",
        sections=(
            Section("summary", "In short", (_summary(facts),)),
            Section("ask", "Whom to ask for what", (intake.messages(facts),)),
            Section(
                "came-in", "What came in", (intake.came_in(facts, facts.creators), intake.refused(facts))
            ),
            Section("topics", _period_heading(facts), (measures.side_by_side(facts),)),
            Section("weeks", "Week by week", (_weeks(reader, facts),)),
            Section(
                "videos", "All videos", (videos.videos(facts, videos.all_posts(reader), with_topic=True),)
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
    happened = tuple(
        sentences.what_happened(topic, facts.current, facts.period_of(topic["topic_id"], facts.current))
        for topic in facts.topics
        if facts.current
    )
    return Points(
        (
            ("What came in", tuple(filter(None, [known, missing, words.TOP_LIST]))),
            ("What happened", happened or ("No action period has begun yet.",)),
            ("What next", sentences.what_next(facts, None, len(facts.asks))),
        )
    )


def _period_heading(facts: Facts) -> str:
    period = sentences.period_days(facts.current)
    return f"The topics in this action period: {period}" if period else "The topics"


def _weeks(reader: Reader, facts: Facts) -> Figure:
    """New views a week by platform, all topics together."""
    weeks = platform_weeks(reader)
    known = [week for week in weeks if week["views_new"] is not None]
    dots = [
        dot
        for week in known
        for dot in figures.dots([week], figures.NEW_VIEWS, words.platform(week["platform"]))
    ]
    names = list(dict.fromkeys(dot.series for dot in dots))
    return Figure(
        id="platforms",
        title=_weeks_title(weeks),
        subtitle=f"All topics. {figures.NEW_VIEWS.dot.replace('of the topic', 'of one platform')}."
        f" {len(dots)} dots, {sum(dot.is_firm for dot in dots)} of them settled.",
        words=" ".join(_alternative(known, name) for name in sorted({week["platform"] for week in known}))
        or "Nothing to draw yet.",
        table=_weeks_table(weeks),
        source=f"{figures.source(facts)} {BY_NAME['views'].caveat}",
        chart=charts.spec(charts.platforms(dots, figures.backdrop(facts, None))) if names else None,
        empty="No week is known yet.",
        note=f"Hollow dots are provisional. {words.NOT_JUDGED}",
        marks=figures.marks(facts, None),
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


def _weeks_title(weeks: tuple[Row, ...]) -> str:
    """The latest week that is settled on every platform."""
    platforms = sorted({week["platform"] for week in weeks}, reverse=True)
    firm = [{week["week"] for week in weeks if week["platform"] == p and is_firm(week)} for p in platforms]
    shared = set.intersection(*firm) if firm else set()
    if not shared:
        return "New views a week by platform: no week is settled on every platform yet"
    latest = max(shared)
    said = words.listed(
        [
            f"{words.compact(week['views_new'])} on {words.platform(week['platform'])}"
            for week in weeks
            if week["week"] == latest
        ]
    )
    return f"New views in the week of {words.day(latest)}: {said}"


def _alternative(known: list[Row], platform: str) -> str:
    of_it = [(w["week"], w["views_new"], is_firm(w)) for w in known if w["platform"] == platform]
    return sentences.week_series(f"New views on {words.platform(platform)}", of_it, 0, "number")


def _weeks_table(weeks: tuple[Row, ...]) -> Table:
    columns = (
        Column("Week of", is_kept=True),
        Column("Platform"),
        Column("New views", is_number=True),
        Column("Status"),
    )
    return Table(
        "platforms-data",
        "The numbers of this chart",
        columns,
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
            Cell(words.platform(week["platform"])),
            Cell(shown, "views_new", "" if value is None else str(value), row, _why_not(value)),
            Cell(figures.status(week)),
        )
    )


def _why_not(value: int | None) -> str:
    return "no post is known at both ends of the week" if value is None else ""
