"""What a published table is: its name, what a row is, its key, its columns and their meanings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One published column: its DuckDB type and what it holds."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One published table: what a row is, which columns name the row, and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    is_sorted: bool = True
    """Whether rows lie in the file in the order of the key."""


def table(name: str, row: str, key: str, columns: str, *, is_sorted: bool = True) -> Table:
    """A table from lines of `name TYPE meaning`."""
    parts = (line.split(maxsplit=2) for line in columns.splitlines() if line)
    return Table(name, row, tuple(key.split()), tuple(Column(*p) for p in parts), is_sorted)
