from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import quantiles
from models.intervals import (
    Interval,
    RatedPosts,
    Ratio,
    median_interval,
    rate_interval,
    rate_ratio,
    ratio_of_views,
    wilson,
)
from models.quantiles import (
    gamma_quantile,
    median_rank,
    normal_probability,
    shift_rank,
    student_quantile,
)

fixed = settings(derandomize=True, deadline=None)

views = st.integers(1, 10**7)
posts = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 10**5)), min_size=1, max_size=14)


def rated(pairs: list[tuple[int, int]]) -> RatedPosts:
    return RatedPosts([x for x, _ in pairs], [v for _, v in pairs])


def orders(m: int, n: int) -> list[int]:
    """Mann and Whitney's U of every order of m + n values."""
    return [
        sum(sum(a > b for b in set(range(m + n)) - set(chosen)) for a in chosen)
        for chosen in combinations(range(m + n), m)
    ]


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [
        (6, 1, 6),
        (7, 1, 7),
        (8, 1, 8),
        (10, 2, 9),
        (12, 3, 10),
        (15, 4, 12),
        (20, 6, 15),
        (25, 8, 18),
        (30, 10, 21),
        (50, 18, 33),
    ],
)
def test_a_median_lies_between_these_ranks(n: int, low: int, high: int) -> None:
    shuffled = np.random.default_rng(n).permutation(np.arange(1, n + 1)).astype(float)
    assert median_interval(shuffled) == Interval((n + 1) / 2, low, high, n)


def test_a_median_of_five_has_no_interval() -> None:
    assert median_interval([5, 1, 4, 2, 3]) == Interval(3.0, None, None, 5)
    assert median_interval([]) == Interval(None, None, None, 0)


def test_unknown_values_are_left_out_however_they_are_written() -> None:
    wanted = median_interval([1, 2, 3, 4, 5, 6])
    assert median_interval([1, None, 2, 3, 4, 5, 6, math.nan]) == wanted
    masked = np.ma.array([1, 2, 99, 3, 4, 5, 6], mask=[0, 0, 1, 0, 0, 0, 0])
    assert median_interval(masked) == wanted


@pytest.mark.parametrize("wrong", [-1.0, math.inf])
def test_impossible_counts_are_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="never negative or infinite"):
        median_interval([1, wrong])


@fixed
@given(st.lists(views, min_size=6, max_size=40), st.sampled_from([2, 10, 1000]))
def test_scaling_views_scales_their_median(values: list[int], factor: int) -> None:
    plain, scaled = median_interval(values), median_interval([v * factor for v in values])
    assert (scaled.value, scaled.low, scaled.high) == tuple(
        None if end is None else end * factor for end in (plain.value, plain.low, plain.high)
    )


@pytest.mark.parametrize(("m", "n"), [(2, 3), (4, 4), (5, 6), (6, 6), (6, 7)])
@pytest.mark.parametrize("tail", [0.005, 0.025, 0.2])
def test_the_rank_of_a_shift_is_that_of_all_orders_counted_out(m: int, n: int, tail: float) -> None:
    us = orders(m, n)
    k = shift_rank(m, n, tail)
    assert sum(u < k for u in us) / len(us) < tail <= sum(u <= k for u in us) / len(us)


