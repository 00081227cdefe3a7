"""What of the published file an evaluator may publish, and what is left out, each with its reason.

The published file may be read inside the collaborative; a data package goes to everybody and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from models.published import TABLES, Table

_OWN_WORDS: Final = "the creators' own words, or a way straight to them: theirs to publish"
_SENT: Final = "names of files, and messages that quote them, can hold names of people"
_CLOCK: Final = "when a computer ran; says nothing about the data, and differs between two builds of them"

TABLES_LEFT_OUT: Final[Mapping[str, str]] = {
    "asks": "whom to ask for which file: work in progress, no data",
    "pulls": "how the reading of the platforms' interfaces went: about computers, not about posts",
}
COLUMNS_LEFT_OUT: Final[Mapping[str, str]] = {
    "caption": _OWN_WORDS,
    "permalink": _OWN_WORDS,
    "campaign.contact": "how to reach a person; may change, and the package stays",
    "creators.communities": "says to which community a named person belongs",
    "creators.consent_until": "an agreement between a named person and the campaign",
    "creators.language": "can say where a named person's family comes from",
    "post_topics.matched_on": "can be a note that a person typed; the rules are in the codebook",
    "loads.name": _SENT,
    "loads.reason": _SENT,
    "loads.notice": _SENT,
    "loads.loaded_at": _CLOCK,
    "sources.last_load_at": _CLOCK,
    "campaign.built_at": _CLOCK,
}
"""By column, of every table or of one."""


class BadPackage(Exception):
    """A package that cannot be made; the message says where, and what to do."""


def publishable() -> tuple[Table, ...]:
    """The contract's tables with the columns that may be published, in its order."""
    return tuple(
        replace(table, columns=tuple(c for c in table.columns if _reason(table.name, c.name) is None))
        for table in TABLES
        if table.name not in TABLES_LEFT_OUT
    )


def left_out() -> dict[str, str]:
    """Why each table and each `table.column` is missing from the package."""
    reasons: dict[str, str | None] = {}
    for table in TABLES:
        if table.name in TABLES_LEFT_OUT:
            reasons[table.name] = TABLES_LEFT_OUT[table.name]
        else:
            reasons |= {f"{table.name}.{c.name}": _reason(table.name, c.name) for c in table.columns}
    return {name: reason for name, reason in reasons.items() if reason}


def _reason(table: str, column: str) -> str | None:
    return COLUMNS_LEFT_OUT.get(f"{table}.{column}", COLUMNS_LEFT_OUT.get(column))
