"""The weekly figures of a team's page: control charts where there are limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from dashboards import charts, figures, judgement, words
from dashboards.blocks import Cell, Column, Figure, Record, Table, figure
from dashboards.chart_parts import Week, scale_top
from dashboards.control_charts import Lines, State, control
from dashboards.facts import Facts
from dashboards.figures import Weekly
from dashboards.reader import Row

KEY: Final = (
    "Circle: usual variation. Triangle: a signal, pointing up or down; blue in the direction hoped for,"
    " orange in the other. Hollow: provisional, or partly before the campaign, so not"
    " judged; there the line stops."
)


def weekly(facts: Facts, topic: Row, what: Weekly, name: str) -> Figure:
    """A topic's weeks, judged where there are limits."""
    plain = figures.weekly(facts, topic, what, name)
    judged = facts.judged(topic["topic_id"], what.judged)
    if not judged:
        return replace(plain, note=plain.note.replace(words.NOT_JUDGED, words.TOO_FEW))
    rows = facts.weeks(topic["topic_id"])
    weeks = _weeks(figures.dots(rows, what), judged)
    top = scale_top(figures.values_of(weeks))
    lines = _lines(judged, what)
    drawn = control(weeks, _states(judged), lines, figures.backdrop(facts, topic["team_id"]), top)
    return replace(
        plain,
        title=judgement.title(what.measure, judged),
        subtitle=f"{plain.subtitle} {_key_of_lines(judged, what)}",
        words=_alternative(topic, what, judged),
        table=_table(name, rows, judged, what),
        chart=charts.spec(drawn),
        note=f"{KEY} {figures.above(weeks, max(top, lines.upper))}{judgement.caution(judged)}",
    )


def _weeks(dots: Sequence[Week], judged: Sequence[Row]) -> list[Week]:
    """The dots, firm where they are judged, with what was found in their tooltips."""
    found = {row["week"]: row for row in judged}
    return [
        replace(
            dot,
            is_firm=not found[dot.week]["is_provisional"],
            status=f"{dot.status}; {judgement.cause(found[dot.week])}",
        )
        for dot in dots
    ]


def _states(judged: Sequence[Row]) -> dict[date, State]:
    return {row["week"]: _state(row) for row in judged if row["cause"] is not None}


def _state(row: Row) -> State:
    if not judgement.is_signal(row):
        return "usual"
    # More is hoped for in both measures: high is good.
    is_good = row["point_type"] == "special_cause_improvement"
    return "high, hoped for" if is_good else "low, not hoped for"


def _lines(judged: Sequence[Row], what: Weekly) -> Lines:
    row = judged[0]
    kind = "trial limit" if row["is_trial"] else "limit"
    return Lines(
        mean=row["mean"],
        lower=row["lpl"] if row["lpl"] > 0 else None,
        upper=row["upl"],
        upper_name=f"Upper {kind} {_text(row['upl'], what)}",
        lower_name=f"Lower {kind} {_text(row['lpl'], what)}",
    )


def _text(value: float, what: Weekly) -> str:
    """A line's height: rates to one decimal, counts whole."""
    return words.exact(round(value, 1) if what.show == "rate" else round(value))


def _key_of_lines(judged: Sequence[Row], what: Weekly) -> str:
    row = judged[0]
    centre = "geometric mean" if row["scale"] == "log10" else "mean"
    below = "" if row["lpl"] > 0 else " (none below: it would lie under zero)"
    lines = f"Solid: {centre}, {_text(row['mean'], what)}; dashed: limits{below}."
    return f"{lines} {_sentence(judgement.basis(judged))}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _alternative(topic: Row, what: Weekly, judged: Sequence[Row]) -> str:
    """The chart in words, by the fixed template of the project."""
    known = [row for row in judged if row["value"] is not None]
    last = next((row for row in reversed(known) if row["cause"] is not None), None)
    signals = [row["week"] for row in known if judgement.is_signal(row)]
    row = judged[0]
    lower, upper = _text(row["lpl"], what), _text(row["upl"], what)
    parts = [
        f"XmR chart of {what.measure[:1].lower()}{what.measure[1:]}, {topic['name']}, weekly,"
        f" weeks of {words.days(known[0]['week'], known[-1]['week'])}, {words.count(len(known), 'week')}.",
        f"Centre {_text(row['mean'], what)}, limits {lower} to {upper} ({judgement.basis(judged)}).",
    ]
    if last:
        value = _text(last["value"], what)
        parts.append(f"Latest settled week, of {words.day(last['week'])}: {value}, {judgement.cause(last)}.")
    parts.append(
        f"{words.count(len(signals), 'week')} beyond usual variation"
        f"{f': {judgement.stretches(signals)}' if signals else ''}."
    )
    return " ".join(parts)


def _table(name: str, rows: Sequence[Row], judged: Sequence[Row], what: Weekly) -> Table:
    found = {row["week"]: row for row in judged}
    columns = (
        Column("Week of", is_kept=True),
        Column(what.measure, is_number=True),
        Column("Mean", is_number=True),
        Column("Lower limit", is_number=True),
        Column("Upper limit", is_number=True),
        Column("Signal"),
        Column("Covered", is_number=True),
        Column("Status"),
    )
    records = tuple(_record(row, found[row["week"]], what) for row in rows)
    return Table(f"{name}-data", "The numbers of this chart", columns, records)


def _record(row: Row, judged: Row, what: Weekly) -> Record:
    why = "no post is known at both ends of the week"
    lines = (
        figure("spc", judged, column, lambda value: _text(value, what)) for column in ("mean", "lpl", "upl")
    )
    return Record(
        (
            Cell(words.day(row["week"])),
            figure("topic_weeks", row, what.column, what.text, why),
            *lines,
            Cell(judgement.cause(judged)),
            figure("topic_weeks", row, "coverage", words.percent),
            Cell(figures.status(row)),
        )
    )
