"""How pages read the published file: SELECTs over schema `marts`, NULL as None, days as dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol

import pandas as pd

from models.published import BY_NAME, TABLES

Row = Mapping[str, Any]
"""One row by column name. NULL is None; whole numbers are int; DATE is date; TIMESTAMP is datetime (UTC)."""

_TYPES: Final = {column.name: column.type for table in TABLES for column in table.columns}


class Reader(Protocol):
    """What `models.store.open_published` yields."""

    def query(self, sql: str, parameters: Sequence[object] = (), /) -> pd.DataFrame:
        """A frame of the rows of a SELECT."""


def rows(reader: Reader, sql: str, parameters: Sequence[object] = ()) -> tuple[Row, ...]:
    """The rows of a SELECT, each value in the type that the contract gives its column name."""
    frame = reader.query(sql, parameters)
    columns = [[_value(str(name), value) for value in frame[name]] for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return tuple(dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _value(column: str, value: Any) -> Any:
    """Undo what a frame does to NULL, whole numbers and days."""
    if value is None or pd.isna(value):
        return None
    kind = _TYPES.get(column)
    if kind == "BIGINT":
        return int(value)
    if isinstance(value, datetime):
        moment = pd.Timestamp(value).to_pydatetime()
        return moment.date() if kind == "DATE" else moment
    if isinstance(value, date | str | bool):
        return value
    return value.item() if hasattr(value, "item") else value


def row_name(table: str, row: Row) -> str:
    """The name of a published row, as in `posts/tiktok/7301`: pages say from where each figure is."""
    return "/".join([table, *(str(row[column]) for column in BY_NAME[table].key)])
