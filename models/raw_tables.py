"""The raw tables as DuckDB has them."""

from __future__ import annotations

from typing import Final, NamedTuple

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
LEDGER: Final = {"load_metrics": schema.LOAD_METRICS, "loads": schema.LOADS}
RAW: Final = {**schema.TABLES, **LEDGER}


def create(table: str, columns: pa.Schema) -> str:
    """The statement that makes a raw table where there is none."""
    names = ", ".join(f"{field.name} {_TYPES[field.type]}" for field in columns)
    return f"CREATE TABLE IF NOT EXISTS raw.{table} ({names})"


class LedgerEntry(NamedTuple):
    """What names a load in the ledger."""

    load_id: str
    sha256: str
    source: str | None
    account: str | None
    name: str
    path: str
    replaces: str | None
