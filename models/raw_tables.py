"""The raw tables as DuckDB has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from models import schema

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
