"""The raw tables as DuckDB has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from models import schema
from models.readers import Connection
from models.store_errors import SCHEMA_VERSION, refuse_newer

_TYPES: Final = {
    pa.string(): "VARCHAR",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    schema.TIMESTAMP: "TIMESTAMP",
}
LEDGER: Final = {"load_metrics": schema.LOAD_METRICS, "loads": schema.LOADS, "pulls": schema.PULLS}
RAW: Final = {**schema.TABLES, **LEDGER, "erased": schema.ERASED}
RAW_COLUMNS: Final = frozenset((name, field.name) for name, columns in RAW.items() for field in columns)
KNOWN_FILES: Final = (
    "SELECT file_sha256, file_name, options FROM raw.loads AS l"
    " WHERE load_id NOT IN (SELECT replaces FROM raw.loads WHERE replaces IS NOT NULL)"
    " GROUP BY ALL HAVING bool_and(reason IS NULL OR rows > 0)"
)
"""Files wholly loaded, by loads that still count."""
LEDGER_ENTRIES: Final = (
    "SELECT load_id, sha256, source, account, name, path, replaces, rows"
    " FROM raw.loads ORDER BY loaded_at, load_id"
)
_SMALL_CHUNK: Final = 5_000
_LOAD: Final = "load_id"


def joined(loads: Sequence[tuple[str, pa.Table]]) -> pa.Table:
    """The rows of several loads, (load_id, rows) each, with the ids in their column.

    Many small tables are copied together, as each chunk has a price of its own.
    """
    ids, tables = zip(*loads, strict=True)
    table = pa.concat_tables(tables)
    if table.num_rows < len(tables) * _SMALL_CHUNK:
        table = table.combine_chunks()
    load = np.repeat(np.arange(len(tables)), [one.num_rows for one in tables])
    column = table.schema.get_field_index(_LOAD)
    return table.set_column(
        column, table.schema.field(_LOAD), pa.array(ids, pa.string()).take(pa.array(load))
    )


def create(table: str, columns: pa.Schema) -> str:
    """The statement that makes a raw table where there is none."""
    names = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in columns)
    return f"CREATE TABLE IF NOT EXISTS raw.{table} ({names})"


def additions(table: str, columns: pa.Schema, present: Collection[str]) -> list[str]:
    """The statements that give a table of an older version what it lacks: new columns are its last."""
    return [
        f"ALTER TABLE raw.{table} ADD COLUMN {field.name} {_TYPES[field.type]}"
        for field in columns
        if field.name not in present
    ]


def prepare(connection: Connection, store: Path) -> None:
    """Give a store the raw tables and columns that it lacks.

    Raises:
        StoreUnreadable: a newer version wrote it.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS raw")
    connection.execute("CREATE TABLE IF NOT EXISTS raw.store_version (version BIGINT)")
    version = connection.execute("SELECT max(version) FROM raw.store_version").fetchall()[0][0]
    if version is None:
        connection.execute("INSERT INTO raw.store_version VALUES (?)", [SCHEMA_VERSION])
    refuse_newer(store, version)
    for name, columns in RAW.items():
        connection.execute(create(name, columns))
        present = {row[0] for row in connection.execute(f"DESCRIBE raw.{name}").fetchall()}
        for statement in additions(name, columns, present):
            connection.execute(statement)


class LedgerEntry(NamedTuple):
    """What names a load in the ledger."""

    load_id: str
    sha256: str
    source: str | None
    account: str | None
    name: str
    path: str
    replaces: str | None
    rows: int
