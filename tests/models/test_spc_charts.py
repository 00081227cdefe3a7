"""Run charts, charts of rates, and the choice of scale."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from models.spc import BadSeries, Options, xmr
from models.spc_charts import (
    c_chart,
    crossings_min,
    i_chart,
    longest_run_max,
    p_chart,
    run_chart,
    runs,
    u_chart,
)
from models.spc_views import advised_scale, is_skewed, views_vary, xmr_log10


def days(n: int) -> list[date]:
    return [date(2024, 1, 1) + timedelta(7 * i) for i in range(n)]


ALL = np.full(10, True)


def test_values_on_the_median_neither_break_nor_extend_a_run() -> None:
    found = runs(np.array([1, 1, 0, 1, -1, 0, -1, 1.0]), 0.0)
    assert (found.n_useful, found.longest_run, found.n_crossings) == (6, 3, 2)


def test_fewer_than_10_useful_values_give_no_signal() -> None:
    assert not runs(np.array([1.0] * 9), 0.0).signal
    assert runs(np.array([1.0] * 10), 0.0).signal
    assert (longest_run_max(0), crossings_min(0), crossings_min(1)) == (0, 0, 0)
    assert runs(np.array([]), 0.0).longest_run == 0


def test_a_run_chart_has_a_median_for_each_phase() -> None:
    values = [*range(12), None, *range(100, 112)]
    found = run_chart(days(25), values, Options(rebase=(days(25)[13],)))
    assert [(g.phase, g.n, g.median) for g in found.groups] == [(1, 12, 5.5), (2, 12, 105.5)]
    assert [p.limits.mean for p in found.points] == [5.5] * 13 + [105.5] * 12
    assert {p.cause for p in found.points} == {None}


def test_a_frozen_median_is_that_of_the_first_rows() -> None:
    found = run_chart(days(24), [1.0, 2.0] * 6 + [9.0] * 12, Options(baseline=12))
    assert (found.groups[0].median, found.groups[0].runs.signal) == (1.5, True)


def test_a_run_chart_without_values() -> None:
    found = run_chart(days(2), [None, None])
    assert (found.groups[0].median, found.groups[0].runs.n_useful) == (None, 0)


def test_rows_without_a_size_have_no_limits_and_set_none() -> None:
    counts = np.array([5.0, 6, 4, 5, np.nan, 6, 4, 5, 6, 4])
    sizes = np.array([100.0, 100, 0, 100, 100, 100, 100, 100, 100, np.nan])
    for draw in (u_chart, p_chart):
        for prime in (False, True):
            drawn = draw(counts, sizes, ALL, prime=prime)
            assert np.isnan(drawn.upper).tolist() == [n in {2, 9} for n in range(10)]
            assert drawn.centre == pytest.approx(37 / 700)


def test_charts_of_nothing_are_refused() -> None:
    nothing = np.full(10, np.nan)
    with pytest.raises(BadSeries, match="a count and a size"):
        u_chart(nothing, nothing, ALL, prime=True)
    with pytest.raises(BadSeries, match="has a count"):
        c_chart(nothing, ALL)
    with pytest.raises(BadSeries, match="has a value"):
        i_chart(nothing, ALL)
    assert math.isnan(i_chart(np.array([1.0]), np.array([True])).lower[0])


def test_rates_without_spread_have_their_centre_as_limits() -> None:
    zeros, sizes = np.zeros(10), np.full(10, 50.0)
    assert u_chart(zeros, sizes, ALL, prime=True).upper.tolist() == [0.0] * 10
    assert p_chart(sizes, sizes, ALL, prime=True).lower.tolist() == [1.0] * 10


def test_limits_of_counts_and_shares_stay_where_they_can_be() -> None:
    few = np.array([1.0, 0, 1, 0, 1, 0, 1, 0, 1, 0])
    assert c_chart(few, ALL).lower.tolist() == [0.0] * 10
    most = p_chart(10 - few, np.full(10, 10.0), ALL)
    assert most.upper.tolist() == [1.0] * 10


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([10, 11, 12, 50], "as they are"),
        ([10, 10, 10, 50], "as they are"),  # exactly five times
        ([10, 10, 10, 51], "log10"),
        ([0, 10, 10, 51], "run chart"),
        ([-1, 1, 1, 51], "as they are"),
        ([np.nan, 10, 10, 10, 51], "log10"),
        ([], "as they are"),
    ],
)
def test_the_scale_that_suits_the_values(values: list[float], scale: str) -> None:
    assert advised_scale(np.array(values, dtype=float)) == scale
    assert is_skewed(np.array(values, dtype=float)) == (scale != "as they are")


def test_rates_need_u_prime_when_views_vary_more_than_fourfold() -> None:
    assert not views_vary(np.array([100.0, 400, np.nan]))
    assert views_vary(np.array([100.0, 401]))
    assert views_vary(np.array([0.0, 1]))
    assert not views_vary(np.array([]))


def test_log10_gives_the_geometric_mean_and_limits_in_the_unit_of_the_values() -> None:
    values = [100.0, 1000.0] * 10 + [None]
    found = xmr_log10(days(21), values, Options("increase", target=5e6))
    limits = found.points[0].limits
    assert limits.mean == pytest.approx(10**2.5)
    assert limits.amr == pytest.approx(10)
    assert (limits.lpl, limits.upl) == pytest.approx((10 ** (2.5 - 2.66), 10 ** (2.5 + 2.66)))
    assert [p.value for p in found.points] == values
    assert found.groups[0].latest.value == 1000.0
    assert found.groups[0].limits == limits
    assert found.groups[0].assurance == "consistent_fail"


def test_log10_tames_a_viral_week() -> None:
    rng = np.random.default_rng(1)
    values = [*np.exp(rng.normal(7, 0.4, 24)).tolist(), 80_000.0]
    raw, tamed = xmr(days(25), values), xmr_log10(days(25), values)
    assert [p.point_type for p in tamed.points].count("common_cause") == 24
    assert [p.point_type for p in raw.points].count("common_cause") < 24


@pytest.mark.parametrize("value", [0.0, -5.0])
def test_values_without_a_logarithm_are_refused(value: float) -> None:
    with pytest.raises(BadSeries, match=r"2024-01-08: .* use a run chart"):
        xmr_log10(days(2), [1.0, value])
    with pytest.raises(BadSeries, match="target"):
        xmr_log10(days(2), [1.0, 2.0], Options(target=value))


@pytest.mark.parametrize("value", [1e-31, 1e31])
def test_values_whose_limits_could_not_be_told_are_refused(value: float) -> None:
    with pytest.raises(BadSeries, match="use another unit"):
        xmr_log10(days(2), [1.0, value])


@pytest.mark.parametrize(
    ("lengths", "signal"),
    [((6, 2, 2), False), ((7, 2, 1), True), ((5, 5), True), ((4, 4, 2), False)],
)
def test_10_values_may_run_6_long_and_must_cross_twice(lengths: tuple[int, ...], signal: bool) -> None:
    values = [(-1.0) ** n for n, length in enumerate(lengths) for _ in range(length)]
    assert runs(np.array(values), 0.0).signal == signal


def test_limits_of_individual_values_by_hand() -> None:
    drawn = i_chart(np.array([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2]), ALL)
    assert drawn.upper[0] == pytest.approx(1.5 + 3 / 1.128, rel=1e-12)


def test_laneys_limits_by_hand() -> None:
    """Rates 1 and 3 on sizes of 4 about 2: each score is ±√2, each moving range 2√2."""
    drawn = u_chart(np.array([4.0, 12] * 5), np.full(10, 4.0), ALL, prime=True)
    assert drawn.upper[0] == pytest.approx(2 + 3 * math.sqrt(2 / 4) * 2 * math.sqrt(2) / 1.128, rel=1e-12)
