"""Why a store or a published file cannot be opened, in words that say what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

SCHEMA_VERSION: Final = 1


class StoreBusy(Exception):
    """Another process holds the store."""


class StoreUnreadable(Exception):
    """The store or published file cannot be opened or was made by another version."""


def busy(path: Path) -> StoreBusy:
    """Somebody else is writing."""
    return StoreBusy(f"{path}: another run holds the store; wait for it to end, then run this again")


def refuse_newer(store: Path, version: int | None) -> None:
    """A store of a later version may hold what this one would lose.

    Raises:
        StoreUnreadable: it is one.
    """
    if version is not None and version > SCHEMA_VERSION:
        raise StoreUnreadable(
            f"{store}: written by a newer rapup (store version {version}); install that version"
        )
