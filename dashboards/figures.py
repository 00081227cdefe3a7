"""The figures of a topic and of the campaign: rows of the published file to chart, words and table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import altair as alt

from dashboards import charts, sentences, words
from dashboards.blocks import Cell, Column, Figure, Mark, Record, Table, figure
from dashboards.chart_parts import Backdrop, Week, scale_top
from dashboards.facts import Facts, is_firm
from dashboards.measures import text_of
from dashboards.reader import Row
from models.metrics import BY_NAME

HOLLOW: Final = "Hollow dots are provisional; the line stops where a week is not known."
MARKED: Final = frozenset({"session", "test_of_change", "platform_change", "boost"})


Window = tuple[date, date]
Drawing = Callable[[Sequence[Week], Backdrop, float], alt.LayerChart]


@dataclass(frozen=True)
class Weekly:
    """A weekly measure: its column in `topic_weeks`, how it is called, shown and scaled."""

    column: str
    measure: str
    period_column: str
    dot: str
    judged: str
    """Its name in `spc`."""
    show: str = "number"

    def text(self, value: float) -> str:
        """The figure in words."""
        return sentences.format_value(value, self.show)

    def scaled(self, value: float) -> float:
        """The figure as the chart's axis has it."""
        return value * 1000 if self.show == "rate" else value


NEW_VIEWS: Final = Weekly(
    "views_new",
    f"{BY_NAME['new_views'].label} a week",
    "views_new_per_week",
    "Each dot is the views gained in one week by all known posts of the topic, old ones too",
    "new_views",
)
RATE: Final = Weekly(
    "engagement_rate",
    "Interactions per 1,000 new views",
    "engagement_rate",
    f"Each dot is one week: {BY_NAME['interactions'].formula} gained, per 1,000 views gained",
    "interactions_per_1000_views",
    show="rate",
)


def status(row: Row) -> str:
    """Why a week's figure is firm, or is not yet."""
    if not row["is_complete"]:
        covered = f": {words.percent(row['coverage'])} covered" if row["coverage"] is not None else ""
        return f"provisional, incomplete{covered}"
    if not row["is_settled"]:
        return "provisional, not settled"
    return "settled, estimated between readings" if row["basis"] == "interpolated" else "settled"


def source(facts: Facts) -> str:
    """Where the figures come from, and up to when."""
    return f"Exports and readings of the platforms, up to {words.day(facts.as_of)}."


def backdrop(facts: Facts, team_id: str | None, window: Window | None = None) -> Backdrop:
    """Action periods, and the events that a chart numbers; over the days that all charts share, or others."""
    periods = tuple((row["name"], row["starts"], row["ends"]) for row in facts.started)
    events = tuple((n, e["day"]) for n, e in numbered(facts, team_id, window))
    return Backdrop(window or facts.window, periods, events)


def numbered(facts: Facts, team_id: str | None, window: Window | None = None) -> list[tuple[int, Row]]:
    """Events inside the charts' days, numbered in order of time."""
    first, last = window or facts.window
    inside = [e for e in facts.events_for(team_id) if e["kind"] in MARKED and first <= e["day"] <= last]
    return list(enumerate(inside, start=1))


def marks(facts: Facts, team_id: str | None, window: Window | None = None) -> tuple[Mark, ...]:
    """The same events as a list under the chart."""
    return tuple(
        Mark(number, words.day(event["day"]), event["name"], event["note"] or "")
        for number, event in numbered(facts, team_id, window)
    )


def dots(rows: Sequence[Row], what: Weekly) -> list[Week]:
    """The weeks as a chart has them."""
    return [
        Week(
            row["week"],
            what.scaled(row[what.column]),
            is_firm(row),
            what.text(row[what.column]),
            status(row),
        )
        for row in rows
        if row[what.column] is not None
    ]


def values_of(weeks: Sequence[Week]) -> list[float]:
    """The values of weeks that have one."""
    return [week.value for week in weeks if week.value is not None]


def above(weeks: Sequence[Week], top: float) -> str:
    """A sentence with the weeks that are above a chart's scale; nothing when there is none."""
    high = [f"{week.shown} (week of {words.day(week.week)})" for week in weeks if (week.value or 0) > top]
    return f"Above the scale, marked by arrows: {words.listed(high)}. " if high else ""


def weekly(facts: Facts, topic: Row, what: Weekly, name: str, draw: Drawing = charts.weekly) -> Figure:
    """A topic's weeks: the message from the action periods, the chart, its words and its table."""
    rows = facts.weeks(topic["topic_id"])
    known = dots(rows, what)
    top = scale_top(values_of(known))
    chart = draw(known, backdrop(facts, topic["team_id"]), top) if known else None
    return Figure(
        id=name,
        title=_title(facts, topic, what) if what is NEW_VIEWS else _rate_title(rows, what),
        subtitle=f"“{topic['name']}”, all platforms. {what.dot}. {span(rows, known)}",
        words=_alternative(facts, topic, what, rows),
        table=_week_table(name, rows, what),
        source=source(facts),
        chart=charts.spec(chart) if chart else None,
        empty=_no_weeks(rows),
        note=f"{HOLLOW} {above(known, top)}".strip(),
        marks=marks(facts, topic["team_id"]),
    )


