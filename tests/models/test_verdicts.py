from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.compare import Comparison, Measure, PeriodPosts, compare
from models.intervals import Direction, Floats, Ratio
from models.verdicts import Names, period_verdict, sentence

fixed = settings(derandomize=True, deadline=None)

UP = Ratio(1.82, 1.09, 3.27, 14, 22)
UP_FOR_SURE = Ratio(1.82, 1.01, 3.9, 14, 22)
UP_UNSURE = Ratio(1.82, 0.98, 4.1, 14, 22)
DOWN = Ratio(0.5, 0.3, 0.8, 14, 22)
LEVEL = Ratio(1.1, 0.8, 1.6, 14, 22)
NONE = Ratio(1.82, None, None, 14, 22)

CLEAR = Comparison("views", UP, UP_FOR_SURE, None, 0, 0, 1.0, 1.0)
FELL = replace(CLEAR, ratio=DOWN, strict=DOWN)
STABLE = replace(CLEAR, ratio=LEVEL, strict=LEVEL)
NAMES = Names("views per post at 7 days", "Action period 1", "Action period 2")


def kind(comparison: Comparison, shift: Direction | None) -> str:
    return period_verdict(comparison, shift).kind


def told(comparison: Comparison, shift: Direction | None) -> str:
    return sentence(period_verdict(comparison, shift), comparison, NAMES)


@pytest.mark.parametrize(
    ("comparison", "shift", "wanted"),
    [
        (CLEAR, "up", "improved"),
        (FELL, "down", "fell"),
        (CLEAR, None, "signal"),
        (CLEAR, "down", "signal"),
        (FELL, "up", "signal"),
        (STABLE, "up", "signal"),
        (STABLE, "down", "signal"),
        (STABLE, None, "no_change"),
        (replace(CLEAR, strict=UP_UNSURE), "up", "signal"),
        (replace(CLEAR, ratio=NONE, strict=NONE), "up", "too_few"),
    ],
)
def test_two_looks_must_agree(comparison: Comparison, shift: Direction | None, wanted: str) -> None:
    assert kind(comparison, shift) == wanted


@pytest.mark.parametrize(("n_before", "n_after"), [(5, 22), (14, 5)])
def test_five_posts_in_a_period_are_too_few(n_before: int, n_after: int) -> None:
    few = replace(UP, n_before=n_before, n_after=n_after)
    assert kind(replace(CLEAR, ratio=few, strict=few), "up") == "too_few"
    six = replace(UP, n_before=max(n_before, 6), n_after=max(n_after, 6))
    assert kind(replace(CLEAR, ratio=six, strict=six), "up") == "improved"


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [(0.95, 0.85, "improved"), (0.85, 0.95, "improved"), (0.95, 0.84, "signal"), (0.84, 0.95, "signal")],
)
def test_known_shares_may_differ_by_ten_points(before: float, after: float, wanted: str) -> None:
    comparison = replace(CLEAR, known_before=before, known_after=after)
    assert kind(comparison, "up") == wanted
    said = told(comparison, "up")
    assert "of the posts the list still showed" in said
    assert ("differ too much" in said) is (wanted == "signal")


def test_a_change_that_boosted_posts_make_is_no_improvement() -> None:
    driven = replace(CLEAR, boosted=2, unboosted=LEVEL)
    assert kind(driven, "up") == "signal"
    assert told(driven, "up").endswith(
        "2 posts were boosted. Without boosted posts the difference would not stand out."
    )
    assert kind(replace(driven, unboosted=DOWN), "up") == "signal"
    anyway = replace(CLEAR, boosted=1, unboosted=UP_FOR_SURE)
    assert kind(anyway, "up") == "improved"
    assert told(anyway, "up").endswith("a sustained rise. 1 post was boosted.")


def test_boosting_not_known_is_stated() -> None:
    unknown = replace(CLEAR, boosting_unknown=36)
    assert kind(unknown, "up") == "improved"
    assert told(unknown, "up").endswith("Whether posts were boosted is not known for 36 posts.")


def test_other_platforms_take_the_firm_word_away() -> None:
    other = replace(CLEAR, platforms_differ=True)
    assert kind(other, "up") == "signal"
    assert told(other, "up").endswith("on different platforms: too unlike for a firmer word.")


def test_a_boost_without_its_posts_is_stated() -> None:
    once = replace(CLEAR, unnamed_boosts=1)
    assert kind(once, "up") == "improved"
    assert told(once, "up").endswith("The timetable has a boost without naming the posts.")


def test_a_chart_whose_weeks_resemble_their_neighbours_is_told_with_its_shift() -> None:
    doubt = "the weekly chart shows a sustained rise. Its weeks resemble their neighbours, so that it shows"
    resembling = replace(CLEAR, weeks_resemble=True)
    assert kind(resembling, "up") == "improved"
    assert doubt in told(resembling, "up")
    assert doubt in told(replace(STABLE, weeks_resemble=True), "up")
    assert "resemble" not in told(CLEAR, "up")
    assert "resemble" not in told(resembling, None)
    few = replace(resembling, ratio=Ratio(2.0, None, None, 5, 20))
    assert "resemble" not in told(few, "up")


