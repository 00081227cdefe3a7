"""The only code that opens DuckDB: the private store, the build over it, the published file.

`store.duckdb` is append-only and has one writer. `published.duckdb` is built beside the old one
and swapped in with `os.replace`: a reader meets the old file or the new one, never a lock or a half.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from models import erasure, schema
from models.published import TABLES
from models.raw_tables import (
    KNOWN_FILES,
    LEDGER,
    LEDGER_ENTRIES,
    RAW,
    RAW_COLUMNS,
    LedgerEntry,
    joined,
    prepare,
)
from models.readers import Published, Workshop
from models.store_errors import StoreBusy, StoreUnreadable, busy, refuse_newer
from models.swap import fresh_file, quoted, swap

__all__ = ["Store", "StoreBusy", "StoreUnreadable", "open_published", "open_store"]

STORE_FILE: Final = "store.duckdb"
PUBLISHED_FILE: Final = "published.duckdb"
OLDEST_READER: Final = "v1.4.0"  # R, BI tools and older clients can open the published file
SPILL: Final = ".spill"  # where a build puts what does not fit into its memory
_FLUSH_ROWS: Final = 100_000
_WRITER: Final = "SET threads = 1; SET memory_limit = '200MB'; SET checkpoint_threshold = '64MB'"
_COLUMNS: Final = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?"
_IS_NEW_COMMENT: Final = (
    "(platform, comment_id, text_key) NOT IN (SELECT (platform, comment_id, text_key) FROM raw.comments_seen)"
)
_BUILDER_MEMORY: Final = (400_000_000, 120)  # bytes: at least, and per observation of a post


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    """Open with no way out: no file, network or extension can be reached from SQL."""
    try:
        connection = duckdb.connect(str(path), read_only=read_only)
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise busy(path) from None
        raise StoreUnreadable(
            f"{path}: cannot be opened; check its permissions and free disk space"
        ) from None
    except duckdb.Error:
        raise StoreUnreadable(
            f"{path}: not a file that this version can open; restore a backup or move it away"
        ) from None
    if not read_only:
        # One row group at a time is written: a second thread would only wait, and that costs CPU.
        # A checkpoint packs the last rows of every table anew: many small commits share one.
        connection.execute(_WRITER)
    _lock_down(connection)
    return connection


def _lock_down(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET TimeZone='UTC'; SET enable_external_access=false; SET lock_configuration=true")


class Store:
    """The open store. Loads are buffered and committed in groups; a load is never split."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._buffers: dict[str, list[tuple[str, pa.Table]]] = {name: [] for name in schema.TABLES}
        self._ledger: dict[str, list[Mapping[str, object]]] = {name: [] for name in LEDGER}
        self._buffered = 0
        self._gate = erasure.Gate(self.ask)

    def known_files(self) -> frozenset[tuple[str, str, str]]:
        """Files wholly loaded, by loads that still count: (sha256 of the file, its name, options)."""
        return frozenset((sha, name, options) for sha, name, options in self.ask(KNOWN_FILES))

    def loads(self) -> list[LedgerEntry]:
        """Every load in the ledger, oldest first, refused ones too."""
        return [LedgerEntry(*row) for row in self.ask(LEDGER_ENTRIES)]

    def add_rows(self, load_id: str, tables: Mapping[str, pa.Table]) -> None:
        """Buffer canonical rows of a load; nothing lasts before `finish_load` and `commit`.

        Raises:
            ValueError: comments as a platform gave them, not as `models.comments` makes them storable.
        """
        for name, table in tables.items():
            if name == "comments_seen" and table["text_key"].null_count:
                raise ValueError("comments must be made storable first")
            self._buffers[name].append((load_id, table))
            self._buffered += table.num_rows
        if self._buffered >= _FLUSH_ROWS:
            self._flush()

    def drop_texts(self, before_s: int) -> int:
        """Delete the texts of comments first stored before a moment; scores stay. How many there were."""
        rows = self._connection.execute(
            "UPDATE raw.comments_seen SET text = NULL WHERE text IS NOT NULL AND observed_s < ?", [before_s]
        ).fetchall()
        return int(rows[0][0])

    def finish_load(self, ledger_row: Mapping[str, object], metrics: Sequence[Mapping[str, object]]) -> None:
        """Buffer a load's ledger row and the native names and reasons of its metrics.

        Nothing stays of a load whose account was erased.
        """
        if self._gate.is_shut_to(ledger_row):
            self.forget_load(str(ledger_row["load_id"]))
            return
        self._ledger["loads"].append(self._gate.unnamed(ledger_row))
        self._ledger["load_metrics"] += metrics

    def pulls(self) -> list[dict[str, Any]]:
        """Every attempt to read an account through an API (`schema.PULLS`), oldest first."""
        rows = self._connection.sql("SELECT * FROM raw.pulls ORDER BY ended_s, started_s, load_id")
        return list(rows.to_arrow_table().to_pylist())

    def save_pull(
        self,
        pull: Mapping[str, object],
        ledger_row: Mapping[str, object],
        metrics: Sequence[Mapping[str, object]],
    ) -> None:
        """Make what an attempt has read so far last: rows, ledger and cursor, in one transaction."""
        self._flush()
        for name in LEDGER:
            self._connection.execute(f"DELETE FROM raw.{name} WHERE load_id = ?", [pull["load_id"]])
        if self._gate.is_shut_to(pull):
            self.forget_load(str(pull["load_id"]))
        else:
            self._ledger["pulls"].append(self._gate.unnamed(pull))
        if ledger_row:
            self.finish_load(ledger_row, metrics)
        self.commit()

    def forget_load(self, load_id: str) -> None:
        """Drop everything of a load that broke half-way, or of an earlier refusal of the same file."""
        self._flush()
        for name in (*schema.TABLES, *LEDGER):
            self._connection.execute(f"DELETE FROM raw.{name} WHERE load_id = ?", [load_id])

    def ask(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the raw tables."""
        return self._connection.execute(sql, list(values)).fetchall()

    def erase(self, steps: Iterable[erasure.Step]) -> Counter[str]:
        """Run the steps of an erasure in the transaction that `commit` ends: rows met, by table."""
        self._flush()
        met: Counter[str] = Counter()
        for step in steps:
            met[step.table] += self.ask(step.sql, step.values)[0][0]
        self._gate.tombstones = None
        return met

    def commit(self) -> None:
        """Make all finished loads last, in one transaction, and begin the next."""
        self._flush()
        self._connection.execute("COMMIT")
        self._connection.execute("BEGIN")

    def rollback(self) -> None:
        """Forget everything since the last commit."""
        self._buffers = {name: [] for name in schema.TABLES}
        self._ledger = {name: [] for name in LEDGER}
        self._buffered = 0
        with suppress(duckdb.Error):  # a failed statement may have ended the transaction already
            self._connection.execute("ROLLBACK")
            self._connection.execute("BEGIN")

    def _flush(self) -> None:
        for name, loads in self._buffers.items():
            if loads:
                self._insert(name, joined(loads))
                loads.clear()
        for name, rows in self._ledger.items():
            if rows:
                self._insert(name, pa.Table.from_pylist([dict(row) for row in rows], schema=LEDGER[name]))
                rows.clear()
        self._buffered = 0

    def _insert(self, name: str, table: pa.Table) -> None:
        # A registered table would be kept alive until the transaction ends, and a load can be large.
        rows = self._gate.let_in(name, self._connection.from_arrow(table))
        if name == "comments_seen":
            rows = rows.filter(_IS_NEW_COMMENT)
        rows.insert_into(f"raw.{name}")

    def verify(self) -> None:
        """Read a row of every table.

        Raises:
            StoreUnreadable: the file is damaged.
        """
        try:
            for name in RAW:
                self._connection.execute(f"SELECT * FROM raw.{name} LIMIT 1").fetchall()
        except duckdb.Error:
            raise StoreUnreadable("the store is damaged; restore a backup or move it away") from None


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The store of a data folder, for writing; made when there is none.

    Everything since the last `Store.commit` is undone when the block ends with an exception.

    Raises:
        StoreBusy: another process holds it.
        StoreUnreadable: it cannot be opened, or a newer version wrote it.
    """
    connection = _connect(folder / STORE_FILE, read_only=False)
    store = Store(connection)
    try:
        connection.execute("BEGIN")
        prepare(connection, folder / STORE_FILE)
        store.commit()
        yield store
        store.commit()
    finally:
        store.rollback()
        connection.close()
    # Only the owner may read it: it can hold comments and pseudonyms.
    (folder / STORE_FILE).chmod(0o600)


@contextmanager
def store_read_only(store: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory with the store attached as `store`: nobody writes to it meanwhile.

    Raises:
        StoreBusy, StoreUnreadable: as for `open_store`.
    """
    connection = duckdb.connect(":memory:")
    try:
        with _damage_told(store):
            connection.execute(f"ATTACH {quoted(store)} AS store (READ_ONLY); {_WRITER}")
            yield connection
    finally:
        connection.close()


@contextmanager
def open_workshop(folder: Path) -> Iterator[Workshop]:
    """Build the next published file of a data folder; swapped in only when the block succeeds.

    That alone makes it whole or nothing: within one transaction no dropped table would free its memory.

    Raises:
        StoreBusy, StoreUnreadable: as for `open_store`; there must be a store.
    """
    store, target = folder / STORE_FILE, folder / PUBLISHED_FILE
    fresh = fresh_file(folder)
    connection = duckdb.connect(":memory:")
    try:
        _attach(connection, store, fresh)
        _lock_down(connection)
        with _damage_told(store):
            yield Workshop(connection)
        connection.execute("USE memory; DETACH published")
        connection.close()
        swap(fresh, target)
    finally:
        connection.close()
        fresh.unlink(missing_ok=True)


@contextmanager
def _damage_told(store: Path) -> Iterator[None]:
    """Errors of a damaged file, found only when its pages are read, in words."""
    try:
        yield
    except (duckdb.IOException, duckdb.SerializationException, duckdb.FatalException) as error:
        if "set lock" in str(error).lower():
            raise busy(store) from None
        if "space" in str(error).lower():
            raise StoreUnreadable(
                f"{store.parent}: the disk is full; free some space and run it again"
            ) from None
        raise StoreUnreadable(f"{store}: damaged; restore a backup or move it away") from None


def _attach(connection: duckdb.DuckDBPyConnection, store: Path, fresh: Path) -> None:
    if not store.exists():
        raise StoreUnreadable(f"{store}: there is no store yet; run `rapup ingest` first")
    try:
        connection.execute(f"ATTACH {quoted(store)} AS store (READ_ONLY)")
        versions = connection.execute("SELECT max(version) FROM store.raw.store_version").fetchall()
        if RAW_COLUMNS - set(connection.execute(_COLUMNS, ["raw"]).fetchall()):
            connection.execute("DETACH store")
            with open_store(store.parent):
                pass  # made by an older version: this gives it what it lacks
            connection.execute(f"ATTACH {quoted(store)} AS store (READ_ONLY)")
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise busy(store) from None
        raise StoreUnreadable(f"{store}: not a store that this version can read; restore a backup") from None
    refuse_newer(store, versions[0][0])
    connection.execute(f"ATTACH {quoted(fresh)} AS published (STORAGE_VERSION '{OLDEST_READER}')")
    connection.execute(f"SET temp_directory = {quoted(fresh.parent / SPILL)}")
    connection.execute("USE store")
    rows = connection.execute("SELECT count(*) FROM raw.post_observations").fetchall()[0][0]
    least, each = _BUILDER_MEMORY
    # More goes to the disk. A second thread would save a third of the time, at a fifth more CPU and memory.
    connection.execute(f"SET threads = 1; SET memory_limit = '{max(least, each * rows)}B'")


@contextmanager
def open_published(folder: Path) -> Iterator[Published]:
    """The published file of a data folder.

    Raises:
        StoreUnreadable: there is none, or it cannot be opened, or another version built it.
    """
    path = folder / PUBLISHED_FILE
    if not path.exists():
        raise StoreUnreadable(f"{path}: nothing is published yet; run `rapup build` first")
    connection = _connect(path, read_only=True)
    try:
        _refuse_other_layout(connection, path)
        yield Published(connection)
    finally:
        connection.close()


def _refuse_other_layout(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    rows = connection.execute(_COLUMNS, ["marts"]).fetchall()
    if {(table.name, column.name) for table in TABLES for column in table.columns} - set(rows):
        raise StoreUnreadable(f"{path}: built by another version of rapup; run `rapup build`")
