from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.compare import PeriodPosts, compare, summarise
from models.intervals import RatedPosts, median_interval, rate_interval, rate_ratio, ratio_of_views

fixed = settings(derandomize=True, deadline=None)


def posts(views: list[float | None], interactions: list[float | None], **other: object) -> PeriodPosts:
    return PeriodPosts(views, interactions, [False] * len(views), **other)  # type: ignore[arg-type]


BEFORE = posts([100, 200, 300, 400, 500, 600], [5, 12, 10, 30, 20, 40])
AFTER = posts([150, 350, 400, 600, 800, 900, 1000], [10, 40, 30, 60, 90, 70, 120])


def test_the_rates_of_a_period() -> None:
    found = summarise(BEFORE)
    assert found.median_rate == median_interval([0.05, 0.06, 10 / 300, 0.075, 0.04, 40 / 600])
    assert found.rate == rate_interval(BEFORE.interactions, BEFORE.views)
    assert not found.is_dominated


def test_a_period_without_posts_has_no_rates() -> None:
    found = summarise(posts([], []))
    assert (found.rate.value, found.median_rate.value, found.is_dominated) == (None, None, False)


def test_posts_not_known_do_not_count_in_rates() -> None:
    found = summarise(posts([100, None, 0, 300], [5, 2, 0, None]))
    assert (found.rate.n, found.median_rate.n) == (1, 1)


@pytest.mark.parametrize(("largest", "dominates"), [(300, False), (301, True)])
def test_one_post_dominates_with_more_than_half_of_the_views(largest: float, dominates: bool) -> None:
    assert summarise(posts([100, 200, largest], [1, 2, 3])).is_dominated is dominates


def test_a_single_post_does_not_dominate_itself() -> None:
    assert not summarise(posts([100, None], [1, 2])).is_dominated


def test_two_periods_by_views_and_by_rate() -> None:
    by_views, by_rate = compare("views", BEFORE, AFTER), compare("rate", BEFORE, AFTER)
    assert by_views.ratio == ratio_of_views(BEFORE.views, AFTER.views)
    assert by_views.strict == ratio_of_views(BEFORE.views, AFTER.views, 0.99)
    assert by_rate.ratio == rate_ratio(BEFORE.rated, AFTER.rated)
    assert by_rate.strict == rate_ratio(BEFORE.rated, AFTER.rated, 0.99)
    assert (by_views.measure, by_views.unboosted, by_views.boosted) == ("views", None, 0)
    assert (by_views.known_before, by_views.known_after) == (1, 1)


def test_the_known_share_is_of_the_figures_that_the_measure_needs() -> None:
    some = posts([100, 200, None, 400], [5, None, 1, 2])
    assert some.known_share("views") == 0.75
    assert some.known_share("rate") == 0.5
    assert posts([], []).known_share("views") is None


def test_boosted_posts_are_counted_and_left_out_of_a_second_comparison() -> None:
    after = PeriodPosts(
        [*np.asarray(AFTER.views), 90_000.0],
        [*np.asarray(AFTER.interactions), 90.0],
        [False] * 6 + [None, True],
        list("abcabcab"),
    )
    found = compare("views", BEFORE, after)
    assert (found.boosted, found.boosting_unknown) == (1, 1)
    assert found.unboosted == ratio_of_views(BEFORE.views, AFTER.views, 0.99)
    by_rate = compare("rate", BEFORE, after)
    assert by_rate.unboosted == rate_ratio(BEFORE.rated, AFTER.rated, 0.99)
    assert after.without_paid().accounts == list("abcabca")


@pytest.mark.parametrize(("on_tiktok", "differ"), [(4, False), (5, True)])
def test_a_quarter_more_of_the_posts_on_another_platform_is_another_kind_of_period(
    on_tiktok: int, differ: bool
) -> None:
    before = PeriodPosts([1.0] * 8, [1.0] * 8, [None] * 8, platforms=["tiktok"] * 2 + ["instagram"] * 6)
    platforms = ["tiktok"] * on_tiktok + ["instagram"] * (8 - on_tiktok)
    after = PeriodPosts([1.0] * 8, [1.0] * 8, [None] * 8, platforms=platforms)
    assert compare("views", before, after).platforms_differ is differ
    assert compare("views", after, before).platforms_differ is differ


def test_periods_keep_masked_values_unknown_without_boosted_posts() -> None:
    masked = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    kept = PeriodPosts(masked, masked, [None, False, True]).without_paid()
    assert [math.isnan(v) for v in np.asarray(kept.views)] == [False, True]


@settings(fixed, max_examples=40)
@given(
    st.lists(st.integers(1, 10**6), min_size=6, max_size=10),
    st.lists(st.integers(1, 10**6), min_size=6, max_size=10),
    st.sampled_from([2, 100]),
)
def test_scaling_the_views_of_both_periods_changes_no_ratio(
    before: list[int], after: list[int], factor: int
) -> None:
    plain = ratio_of_views(before, after)
    scaled = ratio_of_views([v * factor for v in before], [v * factor for v in after])
    assert (scaled.value, scaled.low, scaled.high) == pytest.approx((plain.value, plain.low, plain.high))
    rates = rate_ratio(RatedPosts(before, before), RatedPosts(after, after))
    assert rates.value == pytest.approx(1)
