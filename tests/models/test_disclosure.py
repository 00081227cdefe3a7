from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.campaign_types import SUPPRESS_RULES
from models.disclosure import (
    RULES,
    SUPPRESSED,
    UNKNOWN,
    DisclosedTable,
    Figure,
    disclose,
    disclose_average,
    disclose_table,
    percentage,
)

fixed = settings(derandomize=True, deadline=None)

Counts = list[list[int | None]]


def shown(value: float) -> Figure:
    return Figure(value, "shown")


def rows(table: DisclosedTable) -> list[str]:
    return [" ".join(str(cell) or "?" for cell in row) for row in table.cells]


def words(figures: tuple[Figure, ...]) -> str:
    return " ".join(str(figure) or "?" for figure in figures)


@pytest.mark.parametrize(
    ("rule", "count", "wanted"),
    [
        ("hes", 0, "0"),
        ("hes", 1, "*"),
        ("hes", 7, "*"),
        ("hes", 8, "10"),
        ("hes", 12, "10"),
        ("hes", 13, "15"),
        ("mhsds", 0, "*"),
        ("mhsds", 4, "*"),
        ("mhsds", 5, "5"),
        ("mhsds", 7, "5"),
        ("mhsds", 8, "10"),
        ("mhsds", 12_343, "12345"),
        ("lt5", 0, "*"),
        ("lt5", 4, "*"),
        ("lt5", 5, "5"),
        ("lt5", 7, "7"),
        ("lt5", 1_234_567, "1234567"),
    ],
)
def test_a_count_on_either_side_of_every_border(rule: str, count: int, wanted: str) -> None:
    assert str(disclose(count, rule)) == wanted


def test_every_rule_of_a_campaign_file_is_known() -> None:
    assert set(RULES) == set(SUPPRESS_RULES)


def test_unknown_is_not_suppressed() -> None:
    assert disclose(None, "mhsds") == UNKNOWN != SUPPRESSED
    assert (str(UNKNOWN), str(SUPPRESSED)) == ("", "*")


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="no rule 'none'; there are mhsds, hes, lt5"):
        disclose(3, "none")
    with pytest.raises(ValueError, match="never negative"):
        disclose(-1, "hes")
    with pytest.raises(ValueError, match="equally long"):
        disclose_table([[1], [1, 2]], "hes", row_totals=True, column_totals=True)


def test_a_percentage_comes_from_what_is_shown() -> None:
    whole = disclose(42, "mhsds")
    assert percentage(disclose(8, "mhsds"), whole) == shown(10 / 40)
    assert percentage(disclose(4, "mhsds"), whole) == SUPPRESSED
    assert percentage(shown(5), SUPPRESSED) == SUPPRESSED
    assert percentage(UNKNOWN, whole) == UNKNOWN
    assert percentage(shown(0), disclose(0, "hes")) == UNKNOWN


@pytest.mark.parametrize(("rule", "enough"), [("hes", 8), ("mhsds", 5), ("lt5", 5)])
def test_an_average_needs_enough_to_rest_on(rule: str, enough: int) -> None:
    assert disclose_average(3.25, enough, rule) == shown(3.25)
    assert disclose_average(3.25, enough - 1, rule) == SUPPRESSED
    assert disclose_average(None, enough, rule) == UNKNOWN
    assert disclose_average(3.25, None, rule) == UNKNOWN


def test_rounded_tables_round_every_total_on_its_own() -> None:
    table = disclose_table([[8, 8], [3, 20]], "mhsds", row_totals=True, column_totals=True)
    assert rows(table) == ["10 10", "* 20"]
    assert (words(table.row_totals), words(table.column_totals), str(table.total)) == ("15 25", "10 30", "40")


def test_a_single_hidden_cell_of_a_line_hides_the_next_smallest() -> None:
    table = disclose_table([[3, 9, 20]], "lt5", row_totals=True, column_totals=False)
    assert rows(table) == ["* * 20"]
    assert words(table.row_totals) == "32"
    assert (table.column_totals, table.total) == ((), None)
    by_column = disclose_table([[3], [9], [20]], "lt5", row_totals=False, column_totals=True)
    assert rows(by_column) == ["*", "*", "20"]
    assert (by_column.row_totals, words(by_column.column_totals), by_column.total) == ((), "32", None)


def test_without_published_totals_nothing_can_be_taken_away() -> None:
    table = disclose_table([[3, 9, 20]], "lt5", row_totals=False, column_totals=False)
    assert rows(table) == ["* 9 20"]


def test_hiding_in_a_row_may_ask_for_more_in_a_column() -> None:
    counts: Counts = [[3, 9, 20], [30, 31, 32], [40, 41, 42]]
    table = disclose_table(counts, "lt5", row_totals=True, column_totals=True)
    assert rows(table) == ["* * 20", "* * 32", "40 41 42"]


def test_a_total_is_hidden_with_its_parts_and_protected_like_them() -> None:
    table = disclose_table([[1, 2], [10, 20], [30, 40]], "lt5", row_totals=True, column_totals=True)
    assert rows(table) == ["* *", "* *", "30 40"]
    assert (words(table.row_totals), words(table.column_totals), str(table.total)) == (
        "* * 70",
        "41 62",
        "103",
    )


def test_a_line_with_an_unknown_part_has_no_total() -> None:
    table = disclose_table([[3, None, 20], [9, 8, 7]], "lt5", row_totals=True, column_totals=False)
    assert rows(table) == ["* ? 20", "9 8 7"]
    assert words(table.row_totals) == "? 24"


def test_an_empty_table_and_a_line_of_one() -> None:
    empty = disclose_table([], "lt5", row_totals=True, column_totals=True)
    assert (empty.cells, empty.row_totals, empty.column_totals) == ((), (), ())
    one = disclose_table([[3]], "lt5", row_totals=True, column_totals=True)
    assert (rows(one), words(one.row_totals), str(one.total)) == (["*"], "*", "*")


def lines(table: DisclosedTable) -> list[list[Figure]]:
    """Every row and column with its total."""
    whole = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    whole.append([*table.column_totals, table.total or UNKNOWN])
    return whole + [list(column) for column in zip(*whole, strict=True)]


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@fixed
@given(tables)
def test_no_hidden_figure_can_be_taken_from_the_others(counts: list[list[int]]) -> None:
    table = disclose_table(counts, "lt5", row_totals=True, column_totals=True)
    assert [line for line in lines(table) if sum(f == SUPPRESSED for f in line) == 1] == []
    for figure, count in zip(
        itertools.chain.from_iterable(table.cells), itertools.chain.from_iterable(counts), strict=True
    ):
        assert figure == shown(count) or figure == SUPPRESSED
        assert count >= 5 or figure == SUPPRESSED


@fixed
@given(st.sampled_from(sorted(RULES)), st.integers(0, 10_000))
def test_a_shown_count_is_near_the_true_one(rule: str, count: int) -> None:
    value = disclose(count, rule).value
    assert value is None or abs(value - count) <= 2
