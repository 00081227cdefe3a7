"""The same checks for every kind of file, each proven on a connector that breaks just that rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from connectors import registry
from connectors.base import Batch, Context
from tests.connectors import contract
from tests.connectors.contract import CHECKS, Example, Read, Reader
from tests.connectors.examples import EXAMPLES
from tests.connectors.exports import CONTEXT, Inbox


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    numbers = count()

    def reader(data: bytes, name: str, context: Context) -> Read:
        inbox = Inbox(tmp_path / str(next(numbers)))
        reading = registry.read(inbox.member(data, name), context)
        return Read(reading, tuple(reading.batches))

    return reader


def context_of(example: Example) -> Context:
    return replace(CONTEXT, **example.context)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("source", EXAMPLES)
def test_every_kind_keeps_the_contract(
    source: str, check: Callable[[Reader, Example, Context], None], read: Reader
) -> None:
    check(read, EXAMPLES[source], context_of(EXAMPLES[source]))


def test_every_kind_of_file_has_an_example() -> None:
    assert {kind.source for kind in registry.EXPORTS} == set(EXAMPLES)


@pytest.mark.parametrize("source", EXAMPLES)
def test_an_example_is_of_its_kind(source: str, read: Reader) -> None:
    example = EXAMPLES[source]
    assert read(example.data, example.name, context_of(example)).reading.source == source


# Connectors that break one rule each.


def changed(read: Read, change: Callable[[str, pa.Table], pa.Table], rows: int = 0) -> Read:
    batches = tuple(
        Batch(
            {name: change(name, table) for name, table in batch.tables.items()},
            batch.rows + rows,
            batch.refused,
        )
        for batch in read.batches
    )
    return Read(read.reading, batches)


def with_column(table: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    at = table.schema.get_field_index(name)
    return table if at < 0 else table.set_column(at, name, values)


def loses_a_row(read: Read) -> Read:
    return changed(read, lambda _, table: table, rows=-1)


def gives_zero_for_unknown(read: Read) -> Read:
    def fill(_: str, table: pa.Table) -> pa.Table:
        has_likes = "likes" in table.schema.names
        return with_column(table, "likes", pc.fill_null(table["likes"], 0)) if has_likes else table

    return changed(read, fill)


def gives_local_times(read: Read) -> Read:
    def shift(_: str, table: pa.Table) -> pa.Table:
        later = pc.add(table["observed_at"], pa.scalar(3_600_000_000, pa.duration("us")))
        return with_column(table, "observed_at", later)

    return changed(read, shift)


def gives_ids_that_excel_made(read: Read) -> Read:
    def damage(_: str, table: pa.Table) -> pa.Table:
        if "post_id" not in table.schema.names:
            return table
        return with_column(table, "post_id", pa.array(["7.31E+18"] * len(table), pa.string()))

    return changed(read, damage)


def forgets_a_column(read: Read) -> Read:
    return changed(read, lambda _, table: table.drop_columns(["row_no"]))


def forgets_the_reasons(read: Read) -> Read:
    return Read(replace(read.reading, metrics=()), read.batches)


def names_another_source(read: Read) -> Read:
    return Read(replace(read.reading, source="somewhere"), read.batches)


def lets_everybody_in(read: Read) -> Read:
    def stranger(_: str, table: pa.Table) -> pa.Table:
        somebody = pa.array(["somebody.else"] * len(table), pa.string())
        return with_column(with_column(table, "exporter", somebody), "account", somebody)

    return changed(read, stranger)


def numbers_its_views_by_row(read: Read) -> Read:
    return changed(read, lambda _, table: with_column(table, "views", table["row_no"]))


def never_the_same_twice(read: Read) -> Read:
    def number(_: str, table: pa.Table) -> pa.Table:
        return with_column(table, "views", pa.array([id(read)] * len(table), pa.int64()))

    return changed(read, number)


MUTANTS: dict[Callable[[Reader, Example, Context], None], Callable[[Read], Read]] = {
    contract.rows_add_up: loses_a_row,
    contract.reading_twice_gives_the_same: never_the_same_twice,
    contract.the_order_of_rows_says_nothing: numbers_its_views_by_row,
    contract.tables_are_canonical: forgets_a_column,
    contract.ids_are_text_that_was_not_through_a_spreadsheet: gives_ids_that_excel_made,
    contract.times_are_utc_with_their_seconds: gives_local_times,
    contract.what_is_not_known_is_null: gives_zero_for_unknown,
    contract.every_metric_has_its_native_name_or_a_reason: forgets_the_reasons,
    contract.rows_say_where_they_come_from: names_another_source,
    contract.accounts_outside_the_campaign_are_left_out: lets_everybody_in,
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_check_goes_red_on_a_connector_that_breaks_its_rule(
    check: Callable[[Reader, Example, Context], None], read: Reader
) -> None:
    example = EXAMPLES["tiktok_studio_content"]

    def broken(data: bytes, name: str, context: Context) -> Read:
        return MUTANTS[check](read(data, name, context))

    with pytest.raises(AssertionError):
        check(broken, example, context_of(example))