def test_the_normal_rank_of_a_shift_meets_the_exact_one(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [(14, 22), (20, 20), (49, 30), (49, 40)]
    exact = [shift_rank.__wrapped__(m, n) for m, n in sizes]
    monkeypatch.setattr(quantiles, "LARGEST_EXACT", 0)
    normal = [shift_rank.__wrapped__(m, n) for m, n in sizes]
    assert exact[0] == 94
    assert max(abs(a - b) for a, b in zip(exact, normal, strict=True)) <= 1
    assert shift_rank.__wrapped__(1, 1) == 0


def test_a_ratio_of_views_is_the_median_of_all_ratios() -> None:
    before, after = [100, 200, 300, 400, 500, 600], [150, 300, 450, 610, 800, 950, 1000]
    shifts = sorted(math.log10(b) - math.log10(a) for a in before for b in after)
    k = shift_rank(6, 7)
    found = ratio_of_views(before, after)
    assert k == 7
    assert found.value == pytest.approx(10 ** float(np.median(shifts)))
    assert found.low == pytest.approx(10 ** shifts[k - 1])
    assert found.high == pytest.approx(10 ** shifts[42 - k])
    assert (found.n_before, found.n_after, found.left_out) == (6, 7, 0)


def test_the_interval_of_a_ratio_holds_the_shifts_that_a_rank_test_would_not_refuse() -> None:
    rng = np.random.default_rng(3)
    before, after = rng.lognormal(7, 1, 6), rng.lognormal(7.4, 1, 7)
    found = ratio_of_views(before, after)
    us = sorted(orders(6, 7))

    def is_refused(ratio: float) -> bool:
        u = int(sum((after / ratio > b).sum() for b in before))
        tail = min(sum(o <= u for o in us), sum(o >= u for o in us)) / len(us)
        return tail < 0.025

    assert found.low is not None
    assert found.high is not None
    assert [is_refused(r) for r in (found.low * 0.999, found.low * 1.001)] == [True, False]
    assert [is_refused(r) for r in (found.high * 0.999, found.high * 1.001)] == [False, True]


@fixed
@given(st.lists(views, min_size=1, max_size=12), st.lists(views, min_size=1, max_size=12))
def test_swapping_the_periods_inverts_the_ratio_of_views(before: list[int], after: list[int]) -> None:
    there, back = ratio_of_views(before, after), ratio_of_views(after, before)
    assert there.value == pytest.approx(1 / (back.value or 0))
    assert (there.low is None) == (back.high is None) == (min(len(before), len(after)) < 6)
    if there.low and there.high and back.high and back.low:
        assert (there.low, there.high) == pytest.approx((1 / back.high, 1 / back.low))
        assert there.low <= (there.value or 0) * (1 + 1e-9)
        assert (there.value or 0) <= there.high * (1 + 1e-9)


def test_posts_without_a_view_are_left_out_and_counted() -> None:
    ten = [100 * i for i in range(1, 11)]
    assert ratio_of_views([*ten[1:], 0], ten).low is not None  # 1 of 10
    found = ratio_of_views([*ten[2:], 0, 0], ten)  # 2 of 10
    assert (found.low, found.high, found.n_before, found.left_out) == (None, None, 8, 2)
    assert ratio_of_views(ten, [*ten[2:], 0, 0]).low is None
    assert ratio_of_views([0, 0], ten) == Ratio(None, None, None, 0, 10, 2)


def test_a_level_that_the_ranks_cannot_reach_gives_no_interval() -> None:
    six = [100, 200, 300, 400, 500, 600]
    assert ratio_of_views(six, six, level=0.99).low is not None
    assert ratio_of_views(six, six, level=0.999).low is None


def test_a_direction_needs_the_whole_interval_on_one_side() -> None:
    assert Ratio(2, 1.01, 4, 9, 9).direction == "up"
    assert Ratio(0.5, 0.2, 0.99, 9, 9).direction == "down"
    assert Ratio(2, 1.0, 4, 9, 9).direction is None
    assert Ratio(0.5, 0.2, 1.0, 9, 9).direction is None
    assert Ratio(2, None, None, 9, 9).direction is None


def test_a_rate_is_a_ratio_of_sums_and_its_interval_is_of_posts() -> None:
    found = rate_interval([50, 10, 30, 5, 80, 20], [1000, 400, 500, 200, 1000, 900])
    assert found.value == pytest.approx(195 / 4000)
    assert found.n == 6
    assert found == rate_interval([50, 10, 30, 5, 80, 20], [1000, 400, 500, 200, 1000, 900])
    low, high = found.low or 0, found.high or 0
    # Counting noise alone (Wilson) would give 0.0425 to 0.0559; posts range from 0.022 to 0.08.
    assert 0.022 < low < 0.0425
    assert 0.0559 < high < 0.08


def test_a_rate_of_five_posts_or_of_posts_all_alike_has_no_interval() -> None:
    assert rate_interval([1, 2, 3, 4, 5], [100] * 5).low is None
    assert rate_interval([0] * 8, [100] * 8) == Interval(0.0, None, None, 8)
    assert rate_interval([], []) == Interval(None, None, None, 0)


def test_posts_that_have_no_rate_are_left_out_of_it() -> None:
    whole = rate_interval([5, 1, 3, 4, 2, 9], [100] * 6)
    assert rate_interval([5, 1, 3, 4, 2, 9, 7, None, 8], [100] * 6 + [0, 100, None]) == whole


def test_accounts_are_resampled_whole_when_there_are_six() -> None:
    rng = np.random.default_rng(8)
    accounts = [f"a{i}" for i in range(8) for _ in range(5)]
    x = (np.repeat(rng.integers(10, 100, 8), 5) + rng.integers(0, 5, 40)).astype(float)
    v = np.full(40, 1000.0)
    by_post, by_account = rate_interval(x, v), rate_interval(x, v, accounts)
    assert by_account.value == by_post.value
    assert by_account.n == 40
    assert (by_account.high or 0) - (by_account.low or 0) > 2 * ((by_post.high or 0) - (by_post.low or 0))
    few = ["a", "b"] * 20
    assert rate_interval(x, v, few) == by_post
    # An account whose posts all lack a view does not count as one of the six.
    six = list("abcdef") * 6
    seen = [0.0 if account == "f" else 1000.0 for account in six]
    assert rate_interval(x[:36], seen, six) == rate_interval(x[:36], seen)


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally many"):
        rate_interval([1], [1, 2])
    with pytest.raises(ValueError, match="equally many"):
        rate_interval([1, 2], [1, 2], ["a"])


@settings(fixed, max_examples=60)
@given(posts, posts)
def test_swapping_the_periods_inverts_the_ratio_of_rates(
    before: list[tuple[int, int]], after: list[tuple[int, int]]
) -> None:
    there, back = rate_ratio(rated(before), rated(after)), rate_ratio(rated(after), rated(before))
    if there.value and back.value:
        assert there.value == pytest.approx(1 / back.value)
    if there.low is not None and there.high is not None:
        assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))
        assert 0 < there.low <= there.high


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_a_higher_level_gives_a_wider_interval(level: float) -> None:
    before = RatedPosts([50, 10, 30, 5, 80, 20], [1000, 400, 500, 200, 1000, 900])
    after = RatedPosts([60, 30, 30, 15, 80, 40], [1000, 500, 500, 200, 1100, 900])
    wide, narrow = rate_ratio(before, after, level + 0.005), rate_ratio(before, after, level)
    assert (wide.low or 0) < (narrow.low or 0) < (narrow.high or 0) < (wide.high or 0)
    assert narrow.value == pytest.approx((255 / 4200) / (195 / 4000))


