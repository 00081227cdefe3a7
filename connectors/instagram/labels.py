"""The labels of Instagram's data download in each language, as data: one `labels_xx.toml` each.

The same label means another thing in another file ("Followers" is a number in one, a share in
another), so each file has a table of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.columns import kept_out, name_key
from connectors.wording import listed

FOLDER = Path(__file__).parent
_SHOWN_FOLDER: Final = "connectors/instagram"
_FIRST: Final = "labels_en"
_NOT_READ: Final = "not_read"


@dataclass(frozen=True)
class Labels:
    """What one language calls the figures of one file of the download."""

    part: str
    """posts, reels or audience."""
    language: str
    thousands: str
    """The separator of thousands."""
    meanings: Mapping[str, str]
    """Our name by label, in the spelling of `name_key`; "not_read" for what is known and not needed."""

    def meaning(self, label: str) -> str | None:
        """Our name of what a label is; None: it is not known, or not needed."""
        found = self.meanings.get(name_key(label))
        return None if found == _NOT_READ else found

    def notices(self, labels: Collection[str]) -> tuple[str, ...]:
        """What a person should know of `labels` that mean nothing to us."""
        unknown = [label for label in labels if name_key(label) not in self.meanings]
        if unknown and len(unknown) == len(labels):
            return (
                f"labels in a language not known: {listed(unknown)}; kept out: add them under [{self.part}]"
                f" in {_SHOWN_FOLDER}/labels_xx.toml (xx: its language)",
            )
        return kept_out("label", unknown)


def choose(part: str, labels: Collection[str]) -> Labels:
    """The language that knows most of `labels` in a file (posts, reels, audience); English when none does."""
    keys = {name_key(label) for label in labels}
    return max(_tables(part), key=lambda table: len(keys & table.meanings.keys()))


def plain_thousands(cells: pa.Array, labels: Labels) -> pa.Array:
    """Counts with the separator that `whole_numbers` takes: where it is a dot, 12.345 is no fraction."""
    if labels.thousands != ".":
        return cells
    grouped = pc.match_substring_regex(pc.utf8_trim_whitespace(cells), r"^[0-9]{1,3}(\.[0-9]{3})+$")
    return pc.if_else(grouped, pc.replace_substring(cells, ".", ","), cells)


@cache
def _tables(part: str) -> tuple[Labels, ...]:
    files = sorted(FOLDER.glob("labels_*.toml"), key=lambda p: (p.stem != _FIRST, p.stem))
    return tuple(_load(file, part) for file in files)


def _load(file: Path, part: str) -> Labels:
    content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    meanings = {name_key(label): ours for ours, spelt in content.get(part, {}).items() for label in spelt}
    return Labels(part, file.stem.removeprefix("labels_"), content["thousands"], MappingProxyType(meanings))