def test_what_is_said_without_a_common_age() -> None:
    nothing = Ratio(None, None, None, 0, 0)
    none = replace(CLEAR, ratio=nothing, strict=nothing, has_common_age=False, known_before=None)
    assert kind(none, "up") == "too_few"
    assert told(none, None) == (
        "Action period 2 cannot be compared with Action period 1 in views per post at 7 days: at no age are"
        " 80 % of the posts of both known. A file every week gives them at 28 days."
    )


def test_nothing_is_compared_across_two_definitions_of_views() -> None:
    anew = replace(CLEAR, is_redefined=True)
    assert kind(anew, "up") == "not_comparable"
    assert told(anew, "up") == (
        "Action period 2 cannot be compared with Action period 1 in views per post at 7 days: in between,"
        " views began to be counted by another definition."
    )


def test_what_is_said() -> None:
    figures = "1.82 times the figure of Action period 1 (95 % interval 1.09 to 3.27; 14 and 22 posts)"
    assert told(CLEAR, "up") == (
        f"Views per post at 7 days improved: Action period 2 is associated with {figures},"
        " and the weekly chart shows a sustained rise."
    )
    assert told(FELL, "down") == (
        "Views per post at 7 days fell: Action period 2 is associated with 0.50 times the figure of Action"
        " period 1 (95 % interval 0.30 to 0.80; 14 and 22 posts), and the weekly chart shows a sustained"
        " fall."
    )
    signal = "A signal to look into in views per post at 7 days: Action period 2 is associated with "
    beyond = "which is beyond the usual variation between posts"
    no_shift = "but the weekly chart shows no new sustained shift."
    assert told(CLEAR, None) == f"{signal}{figures}, {beyond}, {no_shift}"
    assert told(CLEAR, "down") == (
        f"{signal}{figures}, {beyond}, but the two disagree: the weekly chart shows a sustained fall."
    )
    assert told(replace(CLEAR, strict=UP_UNSURE), "up") == (
        f"{signal}{figures}, {beyond}, and the weekly chart shows a sustained rise."
        " The interval only just excludes no change: too little for a firmer word."
    )
    level = "1.10 times the figure of Action period 1 (95 % interval 0.80 to 1.60; 14 and 22 posts)"
    assert told(STABLE, "up") == (
        f"{signal}{level}, which is within the usual variation between posts,"
        " but the weekly chart shows a sustained rise."
    )
    assert told(STABLE, None) == (
        f"No change beyond usual variation in views per post at 7 days: Action period 2 had {level}."
    )


def test_what_is_said_of_too_few_posts() -> None:
    few = replace(UP, n_before=5, left_out=1, low=None, high=None)
    assert told(replace(CLEAR, ratio=few, strict=few), None) == (
        "Too few posts to judge views per post at 7 days: 5 in Action period 1 and 22 in Action period 2 can"
        " be compared; at least 6 are needed in each. 1 post without any view was left out."
    )
    assert told(replace(CLEAR, ratio=NONE, strict=NONE), None) == (
        "Too few posts to judge views per post at 7 days: 14 in Action period 1 and 22 in Action period 2 can"
        " be compared, but they do not give an interval."
    )


def test_shares_and_large_ratios_are_written_short() -> None:
    large = Ratio(1234.5, 9.994, 20_000, 14, 22, 3)
    said = told(replace(CLEAR, ratio=large, strict=large, known_before=0.999, known_after=None), "up")
    assert "1,234 times the figure" in said
    assert "9.99 to 20,000" in said
    assert "99 % and none of them" in said
    assert "3 posts without any view were left out." in said


ratios = st.builds(
    lambda value, low, high, n, m: Ratio(value, value * low, value / low if high else None, n, m),
    st.floats(0.1, 10),
    st.floats(0.2, 1),
    st.just(1),
    st.integers(0, 20),
    st.integers(0, 20),
)


@fixed
@given(
    st.builds(
        Comparison,
        st.sampled_from(["views", "rate"]),
        ratios,
        ratios,
        st.none() | ratios,
        st.integers(0, 3),
        st.integers(0, 3),
        st.none() | st.floats(0, 1),
        st.none() | st.floats(0, 1),
    ),
    st.sampled_from(["up", "down", None]),
)
def test_no_sentence_says_more_than_was_seen(comparison: Comparison, shift: Direction | None) -> None:
    verdict, said = period_verdict(comparison, shift), told(comparison, shift)
    assert "caus" not in said
    assert "p-value" not in said
    assert "significant" not in said
    if verdict.kind in {"improved", "fell"}:
        assert comparison.strict.direction == shift == {"improved": "up", "fell": "down"}[verdict.kind]
        assert min(comparison.ratio.n_before, comparison.ratio.n_after) >= 6


