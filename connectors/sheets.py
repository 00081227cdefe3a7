"""Tables with a header row, whatever they are written in: their rows as batches of text cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import pyarrow as pa

from connectors.base import Member, Refusal

HEAD_SIZE: Final = 1 << 16
"""How many of a file's first bytes are looked at, to tell what it is."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a file, in order."""

    row_no: pa.Array
    """int64; 1 = the first row after the header. Blank lines are no rows."""
    columns: Mapping[str, pa.Array]
    """string, or dictionary of string for the columns that were asked for so."""
    ragged: tuple[Refusal, ...]
    """Rows with more or fewer cells than the header, left out."""


class Sheet(Protocol):
    """A table whose header is known and whose rows are still in the file."""

    @property
    def member(self) -> Member:
        """The file that holds it."""

    @property
    def header(self) -> tuple[str, ...]:
        """Trimmed, as spelt in the file."""

    def chosen(self) -> dict[str, str]:
        """What was decided, for the ledger."""

    def notices(self) -> tuple[str, ...]:
        """What a person should know about the choice."""

    def rows(self, wanted: Mapping[str, int], repetitive: frozenset[str] = frozenset()) -> Iterator[Rows]:
        """Batches of some 20,000 rows; `wanted` maps our names to positions in the header.

        Columns named in `repetitive` come dictionary-encoded. A file without rows gives no batch.

        Raises:
            BadExport: while batches are drawn: bytes that no reader makes sense of.
        """
