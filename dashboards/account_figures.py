"""Accounts' own weeks on a team's page: all of their videos, also those outside the team's topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboards import charts, figures, judged_figures, judgement, words
from dashboards.blocks import Cell, Column, Figure, Prose, Record, Section, Table, figure
from dashboards.chart_parts import Week
from dashboards.facts import Facts
from dashboards.figures import Weekly
from dashboards.reader import Row
from models.metrics import BY_NAME
from models.spc_series import first_monday

VIEWS: Final = Weekly(
    "value",
    "Views a week",
    "",
    "Each dot is the views of one week, as the platform reports them for the whole account",
    "new_views",
)
RATE: Final = Weekly(
    "value",
    BY_NAME["interactions_per_1000_views"].label,
    "",
    "Each dot is one week: interactions per 1,000 views, as the platform reports both for the whole account",
    "interactions_per_1000_views",
    show="rate",
)
_MOST_WEEKS: Final = 60
_WHY: Final = "the platform's days of this week are not all known"


@dataclass(frozen=True)
class Account:
    """An account whose weeks are charted, and how it is called."""

    platform: str
    handle: str
    owner: str

    @property
    def facet(self) -> str:
        """Its name in `spc`."""
        return f"account:{self.platform}:{self.handle}"

    @property
    def name(self) -> str:
        """Whose videos these are."""
        return f"all of {self.owner}'s videos on {words.platform(self.platform)}"


def section(facts: Facts, team_id: str) -> tuple[Section, ...]:
    """The accounts of a team's creators, where a topic of the team has too few weeks of its own."""
    short = [str(topic["name"]) for topic in facts.topics_of(team_id) if not _suffices(facts, topic)]
    drawn = tuple(_figures(facts, team_id)) if short else ()
    if not drawn:
        return ()
    topics = words.listed([f"“{name}”" for name in short])
    have, these = ("has", "this topic") if len(short) == 1 else ("have", "these topics")
    why = (
        f"{topics} {have} too few complete weeks for limits. So here are the weeks of the accounts, with all"
        f" their videos, also those outside {these}. They are never mixed with the weeks of a topic."
    )
    heading = "Week by week: the creators' accounts"
    return (Section("account-weeks", heading, (Prose((why,)), *drawn)),)


def _suffices(facts: Facts, topic: Row) -> bool:
    return any(row["is_sufficient"] for row in facts.charted(f"topic:{topic['topic_id']}", VIEWS.judged))


def _accounts(facts: Facts, team_id: str) -> list[Account]:
    creators = facts.creators_of(team_id)
    return [
        Account(platform, handle, creator["name"])
        for creator in creators
        for platform, handle in facts.accounts_of([creator])
    ]


def _figures(facts: Facts, team_id: str) -> Iterator[Figure]:
    """Both measures of every account that has weeks to draw."""
    for number, account in enumerate(_accounts(facts, team_id), 1):
        for name, what in (("views", VIEWS), ("rate", RATE)):
            rows = facts.charted(account.facet, what.judged)
            if rows and _shown(facts, rows):
                yield _weekly(facts, account, what, f"account-{number}-{name}", team_id)


def _weekly(facts: Facts, account: Account, what: Weekly, name: str, team_id: str) -> Figure:
    rows = facts.charted(account.facet, what.judged)
    window, shown = _window(facts, rows), _shown(facts, rows)
    dots = [_dot(row, what) for row in shown if row["value"] is not None]
    backdrop = figures.backdrop(facts, team_id, window)
    called = f"{account.name[:1].upper()}{account.name[1:]}"
    above = figures.above(dots, judged_figures.top_of(dots, shown, what))
    earlier = f"Weeks before {words.day(shown[0]['week'])} stand in the table only. " * (shown != rows)
    return Figure(
        id=name,
        title=judgement.title(f"{called}, {what.measure[:1].lower()}{what.measure[1:]}", rows),
        subtitle=f"{called}, also those outside this topic. {what.dot}. {_span(rows)}"
        f" {judged_figures.key_of_lines(rows, what)}",
        words=judged_figures.alternative(account.name, what, rows),
        table=_table(name, rows, what),
        source=figures.source(facts),
        chart=charts.spec(judged_figures.drawn(dots, shown, what, backdrop)) if dots else None,
        empty="No week has a figure yet.",
        note=judged_figures.note(facts, rows, what, team_id, earlier + above),
        marks=figures.marks(facts, team_id, window),
    )


def _shown(facts: Facts, rows: Sequence[Row]) -> tuple[Row, ...]:
    """The weeks that are drawn."""
    first, _ = _window(facts, rows)
    return tuple(row for row in rows if row["week"] >= first)


def _window(facts: Facts, rows: Sequence[Row]) -> tuple[date, date]:
    """The days that all charts share, and before them as many of the account's as a phone can show."""
    first, last = facts.window
    last = max(last, rows[-1]["week"] + timedelta(6))
    return min(first, max(rows[0]["week"], first_monday(last - _MOST_WEEKS * timedelta(7)))), last


def _dot(row: Row, what: Weekly) -> Week:
    shown = judged_figures.text(row["value"], what)
    return Week(row["week"], row["value"], not row["is_provisional"], shown, _status(row))


def _status(row: Row) -> str:
    return "provisional, incomplete or not settled" if row["is_provisional"] else "settled"


def _span(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    weeks = f"{words.count(len(rows), 'week')}, {len(judgement.firm(rows))} of them settled"
    return f"{words.days(rows[0]['week'], rows[-1]['week'] + timedelta(6))}: {weeks}."


def _table(name: str, rows: Sequence[Row], what: Weekly) -> Table:
    lines = judged_figures.line_columns(rows)
    columns = (
        Column("Week of", is_kept=True),
        Column(what.measure, is_number=True),
        *lines,
        Column("Status"),
    )
    records = tuple(
        Record(
            (
                Cell(words.day(row["week"])),
                figure("spc", row, "value", lambda value: judged_figures.text(value, what), _WHY),
                *judged_figures.line_cells(row, what, len(lines)),
                Cell(_status(row)),
            )
        )
        for row in rows
    )
    return Table(f"{name}-data", "The numbers of this chart", columns, records)
