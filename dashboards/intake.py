"""What came in, what was refused and why, and whom to ask for which file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboards import words
from dashboards.blocks import Cell, Column, Message, Messages, Points, Record, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Row

_STATUS: Final = {"fresh": "up to date", "stale": "old", "never": "nothing yet"}
_FILES: Final = {
    ("tiktok", "overview"): "TikTok Overview file",
    ("tiktok", "content"): "TikTok Content file",
    ("instagram", "content"): "Instagram content file",
}
_CLICKS: Final = {
    ("tiktok", "overview"): "tiktok.com/tiktokstudio on a computer → Analytics → Overview → Download data →"
    " 365 days → CSV",
    ("tiktok", "content"): "tiktok.com/tiktokstudio on a computer → Analytics → Content → Download data →"
    " 365 days → CSV",
    ("instagram", "content"): "business.facebook.com on a computer → Insights → Content → Export data →"
    " the last 90 days → CSV",
}


def came_in(facts: Facts, creators: Iterable[Row]) -> Table:
    """Per account and source: what was read, how new it is, what to know."""
    chosen = tuple(creators)
    wanted = facts.accounts_of(chosen)
    records = tuple(
        _source_record(facts, source)
        for account in wanted
        for source in facts.sources
        if (source["platform"], source["account"]) == account
    )
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


def _file(ask: Row) -> str:
    return _FILES.get((ask["platform"], ask["ask"]), f"{words.platform(ask['platform'])} {ask['ask']} file")


def wanted_line(ask: Row) -> str:
    """A file to ask for, and why."""
    return f"{_file(ask)} of @{ask['account']}: {ask['reason']}."


def messages(facts: Facts) -> Messages:
    """A message per creator who is to be asked, ready to be sent."""
    made = []
    for creator in facts.creators:
        asks = asks_of(facts, (creator,))
        if asks:
            files = words.listed([_file(ask) for ask in asks])
            made.append(Message(str(creator["name"]), files, _message(facts, creator, asks)))
    return Messages(tuple(made), "Nobody has to be asked for anything: nothing is missing.")


def _message(facts: Facts, creator: Row, asks: tuple[Row, ...]) -> str:
    lines = [
        f"Hello {creator['name']},",
        "",
        f"for {facts.campaign['title']} we would like to look at how your videos are doing."
        f" Please could you send us {'this file' if len(asks) == 1 else 'these files'}?",
    ]
    for number, ask in enumerate(asks, start=1):
        clicks = _CLICKS.get((ask["platform"], ask["ask"]), "")
        lines += ["", f"{number}. {_file(ask)} of @{ask['account']}", *([clicks] if clicks else [])]
    lines += [
        "",
        "It takes about two minutes. Send the file as it is, without opening or renaming it."
        " It holds numbers of your videos, no messages and nobody's comments.",
        "",
        "Thank you!",
    ]
    return "\n".join(lines)
