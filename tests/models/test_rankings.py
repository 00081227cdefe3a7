from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.intervals import Floats, RatedPosts
from models.rankings import named_best, named_best_group, ranking_lower_ends

fixed = settings(derandomize=True, deadline=None)

KINDS = ("one rate", "log-normal rates", "gamma rates", "beta rates")
SETS = 1000


def drawn(rng: np.random.Generator, n: int, kind: str) -> tuple[Floats, Floats]:
    """Posts that differ by chance only; from one view to hundreds of thousands."""
    views = np.round(rng.lognormal(6, 2.5, n)) + 1
    rates = {
        "one rate": np.full(n, 0.05),
        "log-normal rates": 0.05 * rng.lognormal(0, 0.5, n),
        "gamma rates": rng.gamma(4, 0.05 / 4, n),
        "beta rates": rng.beta(2, 38, n),
    }[kind]
    return rng.poisson(views * rates).astype(float), views


@pytest.mark.parametrize("kind", KINDS)
def test_no_post_is_called_best_when_posts_differ_by_chance(kind: str) -> None:
    rng = np.random.default_rng(20231107)
    named = sum(named_best(*drawn(rng, 20, kind)) is not None for _ in range(SETS))
    assert named <= 0.05 * SETS


@pytest.mark.parametrize("kind", KINDS)
def test_no_group_is_called_best_when_posts_differ_by_chance(kind: str) -> None:
    rng = np.random.default_rng(20231107)

    def groups() -> list[RatedPosts]:
        return [RatedPosts(*drawn(rng, 16, kind)) for _ in range(4)]

    named = sum(named_best_group(groups()) is not None for _ in range(SETS))
    assert named <= 0.05 * SETS


def test_a_list_by_bare_rate_is_led_by_the_fewest_views() -> None:
    """The simulation is one in which the naive way fails: else it would show nothing."""
    rng = np.random.default_rng(20231107)
    sets = [drawn(rng, 20, "one rate") for _ in range(200)]
    led = [views[np.argmax(x / views)] < np.median(views) for x, views in sets]
    assert np.mean(led) > 0.9


def test_a_post_that_stands_out_is_named() -> None:
    rng = np.random.default_rng(4)
    views = np.round(rng.lognormal(9, 0.5, 20))
    x = rng.poisson(views * 0.05 * rng.lognormal(0, 0.2, 20)).astype(float)
    x[7] = round(views[7] * 0.2)
    assert named_best(x, views) == 7
    assert named_best([*x, None, 3], [*views, 100, 0]) == 7
    # The same rate from a handful of views says nothing.
    assert named_best([*np.delete(x, 7), 2], [*np.delete(views, 7), 10]) is None


def test_posts_whose_numbers_do_not_tell_neither_hide_a_best_nor_make_one() -> None:
    rng = np.random.default_rng(4)
    views = np.round(rng.lognormal(9, 0.5, 12))
    x = rng.poisson(views * 0.05 * rng.lognormal(0, 0.2, 12)).astype(float)
    x[7] = round(views[7] * 0.3)
    assert named_best([*x, *[0, 1] * 20], [*views, *[1, 3] * 20]) == 7
    few = RatedPosts([0.0] * 8, [3.0] * 8)  # half an interaction of three views would lead
    level = RatedPosts(np.delete(x, 7), np.delete(views, 7))
    assert named_best_group([few, level, level]) is None


def test_a_list_too_short_to_know_how_posts_differ_names_nobody() -> None:
    x, views = [100.0, 101, 99, 100, 102, 98, 900], [2000.0] * 7
    assert named_best(x, views) == 6  # six others
    assert named_best(x[1:], views[1:]) is None  # five
    assert named_best([], []) is None
    assert named_best([0] * 8, [100] * 8) is None


def test_a_group_that_stands_out_is_named() -> None:
    rng = np.random.default_rng(5)
    groups = []
    for factor in (1, 1, 2, 1):
        views = np.round(rng.lognormal(9, 1, 10))
        groups.append(RatedPosts(rng.poisson(views * 0.05 * factor * rng.lognormal(0, 0.3, 10)), views))
    assert named_best_group(groups) == 2
    short = RatedPosts(np.asarray(groups[2].interactions)[:5], np.asarray(groups[2].views)[:5])
    assert named_best_group([*groups[:2], short, groups[3]]) is None
    assert named_best_group([short, groups[2]]) is None  # nothing to be better than
    # A group too short to be judged does not shift the index of the others.
    assert named_best_group([short, *groups]) == 3
    assert named_best_group([]) is None


def test_groups_all_alike_have_no_best() -> None:
    same = RatedPosts([50.0] * 6, [1000.0] * 6)
    assert named_best_group([same, same, same]) is None


def test_a_ranking_does_not_reward_few_views() -> None:
    x = [2, 900, 500, 520, 450, 380, 610, 0]
    views = [2, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 3]
    ends = ranking_lower_ends(x, views)
    assert int(np.argmax(ends)) == 1
    assert ends[0] < 0.06  # two of two views is no rate of 100 %
    assert ends[7] > 0  # and none of three is none of 0 %
    assert (ends[1:7] <= np.array(x[1:7]) / 10_000).sum() >= 5


def test_posts_that_show_no_difference_share_the_lead() -> None:
    assert ranking_lower_ends([4, 6], [100, 100]) == pytest.approx([0.05, 0.05])  # less than counting makes
    ends = ranking_lower_ends([5, 50, 0, None], [100, 1000, 0, 100])
    assert ends[:2] == pytest.approx([0.05, 0.05])
    assert np.isnan(ends[2:]).all()
    assert np.isnan(ranking_lower_ends([None], [3])).all()
    assert ranking_lower_ends([3], [10]) == pytest.approx([0.3])


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally many"):
        named_best([1], [1, 2])


@fixed
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 10**5)), min_size=1, max_size=12))
def test_every_lower_end_is_a_rate(posts: list[tuple[int, int]]) -> None:
    x, views = [min(a, b) for a, b in posts], [b for _, b in posts]
    ends = ranking_lower_ends(x, views)
    assert ((ends >= 0) & (ends <= 1)).all()


@fixed
@given(st.integers(10, 200), st.integers(2, 50))
def test_the_same_high_rate_from_more_views_ranks_higher(count: int, factor: int) -> None:
    others_x, others_views = [300, 500, 700, 400, 600], [10_000] * 5
    x, views = [*others_x, count, count * factor], [*others_views, count * 10, count * factor * 10]
    ends = ranking_lower_ends(x, views)
    assert ends[5] < ends[6]
