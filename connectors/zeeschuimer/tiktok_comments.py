"""Zeeschuimer's captures of comments below TikTok posts: counted, never opened.

Comments are other people's words. Nothing of them is read or kept; a person who put such a file
into the inbox is told so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow.compute as pc

from connectors.base import Batch, Context, Head, Member, Reading
from connectors.zeeschuimer.capture import captured_from
from connectors.zeeschuimer.fields import Field
from connectors.zeeschuimer.lines import read_lines
from models.schema import SOURCE_RANKS

source: Final = "zeeschuimer_tiktok_comments"
PLATFORM: Final = "tiktok"
_FIELDS: Final = {"id": Field(("item_id",), "either")}


def recognises(head: Head) -> bool:
    """Whether these are captures of comments."""
    return captured_from(head) == "tiktok-comments"


def read(member: Member, context: Context) -> Reading:
    """No rows, and a notice with the number of comments.

    Raises:
        BadExport: while batches are drawn.
    """
    notices: list[str] = []
    return Reading(
        source=source,
        platform=PLATFORM,
        account=None,
        exported_on=None,
        batches=_counted(member, context, notices),
        notices=notices,
        source_rank=SOURCE_RANKS["capture"],
    )


def _counted(member: Member, context: Context, notices: list[str]) -> Iterator[Batch]:
    seen: set[str] = set()
    for lines in read_lines(member, _FIELDS):
        seen.update(pc.unique(lines.columns["id"]).to_pylist())
        yield Batch({}, 0, lines.refused)
    why = "this version only counts them" if context.comments else "comments are off"
    notices.append(f"{len(seen)} comment{'s' * (len(seen) != 1)} seen, not read: {why}")
