"""The files of a data package: each table as CSV and Parquet, and the descriptor that lists them.

Frictionless Data Package, version 1 (specs.frictionlessdata.io): names, types, keys, hashes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from models.published import Table
from models.spreadsheet import as_text_column

DESCRIPTOR: Final = "datapackage.json"

_TYPES: Final = {
    "VARCHAR": "string",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}
_MEDIA: Final = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "md": "text/markdown",
}
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"


def write_tables(folder: Path, tables: Mapping[Table, pa.Table]) -> None:
    """`csv/NAME.csv` and `parquet/NAME.parquet` of each table."""
    for kind in ("csv", "parquet"):
        (folder / kind).mkdir()
    for table, rows in tables.items():
        pyarrow.csv.write_csv(_for_people(rows), folder / "csv" / f"{table.name}.csv")
        pq.write_table(rows, folder / "parquet" / f"{table.name}.parquet")


def _for_people(rows: pa.Table) -> pa.Table:
    """ISO moments, and text that no spreadsheet runs; pyarrow leaves NULL empty and quotes text."""
    return pa.table({name: _cells(rows.column(name)) for name in rows.column_names})


def _cells(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(
            column.cast(pa.timestamp("s")), format=_MOMENT
        )  # published moments are whole seconds
    return as_text_column(column) if pa.types.is_string(column.type) else column


def write_descriptor(folder: Path, about: Mapping[str, Any], tables: Mapping[Table, pa.Table]) -> None:
    """`datapackage.json`: `about` the package, then every file that is in the folder by now."""
    by_name = {table.name: table for table in tables}
    resources = [_resource(folder, path, by_name) for path in files_of(folder)]
    text = json.dumps({**about, "resources": resources}, indent=2, ensure_ascii=False)
    write_text(folder / DESCRIPTOR, text + "\n")


def write_text(path: Path, text: str) -> None:
    """The same bytes on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def files_of(folder: Path) -> list[str]:
    """Every file below a folder, as the descriptor writes its path."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def hash_of(path: Path) -> str:
    """As the descriptor writes it."""
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _resource(folder: Path, path: str, tables: Mapping[str, Table]) -> dict[str, Any]:
    file = folder / path
    kind = file.suffix.removeprefix(".")
    described: dict[str, Any] = {
        "name": file.stem if kind == "csv" else f"{file.stem}-{kind}",
        "path": path,
        "profile": "tabular-data-resource" if kind == "csv" else "data-resource",
        "format": kind,
        "mediatype": _MEDIA[kind],
        "bytes": file.stat().st_size,
        "hash": hash_of(file),
    }
    if kind != "parquet":
        described["encoding"] = "utf-8"
    if kind == "csv":
        described["dialect"] = {"lineTerminator": "\n"}
        described["schema"] = _schema(tables[file.stem])
    return described


def _schema(table: Table) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": _TYPES[column.type], "description": column.meaning}
        for column in table.columns
    ]
    return {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
