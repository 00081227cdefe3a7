from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.campaign_types import TargetAudience
from models.target_audience import (
    Basis,
    Bounds,
    Dimension,
    criterion_share,
    goal_verdict,
    in_target,
    share_bounds,
    target_bounds,
)

YOUNG = TargetAudience("Young people in Sheffield", ("13-17", "18-24"), ("GB",), ("Sheffield",), 0.4)
NOBODY = TargetAudience("anybody", (), (), (), None)
share = st.floats(0, 1)
fixed = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("shares", "low", "high"),
    [
        ([0.3], 0.3, 0.3),
        ([0.75, 0.75], 0.5, 0.75),
        ([0.5, 0.25], 0, 0.25),
        ([0.75, 0.875, 0.75], 0.375, 0.75),
        ([1.0, 0.3], 0.3, 0.3),
    ],
)
def test_the_share_meeting_all_criteria_lies_between_two_bounds(
    shares: list[float], low: float, high: float
) -> None:
    assert share_bounds(shares) == Bounds(low, high)


@pytest.mark.parametrize("shares", [[], [-0.1], [1.01], [float("nan")]])
def test_what_is_no_share_is_refused(shares: list[float]) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_bounds(shares)


@fixed
@given(st.lists(share, min_size=1, max_size=5))
def test_bounds_are_shares_in_order(shares: list[float]) -> None:
    found = share_bounds(shares)
    assert 0 <= found.low <= found.high <= 1
    assert share_bounds(shares[::-1]) == found


@fixed
@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=30))
def test_bounds_hold_whatever_the_combination_is(people: list[list[bool]]) -> None:
    shares = [sum(person[i] for person in people) / len(people) for i in range(3)]
    found = share_bounds(shares)
    assert found.low - 1e-12 <= sum(map(all, people)) / len(people) <= found.high


def test_criteria_known_between_two_ends_widen_the_bounds() -> None:
    assert target_bounds([Bounds(0.5, 0.75), Bounds(0.75, 0.75)]) == Bounds(0.25, 0.75)
    assert Bounds(0.2, 0.2).exact == 0.2
    assert Bounds(0.2, 0.2 + 1e-12).exact == 0.2
    assert Bounds(0.2, 0.21).exact is None
    with pytest.raises(ValueError, match="at least one"):
        target_bounds([])


@pytest.mark.parametrize(
    ("bucket", "fits"),
    [
        ("13-17", True),
        ("18 - 24", True),
        ("18–24", True),
        ("AGE_18_24", True),
        ("16-20", True),
        ("24-24", True),
        ("12-17", None),
        ("18-25", None),
        ("25-34", False),
        ("AGE_55_PLUS", False),
        ("55+", False),
        ("13+", None),
        ("18", None),
        ("Unknown", None),
    ],
)
def test_ages(bucket: str, fits: bool | None) -> None:
    assert in_target(YOUNG, "age", bucket) is fits
    assert in_target(NOBODY, "age", bucket) is None


def test_an_open_ended_band_may_be_wanted() -> None:
    old = replace(YOUNG, ages=("65+",))
    assert [in_target(old, "age", b) for b in ("65+", "75 and over", "55+", "18-24")] == [
        True,
        True,
        None,
        False,
    ]


@pytest.mark.parametrize(
    ("bucket", "fits"),
    [
        ("GB", True),
        ("gb", True),
        ("UK", True),
        ("United Kingdom", True),
        ("united kingdom", True),
        ("FR", False),
        ("France", False),
        ("Others", None),
        ("ZZ", None),
        ("EU", None),
        ("Atlantis", None),
    ],
)
def test_countries(bucket: str, fits: bool | None) -> None:
    assert in_target(YOUNG, "country", bucket) is fits
    assert in_target(NOBODY, "country", bucket) is None


@pytest.mark.parametrize(
    ("bucket", "fits"),
    [
        ("Sheffield", True),
        ("SHEFFIELD, England", True),
        ("GB Sheffield", True),
        ("GB  sheffield", True),
        ("US Sheffield", False),
        ("US Cincinnati", False),
        ("Leeds, England", False),
        ("Sheffield Lake", False),
        ("Others", None),
        ("GB Others", None),
        ("", None),
    ],
)
def test_cities(bucket: str, fits: bool | None) -> None:
    assert in_target(YOUNG, "city", bucket) is fits


