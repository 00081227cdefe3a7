"""What to say of Meta's content export when its column names are not known: which line of data cures it.

The columns that a post cannot do without are found by what stands in the first row, so that the
refusal can spell the line out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from connectors.base import BadExport, Head
from connectors.instagram.headers import Language, data_file, language_of, languages, vocabulary_of
from connectors.wording import listed, one_line

KEYS: Final = ("account", "publish_time", "permalink")
"""Columns without which nothing is known of a post."""
_OF_META_ALONE: Final = frozenset(
    {"post_id", "account_id", "account", "duration_s", "media_type", "data_comment"}
)
_ENOUGH: Final = 2  # of those, to take a file for Meta's
_MAX_SHOWN: Final = 20
_IN_ENGLISH: Final = "set Meta Business Suite to English and export it again, or "
_CELLS: Final[Mapping[str, re.Pattern[str]]] = {
    "permalink": re.compile(r"https?://(?:www\.)?instagram\.com/(?:p|reel|tv)/\S+"),
    "publish_time": re.compile(r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}", re.ASCII),
}
_ACCOUNT_ID: Final = re.compile(r"1784\d{13}", re.ASCII)


def content_refused(head: Head) -> BadExport | None:
    """The refusal of a content export that lacks a column name we know; None: it is no such file."""
    known = vocabulary_of(head.header).knows(head.header)
    row = dict(zip(head.header, _first_row(head), strict=False))
    guesses = _guesses(row)
    if len(known & _OF_META_ALONE) < _ENOUGH and not {*KEYS} <= guesses.keys():
        return None
    if "permalink" not in guesses and any("facebook.com/" in cell for cell in row.values()):
        return BadExport(
            f"facebook page export: {one_line(head.name)}: export the Instagram account's content"
        )
    missing = [key for key in KEYS if key not in known]
    lines = ", ".join(f'{key} = ["{one_line(guesses.get(key, "…"), 60)}"]' for key in missing)
    language = language_of(head.header)
    new = 2 * language.known(head.header) < len(head.header)
    place = f"{data_file()} (xx: a new file for its language)" if new else data_file(language.name)
    return BadExport(
        f"instagram content without a known name for {listed(missing)}: columns"
        f" {listed(head.header, _MAX_SHOWN)}; known are {listed(_expected(language), _MAX_SHOWN)}:"
        f" {one_line(head.name)}: {_IN_ENGLISH if new else ''}add {lines} under [columns] in {place}"
    )


def _expected(language: Language) -> list[str]:
    names = language.columns or languages()[0].columns
    return [spellings[0] for spellings in names.values()]


def _guesses(row: Mapping[str, str]) -> dict[str, str]:
    """The file's own names of the columns in `KEYS`, as far as the cells of the first row tell."""
    names, cells = list(row), list(row.values())
    found = {key: names[at] for key, pattern in _CELLS.items() if (at := _place(cells, pattern)) is not None}
    account = _place(cells, _ACCOUNT_ID)
    if account is not None and account + 1 < len(names):
        found["account"] = names[account + 1]  # Meta writes the handle after the account's id
    return found


def _place(cells: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((at for at, cell in enumerate(cells) if pattern.fullmatch(cell.strip())), None)


def _first_row(head: Head) -> list[str]:
    """The cells below the header; none for a workbook, whose first bytes are no text."""
    if head.sheets:
        return []
    text = head.data.decode("utf-8-sig", "replace")
    try:
        records = [record for record in csv.reader(io.StringIO(text, newline="")) if any(record)]
    except csv.Error:
        return []
    return records[1] if len(records) > 1 else []
