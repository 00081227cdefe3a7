"""Rates whose sizes vary: limits by each week's own size, and the four rules on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.spc import Chart, Options, xmr
from models.spc_charts import i_chart, u_chart
from models.spc_laney import u_prime

START = date(2024, 1, 1)
SIZES = [1.0, 4.0, 2.0, 9.0] * 5
RATES = [50.0, 44.0, 52.0, 47.0] * 5
fixed = settings(derandomize=True, deadline=None)


def chart(
    rates: Sequence[float | None], sizes: Sequence[float | None], options: Options | None = None
) -> Chart:
    days = [START + timedelta(7 * n) for n in range(len(rates))]
    return u_prime(days, rates, sizes, options or Options("increase", baseline=20))


def causes(drawn: Chart) -> list[str | None]:
    return [point.cause for point in drawn.points]


def test_limits_are_laneys_and_are_not_clipped_at_zero() -> None:
    sizes = np.array([*SIZES, 0.01])
    rates = np.array([*RATES, 50.0])
    drawn = u_chart(rates * sizes, sizes, np.arange(21) < 20, prime=True)
    points = chart(rates.tolist(), sizes.tolist()).points
    assert [p.limits.mean for p in points] == [pytest.approx(drawn.centre)] * 21
    assert [p.limits.upl for p in points] == pytest.approx(drawn.upper.tolist())
    assert [p.limits.lpl for p in points[:20]] == pytest.approx(drawn.lower[:20].tolist())
    near = [(p.limits.nlpl, p.limits.nupl) for p in points]
    thirds = (drawn.upper - drawn.centre) * 2 / 3
    assert near == [pytest.approx((drawn.centre - third, drawn.centre + third)) for third in thirds]
    assert points[20].limits.lpl is not None
    assert points[20].limits.lpl < drawn.lower[20] == 0


def test_with_equal_sizes_limits_are_those_of_individual_values() -> None:
    drawn, (point, *_) = i_chart(np.array(RATES), np.ones(20, dtype=bool)), chart([*RATES], [3.0] * 20).points
    assert (point.limits.lpl, point.limits.upl) == pytest.approx((drawn.lower[0], drawn.upper[0]))


def test_the_same_rate_is_a_signal_in_a_busy_week_and_none_in_a_quiet_one() -> None:
    after = causes(chart([*RATES, 62.0, 62.0], [*SIZES, 0.5, 9.0]))[20:]
    assert after == ["Common Cause", "Above UCL"]


def test_no_week_has_closer_limits_than_the_busiest_of_the_baseline() -> None:
    points = chart([*RATES, 50.0, 50.0], [*SIZES, 9.0, 9_000.0]).points
    assert points[21].limits == points[20].limits
    assert points[20].limits.upl == points[3].limits.upl


def test_two_of_three_weeks_near_a_limit_are_near_their_own() -> None:
    upper = [p.limits.nupl or math.nan for p in chart([*RATES, 48.0, 48.0, 48.0], [*SIZES, 1, 9, 4]).points]
    rates = [upper[20] + 0.1, upper[21] + 0.1, 48.0]
    assert causes(chart([*RATES, *rates], [*SIZES, 1, 9, 4]))[20:22] == ["2 in 3 Above CL"] * 2
    rates[0] = upper[21] + 0.1  # near the limit of the busy week, not of its own
    assert causes(chart([*RATES, *rates], [*SIZES, 1, 9, 4]))[20:22] == ["Common Cause"] * 2


def test_seven_weeks_on_one_side_are_a_shift_whatever_their_sizes() -> None:
    after = causes(chart([*RATES, *[48.0] * 7], [*SIZES, *SIZES[:7]]))[20:]
    assert after == ["7 Points Above CL"] * 7


@pytest.mark.parametrize(
    ("sizes", "cause"),
    [
        ([2.0] * 7, "7 Point Trend (Increasing)"),
        ([20.0, 2.0, 20.0, 2.0, 20.0, 2.0, 20.0], "Common Cause"),
    ],
)
def test_a_trend_must_rise_beyond_what_the_sizes_alone_would_do(sizes: list[float], cause: str) -> None:
    rising = [46.9, 46.95, 47.0, 47.05, 47.1, 47.15, 47.2]
    assert set(causes(chart([*RATES, *rising], [*SIZES, *sizes]))[20:]) == {cause}


def test_rates_that_do_not_rise_are_no_trend_though_their_distances_do() -> None:
    falling = [47.5 - n / 100 for n in range(7)]
    drawn = chart([*RATES, *falling], [*SIZES, *(float((n + 1) ** 2) for n in range(7))])
    assert set(causes(drawn)[20:]) == {"7 Points Above CL"}


def test_a_week_without_views_has_no_limits_and_is_not_judged() -> None:
    point = chart([*RATES, None, 900.0], [*SIZES, 5.0, None]).points[21]
    assert (point.limits.mean is not None, point.limits.upl, point.cause) == (True, None, None)


def test_a_provisional_week_has_limits_and_no_cause() -> None:
    point = chart([*RATES, None], [*SIZES, 5.0]).points[20]
    assert (point.limits.upl is not None, point.cause) == (True, None)


def test_rates_that_never_vary_have_their_centre_as_limits_and_later_ones_are_judged() -> None:
    drawn = chart([0.1] * 20 + [0.1, 0.2], [*SIZES, 1.0, 1.0])
    assert set(causes(drawn)[:20]) == {"Common Cause"}
    assert drawn.points[0].limits.upl == pytest.approx(0.1)
    assert causes(drawn)[21] == "Above UCL"


def test_one_rate_alone_is_not_assessed() -> None:
    drawn = chart([5.0, None], [2.0, 3.0], Options())
    assert {(point.cause, point.limits.upl) for point in drawn.points} == {(None, None)}


def test_a_phase_has_limits_of_its_own() -> None:
    rates, sizes = [*RATES, *(2 * rate for rate in RATES)], [*SIZES, *SIZES]
    drawn = chart(rates, sizes, Options("increase", rebase=(START + timedelta(140),)))
    first, second = drawn.points[0].limits.mean, drawn.points[-1].limits.mean
    assert second == pytest.approx(2 * (first or 0))
    assert set(causes(drawn)) == {"Common Cause"}


def test_a_target_is_compared_with_the_latest_weeks_limits() -> None:
    options = Options("increase", baseline=20, target=60.0)
    assert chart([*RATES, 48.0], [*SIZES, 30.0], options).groups[0].assurance == "consistent_fail"
    assert chart([*RATES, 48.0], [*SIZES, 0.2], options).groups[0].assurance == "inconsistent"


@fixed
@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 90).map(float), st.none() | st.integers(1, 60).map(float)),
        max_size=25,
    )
)
def test_a_week_is_outside_exactly_when_it_lies_beyond_its_own_limits(
    later: list[tuple[float | None, float | None]],
) -> None:
    drawn = chart([*RATES, *(rate for rate, _ in later)], [*SIZES, *(size for _, size in later)])
    for point in drawn.points:
        low, high = point.limits.lpl, point.limits.upl
        if point.value is None or low is None or high is None:
            assert point.cause is None
        elif min(abs(point.value - low), abs(point.value - high)) > 1e-9:
            assert point.outside != (low < point.value < high)


def test_where_sizes_hardly_vary_it_agrees_with_xmr_about_a_jump() -> None:
    rates: list[float | None] = [*RATES, *[70.0] * 8]
    days = [START + timedelta(7 * n) for n in range(28)]
    options = Options("increase", baseline=20)
    by_size = u_prime(days, rates, [3.0, 3.1] * 14, options)
    assert causes(by_size)[20:] == [p.cause for p in xmr(days, rates, options).points][20:]
