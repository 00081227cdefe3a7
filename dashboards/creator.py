"""A creator's own page: their videos in the words of all pages, their weeks, what came from them.

It judges nothing and names no goal; no other page links to it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from dashboards import intake, own_weeks, reach, video_chart, videos, words
from dashboards.blocks import Block, Cell, Column, Page, Points, Record, Section, Table, figure
from dashboards.facts import Facts
from dashboards.reader import Reader, Row, rows

FOLDER: Final = "creators"
_LOADS: Final = 20
_CAME: Final = """
SELECT
    l.load_id, l.loaded_at, l.exported_on, l.platform, l.account, l.source, l.rows, l.refused, l.reason
FROM marts.loads AS l JOIN marts.accounts AS a ON a.platform = l.platform AND a.account = l.account
WHERE a.creator_id = ?
ORDER BY l.exported_on DESC NULLS LAST, l.loaded_at DESC, l.load_id LIMIT ?
"""
_WRONG: Final = (
    "Say which video or figure it is, and what you see in the app. What is wrong is corrected for everybody,"
    " and nothing that you sent is lost by it."
)
_NOBODY: Final = "Tell the person who asks you for your files."


def creator_page(reader: Reader, facts: Facts, creator: Row) -> Page:
    """The page of a creator, to be sent to them."""
    posts = videos.creator_posts(reader, creator["creator_id"])
    return Page(
        file=f"{FOLDER}/{creator['creator_id']}.html",
        title=str(creator["name"]),
        heading=str(creator["name"]),
        standfirst=f"Your videos in {facts.campaign['title']}: what teams see, and where it comes from",
        sections=(
            Section("summary", "In short", (_summary(facts, creator, posts),)),
            Section("videos", "Your videos", _videos(facts, posts)),
            Section(
                "weeks",
                "Your accounts, week by week",
                own_weeks.weeks(reader, facts, facts.accounts_of((creator,))),
            ),
            Section("audience", "Who was reached", _audience(facts, creator)),
            Section("came-in", "What we received, and when", _received(reader, facts, creator)),
            Section("rights", "Who sees what", (_rights(creator),)),
        ),
        is_linked=False,
    )


def _summary(facts: Facts, creator: Row, posts: tuple[Row, ...]) -> Points:
    platforms = words.listed(sorted({words.platform(post["platform"]) for post in posts}, reverse=True))
    known = (
        f"{words.count(len(posts), 'video')} known, on {platforms}." if posts else "No video is known yet."
    )
    asks = intake.asks_of(facts, (creator,))
    return Points(
        (
            ("Your videos", (known, *facts.top_list)),
            (
                "What would help",
                tuple(map(intake.wanted_line, asks)) or ("Nothing is missing from you at the moment.",),
            ),
            ("Something wrong?", (str(facts.campaign["contact"] or _NOBODY), _WRONG)),
        )
    )


def _videos(facts: Facts, posts: tuple[Row, ...]) -> tuple[Block, ...]:
    listed = videos.videos(facts, posts, with_topic=True)
    return (video_chart.video_chart(facts, posts), listed) if posts else (listed,)


def _audience(facts: Facts, creator: Row) -> tuple[Block, ...]:
    """What platforms told, as on the teams' pages, but for the word on the campaign's goal."""
    mine = tuple(row for row in facts.target_reach if row["creator_id"] == creator["creator_id"])
    blocks = reach.reach(replace(facts, target_reach=mine), (creator,), None)
    return tuple(_without_word(block) for block in blocks if isinstance(block, Table))


def _without_word(told: Table) -> Table:
    at = [column.label for column in told.columns].index("Word")
    records = tuple(replace(r, cells=r.cells[:at] + r.cells[at + 1 :]) for r in told.records)
    note = (
        "Platforms tell ages, countries and places one by one, so that a share is known between two bounds."
    )
    return replace(
        told,
        columns=told.columns[:at] + told.columns[at + 1 :],
        records=records,
        note=f"{note} {words.ETHNICITY}" if records else words.ETHNICITY,
    )


def _received(reader: Reader, facts: Facts, creator: Row) -> tuple[Block, ...]:
    loads = rows(reader, _CAME, (creator["creator_id"], _LOADS))
    files = Table(
        "received-table",
        "Files and readings, newest first",
        (
            Column("Of the day", is_kept=True),
            Column("Read on", is_kept=True),
            Column("Account", is_kept=True),
            Column("What"),
            Column("Rows", is_number=True),
            Column("Left out", is_number=True),
            Column("Why"),
        ),
        tuple(map(_load, loads)),
        empty="Nothing has come yet.",
        note=f"Only the newest {_LOADS} are listed." if len(loads) == _LOADS else "",
    )
    return (intake.came_in(facts, (creator,)), files)


def _load(load: Row) -> Record:
    exported = load["exported_on"]
    return Record(
        (
            Cell(words.day(exported) if exported else words.NOT_KNOWN, sort=str(exported or "")),
            Cell(words.day(load["loaded_at"].date())),
            Cell(f"{words.platform(load['platform'])} @{load['account']}", is_public=True),
            Cell(words.source(load["source"]) if load["source"] else words.NOT_KNOWN),
            figure("loads", load, "rows"),
            figure("loads", load, "refused"),
            Cell(load["reason"] or "", is_public=True),
        )
    )


def _rights(creator: Row) -> Points:
    until = creator["consent_until"]
    consent = (
        f"You agreed until {words.day(until)}. From the day after, your videos, your figures and this page"
        " are left out of everything that is made."
        if until
        else "No last day was agreed. You can end it at any time: your videos, your figures and this page are"
        " then left out of everything that is made."
    )
    declared = creator["communities"] or "Nothing: you have not declared a community."
    return Points(
        (
            (
                "Teams, coaches and comms officers",
                ("They see your videos with captions, links and figures, and which files came from you.",),
            ),
            ("This page", ("No other page links to it; a person sends it to you.",)),
            (
                "On no page",
                (
                    "Your messages, who watched, who wrote a comment and what it says.",
                    "A ranking of creators.",
                ),
            ),
            ("What you declared", (str(declared),)),
            ("Your agreement", (consent,)),
        )
    )
