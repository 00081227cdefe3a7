"""What every connector must keep to, as checks of one reading; `test_contract.py` runs them on every kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from connectors.base import Batch, Context, Reading
from models.schema import POST_METRICS, SOURCE_RANKS, TABLES

POST_ID = re.compile(r"[\w.:-]{1,64}")
MOMENTS = {"observed_at": "observed_s", "published_at": "published_s"}


@dataclass(frozen=True)
class Example:
    """An invented file of a kind: how many rows it has, and which cell of it says "not known"."""

    name: str
    data: bytes
    rows: int
    """Of the file, loaded or refused."""
    unknown: tuple[str, str] | None = None
    """Table and column in which the last loaded row has a metric that the file leaves blank."""
    shuffled: bytes | None = None
    """The same rows in another order, where the order says nothing."""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A reading whose batches were drawn."""

    reading: Reading
    batches: tuple[Batch, ...]

    def table(self, name: str) -> pa.Table:
        found = [batch.tables[name] for batch in self.batches if name in batch.tables]
        return pa.concat_tables(found) if found else TABLES[name].empty_table()


Reader = Callable[[bytes, str, Context], Read]


def rows_add_up(read: Reader, example: Example, context: Context) -> None:
    """Rows in = rows loaded + rows refused, and each refusal names its row and its reason."""
    made = read(example.data, example.name, context)
    loaded = sum(batch.rows for batch in made.batches)
    refused = [refusal for batch in made.batches for refusal in batch.refused]
    assert loaded + len(refused) == example.rows
    assert all(refusal.row >= 1 and refusal.reason.strip() for refusal in refused)
    assert loaded > 0 or not example.rows


def reading_twice_gives_the_same(read: Reader, example: Example, context: Context) -> None:
    first, second = (read(example.data, example.name, context) for _ in range(2))
    for table in TABLES:
        assert first.table(table).equals(second.table(table))
    assert first.reading.chosen == second.reading.chosen


def the_order_of_rows_says_nothing(read: Reader, example: Example, context: Context) -> None:
    if example.shuffled is None:
        return
    one, other = (read(data, example.name, context) for data in (example.data, example.shuffled))
    for table in TABLES:
        assert _without_row_numbers(one.table(table)) == _without_row_numbers(other.table(table))


def _without_row_numbers(table: pa.Table) -> list[str]:
    return sorted(str({k: v for k, v in row.items() if k != "row_no"}) for row in table.to_pylist())


def tables_are_canonical(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    for batch in made.batches:
        for name, table in batch.tables.items():
            assert table.schema.equals(TABLES[name])


def ids_are_text_that_was_not_through_a_spreadsheet(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    for table in ("posts_seen", "post_observations"):
        for post_id in made.table(table)["post_id"].to_pylist():
            assert POST_ID.fullmatch(post_id)
            assert not re.fullmatch(r"[\d.]+E\+?\d+", post_id, re.IGNORECASE)


def times_are_utc_with_their_seconds(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    for name in TABLES:
        for row in made.table(name).to_pylist():
            for moment, seconds in MOMENTS.items():
                if row.get(seconds) is not None:
                    assert row[moment].replace(tzinfo=UTC).timestamp() == row[seconds]
            assert row["observed_at"].replace(tzinfo=UTC) <= datetime(2024, 10, 9, tzinfo=UTC)
            assert row.get("observed_precision") in {None, "second", "day"}


def what_is_not_known_is_null(read: Reader, example: Example, context: Context) -> None:
    if example.unknown is None:
        return
    table, column = example.unknown
    assert read(example.data, example.name, context).table(table)[column].to_pylist()[-1] is None


def every_metric_has_its_native_name_or_a_reason(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    notes = {note.metric: note for note in made.reading.metrics}
    observed = made.table("post_observations")
    for metric in POST_METRICS if observed.num_rows else ():
        note = notes.get(metric)
        assert note, f"{metric} has no note"
        has_values = observed[metric].null_count < observed.num_rows
        assert note.native_name if has_values else note.native_name or note.null_reason, metric


def rows_say_where_they_come_from(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    for name in TABLES:
        table = made.table(name)
        assert set(table["source"].to_pylist()) <= {made.reading.source}
        assert set(table["load_id"].to_pylist()) <= {None}
        assert all(table["account"].to_pylist())
        assert all(account == account.lower() for account in table["account"].to_pylist())
    assert made.reading.source_rank in SOURCE_RANKS.values()


def accounts_outside_the_campaign_are_left_out(read: Reader, example: Example, context: Context) -> None:
    made = read(example.data, example.name, context)
    handles = frozenset().union(*context.accounts.values())
    assert {row["exporter"] or row["account"] for row in made.table("posts_seen").to_pylist()} <= handles
    assert set(made.table("account_days_seen")["account"].to_pylist()) <= handles


CHECKS: tuple[Callable[[Reader, Example, Context], None], ...] = (
    rows_add_up,
    reading_twice_gives_the_same,
    the_order_of_rows_says_nothing,
    tables_are_canonical,
    ids_are_text_that_was_not_through_a_spreadsheet,
    times_are_utc_with_their_seconds,
    what_is_not_known_is_null,
    every_metric_has_its_native_name_or_a_reason,
    rows_say_where_they_come_from,
    accounts_outside_the_campaign_are_left_out,
)
