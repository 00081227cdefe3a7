"""The weeks of a creator's accounts on their own page: as the platform reports them, unjudged."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from dashboards import charts, figures, sentences, words
from dashboards.blocks import Block, Cell, Column, Figure, Prose, Record, Table, figure
from dashboards.chart_parts import Backdrop, Week, scale_top
from dashboards.facts import Facts
from dashboards.reader import Reader, Row, rows
from models.metrics import BY_NAME

_MEASURE: Final = "Views a week"
_WEEKS: Final = """
SELECT * FROM marts.account_weeks WHERE platform = ? AND account = ? AND views IS NOT NULL ORDER BY week
"""


def weeks(reader: Reader, facts: Facts, accounts: tuple[tuple[str, str], ...]) -> tuple[Block, ...]:
    """A chart for each account whose days are known, and which accounts that leaves out."""
    found = [(account, rows(reader, _WEEKS, account)) for account in accounts]
    drawn = [_figure(facts, n, *account, known) for n, (account, known) in enumerate(found, 1) if known]
    silent = [f"{words.platform(platform)} @{handle}" for (platform, handle), known in found if not known]
    why = f"No weeks are known of {words.listed(silent)}: no file that tells an account's days has come."
    return (*drawn, *([Prose((why,))] if silent else []))


def _figure(facts: Facts, number: int, platform: str, handle: str, known: tuple[Row, ...]) -> Figure:
    dots = [_dot(week) for week in known]
    top = scale_top(figures.values_of(dots))
    window = (known[0]["week"], max(facts.as_of, known[-1]["week"] + timedelta(6)))
    backdrop = Backdrop(window, figures.backdrop(facts, None).periods, ())
    series = [(dot.week, dot.value or 0.0, dot.is_firm) for dot in dots]
    measure = f"{_MEASURE} of the account on {words.platform(platform)}"
    return Figure(
        id=f"weeks-{number}",
        title=_title(platform, dots),
        subtitle=f"@{handle}. Each dot is one week of the whole account: also videos outside"
        f" {facts.campaign['title']}. {words.days(*window)}: {words.count(len(dots), 'week')}.",
        words=sentences.week_series(measure, series, 0, "number"),
        table=_table(f"weeks-{number}-data", known),
        source=figures.source(facts),
        chart=charts.spec(charts.weekly(dots, backdrop, top)),
        note=f"Hollow: not all seven days are known. {figures.above(dots, top)}".strip(),
        tags={"platform": platform},
    )


def _title(platform: str, dots: list[Week]) -> str:
    """The latest whole week."""
    whole = [dot for dot in dots if dot.is_firm]
    if not whole:
        return f"{words.platform(platform)}: no whole week is known yet"
    return f"{words.platform(platform)}: {whole[-1].shown} views in the week of {words.day(whole[-1].week)}"


def _dot(week: Row) -> Week:
    views = week["views"]
    return Week(week["week"], float(views), bool(week["is_complete"]), words.exact(views), _status(week))


def _status(week: Row) -> str:
    return "all seven days known" if week["is_complete"] else f"{words.count(week['days'], 'day')} of 7 known"


def _table(name: str, known: tuple[Row, ...]) -> Table:
    columns = (
        Column("Week of", is_kept=True),
        Column(_MEASURE, is_number=True),
        Column(BY_NAME["interactions"].label, is_number=True),
        Column("Per 1,000 views", is_number=True),
        Column("Status"),
    )
    return Table(name, "The numbers of this chart", columns, tuple(map(_record, known)))


def _record(week: Row) -> Record:
    undefined = "views or interactions of the week are not known"
    return Record(
        (
            Cell(words.day(week["week"])),
            figure("account_weeks", week, "views"),
            figure("account_weeks", week, "interactions", why=undefined),
            figure("account_weeks", week, "engagement_rate", words.per_thousand, undefined),
            Cell(_status(week)),
        )
    )