def test_cities_without_countries_or_places() -> None:
    anywhere = replace(YOUNG, countries=())
    assert in_target(anywhere, "city", "US Sheffield") is True
    assert in_target(replace(YOUNG, places=("US Sheffield",), countries=()), "city", "XX Sheffield") is False
    assert in_target(NOBODY, "city", "Sheffield") is None


def test_a_place_may_be_asked_for_with_its_region() -> None:
    welsh = replace(YOUNG, places=("Newport, Wales",))
    assert in_target(welsh, "city", "Newport, Wales") is True
    assert in_target(welsh, "city", "Newport, England") is False


def test_nothing_else_is_judged() -> None:
    assert in_target(YOUNG, "gender", "Female") is None
    assert in_target(YOUNG, "name", "Sheffield") is None


@pytest.mark.parametrize(
    ("dimension", "shares", "low", "high"),
    [
        ("age", {"13-17": 0.25, "18-24": 0.25, "25-34": 0.5}, 0.5, 0.5),
        ("age", {"13-17": 0.25, "18-34": 0.5, "35+": 0.25}, 0.25, 0.75),
        ("age", {"18-24": 0.25, "25-34": 0.5}, 0.25, 0.5),  # a quarter of unknown age
        ("age", {"18-24": 0.25, "16-30": 0.5, "35+": 0.5}, 0.25, 0.5),  # more than a whole
        ("country", {"GB": 0.5, "FR": 0.25, "Others": 0.25}, 0.5, 0.5),
        ("country", {"US": 0.5, "FR": 0.25, "Others": 0.125}, 0, 0.25),
        ("city", {"Leeds, England": 0.25, "Sheffield, England": 0.5}, 0.5, 0.5),
        ("city", {"Leeds, England": 0.25}, 0, 0.75),
        ("country", {"GB": 0.75, "United Kingdom": 0.5}, 1, 1),
        ("age", {"13-17": 0.75, "18-24": 0.5}, 1, 1),
    ],
)
def test_one_criterion(dimension: Dimension, shares: dict[str, float], low: float, high: float) -> None:
    assert criterion_share(YOUNG, dimension, shares) == Bounds(low, high)


def test_a_list_has_to_name_every_place_asked_for() -> None:
    two = replace(YOUNG, places=("Sheffield", "Rotherham"), countries=("GB", "IE"))
    assert criterion_share(two, "city", {"Sheffield": 0.5}) == Bounds(0.5, 1)
    assert criterion_share(two, "city", {"Sheffield": 0.5, "Rotherham": 0.25}) == Bounds(0.75, 0.75)
    assert criterion_share(two, "country", {"GB": 0.5, "FR": 0.25}) == Bounds(0.5, 0.75)


def test_no_criterion_or_no_shares_give_no_share() -> None:
    assert criterion_share(NOBODY, "age", {"13-17": 1.0}) is None
    assert criterion_share(YOUNG, "age", {}) is None
    with pytest.raises(ValueError, match="by age must lie between 0 and 1"):
        criterion_share(YOUNG, "age", {"13-17": 31.0})


@fixed
@given(
    st.sampled_from(["age", "country", "city"]),
    st.dictionaries(st.sampled_from(["13-17", "16-30", "GB", "FR", "Others", "Sheffield", "Leeds"]), share),
)
def test_a_criterion_is_always_a_share(dimension: Dimension, shares: dict[str, float]) -> None:
    found = criterion_share(YOUNG, dimension, shares)
    assert found is None or 0 <= found.low <= found.high <= 1


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.4, 0.9, "Reaches goal"),
        (0.39, 0.4, "Too close to call"),
        (0.1, 0.39, "Below goal"),
    ],
)
def test_the_words_for_a_goal(low: float, high: float, words: str) -> None:
    assert goal_verdict(Bounds(low, high), 0.4, "measured") == words


@pytest.mark.parametrize("basis", ["account", "unknown"])
def test_followers_are_not_viewers(basis: Basis) -> None:
    assert goal_verdict(Bounds(0.9, 0.9), 0.4, basis) is None


def test_without_goal_or_share_there_are_no_words() -> None:
    assert goal_verdict(None, 0.4, "measured") is None
    assert goal_verdict(Bounds(0.9, 0.9), None, "measured") is None
