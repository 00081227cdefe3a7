"""Who was reached, by rung of evidence: what was measured never adds up with what was declared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboards import words
from dashboards.blocks import Block, Cell, Column, Points, Record, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Row

TABLE: Final = "target_reach"
_NOT_EXACT: Final = "platforms give each criterion alone, never their combination"
_SUPPRESSED: Final = "hidden: so few people could be recognised"
_CRITERIA: Final = {"age": "age", "country": "country", "city": "place", "all": "all together"}


def reach(facts: Facts, creators: Iterable[Row], team_id: str | None) -> tuple[Block, ...]:
    """The ladder in words, then what platforms measured, with its day and how much of it is listed."""
    chosen = tuple(creators)
    rows = _rows(facts, chosen, team_id)
    return (_ladder(facts, chosen, rows), _table(facts, rows))


def _rows(facts: Facts, creators: tuple[Row, ...], team_id: str | None) -> list[Row]:
    accounts = set(facts.accounts_of(creators))
    return [
        row
        for row in facts.target_reach
        if (row["subject_type"] == "account" and (row["platform"], row["subject_id"]) in accounts)
        or (row["subject_type"] == "post" and team_id in {None, row["team_id"]})
    ]


def _ladder(facts: Facts, creators: tuple[Row, ...], rows: list[Row]) -> Points:
    audience = facts.campaign["audience"]
    declared = [f"{row['name']}: {row['communities']}" for row in creators if row["communities"]]
    measured = sum(row["basis"] == "measured" and row["criterion"] == "all" for row in rows)
    accounts = sum(row["basis"] == "account" and row["criterion"] == "all" for row in rows)
    told = [
        f"Of {words.count(measured, 'video')} the viewers themselves were measured;"
        f" of {words.count(accounts, 'account')} the followers, who are not a video's viewers."
        if rows
        else "Nothing yet: ask creators for the Followers file, or type in what the app shows of a video."
    ]
    return Points(
        (
            ("Whom the campaign is for", (str(audience or "The campaign file names no target audience."),)),
            ("Measured by the platform", tuple(told)),
            (
                "Declared by the creator",
                tuple(declared) or ("No creator has declared a community in the campaign file.",),
            ),
            ("Told by young people", ("Not collected by this tool.",)),
            ("Unknown", (words.ETHNICITY,)),
        )
    )


def _table(facts: Facts, rows: list[Row]) -> Table:
    goal = facts.campaign["goal_share"]
    aim = f" The campaign aims at {words.percent(goal)} of a video's viewers." if goal is not None else ""
    return Table(
        "reach-table",
        "The target audience's share",
        (
            Column("Of whom"),
            Column("Criterion"),
            Column("At least", is_number=True),
            Column("At most", is_number=True),
            Column("Listed", is_number=True, why="part of the audience that the platform's list covers"),
            Column("As of"),
            Column("Word", is_kept=True),
        ),
        tuple(_record(facts, row) for row in rows),
        empty="No platform has told anything about an audience yet.",
        note=f"Platforms tell ages, countries and places one by one, so that a share is known between two"
        f" bounds.{aim} Followers of an account say nothing about one video: no word is given on them."
        if rows
        else "",
    )


def _record(facts: Facts, row: Row) -> Record:
    why = _SUPPRESSED if row["state"] == "suppressed" else _NOT_EXACT
    typed = ", typed in by a person" if row["is_reading"] else ""
    return Record(
        (
            Cell(_subject(facts, row), is_public=True),
            Cell(f"{_CRITERIA[row['criterion']]}: {row['words']}"),
            _share(row, "low", why),
            _share(row, "high", why),
            figure(TABLE, row, "listed", words.percent),
            Cell(f"{words.day(row['observed_at'].date())}{typed}"),
            Cell(row["verdict"] or "no word"),
        )
    )


def _share(row: Row, column: str, why: str) -> Cell:
    cell = figure(TABLE, row, column, words.percent, why)
    is_hidden = row["state"] == "suppressed"
    return Cell(words.SUPPRESSED, cell.metric, row=cell.row, why=why) if is_hidden else cell


def _subject(facts: Facts, row: Row) -> str:
    name = facts.creator(row["creator_id"])
    if row["subject_type"] == "account":
        return f"{row['population'].capitalize()} of {name} on {words.platform(row['platform'])}"
    return f"Viewers of “{words.caption(row['caption'])}” ({name}, {words.platform(row['platform'])})"
