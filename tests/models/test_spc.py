"""The rules at their edges, the deviations from R, and what short or odd series may claim."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from models.spc import BadSeries, Chart, Options, xmr
from models.spc_rules import (
    Limits,
    autocorrelation,
    exact_mean,
    limits_of,
    near,
    outside,
    screened,
    shift,
    signs,
    steps_into,
    trend,
    trend_directions,
    two_of_three,
)

START = date(2024, 1, 1)
ZIGZAG = [1.0, 2.0] * 6
LINES = Limits(mean=0.0, amr=1.0, lpl=-3.0, nlpl=-2.0, nupl=2.0, upl=3.0)


def days(n: int) -> list[date]:
    return [START + timedelta(7 * i) for i in range(n)]


def chart(*values: float | None, options: Options | None = None) -> Chart:
    return xmr(days(len(values)), values, options)


def flags(found: np.ndarray) -> str:  # type: ignore[type-arg]
    return "".join("x" if flag else "." for flag in found)


def array(*values: float | None) -> np.ndarray:  # type: ignore[type-arg]
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def test_limits_by_hand() -> None:
    limits = limits_of(array(1, 2, 1, 2, 10, *[1, 2] * 6, 1), screen=True)
    assert limits.mean == pytest.approx(35 / 18)
    assert limits.amr == 1
    assert (limits.lpl, limits.upl) == pytest.approx((35 / 18 - 2.66, 35 / 18 + 2.66))
    assert (limits.nlpl, limits.nupl) == pytest.approx((35 / 18 - 5.32 / 3, 35 / 18 + 5.32 / 3))
    assert limits_of(array(1, 2, 1, 2, 10, *[1, 2] * 6, 1), screen=False).amr == pytest.approx(32 / 17)


def test_screening_is_one_pass() -> None:
    assert screened(array(1, 1, 1, 1, 1, 1, 9)).tolist() == [1] * 6
    assert screened(array(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5, 30)).tolist() == [1] * 10 + [5]


def test_on_a_limit_is_inside_and_on_a_near_limit_is_not_near() -> None:
    y = array(3, 3.0001, -3, -3.0001, 2, 2.0001, -2, -2.0001, None)
    assert flags(outside(y, LINES)) == ".x.x....."
    assert flags(near(y, LINES)) == "x.x..x.x."  # an outside point is never near


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3, 4, 5, 6, 7), "xxxxxxx"),
        ((1, 2, 3, 4, 5, 6), "......"),
        ((1, 2, 3, 3, 4, 5, 6, 7), "........"),
        ((7, 6, 5, 4, 3, 2, 1, 9), "xxxxxxx."),
        ((1, 2, 3, None, 5, 6, 7, 8), "........"),
    ],
)
def test_a_trend_is_7_values_with_6_steps_one_way(values: tuple[float | None, ...], expected: str) -> None:
    assert flags(trend(steps_into(array(*values)))) == expected


def test_a_turning_point_belongs_to_the_trend_that_it_begins() -> None:
    turning = steps_into(array(*range(1, 8), *range(6, 0, -1)))
    assert trend_directions(turning, trend(turning)).tolist()[5:8] == [1, -1, -1]
    last = steps_into(array(*range(1, 8)))
    assert trend_directions(last, trend(last)).tolist() == [1] * 7
    level = steps_into(array(*range(1, 8), *range(7, 0, -1)))
    assert trend_directions(level, trend(level)).tolist()[6:8] == [1, -1]


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ((1,) * 7, "xxxxxxx"),
        ((1,) * 6, "......"),
        ((1, 1, 1, 0, 1, 1, 1, 1), "........"),
        ((-1,) * 8 + (1,), "xxxxxxxx."),
    ],
)
def test_a_shift_is_7_values_on_one_side(sides: tuple[int, ...], expected: str) -> None:
    assert flags(shift(np.array(sides))) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2.5, 1, 2.5), "x.x"),
        ((2.5, 2.5), ".."),  # a window lies wholly inside its phase
        ((2.5, -1, 2.5), "..."),
        ((2.5, 0, 2.5), "..."),
        ((3.5, 1, 2.5), "..."),  # outside is not near
        ((1, 1, 2.5), "..."),
        ((-2.5, -2.5, -2.5, -1), "xxx."),
        ((2.5, None, 2.5), "..."),
    ],
)
def test_two_of_three_near_one_limit(values: tuple[float | None, ...], expected: str) -> None:
    y = array(*values)
    assert flags(two_of_three(signs(y), near(y, LINES))) == expected


def test_the_first_rule_that_holds_names_the_cause_and_all_four_are_kept() -> None:
    points = chart(
        *[0.0, 1.0] * 10, 20, 21, 22, 23, 24, 25, 26, options=Options("increase", baseline=20)
    ).points
    assert {p.cause for p in points[20:]} == {"Above UCL"}
    assert [(p.outside, p.trend, p.two_of_three, p.shift) for p in points[20:]] == [
        (True, True, False, True)
    ] * 7


def test_a_rising_trend_below_the_mean_improves_what_should_increase() -> None:
    found = chart(
        *[5.0, 9.0] * 10, 5.5, 5.6, 5.7, 5.8, 5.9, 6, 6.1, 6.2, options=Options("increase", baseline=20)
    )
    assert found.points[-1].cause == "7 Point Trend (Increasing)"
    assert found.points[-1].point_type == "special_cause_improvement"
    assert found.points[-1].is_high


@pytest.mark.parametrize(
    ("direction", "value", "kind"),
    [
        ("increase", 50, "special_cause_improvement"),
        ("increase", -50, "special_cause_concern"),
        ("decrease", 50, "special_cause_concern"),
        ("decrease", -50, "special_cause_improvement"),
        ("neutral", 50, "special_cause_neutral_high"),
        ("neutral", -50, "special_cause_neutral_low"),
    ],
)
def test_what_a_signal_means_depends_on_the_good_direction(direction: str, value: float, kind: str) -> None:
    found = chart(*ZIGZAG, value, options=Options(direction, baseline=12))
    assert found.points[-1].point_type == kind


def test_a_constant_series_has_its_mean_as_limits_and_only_common_cause() -> None:  # D1
    for value in (5.0, 0.1, 0.0, -1e9):
        for screen in (True, False):
            found = chart(*[value] * 15, options=Options("increase", screen))
            assert found.points[0].limits == Limits(value, 0, value, value, value, value)
            assert {p.point_type for p in found.points} == {"common_cause"}


def test_a_baseline_without_movement_is_common_cause_on_both_sides_of_a_gap() -> None:  # D1
    found = chart(*[1.0] * 8, None, *[2.0] * 8)
    assert found.points[0].limits.amr == 0
    assert {p.point_type for p in found.points} == {"common_cause", None}


def test_what_follows_a_constant_baseline_is_still_judged() -> None:
    found = chart(*[4.0] * 12, 4, 9, options=Options("increase", baseline=12))
    assert [p.cause for p in found.points[-2:]] == ["Common Cause", "Above UCL"]


def test_one_point_has_no_limits_and_is_not_assessed() -> None:  # D4, D5
    found = chart(7.0, options=Options("increase", target=5))
    (point,) = found.points
    assert (point.value, point.limits) == (7.0, Limits(mean=7.0))
    assert (point.cause, point.point_type, found.groups[0].assurance) == (None, None, None)


def test_values_that_are_never_neighbours_are_not_assessed() -> None:
    found = chart(1.0, None, 2.0, None, 3.0)
    assert {p.cause for p in found.points} == {None}
    assert found.groups[0].limits.amr is None


def test_a_series_without_values_keeps_its_rows() -> None:
    found = chart(None, None)
    assert [(p.value, p.cause, p.limits) for p in found.points] == [(None, None, Limits())] * 2
    assert found.groups[0].n == 0


def test_a_missing_value_keeps_its_row_and_both_its_moving_ranges_vanish() -> None:
    found = chart(1.0, 2.0, None, 50.0, 51.0, 52.0)
    assert found.points[2].limits == found.points[0].limits
    assert (found.points[2].cause, found.points[2].outside) == (None, False)
    assert found.points[0].limits.amr == 1
    assert found.groups[0].n == 5


def test_the_latest_value_counts_when_the_last_row_is_empty() -> None:
    assert chart(*ZIGZAG, 50.0, None).groups[0].latest.value == 50.0


def test_negative_values_are_values_and_limits_are_never_clipped() -> None:
    up, down = chart(*ZIGZAG, 9.0), chart(*[-v for v in ZIGZAG], -9.0)
    assert up.points[0].limits.lpl == pytest.approx(-(down.points[0].limits.upl or 0))
    assert (chart(0.0, 5.0, 0.0, 4.0).points[0].limits.lpl or 0) < 0


def test_the_same_date_twice_names_the_rows() -> None:  # D6
    with pytest.raises(BadSeries, match=r"2024-01-08 is there twice \(rows 2 and 3\)"):
        xmr([*days(2), days(2)[1]], [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("dates", "values", "options", "words"),
    [
        ([], [], {}, "no rows"),
        (days(2)[::-1], [1, 2], {}, "sort the rows"),
        (days(2), [1, float("inf")], {}, "infinite"),
        (days(2), [1, 2], {"rebase": (date(2023, 12, 31),)}, "outside the data; use a date from 2024-01-01"),
        (days(2), [1, 2], {"rebase": (date(2024, 1, 9),)}, "outside the data"),
        (days(2), [1, 2], {"baseline": 11}, "use 12 or more"),
        (days(2), [1, 2], {"direction": "up"}, "use one of increase, decrease, neutral"),
        (days(2), [1, 2], {"target": float("nan")}, "not a number"),
    ],
)
def test_what_cannot_be_charted_is_refused_with_a_cure(
    dates: list[date], values: list[float], options: dict[str, object], words: str
) -> None:
    with pytest.raises(BadSeries, match=words):
        xmr(dates, values, Options(**options))  # type: ignore[arg-type]


def test_phases_have_their_own_limits_and_no_moving_range_between_them() -> None:
    found = chart(*ZIGZAG, *[v + 100 for v in ZIGZAG], options=Options(rebase=(days(24)[12],)))
    assert [(g.phase, g.n, g.limits.mean, g.limits.amr) for g in found.groups] == [
        (1, 12, 1.5, 1.0),
        (2, 12, 101.5, 1.0),
    ]
    assert found.snapped == ()


def test_phase_dates_on_one_row_make_one_phase_and_the_first_row_needs_none() -> None:
    asked = (START, START + timedelta(1), START + timedelta(2))
    found = chart(*ZIGZAG, options=Options(rebase=asked))
    assert [g.phase for g in found.groups] == [1, 2]
    assert found.snapped == tuple((day, START + timedelta(7)) for day in asked[1:])


def test_assurance_compares_the_target_with_the_limits_which_belong_to_the_process() -> None:
    lpl, upl = chart(*ZIGZAG).points[0].limits.lpl, chart(*ZIGZAG).points[0].limits.upl
    assert lpl is not None
    assert upl is not None
    cases = {
        lpl: "inconsistent",
        upl: "inconsistent",
        upl + 1e-9: "consistent_fail",
        lpl - 1e-9: "consistent_pass",
    }
    other = {"consistent_pass": "consistent_fail", "consistent_fail": "consistent_pass"}
    for target, verdict in cases.items():
        up, down, none = (
            chart(*ZIGZAG, options=Options(direction, target=target)).groups[0].assurance
            for direction in ("increase", "decrease", "neutral")
        )
        assert (up, down, none) == (verdict, other.get(verdict, verdict), None)


@pytest.mark.parametrize(
    ("n", "words", "has_icons", "is_trial"),
    [
        (9, "too few points to judge", False, True),
        (10, "trial limits", False, True),
        (12, "trial limits", False, True),
        (13, "trial limits: fewer than 20 points", True, True),
        (19, "trial limits: fewer than 20 points", True, True),
        (20, "", True, False),
    ],
)
def test_a_short_phase_says_how_little_it_may_claim(
    n: int, words: str, has_icons: bool, is_trial: bool
) -> None:  # D3
    found = chart(*([1.0, 2.0] * n)[:n])
    assert (found.groups[0].caution, found.groups[0].has_icons) == (words, has_icons)
    assert found.points[0].is_trial == is_trial


def test_limits_from_a_short_baseline_stay_on_trial() -> None:
    found = chart(*ZIGZAG, *ZIGZAG, options=Options(baseline=12))
    assert found.groups[0].caution == "trial limits: fewer than 20 points"
    assert found.groups[0].n_baseline == 12


def test_neighbours_that_resemble_each_other_are_measured_from_20_values_on() -> None:
    assert autocorrelation(array(*range(19))) is None
    assert autocorrelation(array(*[3] * 30)) is None
    assert (autocorrelation(array(*range(20))) or 0) > 0.8
    assert (autocorrelation(array(*[1, 2] * 10)) or 0) == pytest.approx(-0.95)
    assert chart(*[float(v) for v in range(20)]).groups[0].autocorrelation == pytest.approx(0.85)


def test_a_value_in_the_middle_lies_on_the_mean() -> None:
    assert exact_mean(array(0.1, 0.2, 0.3)) == 0.2
