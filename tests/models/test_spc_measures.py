"""Which weeks set the lines of a chart, which are judged, and which chart suits them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from models.spc_measures import spc_table
from models.spc_series import Breaks
from tests.builders import CAMPAIGN, a_campaign

FIRST = date(2023, 9, 4)
AP1_WEEK, AP2_WEEK = date(2023, 11, 13), date(2024, 2, 12)

Rows = list[dict[str, Any]]
WEEKS = pa.schema(
    {
        "measure": pa.string(),
        "facet": pa.string(),
        "week": pa.date32(),
        "value": pa.float64(),
        "views_of_rate": pa.float64(),
        "is_firm": pa.bool_(),
        "is_settled": pa.bool_(),
        "is_sufficient": pa.bool_(),
    }
)


def charted(
    folder: Path,
    values: list[float | None],
    loose: tuple[int, ...] = (),
    *,
    first: date = FIRST,
    extra: str = "",
    breaks: Breaks | None = None,
    **columns: Any,
) -> Rows:
    """The chart of weekly values; `columns` replace those of each row, `views` holds one for each."""
    views = columns.pop("views", [None] * len(values))
    rows = [
        {
            "measure": "new_views",
            "facet": "topic:help",
            "week": first + timedelta(7 * n),
            "value": value,
            "views_of_rate": views[n],
            "is_firm": n not in loose,
            "is_settled": True,
            "is_sufficient": True,
            **columns,
        }
        for n, value in enumerate(values)
    ]
    as_of = rows[-1]["week"] + timedelta(10)
    campaign = a_campaign(folder, CAMPAIGN + extra)
    made: Rows = spc_table(pa.Table.from_pylist(rows, schema=WEEKS), campaign, as_of, breaks).to_pylist()
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


RATE = "interactions_per_1000_views"


def test_a_rate_of_views_that_vary_more_than_fourfold_has_limits_for_each_week(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(30), measure=RATE, views=[1000.0, 4100.0, 2000.0] * 10)
    assert {row["scale"] for row in rows} == {"u'"}
    assert rows[1]["upl"] < rows[2]["upl"] < rows[0]["upl"]
    assert len({row["mean"] for row in rows}) == 1


def test_a_rate_of_views_that_vary_less_keeps_one_pair_of_limits(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(30), measure=RATE, views=[1000.0, 4000.0, 2000.0] * 10)
    assert {row["scale"] for row in rows} == {"as they are"}
    assert len({row["upl"] for row in rows}) == 1


def test_views_after_the_baseline_do_not_change_the_kind_of_chart(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(30), measure=RATE, views=[*[1000.0] * 25, 90000.0, *[1000.0] * 4])
    assert {row["scale"] for row in rows} == {"as they are"}


def test_a_provisional_week_of_the_baseline_does_not_change_it_either(tmp_path: Path) -> None:
    views = [*[1000.0] * 5, 90000.0, *[1000.0] * 24]
    assert charted(tmp_path, wave(30), measure=RATE, views=views, loose=(5,))[0]["scale"] == "as they are"
    assert charted(tmp_path, wave(30), measure=RATE, views=views)[0]["scale"] == "u'"


def test_zeros_are_no_trouble_where_limits_go_by_views(tmp_path: Path) -> None:
    rows = charted(tmp_path, [0.0, *wave(30)[1:]], measure=RATE, views=[100.0, *[2000.0] * 29])
    assert {row["scale"] for row in rows} == {"u'"}


@pytest.mark.parametrize("values", [[0.0] * 30, [-5.0, *[100.0] * 29]])
def test_rates_that_are_never_above_zero_or_once_below_it_get_no_such_limits(
    tmp_path: Path, values: list[float | None]
) -> None:
    rows = charted(tmp_path, values, measure=RATE, views=[100.0, *[2000.0] * 29])
    assert "u'" not in {row["scale"] for row in rows}


def test_a_series_that_begins_late_gets_its_lines_from_its_first_13_weeks(tmp_path: Path) -> None:
    few, more = (charted(tmp_path, wave(n), loose=(2,), first=date(2024, 5, 13)) for n in (14, 20))
    assert {(row["n_baseline"], row["baseline_to"]) for row in [*few, *more]} == {(13, date(2024, 8, 12))}
    assert {row["upl"] for row in more} == {few[0]["upl"]}


RUNS = ("run_longest", "run_longest_max", "crossings", "crossings_min", "run_signal")


def run_of(rows: Rows) -> tuple[object, ...]:
    (found,) = {tuple(row[name] for name in RUNS) for row in rows}
    return found


def test_a_run_chart_tells_its_runs_by_anhoejs_rules(tmp_path: Path) -> None:
    zigzag: list[float | None] = [0.0, 2.0] * 12
    long = "\n[spc]\nbaseline_weeks = 24\n"
    assert run_of(charted(tmp_path, zigzag, extra=long)) == (1, 8, 23, 8, False)
    shifted = charted(tmp_path, [*zigzag, *[5.0] * 9], extra=long)
    assert run_of(shifted) == (10, 8, 23, 11, True)


def test_a_chart_with_limits_has_no_second_set_of_rules(tmp_path: Path) -> None:
    assert run_of(charted(tmp_path, wave(30))) == (None, None, None, None, None)


def test_nine_weeks_have_a_median_and_no_rules_and_ten_have_rules(tmp_path: Path) -> None:
    zigzag: list[float | None] = [1.0, 3.0] * 5
    nine, ten = charted(tmp_path, zigzag[:9]), charted(tmp_path, zigzag)
    assert (nine[0]["mean"], run_of(nine)) == (1.0, (None, None, None, None, None))
    assert (ten[0]["mean"], run_of(ten)) == (2.0, (1, 6, 9, 2, False))


def test_too_few_weeks_say_when_there_will_be_limits_and_how_far_they_spread(tmp_path: Path) -> None:
    (row, *_) = charted(tmp_path, wave(7))
    eighth = FIRST + timedelta(7 * 7)
    assert row["limits_from"] == eighth + timedelta(7 * 5 + 10)  # the thirteenth, settled
    assert row["spread"] == pytest.approx((10 + 10 + 20) / 3 / 1.128)
    assert charted(tmp_path, wave(5))[0]["spread"] is None


def test_the_day_on_which_limits_were_to_exist_is_the_day_they_do(tmp_path: Path) -> None:
    promised = charted(tmp_path, wave(9), loose=(3,))[0]["limits_from"]
    weeks = next(n for n in range(9, 30) if charted(tmp_path, wave(n), loose=(3,))[0]["upl"] is not None)
    assert promised == FIRST + timedelta(7 * (weeks - 1) + 10)


def test_limits_that_exist_or_that_zeros_forbid_are_not_awaited(tmp_path: Path) -> None:
    for values in (wave(30), [0.0, *wave(30)[1:]]):
        assert charted(tmp_path, values)[0]["limits_from"] is None


def test_a_topic_with_too_many_incomplete_weeks_has_a_median_of_all_and_no_limits(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(30), loose=tuple(range(3, 15)), is_sufficient=False)
    assert {(row["scale"], row["upl"], row["baseline_to"]) for row in rows} == {
        ("run chart", None, FIRST + timedelta(7 * 29))
    }
    # 18 of 30 are complete; with 30 more, 48 of 60 would be: 80 %.
    assert rows[0]["limits_from"] == FIRST + timedelta(7 * 59 + 10)


REBASE = '\n[[spc.rebase]]\ndate = 2024-02-28\nreason = "a new phone"\n'


def test_lines_start_anew_with_the_first_full_week_on_or_after_a_day_and_say_why(tmp_path: Path) -> None:
    rows = charted(tmp_path, [*wave(26), *[300.0 + k % 2 for k in range(20)]], extra=REBASE)
    monday = date(2024, 3, 4)
    before, after = rows[:26], rows[26:]
    assert after[0]["week"] == monday
    assert {(r["phase"], r["phase_asked"], r["phase_reason"]) for r in before} == {(1, None, None)}
    assert {(r["phase"], r["phase_asked"], r["phase_reason"]) for r in after} == {
        (2, date(2024, 2, 28), "a new phone")
    }
    assert {(r["n_baseline"], r["baseline_from"], r["cause"]) for r in after} == {
        (13, monday, "Common Cause")
    }


def test_without_a_rebase_nothing_starts_anew_by_itself(tmp_path: Path) -> None:
    rows = charted(tmp_path, [*wave(26), *[300.0] * 20])
    assert {row["phase"] for row in rows} == {1}
    assert {row["cause"] for row in rows[26:]} == {"Above UCL"}


@pytest.mark.parametrize("more", ['measure = "posts"\n', 'facet = "topic:voices"\n'])
def test_a_rebase_of_another_measure_or_facet_is_none_of_this_one(tmp_path: Path, more: str) -> None:
    assert {row["phase"] for row in charted(tmp_path, wave(40), extra=REBASE + more)} == {1}
    named = 'measure = "new_views"\nfacet = "topic:help"\n'
    assert {row["phase"] for row in charted(tmp_path, wave(40), extra=REBASE + named)} == {1, 2}


def test_a_rebase_before_the_first_week_or_after_the_last_begins_no_phase(tmp_path: Path) -> None:
    for first in (date(2024, 3, 4), date(2023, 9, 4)):
        rows = charted(tmp_path, wave(20), first=first, extra=REBASE)
        assert {(row["phase"], row["phase_reason"]) for row in rows} == {(1, None)}


def test_a_young_phase_is_as_early_as_a_young_series(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(31), extra=REBASE)
    assert rows[0]["upl"] is not None
    assert {(row["upl"], row["cause"], row["scale"]) for row in rows[26:]} == {(None, None, "run chart")}
    assert rows[30]["limits_from"] == date(2024, 3, 4) + timedelta(7 * 12 + 10)


BREAKS = {
    "topic:help": [(date(2024, 2, 29), "TikTok counts views anew"), (date(2024, 3, 1), "so does Instagram")]
}


def test_another_meaning_of_views_forces_a_phase_of_every_measure_made_of_views(tmp_path: Path) -> None:
    for measure, phases in (("new_views", {1, 2}), (RATE, {1, 2}), ("posts", {1})):
        rows = charted(tmp_path, wave(40), measure=measure, breaks=BREAKS)
        assert {row["phase"] for row in rows} == phases
        assert rows[0]["phase"] == 1
    other = {"topic:voices": BREAKS["topic:help"]}
    assert {row["phase"] for row in charted(tmp_path, wave(40), breaks=other)} == {1}


def test_reasons_for_one_week_make_one_phase(tmp_path: Path) -> None:
    row = charted(tmp_path, wave(40), extra=REBASE, breaks=BREAKS)[-1]
    assert (row["phase"], row["phase_asked"]) == (2, date(2024, 2, 28))
    assert row["phase_reason"] == "a new phone; TikTok counts views anew; so does Instagram"


TARGET = '\n[[spc.target]]\nmeasure = "new_views"\nvalue = {}\n'


@pytest.mark.parametrize(
    ("target", "assurance"), [(500, "consistent_fail"), (20, "consistent_pass"), (112, "inconsistent")]
)
def test_a_target_is_met_always_never_or_by_chance(tmp_path: Path, target: float, assurance: str) -> None:
    rows = charted(tmp_path, wave(30), extra=TARGET.format(target))
    assert {(row["target"], row["assurance"]) for row in rows} == {(float(target), assurance)}


def test_a_target_without_limits_has_no_assurance(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(9), extra=TARGET.format(500))
    assert {(row["target"], row["assurance"]) for row in rows} == {(500.0, None)}


def test_a_target_of_another_measure_is_none_of_this_one(tmp_path: Path) -> None:
    rows = charted(tmp_path, wave(30), measure="posts", extra=TARGET.format(500))
    assert {row["target"] for row in rows} == {None}
