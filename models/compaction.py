"""A store without its free blocks: DuckDB leaves the bytes of deleted rows where they were."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

from models.store import SPILL, STORE_FILE, open_store, store_read_only
from models.store_errors import busy
from models.swap import fresh_file, quoted, swap


def compact(folder: Path) -> None:
    """Copy the store of a data folder into a new file and swap it in.

    Killed at any point, the old file or the new one is there, whole. The free space of the disk still
    holds the old one's bytes, as after any deletion.

    Raises:
        StoreBusy, StoreUnreadable: as for `open_store`; the store is as it was.
    """
    store = folder / STORE_FILE
    with open_store(folder):  # takes in what a killed run has left beside the file; no build runs
        rmtree(folder / SPILL, ignore_errors=True)
    fresh = fresh_file(folder)
    try:
        with store_read_only(store) as connection:  # nobody else writes before the new one is in place
            if store.with_name(f"{STORE_FILE}.wal").exists():
                raise busy(store)  # somebody wrote after it was opened above
            connection.execute(f"ATTACH {quoted(fresh)} AS fresh")
            fresh.chmod(0o600)
            connection.execute("COPY FROM DATABASE store TO fresh")
            connection.execute("DETACH fresh")
            swap(fresh, store)
    finally:
        fresh.unlink(missing_ok=True)
