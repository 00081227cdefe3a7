"""The measures of an action period beside the one before: cards, and the comparison of topics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from dashboards import words
from dashboards.blocks import Card, Cards, Cell, Column, Record, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Row
from models.metrics import BY_NAME

TABLE: Final = "topic_periods"
PER_THOUSAND: Final = BY_NAME["interactions_per_1000_views"].label.lower()


@dataclass(frozen=True)
class Measure:
    """A column of `topic_periods`: how it is named, shown, and what to say when it is NULL."""

    column: str
    label: str
    unit: str
    show: Callable[[Any], str]
    why_not: str
    basis: Callable[[Row], str]


def _posts_basis(row: Row) -> str:
    return "of this topic, as far as known" if row["posts"] else "none is known yet"


def _age(row: Row) -> str:
    return f"{row['same_age_day']} days after publication"


def _posts_of_age(row: Row) -> str:
    return f"{row['posts_of_that_age']} of {words.count(row['posts'], 'post')}"


def _median_basis(row: Row) -> str:
    if row["low"] is None or row["high"] is None:
        spread = "no interval below 6 posts"
    else:
        spread = f"95 % interval {words.compact(row['low'])} to {words.compact(row['high'])}"
    return f"{_posts_of_age(row)}, those the lists still showed, {_age(row)}; {spread}"


MEASURES: Final = (
    Measure("posts", BY_NAME["posts"].label, "posts", words.exact, "", _posts_basis),
    Measure(
        "views_new_per_week",
        f"{BY_NAME['new_views'].label} a week",
        "a week",
        words.compact,
        "no full week of the period is covered well enough",
        lambda row: f"mean of {words.count(row['weeks'], 'full week')}, older posts included",
    ),
    Measure(
        "median_views_same_age",
        BY_NAME["median_views_same_age"].label,
        "views",
        words.compact,
        "fewer than 80 % of the posts have a reading at 7 or at 28 days, here or in the period before",
        _median_basis,
    ),
    Measure(
        "engagement_rate",
        BY_NAME["engagement_rate"].label,
        "per 1,000 views",
        words.per_thousand,
        "interactions and views at one age are not known for enough posts",
        lambda row: f"{BY_NAME['interactions'].formula}; {_posts_of_age(row)}, {_age(row)}",
    ),
)


def cards(facts: Facts, topic: Row) -> Cards:
    """The current action period of a topic beside the one before."""
    now, before = (
        facts.period_of(topic["topic_id"], facts.current),
        facts.period_of(topic["topic_id"], facts.previous),
    )
    return Cards(
        tuple(_card(measure, now, before, facts.previous) for measure in MEASURES), words.JUDGED_BELOW
    )


def _card(measure: Measure, now: Row | None, before: Row | None, previous: Row | None) -> Card:
    cell = cell_of(measure, now)
    return Card(
        label=measure.label,
        now=cell,
        unit=_unit(measure, cell),
        basis=measure.basis(now) if now and cell.value else cell.why,
        before=f"{previous['name']}:" if previous else "No action period before this one.",
        before_cell=cell_of(measure, before) if previous else None,
    )


def _unit(measure: Measure, cell: Cell) -> str:
    if not cell.value:
        return ""
    return "post" if (measure.column, cell.value) == ("posts", "1") else measure.unit


def cell_of(measure: Measure, row: Row | None) -> Cell:
    """A measure's figure."""
    return figure(
        TABLE, row, measure.column, measure.show, measure.why_not if row else "no action period has begun"
    )


def text_of(column: str, row: Row | None) -> str | None:
    """A measure's figure as titles have it; None when it is not known."""
    measure = next(measure for measure in MEASURES if measure.column == column)
    return measure.show(row[column]) if row and row[column] is not None else None


def side_by_side(facts: Facts) -> Table:
    """Every topic in the two action periods, in the order of the campaign file."""
    columns = (
        Column("Topic"),
        Column("Action period", is_kept=True),
        *(
            Column(f"{m.label} ({m.unit})" if m.unit == "per 1,000 views" else m.label, is_number=True)
            for m in MEASURES
        ),
    )
    periods = [period for period in (facts.current, facts.previous) if period]
    return Table(
        "topics-table",
        "Topics in the order of the campaign, each against its own past",
        columns,
        tuple(_topic_record(facts, topic, period) for topic in facts.topics for period in periods),
        empty="No action period has begun yet.",
        note=words.JUDGED_ABOVE,
    )


def _topic_record(facts: Facts, topic: Row, period: Row) -> Record:
    row = facts.period_of(topic["topic_id"], period)
    figures = tuple(cell_of(measure, row) for measure in MEASURES)
    return Record((Cell(topic["name"]), Cell(period["name"]), *figures))
