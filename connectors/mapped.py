"""What a person wrote about the files of other tools: which column means what.

Only the shape: `flows.mapping_file` reads and checks it, `connectors.mapping` reads files by it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

Unit: TypeAlias = Literal["count", "1.2K", "seconds", "minutes", "hours", "h:mm:ss", "percent", "share"]

COUNTS: Final[tuple[Unit, ...]] = ("count", "1.2K")
TIMES: Final[tuple[Unit, ...]] = ("seconds", "minutes", "hours", "h:mm:ss")
SHARES: Final[tuple[Unit, ...]] = ("percent", "share")
ISO: Final = "iso"
_TIME_CODES: Final = ("%H", "%I", "%X", "%c", "%T")


@dataclass(frozen=True)
class Lookup:
    """A value that is the same in every row, or that a column tells."""

    fixed: str | None = None
    column: str | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    """Our word by the file's, in the spelling of `name_key`."""


@dataclass(frozen=True)
class When:
    """A column of days or moments."""

    column: str
    format: str
    """Date codes of Python's `strptime`, or "iso"."""
    zone: ZoneInfo | None = None
    """Whose clock; None is the campaign's."""

    @property
    def has_time(self) -> bool:
        """Whether the column tells more than the day."""
        return self.format == ISO or any(code in self.format for code in _TIME_CODES)


@dataclass(frozen=True)
class Quantity:
    """A column of numbers."""

    column: str
    unit: Unit


@dataclass(frozen=True, eq=False)  # a mapping is itself alone, which makes it a key of caches
class FileMapping:
    """How files with certain columns are read."""

    source: str
    """Name in the ledger: "youtube_studio_table"."""
    columns: tuple[str, ...]
    """A file that has them all is read so."""
    platform: Lookup
    account: Lookup | None
    post_id: str | None
    link: str | None
    permalink: str | None
    """An address with {post_id} in it, for files without links."""
    published: When | None
    caption: str | None
    media_type: Lookup | None
    quantities: Mapping[str, Quantity]
    """By canonical metric, and `duration_s`."""
    observed: When | None
    """The day of which the numbers are true; None: the day of export."""
    skip: tuple[str, tuple[str, ...]] | None
    """A column, and its values (in the spelling of `name_key`) in rows that are no posts."""
    decimal: str
    """"." or ","."""

    @cached_property
    def digest(self) -> str:
        """Of all of the above: by other rules the same file is another load."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]
