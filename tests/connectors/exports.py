"""Exports as the platforms write them, byte for byte, with invented people; and what reading them gives."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors import intake, registry
from connectors.base import Batch, Context, Reading, Refusal

LONDON = ZoneInfo("Europe/London")
BOM = b"\xef\xbb\xbf"
EXPORTED = date(2024, 2, 6)
CONTEXT = Context(
    timezone=LONDON,
    accounts={
        "tiktok": frozenset({"lavelle.sings", "coach.kofi"}),
        "instagram": frozenset({"lavelle.sings", "amira.talks"}),
    },
    exported_on=EXPORTED,
    today=date(2024, 10, 7),
)
CONTENT_HEADER = (
    *("Time", "Video title", "Video link", "Post time"),
    *("Total likes", "Total comments", "Total shares", "Total views"),
)
OVERVIEW_HEADER = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
VIEWERS_HEADER = ("Date", "Total Viewers", "New Viewers", "Returning Viewers")
FOLLOWER_HISTORY_HEADER = ("Date", "Followers", "Difference in followers from previous day")
FOLLOWER_ACTIVITY_HEADER = ("Date", "Hour", "Active followers")
FOLLOWER_GENDER_HEADER = ("Gender", "Distribution")
FOLLOWER_TERRITORIES_HEADER = ("Top territories", "Distribution")
SUITE_HEADER = (
    *("Post ID", "Account ID", "Account username", "Account name", "Description", "Duration (sec)"),
    *("Publish time", "Permalink", "Post type", "Data comment", "Date"),
    *("Views", "Reach", "Likes", "Shares", "Follows", "Comments", "Saves"),
)

Row = Sequence[str]


def utc(text: str) -> int:
    """Unix seconds of "2024-01-03 12:30:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def tiktok_id(moment: str, low: int = 12345) -> str:
    return str((utc(moment) << 32) + low)


def shortcode(moment: str, low: int = 77) -> str:
    number = ((utc(moment) * 1000 - 1_314_220_021_721) << 23) + low
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(letters[(number >> (6 * place)) % 64] for place in range(10, -1, -1))


def content_row(moment: str = "2024-01-03 12:30:00", **cells: str) -> list[str]:
    """One row of Content.csv: a post of @lavelle.sings made at `moment` UTC."""
    when = datetime.fromisoformat(moment)
    row = {
        "Time": "February 6",
        "Video title": "Where to get help #findhelpearly",
        "Video link": f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id(moment)}",
        "Post time": f"{when:%B} {when.day}",
        "Total likes": "120",
        "Total comments": "7",
        "Total shares": "3",
        "Total views": "4510",
    }
    return list((row | {name.replace("_", " "): text for name, text in cells.items()}).values())


def suite_row(moment: str = "2024-01-03 12:30:10", **cells: str) -> dict[str, str]:
    """One row of a Business Suite export: a reel of @lavelle.sings made at `moment` UTC."""
    shown = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo("America/Los_Angeles"))
    row = {
        "Post ID": "18043780272380412",
        "Account ID": "17841400000000001",
        "Account username": "lavelle.sings",
        "Account name": "Lavelle",
        "Description": "Where to get help",
        "Duration (sec)": "31",
        "Publish time": f"{shown:%m/%d/%Y %H:%M}",
        "Permalink": f"https://www.instagram.com/reel/{shortcode(moment)}/",
        "Post type": "IG reel",
        "Data comment": "",
        "Date": "Lifetime",
        "Views": "900",
        "Reach": "700",
        "Likes": "50",
        "Shares": "4",
        "Follows": "2",
        "Comments": "6",
        "Saves": "8",
    }
    return row | {name.replace("_", " "): text for name, text in cells.items()}


def quoted(header: Row, rows: Sequence[Row]) -> bytes:
    """As TikTok writes: BOM, every field quoted, LF, no newline at the end."""
    lines = (",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in (header, *rows))
    return BOM + "\n".join(lines).encode()


def content(*rows: Row) -> bytes:
    return quoted(CONTENT_HEADER, rows)


def overview(*rows: Row) -> bytes:
    return quoted(OVERVIEW_HEADER, rows)


def suite(*rows: Mapping[str, str], header: Sequence[str] = SUITE_HEADER) -> bytes:
    """As Meta writes: BOM, LF, quotes only where they are needed."""
    table = [header, *([row[name] for name in header] for row in rows)]
    return BOM + "".join(f"{','.join(map(_minimal, row))}\n" for row in table).encode()


def _minimal(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"' if set(cell) & set(' ,"\n') else cell


def stored_zip(members: Mapping[str, bytes], written: tuple[int, ...] = (2024, 2, 6, 18, 30, 0)) -> bytes:
    """As TikTok packs: STORED, entries at the root."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content_bytes in members.items():
            archive.writestr(zipfile.ZipInfo(name, (*written,)[:6]), content_bytes)  # type: ignore[arg-type]
    return packed.getvalue()


@dataclass
class Inbox:
    """A folder of exports."""

    folder: Path

    def put(self, data: bytes, name: str = "Content.csv", modified: str = "2024-02-06 19:00:00") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (utc(modified), utc(modified)))
        return path

    def member(
        self, data: bytes, name: str = "Content.csv", *, read_archives: bool = False, **options: str
    ) -> Any:
        path = self.put(data, name, **options)
        return next(iter(intake.open_members(path, name, read_archives=read_archives)))

    def read(
        self, data: bytes, context: Context = CONTEXT, name: str = "Content.csv", **options: str
    ) -> Loaded:
        member = self.member(data, name, read_archives=context.read_archives, **options)
        reading = registry.read(member, context)
        return Loaded(reading, list(reading.batches))


@dataclass
class Loaded:
    """A reading with its batches drawn."""

    reading: Reading
    batches: list[Batch]

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [row for batch in self.batches if table in batch.tables for row in _rows(batch.tables[table])]

    @property
    def posts(self) -> list[dict[str, Any]]:
        return self.rows("posts_seen")

    @property
    def metrics(self) -> list[dict[str, Any]]:
        return self.rows("post_observations")

    @property
    def refused(self) -> list[Refusal]:
        return [refusal for batch in self.batches for refusal in batch.refused]

    @property
    def loaded(self) -> int:
        return sum(batch.rows for batch in self.batches)

    def reason_of(self, metric: str) -> str | None:
        return next(note.null_reason for note in self.reading.metrics if note.metric == metric)

    def native_of(self, metric: str) -> str | None:
        return next(note.native_name for note in self.reading.metrics if note.metric == metric)


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
