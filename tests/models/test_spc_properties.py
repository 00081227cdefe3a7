"""What must hold for every series, and how often the rules fire on one that is stable."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.spc import Chart, Options, xmr
from models.spc_charts import runs

# Whole numbers: shifted and scaled by whole numbers they stay exact, so that labels may be compared.
VALUES = st.lists(st.integers(-50, 50) | st.none(), min_size=1, max_size=40)
DIRECTIONS = st.sampled_from(["increase", "decrease"])
OPPOSITE = {
    "special_cause_improvement": "special_cause_concern",
    "special_cause_concern": "special_cause_improvement",
}
FAST = settings(max_examples=60, deadline=None)


def chart(values: list[int | None], options: Options | None = None) -> Chart:
    return xmr([date(2024, 1, 1) + timedelta(7 * n) for n in range(len(values))], values, options)


def causes(of: Chart) -> list[str | None]:
    return [point.cause for point in of.points]


def touches_a_limit(of: Chart) -> bool:
    """A value on a line, but for rounding: which side it falls on may then change."""
    lines = [(p.value, line) for p in of.points for line in vars(p.limits).values() if p.value is not None]
    return any(line is not None and abs(value - line) < 1e-9 for value, line in lines)


@FAST
@given(VALUES, st.integers(-1000, 1000))
def test_a_constant_added_shifts_the_limits(values: list[int | None], constant: int) -> None:
    before, after = chart(values), chart([None if v is None else v + constant for v in values])
    for name in ("mean", "lpl", "nlpl", "nupl", "upl"):
        old, new = (getattr(c.points[0].limits, name) for c in (before, after))
        assert new is None if old is None else new == pytest.approx(old + constant, abs=1e-9)
    assert touches_a_limit(before) or causes(before) == causes(after)


@FAST
@given(VALUES, st.sampled_from([2, 8, 0.5]))
def test_a_factor_scales_the_limits(values: list[int | None], factor: float) -> None:
    dates = [date(2024, 1, 1) + timedelta(n) for n in range(len(values))]
    before = xmr(dates, values)
    after = xmr(dates, [None if v is None else v * factor for v in values])
    for old, new in zip(
        vars(before.points[0].limits).values(), vars(after.points[0].limits).values(), strict=True
    ):
        assert new is None if old is None else new == pytest.approx(old * factor, rel=1e-12, abs=1e-12)
    assert causes(before) == causes(after)  # powers of two: exact


@FAST
@given(VALUES)
def test_the_other_good_direction_swaps_improvement_and_concern(values: list[int | None]) -> None:
    up, down = (chart(values, Options(direction)) for direction in ("increase", "decrease"))
    assert causes(up) == causes(down)
    swapped = [OPPOSITE.get(p.point_type, p.point_type) if p.point_type else None for p in up.points]
    assert swapped == [p.point_type for p in down.points]


@FAST
@given(VALUES, DIRECTIONS)
def test_a_mirrored_series_has_mirrored_signals(values: list[int | None], direction: str) -> None:
    mirror = {"increase": "decrease", "decrease": "increase"}[direction]
    before = chart(values, Options(direction))
    after = chart([None if v is None else -v for v in values], Options(mirror))
    assert [p.point_type for p in before.points] == [p.point_type for p in after.points]


@FAST
@given(st.lists(VALUES, min_size=2, max_size=3), DIRECTIONS)
def test_nothing_crosses_a_phase(parts: list[list[int | None]], direction: str) -> None:
    together = [value for part in parts for value in part]
    starts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    rebase = tuple(date(2024, 1, 1) + timedelta(7 * int(start)) for start in starts)
    whole = chart(together, Options(direction, rebase=rebase))
    alone = [point for part in parts for point in chart(part, Options(direction)).points]
    for one, other in zip(whole.points, alone, strict=True):
        assert (one.limits, one.cause, one.point_type) == (other.limits, other.cause, other.point_type)


@FAST
@given(VALUES)
def test_a_missing_value_has_no_cause_and_every_other_is_judged_or_none_is(values: list[int | None]) -> None:
    points = chart(values).points
    assert all(p.cause is None for p in points if p.value is None)
    assert len({p.cause is None for p in points if p.value is not None}) <= 1
    assert all(
        (p.cause == "Common Cause") != any((p.outside, p.trend, p.two_of_three, p.shift))
        for p in points
        if p.cause is not None
    )


@FAST
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), max_size=60))
def test_runs_and_crossings_add_up(values: list[float]) -> None:
    found = runs(np.array(values), 0.0)
    assert found.n_useful == sum(value != 0 for value in values)
    assert found.n_crossings <= max(found.n_useful - 1, 0)
    assert found.longest_run * (found.n_crossings + 1) >= found.n_useful


def test_a_stable_process_of_20_weeks_signals_as_often_as_simulated() -> None:
    """Published rates: any MDC signal 14.5 %, the latest point 1.1 %, Anhøj 2.3 %; ± 3 points."""
    rng = np.random.default_rng(2024)
    series = rng.normal(size=(1500, 20))
    dates = [date(2024, 1, 1) + timedelta(7 * n) for n in range(20)]
    special = np.array(
        [[p.point_type != "common_cause" for p in xmr(dates, y.tolist()).points] for y in series]
    )
    assert special.any(axis=1).mean() == pytest.approx(0.145, abs=0.03)
    assert special[:, -1].mean() == pytest.approx(0.011, abs=0.03)
    assert np.mean([runs(y, float(np.median(y))).signal for y in series]) == pytest.approx(0.023, abs=0.03)
