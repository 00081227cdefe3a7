"""What stands under a chart: which chart it is and why, what is awaited, its target, its phases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from dashboards import chart_notes
from dashboards.facts import Facts, read_facts
from models.campaign import Rebase, Spc, Target
from tests.dashboards.charted import FIRST, RATE, charted, weeks
from tests.dashboards.published import invented, published

Rows = list[dict[str, Any]]
WAVE: list[float | None] = [100.0 + 10 * (n % 3) for n in range(40)]
UNEVEN = [1000.0, 4100.0] * 20


def show(value: float) -> str:
    return f"{value:.0f}"


def drawn(values: list[float | None], spc: Spc | None = None, **columns: Any) -> Rows:
    return charted(weeks(values, **columns), FIRST + timedelta(7 * len(values) + 3), spc)


def facts_on(day: date) -> Facts:
    tables = invented()
    tables["campaign"][0]["as_of"] = datetime(day.year, day.month, day.day, 9)
    return read_facts(published(tables))


def awaited(values: list[float | None], **columns: Any) -> str:
    facts = facts_on(FIRST + timedelta(7 * len(values) + 3))
    return chart_notes.awaited(facts, drawn(values, **columns), None, show)


@pytest.mark.parametrize(
    ("values", "columns", "said"),
    [
        (WAVE, {}, "XmR chart, since no week of the baseline has more than 5 times the median."),
        (
            WAVE,
            {"measure": RATE, "views": [1000.0, 4000.0] * 20},
            "XmR chart, since weekly views do not vary more than 4-fold over the baseline.",
        ),
        (
            WAVE,
            {"measure": RATE, "views": UNEVEN},
            "u' chart (Laney), since weekly views vary more than 4-fold over the baseline: each week has"
            " limits of its own, wide where views are few, and never closer than those of the busiest"
            " baseline week.",
        ),
        (
            [*WAVE[:10], 900.0, *WAVE[10:]],
            {},
            "XmR chart computed on log10, since a week of the baseline has more than 5 times the median:"
            " the scale rises by factors, the mean is the geometric mean.",
        ),
        (
            WAVE[:9],
            {},
            "Run chart, for want of weeks. Runs are judged from 10 weeks off the median on.",
        ),
    ],
)
def test_a_chart_says_which_it_is_and_why(
    values: list[float | None], columns: dict[str, Any], said: str
) -> None:
    assert chart_notes.kind(drawn(values, **columns)) == said


def test_zeros_are_told_as_the_reason_of_a_run_chart() -> None:
    said = chart_notes.kind(drawn([0.0, *WAVE]))
    assert said.startswith("Run chart, since limits mean little with weeks of zero. Usual for so many weeks:")


def test_few_weeks_are_told_with_the_day_of_limits_and_what_could_be_seen() -> None:
    # The thirteenth week begins on 27 Nov 2023; the next session is less than 13 weeks after it has settled.
    assert awaited(WAVE[:9], is_sufficient=False) == (
        "Limits from 7 Dec 2023 if every coming week is complete: they need 13 complete, settled weeks,"
        " 4 in 5 of all settled ones; so far 9 of 9."
        " A lasting change of about 11 views a week, one standard deviation of the 9 weeks so far, is found"
        " in 8 of 10 charts after 13 weeks of limits and 13 more; half of it, in fewer than 5."
        " By the next session, 6 Feb 2024, only a larger change could be seen."
    )


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (date(2023, 9, 4), "At the next session, 7 Nov 2023, there are no limits yet."),
        (date(2023, 10, 2), "By the next session, 6 Feb 2024, only a larger change could be seen."),
        (date(2024, 2, 26), "By the next session, 23 Sep 2024, a smaller change could hardly be seen."),
    ],
)
def test_what_could_be_seen_by_the_next_session_depends_on_when_limits_begin(first: date, said: str) -> None:
    day = first + timedelta(7 * 8 + 3) if first.year == 2023 else date(2024, 5, 9)
    rows = charted(weeks(WAVE[:8], first=first), day)
    assert chart_notes.awaited(facts_on(day), rows, None, show).endswith(said)


def test_after_the_last_session_none_is_named() -> None:
    day = date(2024, 9, 24)
    said = chart_notes.awaited(facts_on(day), charted(weeks(WAVE[:12]), day), None, show)
    assert "session" not in said


def test_limits_that_the_campaign_will_not_see_are_not_promised() -> None:
    rows = drawn(WAVE[:30], loose=range(3, 25), is_sufficient=False)
    assert chart_notes.awaited(facts_on(date(2024, 4, 12)), rows, None, show) == (
        "No limits before the campaign ends: they need 13 complete, settled weeks, 4 in 5 of all settled"
        " ones; so far 8 of 30."
    )


def test_nothing_is_awaited_where_limits_exist_or_zeros_forbid_them() -> None:
    assert awaited(WAVE) == awaited([0.0, *WAVE]) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (500.0, "Target 500: within usual variation it is never met."),
        (20.0, "Target 20: within usual variation it is met every week."),
        (112.0, "Target 112: within usual variation it is met or missed by chance."),
    ],
)
def test_a_target_is_told_by_the_limits(value: float, said: str) -> None:
    spc = Spc(targets=(Target("new_views", value),))
    assert chart_notes.target(drawn(WAVE, spc), show) == said
    early = chart_notes.target(drawn(WAVE[:9], spc), show)
    assert early.endswith(": how reliably it is met can be told once there are limits.")


def test_without_a_target_none_is_told() -> None:
    assert chart_notes.target(drawn(WAVE), show) == ""


def test_a_new_phase_is_told_with_the_day_asked_for_and_the_reason() -> None:
    spc = Spc(rebases=(Rebase(date(2024, 2, 28), "a new phone"),))
    assert chart_notes.phases(drawn(WAVE, spc)) == (
        "Lines start anew with the week of 4 Mar 2024, the first full one from 28 Feb 2024 on: a new phone."
    )
    monday = Spc(rebases=(Rebase(date(2024, 3, 4), "a new phone."),))
    assert chart_notes.phases(drawn(WAVE, monday)) == (
        "Lines start anew with the week of 4 Mar 2024: a new phone."
    )
    assert chart_notes.phases(drawn(WAVE)) == ""
