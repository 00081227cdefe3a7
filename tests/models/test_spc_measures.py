"""Which weeks set the lines of a chart, which are judged, and which chart suits them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from models.spc_measures import spc_table
from tests.builders import CAMPAIGN, a_campaign

FIRST = date(2023, 9, 4)
AP1_WEEK, AP2_WEEK = date(2023, 11, 13), date(2024, 2, 12)

Rows = list[dict[str, Any]]


def charted(
    folder: Path,
    values: list[float | None],
    loose: tuple[int, ...] = (),
    first: date = FIRST,
    extra: str = "",
    measure: str = "new_views",
) -> Rows:
    rows = [
        {
            "measure": measure,
            "facet": "topic:help",
            "week": first + timedelta(7 * n),
            "value": value,
            "is_firm": n not in loose,
        }
        for n, value in enumerate(values)
    ]
    made: Rows = spc_table(pa.Table.from_pylist(rows), a_campaign(folder, CAMPAIGN + extra)).to_pylist()
    return made


def wave(n: int) -> list[float | None]:
    return [100.0 + 10 * (k % 3) for k in range(n)]


def test_the_baseline_ends_before_the_first_action_period_when_13_weeks_are_known(tmp_path: Path) -> None:
    row = charted(tmp_path, wave(40), first=AP1_WEEK - timedelta(7 * 13))[0]
    assert (row["n_baseline"], row["baseline_to"]) == (13, AP1_WEEK - timedelta(7))


def test_it_ends_before_the_second_one_when_fewer_are_known(tmp_path: Path) -> None:
    row = charted(tmp_path, wave(40))[0]
    assert (row["n_baseline"], row["baseline_to"]) == (23, AP2_WEEK - timedelta(7))


def test_the_campaign_file_may_say_how_many_weeks(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(40), loose=(3,), extra="\n[spc]\nbaseline_weeks = 14\n")
    assert (rows[0]["n_baseline"], rows[0]["baseline_to"]) == (14, FIRST + timedelta(7 * 14))


def test_later_weeks_do_not_move_the_limits(tmp_path: Path) -> None:
    few, many = charted(tmp_path, wave(24)), charted(tmp_path, [*wave(24), *[900.0] * 9])
    assert {row["upl"] for row in many} == {few[0]["upl"]}
    assert {row["cause"] for row in many[24:]} == {"Above UCL"}
    assert {row["point_type"] for row in many[24:]} == {"special_cause_improvement"}


def test_a_provisional_week_keeps_its_value_and_is_not_judged(tmp_path: Path) -> None:
    row = charted(tmp_path, [*wave(30), 900.0], loose=(30,))[-1]
    assert (row["value"], row["cause"], row["point_type"], row["is_provisional"]) == (900.0, None, None, True)


def test_a_provisional_week_of_the_baseline_sets_no_limit(tmp_path: Path) -> None:
    without, far = wave(30), wave(30)
    without[4], far[4] = None, 5000.0
    assert charted(tmp_path, far, loose=(4,))[0]["upl"] == charted(tmp_path, without)[0]["upl"]


def test_skewed_views_get_their_limits_on_log10(tmp_path: Path) -> None:
    row = charted(tmp_path, [*[10.0, 20.0, 15.0] * 6, 900.0, *[12.0] * 10])[0]
    assert row["scale"] == "log10"
    assert row["lpl"] > 0


@pytest.mark.parametrize("values", [[0.0, *wave(30)[1:]], [*[10.0, 20.0, 900.0] * 1, *[9.0] * 25, 0.0]])
def test_zeros_that_limits_cannot_carry_leave_a_run_chart(tmp_path: Path, values: list[float | None]) -> None:
    rows = charted(tmp_path, values)
    assert {(row["scale"], row["upl"], row["cause"]) for row in rows} == {("run chart", None, None)}


@pytest.mark.parametrize("n", [1, 9, 12])
def test_below_13_weeks_nothing_is_judged(tmp_path: Path, n: int) -> None:
    rows = charted(tmp_path, wave(n))
    assert {(row["upl"], row["cause"]) for row in rows} == {(None, None)}


def test_without_any_firm_week_rows_stay_without_lines(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(3), loose=(0, 1, 2))
    assert [(row["mean"], row["baseline_to"], row["value"]) for row in rows] == [
        (None, None, value) for value in wave(3)
    ]
