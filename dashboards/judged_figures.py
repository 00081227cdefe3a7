"""The weekly figures of a team's page: control charts where there are limits, run charts elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Final

import altair as alt

from dashboards import chart_notes, figures, judgement, words
from dashboards.blocks import Cell, Column, Figure, Record, Table, figure
from dashboards.chart_parts import Backdrop, Week, scale_top
from dashboards.control_charts import Line, State, control, top_with
from dashboards.facts import Facts
from dashboards.figures import Weekly
from dashboards.reader import Row

HOLLOW: Final = "Hollow: provisional, or partly before the campaign, so not judged; there the line stops."
KEY: Final = (
    "Circle: usual variation. Triangle: a signal, pointing up or down; blue in the direction hoped for,"
    f" orange in the other. {HOLLOW}"
)
_CHARTS: Final = {judgement.RUN_CHART: "Run chart", "u'": "u' chart"}
_CLOSE: Final = 0.15
_NO_LINE: Final = "no line yet: too few weeks, or no views in this one"


def weekly(facts: Facts, topic: Row, what: Weekly, name: str) -> Figure:
    """A topic's weeks with their lines, and what these say."""
    charted = facts.charted(f"topic:{topic['topic_id']}", what.judged)
    if not charted:
        return figures.weekly(facts, topic, what, name)

    def draw(dots: Sequence[Week], backdrop: Backdrop, _: float) -> alt.LayerChart:
        return drawn(dots, charted, what, backdrop)

    weeks = facts.weeks(topic["topic_id"])
    dots = _judged_dots(figures.dots(weeks, what), charted)
    above = figures.above(dots, top_of(dots, charted, what))
    return replace(
        figures.weekly(facts, topic, what, name, draw),
        title=judgement.title(what.measure, charted),
        subtitle=f"“{topic['name']}”, all platforms. {what.dot}. {figures.span(weeks, dots)}"
        f" {key_of_lines(charted, what)}",
        words=alternative(topic["name"], what, charted),
        table=_table(name, weeks, charted, what),
        note=note(facts, charted, what, topic["team_id"], above),
    )


def _judged_dots(dots: Sequence[Week], rows: Sequence[Row]) -> list[Week]:
    """The dots, firm where they are judged, with what was found in their tooltips."""
    found = {row["week"]: row for row in rows}
    return [
        replace(
            dot,
            is_firm=not found[dot.week]["is_provisional"],
            status=f"{dot.status}; {judgement.cause(found[dot.week])}"
            if found[dot.week]["upl"] is not None
            else dot.status,
        )
        for dot in dots
    ]


def drawn(dots: Sequence[Week], rows: Sequence[Row], what: Weekly, backdrop: Backdrop) -> alt.LayerChart:
    """The chart of some weeks."""
    states = {row["week"]: _state(row) for row in rows if row["cause"] is not None}
    top = top_of(dots, rows, what)
    return control(_judged_dots(dots, rows), states, _lines(rows, what), backdrop, top, is_log=_is_log(rows))


def top_of(dots: Sequence[Week], rows: Sequence[Row], what: Weekly) -> float:
    """The top of the chart's scale; by factors, no week can flatten the others."""
    values = figures.values_of(dots)
    return top_with(max(values, default=0.0) if _is_log(rows) else scale_top(values), _lines(rows, what))


def _is_log(rows: Sequence[Row]) -> bool:
    return bool(rows[-1]["scale"] == "log10")


def _state(row: Row) -> State:
    if not judgement.is_signal(row):
        return "usual"
    # More is hoped for in both measures: high is good.
    is_good = row["point_type"] == "special_cause_improvement"
    return "high, hoped for" if is_good else "low, not hoped for"


def _lines(rows: Sequence[Row], what: Weekly) -> list[Line]:
    """Those of each phase; only those of the latest are named."""
    lines: list[Line] = []
    for phase, group in groupby(rows, key=lambda row: row["phase"]):
        weeks = list(group)
        found = [*_centre(weeks), *_limits(weeks, what)]
        is_latest = phase == rows[-1]["phase"]
        lines += found if is_latest else [replace(line, name="") for line in found]
    return [*lines, *_target(rows, lines, what)]


def _target(rows: Sequence[Row], others: Sequence[Line], what: Weekly) -> list[Line]:
    """The target, named at its end where its name would cover a limit's."""
    height = rows[-1]["target"]
    if height is None:
        return []
    is_close = any(abs(line.heights[0][1] / height - 1) < _CLOSE for line in others if line.name)
    return [Line("target", _level(rows, height), f"Target {text(height, what)}", name_at_end=is_close)]


def _centre(rows: Sequence[Row]) -> list[Line]:
    mean = rows[0]["mean"]
    return [] if mean is None else [Line("centre", _level(rows, mean))]


def _limits(rows: Sequence[Row], what: Weekly) -> list[Line]:
    known = [row for row in rows if row["upl"] is not None]
    if not known:
        return []
    row, is_varying = known[0], known[0]["scale"] == "u'"
    kind = "trial limit" if row["is_trial"] else "limit"
    lines = []
    for side, column in (("Upper", "upl"), ("Lower", "lpl")):
        heights = tuple((week["week"], max(week[column], 0.0)) for week in known)
        name = f"{side} {kind}" if is_varying else f"{side} {kind} {text(row[column], what)}"
        if any(height for _, height in heights):  # below zero, no value can be
            shown = heights if is_varying else _level(rows, heights[0][1])
            lines.append(Line("limit", shown, name, name_below=side == "Lower"))
    return lines


