"""Action periods of a topic beside the one before: the ratio with its interval, and the words for it."""

from __future__ import annotations

from typing import Final

from dashboards import sentences, words
from dashboards.blocks import Cell, Column, Record, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Row
from models.metrics import BY_NAME

TABLE: Final = "topic_comparisons"
_VERDICTS: Final = {
    "improved": "improved",
    "fell": "fell",
    "signal": "a signal to look into",
    "no_change": "no change beyond usual variation",
    "too_few": "too few posts to judge",
    "not_comparable": "not comparable: views were counted anew",
}
_NO_RATIO: Final = "not enough posts of both periods are known at one age"
_NO_INTERVAL: Final = "an interval needs 6 posts in each period"
_TENFOLD: Final = 10

NOTE: Final = (
    "Later divided by earlier: 1.00 is no change. Posts are compared at one age. A firm word needs two"
    " things: a 99 % interval of this comparison that leaves no change out, and a sustained shift of the"
    " weekly chart. Nothing here says why."
)


def happened(facts: Facts, topic: Row) -> tuple[str, ...]:
    """What came of the current action period, and what may be said of it beside the one before."""
    period = facts.current
    seen = sentences.what_happened(topic, period, facts.period_of(topic["topic_id"], period))
    return (seen, *(str(row["sentence"]) for row in facts.comparisons(topic["topic_id"], period)))


def headline(facts: Facts, topic: Row) -> str:
    """The verdicts on the current action period in a few words; nothing without a period before it."""
    rows = facts.comparisons(topic["topic_id"], facts.current)
    said = [f"{_lower(_measure(row))}: {_VERDICTS[row['verdict']]}" for row in rows]
    return f"Beside {facts.period_name(rows[0]['before_id'])}: {'; '.join(said)}." if rows else ""


def in_a_line(facts: Facts, topic: Row) -> str:
    """The topic's period so far and its verdicts, each word once: for lists of topics."""
    now = facts.period_of(topic["topic_id"], facts.current)
    count = words.count(now["posts"] if now else 0, "post")
    gained = now["views_new_per_week"] if now else None
    views = f"{words.compact(gained)} new views a week" if gained is not None else "new views not known yet"
    rows = facts.comparisons(topic["topic_id"], facts.current)
    kinds = {_VERDICTS[row["verdict"]] for row in rows}
    apart = "; ".join(f"{_lower(_measure(row))}: {_VERDICTS[row['verdict']]}" for row in rows)
    said = kinds.pop() if len(kinds) == 1 else apart
    return f"“{topic['name']}”: {count}, {views}{f'; {said}' if said else ''}."


def in_brief(facts: Facts, topic: Row) -> str:
    """`happened` where there is little room: without the intervals and what limits them."""
    period = facts.current
    seen = sentences.what_happened(topic, period, facts.period_of(topic["topic_id"], period))
    return f"{seen} {headline(facts, topic)}".strip()


def table(facts: Facts, topic: Row, name: str) -> Table:
    """Every action period that has one before it, the newest first."""
    rows = [row for period in reversed(facts.started) for row in facts.comparisons(topic["topic_id"], period)]
    return Table(
        name,
        "Each action period beside the one before",
        (
            Column("Action periods"),
            Column("Measure"),
            Column("Later : earlier", is_number=True),
            Column("95 % interval from", is_number=True),
            Column("to", is_number=True),
            Column("Posts before", is_number=True),
            Column("Posts after", is_number=True),
            Column("In words"),
        ),
        tuple(_record(facts, row) for row in rows),
        empty="There is no action period with another before it yet.",
        note=NOTE if rows else "",
    )


def _record(facts: Facts, row: Row) -> Record:
    return Record(
        (
            Cell(f"{facts.period_name(row['period_id'])} beside {facts.period_name(row['before_id'])}"),
            Cell(_measure(row)),
            figure(TABLE, row, "ratio", ratio, _NO_RATIO),
            figure(TABLE, row, "low", ratio, _NO_INTERVAL),
            figure(TABLE, row, "high", ratio, _NO_INTERVAL),
            figure(TABLE, row, "posts_before"),
            figure(TABLE, row, "posts_after"),
            Cell(_VERDICTS[row["verdict"]]),
        )
    )


def _measure(row: Row) -> str:
    if row["measure"] == "engagement_rate":
        return BY_NAME["interactions_per_1000_views"].label
    age = f"at {row['same_age_day']} days" if row["same_age_day"] else "at the same age"
    return f"{BY_NAME['views'].label} per post {age}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def ratio(value: float) -> str:
    """A ratio: 1.82, or 12 from ten on."""
    return f"{value:.2f}" if value < _TENFOLD else words.exact(round(value))
