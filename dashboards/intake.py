"""What came in, what was refused and why, and whom to ask for which file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboards import words
from dashboards.blocks import Cell, Column, Points, Record, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Row

_STATUS: Final = {"fresh": "up to date", "stale": "old", "never": "nothing yet"}
_FILES: Final = {
    ("tiktok", "overview"): "TikTok Overview file",
    ("tiktok", "content"): "TikTok Content file",
    ("instagram", "content"): "Instagram content file",
}


def came_in(facts: Facts, creators: Iterable[Row]) -> Table:
    """Per account and source: what was read, how new it is, what to know; what is missing or old first."""
    wanted = facts.accounts_of(tuple(creators))
    found = [
        source
        for account in wanted
        for source in facts.sources
        if (source["platform"], source["account"]) == account
    ]
    records = tuple(_source_record(facts, source) for source in sorted(found, key=_is_fresh))
    return Table(
        "accounts-table",
        "By account and source",
        (
            Column("Creator"),
            Column("Account"),
            Column("What came"),
            Column("Newest figure", is_kept=True),
            Column("Posts known", is_number=True),
            Column("State"),
        ),
        records,
        empty="No account is known yet.",
        note=" ".join(facts.top_list),
    )


def _is_fresh(source: Row) -> bool:
    return bool(source["status"] == "fresh")


def _source_record(facts: Facts, source: Row) -> Record:
    account = _account(facts, source)
    newest = source["newest_observation"]
    note = source["note"] if source["status"] != "never" else ""
    state = _STATUS.get(source["status"], source["status"] or words.NOT_KNOWN)
    return Record(
        (
            Cell(facts.creator(account["creator_id"] if account else None)),
            Cell(f"{words.platform(source['platform'])} @{source['account']}", is_public=True),
            Cell(words.source(source["source"])),
            Cell(words.day(newest.date()) if newest else "none", sort=str(newest or "")),
            figure("accounts", account, "posts"),
            Cell(f"{state}; {note}" if note else state),
        ),
        {"status": source["status"] or ""},
    )


def _account(facts: Facts, named: Row) -> Row | None:
    same = (
        account
        for account in facts.accounts
        if (account["platform"], account["account"]) == (named["platform"], named["account"])
    )
    return next(same, None)


def refused(facts: Facts) -> Table:
    """Files that were refused, newest first, with the reason."""
    records = tuple(
        Record(
            (
                Cell(load["name"], is_public=True),
                Cell(load["reason"], is_public=True),
                figure("loads", load, "refused"),
            )
        )
        for load in facts.refused
    )
    return Table(
        "refused-table",
        "Refused files and rows, newest first",
        (Column("File"), Column("Why"), Column("Rows left out", is_number=True)),
        records,
        empty="No file was refused.",
    )


def asks_of(facts: Facts, creators: Iterable[Row]) -> tuple[Row, ...]:
    """What to ask these creators for."""
    ids = {row["creator_id"] for row in creators}
    return tuple(ask for ask in facts.asks if ask["creator_id"] in ids)


def whom_to_ask(facts: Facts, creators: Iterable[Row]) -> Points:
    """A line per creator: which files, and why."""
    chosen = tuple(creators)
    asks = asks_of(facts, chosen)
    points = tuple(
        (
            f"Ask {creator['name']} for",
            tuple(wanted_line(ask) for ask in asks if ask["creator_id"] == creator["creator_id"]),
        )
        for creator in chosen
    )
    found = tuple(point for point in points if point[1])
    return Points(found or (("Whom to ask", ("Nobody: nothing is missing from these creators.",)),))


def file_of(ask: Row) -> str:
    """A file to ask for, in English."""
    return _FILES.get((ask["platform"], ask["ask"]), f"{words.platform(ask['platform'])} {ask['ask']} file")


def wanted_line(ask: Row) -> str:
    """A file to ask for, and why."""
    return f"{file_of(ask)} of @{ask['account']}: {ask['reason']}."
