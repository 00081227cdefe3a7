"""What may be asked of an open database: of a build in progress, and of the published file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from models.published import Table


class _Rows(Protocol):
    def to_arrow_table(self) -> pa.Table: ...


class _Answer(Protocol):
    def fetchall(self) -> list[tuple[Any, ...]]: ...
    def df(self) -> pd.DataFrame: ...


class Connection(Protocol):
    """A connection to DuckDB, which only `models.store` opens."""

    def execute(self, query: str, parameters: object = None) -> _Answer:
        """Run one statement, its values bound."""

    def sql(self, query: str) -> _Rows:
        """The rows of a SELECT."""

    def register(self, view_name: str, python_object: object) -> object:
        """Give a table in memory a name."""

    def unregister(self, view_name: str) -> object:
        """Take the name back."""


class Workshop:
    """A build in progress: the store read-only, staging tables TEMP, one new published file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def execute(self, sql: str) -> None:
        """Run one statement of a model."""
        self._connection.execute(sql)

    def value(self, sql: str) -> object:
        """The first cell of a SELECT."""
        rows = self._connection.execute(sql).fetchall()  # fetchone would leave the result open
        return rows[0][0] if rows else None

    def column(self, sql: str) -> pa.ChunkedArray:
        """The first column of a SELECT."""
        return self._connection.sql(sql).to_arrow_table().column(0)

    def table(self, sql: str) -> pa.Table:
        """The rows of a SELECT."""
        return self._connection.sql(sql).to_arrow_table()

    def put(self, name: str, table: pa.Table) -> None:
        """An Arrow table as a TEMP table."""
        self._connection.register("incoming", table)
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming")
        self._connection.unregister("incoming")


class Published:
    """The published file, read-only: what pages, exports and `status` see."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def query(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """A frame of the rows of a SELECT over schema `marts`."""
        return self._connection.execute(sql, list(parameters)).df()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Rows of a SELECT as plain values, where a frame would be too much."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def table(self, table: Table) -> pa.Table:
        """Every row of a published table in the order of its key, with the columns that `table` names."""
        columns = ", ".join(column.name for column in table.columns)
        ordered = f"SELECT {columns} FROM marts.{table.name} ORDER BY {', '.join(table.key)}"
        return self._connection.sql(ordered).to_arrow_table()
