"""TikTok's column names: English whatever the app's language, as far as real exports show.

Should a file come in another language, its columns are taken by their places, but only when the file
still has the name that TikTok gave it and exactly as many columns: then its shape cannot be mistaken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import BadExport, Head, Member
from connectors.columns import Vocabulary
from connectors.wording import EXPORT_AGAIN, one_line

IN_ENGLISH: Final = f"set TikTok to English, {EXPORT_AGAIN}"
"""The cure when a file's days are in no language that is known, or were rewritten by Excel."""
_FEWEST: Final = 3  # "Date" and "Followers" alone may be anybody's
_COPY: Final = re.compile(r"\s*\(\d+\)$")


def is_kind(head: Head, title: str, vocabulary: Vocabulary, keys: frozenset[str]) -> bool:
    """Whether the header has the columns `keys` of a kind and three columns in all (or all, if it has fewer).

    A header of which nothing is known may be that of the file `title` in another language.
    """
    known = vocabulary.knows(head.header)
    if not known:
        return _title(head.name) == title and _fits(head.header, vocabulary)
    return known >= keys and len(known) >= min(_FEWEST, len(vocabulary.names))


def vocabulary_of(header: tuple[str, ...], vocabulary: Vocabulary) -> Vocabulary:
    """The kind's own, or one in which its columns have the names of `header`, in the same order."""
    if vocabulary.knows(header) or not _fits(header, vocabulary):
        return vocabulary
    names = {name: (spelt,) for name, spelt in zip(vocabulary.names, header, strict=True)}
    return Vocabulary(names, vocabulary.absent)


def position_notice(used: Vocabulary, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a person should know when columns were taken by their places."""
    if used is vocabulary:
        return ()
    pairs = (f'"{spelt}" as {vocabulary.names[name][0]}' for name, (spelt,) in used.names.items())
    return (f"column names not known, taken by their places: {', '.join(pairs)}",)


def refuse_wrong_places(
    used: Vocabulary, vocabulary: Vocabulary, numbers: Mapping[str, pa.Array], member: Member
) -> None:
    """Columns taken by their places must be possible: nobody likes a video without a view of it.

    Raises:
        BadExport: they are not.
    """
    if used is vocabulary or not {"likes", "views"} <= numbers.keys():
        return
    if pc.any(pc.greater(numbers["likes"], numbers["views"])).as_py():
        raise BadExport(
            "column names not known, and not in TikTok's order (more likes than views):"
            f" {one_line(member.name)}: {IN_ENGLISH}"
        )


def _fits(header: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    return len(header) == len(vocabulary.names) == len(set(header)) and all(header)


def _title(name: str) -> str:
    """TikTok's name of a file, without folders, ending and what a second download adds."""
    return _COPY.sub("", PurePosixPath(name.rpartition("!")[2]).stem)
