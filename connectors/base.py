"""What every connector takes and gives: a `Member` or an account in, a `Reading` out.

A reading is a promise of canonical rows (`models.schema.TABLES`) in batches, so that a file of
any size streams. It says beside the rows what was decided (`chosen`), what a person should know
(`notices`), and for every metric the platform's own name or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Final, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.mapped import FileMapping
from models.schema import SOURCE_RANKS

SEVERAL: Final = "several"
"""The platform of a load whose rows are of more than one."""


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
    read_archives: bool = False
    """Whether the campaign lets the list of posts be read from a person's own data download."""
    comments: bool = False
    """Whether the campaign lets comments be read at all."""
    mappings: tuple[FileMapping, ...] = ()
    """How a person wants the files of other tools to be read."""


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
class Head:
    """The beginning of a file, by which its kind is recognised."""

    name: str
    """As of the member: it tells a private archive, but never alone what kind of export a file is."""
    data: bytes
    """The first bytes, up to 64 KiB."""
    header: tuple[str, ...] = ()
    """Trimmed column names of a delimited text, or of the first sheet of a workbook that holds anything."""
    sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a workbook: column names by sheet, in its order, without empty sheets."""


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
    cursor: str | None = None
    """Of an API: where a later walk goes on once this batch is stored; None: at the beginning."""
    ends: bool = False
    """Of an API: with this batch everything in the window has been read."""


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
    metrics: Sequence[MetricNote] = ()
    """With `chosen` and `notices`, complete when the batches are drawn."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    notices: Sequence[str] = ()
    source_rank: int = SOURCE_RANKS["export"]
    rules: str = ""
    """Digest of the rules that a person wrote for such files: by others, the same bytes are another load."""
    is_diary: bool = False
    """Whether people go on writing in the file: then its newer version replaces the older one."""


class Export(Protocol):
    """A kind of file. Adding one is a module with these three names and a line in the registry."""

    @property
    def source(self) -> str:
        """Name in the ledger: "tiktok_studio_content"."""

    def recognises(self, head: Head) -> bool:
        """Whether a file that begins so is of this kind."""

    def read(self, member: Member, context: Context) -> Reading:
        """Translate. Raises `BadExport` before the first batch, or while batches are drawn."""