def _title(facts: Facts, topic: Row, what: Weekly) -> str:
    current, previous = facts.current, facts.previous
    return sentences.compare(
        what.measure,
        text_of(what.period_column, facts.period_of(topic["topic_id"], current)),
        current["name"] if current else None,
        text_of(what.period_column, facts.period_of(topic["topic_id"], previous)),
        previous["name"] if previous else None,
    )


def _rate_title(rows: Sequence[Row], what: Weekly) -> str:
    """The range of the firm weeks: a period's own rate is of another kind (posts at one age)."""
    firm = [row[what.column] for row in rows if is_firm(row) and row[what.column] is not None]
    if not firm:
        return f"{what.measure}: no settled week yet"
    low, high = what.text(min(firm)), what.text(max(firm))
    if low == high:
        return f"{what.measure}: {low} in {words.count(len(firm), 'settled week')}"
    return f"{what.measure}: between {low} and {high} in {words.count(len(firm), 'settled week')}"


def span(rows: Sequence[Row], known: Sequence[Week]) -> str:
    """The days and the number of weeks of a chart."""
    if not known:
        return ""
    firm = sum(week.is_firm for week in known)
    weeks = f"{words.count(len(known), 'week')}, {firm} of them settled"
    return f"{words.days(rows[0]['week'], rows[-1]['week'] + timedelta(6))}: {weeks}."


def _no_weeks(rows: Sequence[Row]) -> str:
    if rows:
        return "No week has a figure yet: no post is known at both ends of one."
    return "No week to show yet: no post of this topic is known."


def _alternative(facts: Facts, topic: Row, what: Weekly, rows: Sequence[Row]) -> str:
    known = [(row["week"], row[what.column], is_firm(row)) for row in rows if row[what.column] is not None]
    shaded = words.listed([period["name"] for period in facts.started])
    text = sentences.week_series(f"{what.measure}, {topic['name']}", known, len(rows) - len(known), what.show)
    return f"{text} Shaded: {shaded}." if shaded and known else text


def _week_table(name: str, rows: Sequence[Row], what: Weekly) -> Table:
    columns = (
        Column("Week of", is_kept=True),
        Column(what.measure, is_number=True),
        Column("Covered", is_number=True),
        Column("Status"),
    )
    records = tuple(
        Record(
            (
                Cell(words.day(row["week"])),
                figure(
                    "topic_weeks", row, what.column, what.text, "no post is known at both ends of the week"
                ),
                figure("topic_weeks", row, "coverage", words.percent),
                Cell(status(row)),
            )
        )
        for row in rows
    )
    return Table(f"{name}-data", "The numbers of this chart", columns, records, empty="No week is known yet.")


def by_platform(facts: Facts, topic: Row, name: str) -> Figure:
    """Views gained per platform in the full weeks of the current action period."""
    gained = _gained(facts, topic)
    period = sentences.period_days(facts.current)
    counted = f"{words.count(len(_counted_weeks(facts, topic)), 'full week')}"
    said = words.listed([f"{words.compact(value)} on {words.platform(p)}" for p, value in gained])
    shown = [(words.platform(p), float(value), words.compact(value)) for p, value in gained]
    label = BY_NAME["new_views"].label
    columns = (Column("Platform"), Column(label, is_number=True))
    return Figure(
        id=name,
        title=f"{label}: {said}" if gained else f"{label} per platform: not known yet",
        subtitle=f"“{topic['name']}”. {period}: views gained in its {counted}, older posts included."
        if gained
        else "",
        words=f"Bar chart of new views per platform, {period}: {said}." if gained else "Nothing to draw yet.",
        table=Table(
            f"{name}-data",
            "The numbers of this chart",
            columns,
            tuple(_platform_record(facts, topic, p, value) for p, value in gained),
            empty="No full week is known yet.",
        ),
        source=f"{source(facts)} {BY_NAME['views'].caveat}",
        chart=charts.spec(charts.bars(shown)) if gained else None,
        empty="No full week of this action period is covered well enough yet.",
    )


def _platform_record(facts: Facts, topic: Row, platform: str, value: int) -> Record:
    period = facts.current["period_id"] if facts.current else ""
    row = f"topic_weeks/{topic['topic_id']}/{platform}/{period}"
    return Record((Cell(words.platform(platform)), Cell(words.exact(value), "views_new", str(value), row)))


def _counted_weeks(facts: Facts, topic: Row) -> set[object]:
    """The weeks that the period's own figure counts, so that the platforms add up to it."""
    period = facts.current
    if period is None:
        return set()
    return {
        row["week"]
        for row in facts.weeks(topic["topic_id"])
        if row["is_complete"]
        and row["week"] >= period["starts"]
        and row["week"] + timedelta(6) <= period["ends"]
    }


def _gained(facts: Facts, topic: Row) -> list[tuple[str, int]]:
    counted = _counted_weeks(facts, topic)
    found = []
    for platform in facts.platforms(topic["topic_id"]):
        values = [
            row["views_new"] for row in facts.weeks(topic["topic_id"], platform) if row["week"] in counted
        ]
        known = [value for value in values if value is not None]
        if known:
            found.append((platform, sum(known)))
    return found
