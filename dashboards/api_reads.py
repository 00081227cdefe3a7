"""What reading each account through its platform cost, what was left out, and why it ended early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dashboards import words
from dashboards.blocks import Cell, Column, Record, Table
from dashboards.reader import Reader, Row, rows

_READS: Final = "SELECT * FROM marts.pulls ORDER BY platform DESC, account, source"


def reads_table(reader: Reader) -> Table | None:
    """A row per account and API; None where only files are read."""
    records = tuple(_record(row) for row in rows(reader, _READS))
    if not records:
        return None
    return Table(
        "reads-table",
        "How the platforms were last read",
        (
            Column("Account", is_kept=True),
            Column("Through"),
            Column("Last read", is_kept=True),
            Column("Newest figures", is_kept=True),
            Column("Cost"),
            Column("Left out, or why it ended early"),
        ),
        records,
    )


def _record(row: Row) -> Record:
    newest = row["newest_value_at"]
    return Record(
        (
            Cell(f"{words.platform(row['platform'])} @{row['account']}", is_public=True),
            Cell(words.source(row["source"])),
            Cell(f"{words.day(row['pulled_at'])}{'' if row['is_complete'] else ', not to its end'}"),
            Cell(words.day(newest) if newest else words.NOT_KNOWN),
            Cell("; ".join(_cost(row))),
            Cell(". ".join(filter(None, (row["stopped"], row["skipped"]))) or "nothing", is_public=True),
        ),
        {"platform": row["platform"]},
    )


def _cost(row: Row) -> Iterator[str]:
    parts = [words.count(row[name], name[:-1]) for name in ("requests", "pages", "rows")]
    yield words.listed(parts)
    if row["retries"]:
        yield f"{words.count(row['retries'], 'request')} made again"
    if row["waited_s"] >= 1:
        yield f"waited {words.count(round(row['waited_s']), 'second')}"
    if row["quota_used"] is not None:
        yield f"{words.percent(max(0.0, 1 - row['quota_used']))} of the quota left"