def test_a_ratio_of_rates_without_interactions_has_no_interval() -> None:
    some, nothing = RatedPosts([9, 8, 7, 6, 5, 4], [100] * 6), RatedPosts([0] * 6, [100] * 6)
    assert rate_ratio(nothing, some) == Ratio(None, None, None, 6, 6)
    assert rate_ratio(some, nothing) == Ratio(0.0, None, None, 6, 6)
    nearly = RatedPosts([0, 0, 0, 0, 0, 4], [100] * 6)  # a third of its resamples have none
    assert rate_ratio(nearly, some).low is None
    assert rate_ratio(RatedPosts([], []), some) == Ratio(None, None, None, 0, 6)


@pytest.mark.parametrize(("n_before", "n_after"), [(6, 7), (14, 22)])
def test_intervals_of_rates_hold_the_truth_as_often_as_they_say(n_before: int, n_after: int) -> None:
    rng = np.random.default_rng(20231107)

    def period(n: int) -> RatedPosts:
        seen = np.round(rng.lognormal(8, 1, n)) + 1
        return RatedPosts(rng.poisson(seen * 0.05 * rng.lognormal(0, 0.4, n)), seen)

    found = [rate_ratio(period(n_before), period(n_after)).direction for _ in range(600)]
    assert 600 - found.count(None) <= 40  # 5 %, and two standard errors of 600 draws


@pytest.mark.parametrize(("n_before", "n_after"), [(6, 7), (14, 22)])
def test_intervals_of_views_hold_the_truth_as_often_as_they_say(n_before: int, n_after: int) -> None:
    rng = np.random.default_rng(20240206)
    found = [
        ratio_of_views(rng.lognormal(7, 1, n_before), rng.lognormal(7, 1, n_after)).direction
        for _ in range(1000)
    ]
    assert 1000 - found.count(None) <= 63


def test_a_share_of_posts() -> None:
    found = wilson(5, 20)
    assert found.value == 0.25
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (0.112, 0.469)
    assert wilson(0, 0) == Interval(None, None, None, 0)
    with pytest.raises(ValueError, match="21 of 20"):
        wilson(21, 20)


@fixed
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_both_within_0_and_1(share: tuple[int, int]) -> None:
    k, n = share
    found, mirrored = wilson(k, n), wilson(n - k, n)
    assert 0 <= (found.low or 0) <= k / n <= (found.high or 0) <= 1
    assert found.low == pytest.approx(1 - (mirrored.high or 0), abs=1e-12)


@pytest.mark.parametrize(
    ("probability", "freedom", "t"),
    [(0.975, 1, 12.7062), (0.975, 2, 4.3027), (0.975, 5, 2.5706), (0.995, 6, 3.7074), (0.9995, 20, 3.8495)],
)
def test_quantiles_of_student_are_the_printed_ones(probability: float, freedom: int, t: float) -> None:
    assert student_quantile(probability, freedom) == pytest.approx(t, abs=5e-5)


def test_quantiles_of_the_gamma_distribution_are_near_the_exact_ones() -> None:
    # Garwood's exact 95 % ends for counts of 10 and 100.
    assert gamma_quantile(10, 0.025) == pytest.approx(4.795, rel=0.01)
    assert gamma_quantile(100, 0.025) == pytest.approx(81.364, rel=0.001)
    assert gamma_quantile(1, 0.0001) == 0
    assert gamma_quantile(0, 0.5) == 0


def test_the_probability_of_a_normal_value() -> None:
    assert normal_probability(-1.959964) == pytest.approx(0.025, abs=1e-7)


def test_the_rank_of_a_median_is_exact() -> None:
    for n in range(6, 60):
        k = median_rank(n)
        below = [sum(Fraction(math.comb(n, i), 2**n) for i in range(j)) for j in (k, k + 1)]
        assert below[0] < Fraction(1, 40) <= below[1]
