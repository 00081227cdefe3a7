"""What control charts say never goes beyond, or against, the rows that they show."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import judgement, words
from models.spc import Options, xmr
from tests.dashboards.html import parse

MONDAY = date(2024, 1, 1)
fixed = settings(derandomize=True, deadline=None)


def judged(values: list[float | None], baseline: int = 14) -> list[dict[str, Any]]:
    days = [MONDAY + timedelta(7 * n) for n in range(len(values))]
    chart = xmr(days, values, Options("increase", baseline=baseline))
    return [
        {
            "week": point.date,
            "value": point.value,
            "cause": point.cause,
            "lpl": point.limits.lpl,
            "upl": point.limits.upl,
            "is_provisional": point.value is None,
            "baseline_to": days[baseline - 1],
        }
        for point in chart.points
    ]


STABLE: list[float | None] = [10.0, 12.0] * 7


@fixed
@given(st.lists(st.none() | st.integers(0, 40).map(float), max_size=30))
def test_the_counts_of_a_title_are_those_of_the_rows(later: list[float | None]) -> None:
    rows = judged([*STABLE, *later])
    title = judgement.title("Views", rows)
    known = [row for row in rows[14:] if row["value"] is not None]
    above = sum(row["value"] > row["upl"] for row in known)
    below = sum(row["value"] < row["lpl"] for row in known)
    signals = sum(row["cause"] != "Common Cause" for row in known)
    assert (f"{above} lie" in title) == bool(above) or above == below
    assert ("above the upper limit" in title) == bool(above)
    assert ("below the lower limit" in title) == bool(below)
    assert ("no change beyond usual variation" in title) == bool(known and not signals)
    assert (
        f"the {words.count(len(known), 'settled week')} since" in title or f"{len(known)} settled" in title
    ) == bool(known)


@pytest.mark.parametrize(
    ("later", "said"),
    [
        ([], "Views: no week after the baseline is settled yet"),
        ([11.0, 10.0], "Views: no change beyond usual variation in the 2 settled weeks since 8 Apr 2024"),
        ([40.0, 10.0], "Views: of the 2 settled weeks since 8 Apr 2024, 1 lies above the upper limit"),
        (
            [40.0, 0.0],
            "Views: of the 2 settled weeks since 8 Apr 2024,"
            " 1 lies above the upper limit and 1 lies below the lower limit",
        ),
        (
            [11.5] * 8,
            "Views: of the 8 settled weeks since 8 Apr 2024, 8 lie in a run or trend beyond usual variation",
        ),
    ],
)
def test_a_title_counts_weeks_after_the_baseline(later: list[float | None], said: str) -> None:
    assert judgement.title("Views", judged([*STABLE, *later])) == said


def test_weeks_in_a_row_are_told_as_one_stretch() -> None:
    weeks = [MONDAY, MONDAY + timedelta(7), MONDAY + timedelta(28)]
    assert judgement.stretches(weeks) == "1 Jan to 8 Jan 2024 and 29 Jan 2024"


def test_a_judged_page_says_how_often_signals_are_chance_and_an_unjudged_one_why_not(site: Path) -> None:
    judged_page = parse(site / "early-help.html").text
    assert judgement.BY_CHANCE in judged_page
    assert words.NOT_JUDGED not in judged_page
    assert words.TOO_FEW in parse(site / "neurodiversity.html").text


def test_a_charts_words_hold_its_limits_and_its_latest_settled_week(site: Path) -> None:
    charts = [
        e.attributes["aria-label"]
        for e in parse(site / "early-help.html").elements
        if e.attributes.get("role") == "img"
    ]
    assert charts[0].startswith(
        "XmR chart of new views a week, Finding help early, weekly, weeks of 6 Nov 2023"
    )
    assert "baseline: 11 weeks to 11 Feb 2024, screened moving ranges; trial limits" in charts[0]
    assert "Latest settled week, of 1 Apr 2024:" in charts[0]
