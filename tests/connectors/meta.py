"""Meta's and Instagram's files byte for byte, with invented people: languages, figures by day, audiences."""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence

from connectors.instagram.headers import Language, languages
from tests.connectors.exports import BOM, SUITE_HEADER, suite

Table = tuple[str, Sequence[str], Sequence[Sequence[str]]]
"""Title, header, rows."""

FOLLOWERS: Table = ("Instagram followers", ("IG_ACCOUNT,FOLLOW,UNIQUE_USERS",), (("9420",),))
AGES: Table = (
    "Instagram followers by gender and age",
    ("Age", "Women", "Men"),
    (("13-17", "10.1%", "4.9%"), ("18-24", "40.3%", "24.7%"), ("65+", "12.0%", "8.0%")),
)
CITIES: Table = (
    "Instagram followers by top cities",
    ("Top cities", "Value"),
    (("Sheffield", "17.7%"), ("London, England", "5.3%")),
)
COUNTRIES: Table = (
    "Instagram followers by top countries",
    ("Top countries", "Value"),
    (("United Kingdom", "91.4%"), ("Pakistan", "2.2%")),
)


def titled(*tables: Table) -> bytes:
    """As Meta writes small tables: UTF-16LE with a mark, LF, `sep=,`, cells quoted, two blank lines last."""
    blocks = ["\n".join((_line([title]), _line(header), *map(_line, rows))) for title, header, rows in tables]
    text = "sep=,\n" + "\n\n".join(blocks) + "\n\n\n"
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le")


def card(title: str, days: Mapping[str, str], header: Sequence[str] = ("Date", "Primary")) -> bytes:
    """One figure by day; the days as "2024-03-08"."""
    return titled((title, header, [(f"{day}T00:00:00", number) for day, number in days.items()]))


def _line(cells: Sequence[str]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


def language(name: str) -> Language:
    return next(one for one in languages() if one.name == name)


def translated(name: str, *rows: Mapping[str, str], header: Sequence[str] = SUITE_HEADER) -> bytes:
    """A content export as the screen's language makes it, from English rows; unknown columns are left out."""
    english, other = languages()[0], language(name)
    ours = {spellings[0]: column for column, spellings in english.columns.items()}
    kept = [column for column in header if ours[column] in other.columns]
    words = {kind: word for word, kind in reversed(other.media_types.items())}
    lifetime = next(iter(other.lifetime), "Lifetime")
    kinds = english.media_types
    local = [
        {**row, "Post type": words.get(kinds.get(row["Post type"].casefold(), ""), ""), "Date": lifetime}
        for row in rows
    ]
    body = suite(*local, header=kept).split(b"\n", 1)[1]
    names = ",".join(f'"{other.columns[ours[column]][0]}"' for column in kept)
    return BOM + names.encode() + b"\n" + body
