"""`rapup export`: the data package for an evaluator, whole or not at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from flows.codebook import codebook
from flows.limitations import limitations
from flows.package_files import DESCRIPTOR, files_of, hash_of, write_descriptor, write_tables, write_text
from flows.publishable import BadPackage, publishable
from flows.settings import Settings
from models.campaign import Campaign
from models.store import open_published

_DESCRIPTION: Final = (
    "Figures of the campaign's posts by post, day, week, topic and action period. "
    "codebook.md says what each means and what was left out, limitations.md what they cannot tell."
)


@dataclass(frozen=True)
class Exported:
    """A package that was made."""

    folder: Path
    tables: int
    rows: int
    as_of: datetime


def export(settings: Settings, campaign: Campaign, folder: Path, today: date) -> Exported:
    """Everything publishable of the published file, in a new folder or in place of an earlier export.

    The same published file gives the same bytes.

    Raises:
        StoreUnreadable: nothing is published yet.
        BadPackage: the folder holds something else, or a creator's consent has ended since the build.
    """
    target, name = folder.resolve(), _package_name(campaign)
    _refuse_what_is_not_ours(target, name)
    with open_published(settings.data) as published:
        tables = {table: published.table(table) for table in publishable()}
    by_name = {table.name: rows for table, rows in tables.items()}
    _refuse_ended_consent(campaign, by_name["creators"].column("creator_id").to_pylist(), today)
    ((version, as_of),) = zip(
        *(by_name["campaign"].column(c).to_pylist() for c in ("version", "as_of")), strict=True
    )
    about = {
        "profile": "data-package",
        "name": name,
        "title": campaign.title,
        "description": _DESCRIPTION,
        "as_of": f"{as_of.isoformat()}Z",
        "rapup_version": version,
    }
    with _swapped_in(target) as fresh:
        write_tables(fresh, tables)
        write_text(fresh / "codebook.md", codebook(tables, campaign))
        write_text(fresh / "limitations.md", limitations(by_name))
        write_descriptor(fresh, about, tables)
    return Exported(target, len(tables), sum(rows.num_rows for rows in tables.values()), as_of)


def _package_name(campaign: Campaign) -> str:
    """Lower case without spaces, as the specification wants it."""
    return re.sub(r"[^a-z0-9._-]+", "-", campaign.name.lower())


def _refuse_ended_consent(campaign: Campaign, published: Sequence[str], today: date) -> None:
    """The build leaves such creators out, but it may have been some time ago."""
    for creator in campaign.creators:
        if creator.id in published and creator.consent_until and creator.consent_until < today:
            raise BadPackage(
                f"{creator.name}: consent ended on {creator.consent_until}, after the last build; "
                "run `rapup build`, then this again"
            )


def _refuse_what_is_not_ours(folder: Path, name: str) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadPackage(f"{folder} is a file: choose a new folder")
    if folder.exists() and any(folder.iterdir()) and not _is_earlier_export(folder, name):
        raise BadPackage(
            f"{folder} is not empty: choose a new folder; "
            f"only an earlier export of {name} that nobody has changed is replaced"
        )


def _is_earlier_export(folder: Path, name: str) -> bool:
    """Whether every file in it is as its descriptor says."""
    try:
        told = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        hashes = {resource["path"]: resource["hash"] for resource in told["resources"]}
        is_ours = "rapup_version" in told and told["name"] == name
    except (OSError, ValueError, KeyError, TypeError):
        return False
    found = {path: hash_of(folder / path) for path in files_of(folder) if path != DESCRIPTOR}
    return is_ours and found == hashes


@contextmanager
def _swapped_in(target: Path) -> Iterator[Path]:
    """A new folder beside `target`, which takes its place when the block succeeds."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
        fresh, old = Path(beside) / "new", Path(beside) / "old"
        fresh.mkdir()
        yield fresh
        if target.exists():
            target.rename(old)
        try:
            fresh.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
