"""What every connector takes and gives: a `Member` or an account in, a `Reading` out.

A reading is a promise of canonical rows (`models.schema.TABLES`) in batches, so that a file of
any size streams. It says beside the rows what was decided (`chosen`), what a person should know
(`notices`), and for every metric the platform's own name or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from models.schema import SOURCE_RANKS


class BadExport(Exception):
    """A file that cannot be loaded; the message says what, where and what to do, in one line."""


@dataclass(frozen=True)
class Context:
    """What is known about a file before it is opened."""

    timezone: ZoneInfo
    """The campaign's zone: a date without a time means noon there."""
    accounts: Mapping[str, frozenset[str]]
    """Handles of the campaign (lower case, without "@") by platform."""
    account: str | None = None
    """Handle told by `--account`, else by the folder that the file lies in."""
    exported_on: date | None = None
    """Told by `--exported-on`: it wins over every guess."""
    today: date | None = None
    """The day of the run: no export can be younger."""


class Member(Protocol):
    """One readable file: plain, or inside a ZIP. Opened as often as needed, never extracted."""

    @property
    def name(self) -> str:
        """Path below the inbox, "/" between folders, with the ZIP member after "!"."""

    @property
    def container(self) -> str:
        """File name of the ZIP, or of the plain file: where TikTok writes dates and handles."""

    @property
    def sha256(self) -> str:
        """Of the member's bytes, as hex."""

    @property
    def size(self) -> int:
        """In bytes, uncompressed."""

    @property
    def written_at(self) -> datetime | None:
        """The ZIP member's own time (naive, the exporter's local clock), None for a plain file."""

    @property
    def modified_at(self) -> datetime:
        """The file's time on this disk (aware)."""

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The member's bytes from the start."""


@dataclass(frozen=True)
class Refusal:
    """A row that was left out, and why."""

    row: int
    """1 = the first row after the header."""
    reason: str


@dataclass(frozen=True)
class Batch:
    """Some rows of a reading: `rows` of the file were loaded, `refused` were not."""

    tables: Mapping[str, pa.Table]
    """By name in `models.schema.TABLES`; `load_id` is left to the store."""
    rows: int
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class MetricNote:
    """Which canonical metric came from which native column, or why it did not come."""

    metric: str
    native_name: str | None
    null_reason: str | None = None


@dataclass(frozen=True)
class Reading:
    """One load: a file's (or an API walk's) canonical rows and all that was decided about them."""

    source: str
    platform: str
    account: str | None
    """Handle of the exporting account; None when the file holds several."""
    exported_on: date | None
    batches: Iterator[Batch]
    metrics: tuple[MetricNote, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    source_rank: int = SOURCE_RANKS["export"]


class Export(Protocol):
    """A kind of file. Adding one is a module with these three names and a line in the registry."""

    @property
    def source(self) -> str:
        """Name in the ledger: "tiktok_studio_content"."""

    def recognises(self, head: bytes) -> bool:
        """Whether the first bytes (up to 64 KiB) are this kind of file; the name is no evidence."""

    def read(self, member: Member, context: Context) -> Reading:
        """Translate. Raises `BadExport` before the first batch, or while batches are drawn."""