# The null test: campaigns in which nothing changes, and the power when something does.

PERIOD_WEEKS = (13, 13, 19)
PERIOD_POSTS = (6, 7, 10)
BASELINE = 23


def sustained_shift(weeks: Floats, first: int, last: int) -> set[Direction]:
    """Seven weeks in a row of a period on one side of the mean of the baseline's weeks."""
    above = weeks[first:last] > weeks[:BASELINE].mean()
    text = "".join("u" if is_above else "d" for is_above in above.tolist())
    ways: tuple[tuple[str, Direction], ...] = (("u" * 7, "up"), ("d" * 7, "down"))
    return {direction for run, direction in ways if run in text}


def team(
    rng: np.random.Generator, views: float, rate: float, resembling: float, from_period: int = 1
) -> tuple[list[PeriodPosts], dict[str, Floats], list[int]]:
    """A topic's posts by period, its two weekly series (logarithms), and the weeks where periods begin.

    A week in which posts were published shows just those posts, so that chart and comparison see the
    same luck; a week without shows older posts, and resembles its neighbour.
    """
    edges = [BASELINE, *(BASELINE + np.cumsum(PERIOD_WEEKS)).tolist()]
    series = {"views": neighbours(rng, 0.5, resembling), "rate": neighbours(rng, 0.24, resembling)}
    periods = []
    for p, n in enumerate(PERIOD_POSTS):
        moved = p >= from_period
        log_views = rng.normal(8 + np.log(views) * moved, 1.0, n)
        log_rates = rng.normal(np.log(0.05) + np.log(rate) * moved, 0.4, n)
        seen = np.round(np.exp(log_views)) + 1
        interactions = rng.poisson(seen * np.exp(log_rates)).astype(float)
        span = slice(edges[p], edges[p + 1])
        series["views"][span] += np.log(views) * moved
        series["rate"][span] += np.log(rate) * moved
        week = rng.integers(edges[p], edges[p + 1], n)
        posts, logs, done, viewed = (
            np.bincount(week, weights, edges[-1]) for weights in (None, log_views, interactions, seen)
        )
        now = posts > 0
        series["views"][now] = logs[now] / posts[now] - 8
        series["rate"][now] = np.log((done[now] + 0.5) / viewed[now] / 0.05)
        periods.append(PeriodPosts(seen, interactions, [None] * n))
    return periods, series, edges


def neighbours(rng: np.random.Generator, spread: float, resembling: float) -> Floats:
    noise = rng.normal(0, spread, BASELINE + sum(PERIOD_WEEKS)).tolist()
    for i in range(1, len(noise) if resembling else 0):
        noise[i] = resembling * noise[i - 1] + (1 - resembling**2) ** 0.5 * noise[i]
    return np.array(noise)


def kinds(rng: np.random.Generator, views: float = 1, rate: float = 1, resembling: float = 0) -> set[str]:
    """The kinds of verdict that one topic's two comparisons of two measures get, those with a shift."""
    periods, series, edges = team(rng, views, rate, resembling)
    found: set[str] = set()
    measures: tuple[Measure, ...] = ("views", "rate")
    for measure in measures:
        for p in (1, 2):
            # Without a shift on the chart nothing is ever called improved or fallen: not computed.
            for shift in sustained_shift(series[measure], edges[p], edges[p + 1]):
                comparison = compare(measure, periods[p - 1], periods[p])
                found.add(f"{measure} {period_verdict(comparison, shift).kind}")
    return found


@pytest.mark.parametrize(("resembling", "campaigns"), [(0.0, 1000), (0.3, 500)])
def test_stable_campaigns_hardly_ever_improve_or_fall(resembling: float, campaigns: int) -> None:
    rng = np.random.default_rng(20231107)
    teams = (
        set[str]().union(*(kinds(rng, resembling=resembling) for _ in range(4))) for _ in range(campaigns)
    )
    wrong = sum(any(kind.endswith(("improved", "fell")) for kind in found) for found in teams)
    assert wrong <= 0.05 * campaigns
    assert wrong > 0  # the words can be had


def test_a_large_rise_of_the_rate_is_found() -> None:
    rng = np.random.default_rng(20240206)
    found = [kinds(rng, rate=1.7) for _ in range(150)]
    assert sum("rate improved" in f for f in found) >= 0.15 * 150
    assert sum("rate improved" in f or "rate signal" in f for f in found) >= 0.8 * 150


def test_a_rise_of_the_views_is_mostly_no_more_than_a_signal() -> None:
    rng = np.random.default_rng(20240206)
    found = [kinds(rng, views=1.6) for _ in range(150)]
    assert sum("views signal" in f for f in found) >= 0.4 * 150
    assert sum("views fell" in f for f in found) <= 1
