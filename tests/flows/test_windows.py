"""What is read again: a month's posts every night, a year's every week, all of them once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.windows import plans

NOW_S = 1_707_262_215
DAY_S = 86_400


def a_pull(days_ago: float, *, since_days: int | None = None, **more: Any) -> dict[str, Any]:
    """An attempt that long ago, complete unless told otherwise."""
    started_s = int(NOW_S - days_ago * DAY_S)
    since_s = None if since_days is None else started_s - since_days * DAY_S
    row = {"started_s": started_s, "since_s": since_s, "cursor": None, "is_complete": True, "not_given": "{}"}
    return {**row, **more}


def days_of(history: list[dict[str, Any]]) -> list[int | None]:
    """How far back each walk goes."""
    return [
        None if (since := plan.window.since_s) is None else (NOW_S - since) // DAY_S
        for plan in plans(history, NOW_S)
    ]


def test_the_first_walk_reads_all_there_is() -> None:
    assert days_of([]) == [None]
    assert days_of([a_pull(1, is_complete=False)]) == [None]


def test_then_a_month_every_night_and_a_year_every_week() -> None:
    nights = [a_pull(8)]
    read = []
    for night in range(7, -1, -1):
        (plan,) = plans(nights, NOW_S - night * DAY_S)
        since_s = plan.window.since_s
        assert since_s is not None
        days = (plan.started_s - since_s) // DAY_S
        read.append(days)
        nights.append(a_pull(night, since_days=days))
    assert read == [30, 30, 30, 30, 30, 30, 365, 30]


def test_the_number_of_days_may_be_told() -> None:
    (plan,) = plans([a_pull(1)], NOW_S, days=90)
    assert plan.window.since_s == NOW_S - 90 * DAY_S


def test_a_walk_that_stopped_is_gone_on_with_where_and_as_it_began() -> None:
    stopped = a_pull(0.1, since_days=30, is_complete=False, cursor="123")
    (plan,) = plans([a_pull(3), stopped], NOW_S)
    assert (plan.started_s, plan.window.since_s, plan.window.cursor) == (
        stopped["started_s"],
        stopped["since_s"],
        "123",
    )


def test_the_night_after_goes_on_and_then_reads_what_is_new() -> None:
    stopped = a_pull(1, since_days=365, is_complete=False, cursor="123")
    rest, fresh = plans([a_pull(8), a_pull(2, since_days=365), stopped], NOW_S)
    assert rest.window.cursor == "123"
    assert (fresh.started_s, fresh.window.cursor) == (NOW_S, None)


@pytest.mark.parametrize("more", [{"cursor": None}, {"cursor": "9", "started_s": NOW_S - 2 * DAY_S}])
def test_a_walk_without_a_page_or_of_two_nights_ago_is_begun_anew(more: dict[str, Any]) -> None:
    stopped = a_pull(1, since_days=30, is_complete=False) | more
    (plan,) = plans([a_pull(3), stopped], NOW_S)
    assert (plan.window.cursor, plan.started_s) == (None, NOW_S)


def test_what_was_not_given_is_not_asked_for_until_the_year_is_read_again() -> None:
    learnt = json.dumps({"REELS": ["follows"]})
    (plan,) = plans([a_pull(3), a_pull(1, since_days=30, not_given=learnt)], NOW_S)
    assert plan.window.not_given == {"REELS": ["follows"]}
    (plan,) = plans([a_pull(9), a_pull(1, since_days=30, not_given=learnt)], NOW_S)
    assert plan.window.not_given == {}


PULLS = st.lists(
    st.builds(
        a_pull,
        st.floats(0, 40),
        since_days=st.sampled_from([None, 30, 365]),
        is_complete=st.booleans(),
        cursor=st.sampled_from([None, "7"]),
    ),
    max_size=8,
).map(lambda rows: sorted(rows, key=lambda row: row["started_s"]))


@given(PULLS)
def test_whatever_happened_something_is_read_and_the_last_month_is_in_it_within_a_day(
    history: list[dict[str, Any]],
) -> None:
    found = plans(history, NOW_S)
    assert 1 <= len(found) <= 2
    newest = max(plan.started_s for plan in found)
    assert NOW_S - newest <= DAY_S / 2
    for plan in found:
        assert plan.window.since_s is None or plan.started_s - plan.window.since_s >= 30 * DAY_S
