"""What control charts say never goes beyond, or against, the rows that they show."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import judgement, words
from models.campaign import Rebase, Spc
from tests.dashboards.charted import RATE, charted, weeks
from tests.dashboards.html import parse

MONDAY = date(2024, 1, 1)
fixed = settings(derandomize=True, deadline=None)


def judged(values: list[float | None], baseline: int | None = 14, **columns: Any) -> list[dict[str, Any]]:
    rows = weeks(values, first=MONDAY, **columns)
    return charted(rows, MONDAY + timedelta(7 * len(values) + 3), Spc(baseline_weeks=baseline))


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
    assert "they need 13 complete, settled weeks" in parse(site / "neurodiversity.html").text


def test_a_charts_words_hold_its_limits_and_its_latest_settled_week(site: Path) -> None:
    charts = [
        e.attributes["aria-label"]
        for e in parse(site / "early-help.html").elements
        if e.attributes.get("role") == "img"
    ]
    assert charts[0].startswith(
        "XmR chart of new views a week, Finding help early, weekly, weeks of 6 Nov 2023"
    )
    assert "baseline: 13 weeks to 25 Feb 2024, screened moving ranges; trial limits" in charts[0]
    assert "Latest settled week, of 1 Apr 2024:" in charts[0]


ZIGZAG: list[float | None] = [0.0, *[3.0, 1.0] * 11, 3.0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (ZIGZAG[:9], "too few weeks to judge, 9 settled weeks so far"),
        (ZIGZAG[:12], "no signal, no unusual run about the median in 12 settled weeks"),
        (ZIGZAG, "no signal, no unusual run about the median in 24 settled weeks"),
        ([*ZIGZAG, *[5.0] * 9], "a shift, 10 weeks in a row on one side of the median"),
        (
            [0.0, *[1.0] * 5, *[3.0] * 6, *[1.0] * 6, *[3.0] * 6],
            "a shift, 24 settled weeks cross the median only 3 times",
        ),
    ],
)
def test_a_run_chart_is_told_by_its_runs(values: list[float | None], said: str) -> None:
    rows = judged(values, None if len(values) < 13 else 24)
    assert judgement.title("Views", rows) == f"Views: {said}"
    assert not judgement.has_limits(rows)


@fixed
@given(st.lists(st.sampled_from([0.0, 1.0, 3.0]), min_size=1, max_size=30))
def test_a_shift_is_told_exactly_when_the_published_runs_signal_one(values: list[float | None]) -> None:
    rows = judged([0.0, *values], None, is_sufficient=False)
    title = judgement.title("Views", rows)
    assert ("a shift" in title) == bool(rows[-1]["run_signal"])
    assert ("no signal" in title) == (rows[-1]["run_signal"] is False)
    assert ("too few weeks" in title) == (rows[-1]["run_signal"] is None)


def test_what_is_usual_for_so_many_weeks_stands_beside_what_is_found() -> None:
    assert judgement.runs_usual(judged(ZIGZAG, 24)) == (
        "Usual for so many weeks: runs of at most 8 on one side of the median (here 1),"
        " at least 8 crossings of it (here 23)."
    )
    assert judgement.runs_usual(judged(ZIGZAG[:9], None)) == (
        "Runs are judged from 10 weeks off the median on."
    )


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "baseline: 14 weeks to 7 Apr 2024, screened moving ranges; trial limits: fewer than 20 weeks"),
        (
            {"measure": RATE, "views": [100.0, 900.0] * 8},
            "baseline: 14 weeks to 7 Apr 2024, screened moving ranges of standardised rates;"
            " trial limits: fewer than 20 weeks",
        ),
        ({"is_sufficient": False}, "median of 16 weeks to 21 Apr 2024"),
        ({"is_firm": False}, "no settled week yet"),
    ],
)
def test_the_basis_says_from_which_weeks_the_lines_come(columns: dict[str, Any], said: str) -> None:
    assert judgement.basis(judged([*STABLE, 11.0, 10.0], **columns)) == said


def test_only_the_latest_phase_is_told() -> None:
    rows = weeks([*STABLE, *[30.0, 31.0] * 8], first=MONDAY)
    spc = Spc(rebases=(Rebase(MONDAY + timedelta(98), "new phone"),))
    day = MONDAY + timedelta(7 * 30 + 3)
    assert judgement.title("Views", charted(rows, day, spc)) == (
        "Views: no change beyond usual variation in the 3 settled weeks since 8 Jul 2024"
    )
    early = charted(rows[:20], day, spc)
    assert judgement.title("Views", early) == (
        "Views: too few weeks since 8 Apr 2024 to judge, 6 settled weeks so far"
    )