def _level(rows: Sequence[Row], height: float) -> tuple[tuple[date, float], ...]:
    return (rows[0]["week"], height), (rows[-1]["week"], height)


def text(value: float, what: Weekly) -> str:
    """A value of `spc`: rates, which are per 1,000 there, to one decimal, counts whole."""
    return words.exact(round(value, 1) if what.show == "rate" else round(value))


def key_of_lines(rows: Sequence[Row], what: Weekly) -> str:
    """What the lines are, how high, and from which weeks."""
    row, latest = rows[-1], judgement.latest_phase(rows)
    if row["mean"] is None:
        return "No line yet."
    height = text(row["mean"], what)
    target = "; dashed red: target" if row["target"] is not None else ""
    if not judgement.has_limits(rows):
        return f"Solid: {judgement.basis(latest)}, {height}{target}."
    each = " of each week" if row["scale"] == "u'" else ""
    has_lower = any((week["lpl"] or 0) > 0 for week in latest)
    below = "" if has_lower else " (none below: it would lie under zero)"
    lines = f"Solid: {_centre_name(row)}, {height}; dashed: limits{each}{below}{target}."
    return f"{lines} {_sentence(judgement.basis(latest))}"


def _centre_name(row: Row) -> str:
    return {"log10": "geometric mean", judgement.RUN_CHART: "median"}.get(row["scale"], "mean")


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."


def note(facts: Facts, rows: Sequence[Row], what: Weekly, team_id: str | None, above: str) -> str:
    """All that stands under the chart; `above` tells of weeks above its scale."""
    said = chart_notes.notes(facts, rows, team_id, lambda value: text(value, what))
    has_signs = any(row["upl"] is not None for row in rows)
    caution = judgement.caution(judgement.latest_phase(rows))
    return " ".join(filter(None, [said, KEY if has_signs else HOLLOW, above.strip(), caution]))


def alternative(name: str, what: Weekly, rows: Sequence[Row]) -> str:
    """The chart in words, by the fixed template of the project."""
    known = [row for row in rows if row["value"] is not None]
    latest = judgement.latest_phase(rows)
    chart = _CHARTS.get(latest[-1]["scale"], "XmR chart")
    parts = [f"{chart} of {what.measure[:1].lower()}{what.measure[1:]}, {name}, weekly."]
    if known:
        weeks = words.days(known[0]["week"], known[-1]["week"])
        parts = [f"{parts[0][:-1]}, weeks of {weeks}, {words.count(len(known), 'week')}."]
    parts += _lines_in_words(latest, what)
    parts += [chart_notes.target(latest, lambda value: text(value, what))]
    return " ".join(filter(None, parts))


def _lines_in_words(rows: Sequence[Row], what: Weekly) -> list[str]:
    """The lines, the latest firm week, and the signals."""
    firm = judgement.firm(rows)
    if not firm:
        return ["No settled week yet."]
    last = firm[-1]
    latest = f"Latest settled week, of {words.day(last['week'])}: {text(last['value'], what)}"
    if not judgement.has_limits(rows):
        centre = f"Median {text(last['mean'], what)} ({judgement.basis(rows)})."
        return [centre, f"{latest}.", _sentence(judgement.runs(rows)), judgement.runs_usual(rows)]
    signals = [row["week"] for row in firm if judgement.is_signal(row)]
    each = " in that week" if last["scale"] == "u'" else ""
    has_lower = last["lpl"] > 0
    limits = f"limits{each} {text(last['lpl'], what)} to {text(last['upl'], what)}"
    upper = f"upper limit{each} {text(last['upl'], what)}, none below"
    return [
        f"Centre {text(last['mean'], what)}, {limits if has_lower else upper} ({judgement.basis(rows)}).",
        f"{latest}, {judgement.cause(last)}.",
        f"{words.count(len(signals), 'week')} beyond usual variation"
        f"{f': {judgement.stretches(signals)}' if signals else ''}.",
    ]


def line_columns(rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of the lines, and of what they say of a week."""
    centres = {_centre_name(row) for row in rows}
    centre = Column(centres.pop().capitalize() if len(centres) == 1 else "Centre line", is_number=True)
    if all(row["upl"] is None for row in rows):
        return (centre,)
    return (
        centre,
        Column("Lower limit", is_number=True),
        Column("Upper limit", is_number=True),
        Column("Signal"),
    )


def line_cells(row: Row, what: Weekly, number: int) -> tuple[Cell, ...]:
    """The cells of one week under `number` line columns."""
    heights = tuple(
        figure("spc", row, column, lambda value: text(value, what), _NO_LINE)
        for column in ("mean", "lpl", "upl")[:number]
    )
    return heights if number == 1 else (*heights, Cell(judgement.cause(row)))


def _table(name: str, weeks: Sequence[Row], rows: Sequence[Row], what: Weekly) -> Table:
    found = {row["week"]: row for row in rows}
    lines = line_columns(rows)
    columns = (
        Column("Week of", is_kept=True),
        Column(what.measure, is_number=True),
        *lines,
        Column("Covered", is_number=True),
        Column("Status"),
    )
    records = tuple(_record(week, found[week["week"]], what, len(lines)) for week in weeks)
    return Table(f"{name}-data", "The numbers of this chart", columns, records)


def _record(week: Row, row: Row, what: Weekly, number: int) -> Record:
    why = "no post is known at both ends of the week"
    return Record(
        (
            Cell(words.day(week["week"])),
            figure("topic_weeks", week, what.column, what.text, why),
            *line_cells(row, what, number),
            figure("topic_weeks", week, "coverage", words.percent),
            Cell(figures.status(week)),
        )
    )
