from __future__ import annotations

from datetime import date

import pytest

from dashboards import sentences


@pytest.mark.parametrize(
    ("now", "now_name", "before", "before_name", "said"),
    [
        ("3.1k", "P2", "2.0k", "P1", "3.1k in P2, 2.0k in P1"),
        ("2.0k", "P2", "2.0k", "P1", "about 2.0k in both P2 and P1"),
        ("2.0k", "P1", None, None, "2.0k in P1"),
        ("2.0k", "P2", None, "P1", "2.0k in P2; not known for P1"),
        (None, "P2", "2.0k", "P1", "not known yet for P2; 2.0k in P1"),
        (None, "P2", None, "P1", "not known yet"),
        (None, None, None, None, "no action period has begun yet"),
    ],
)
def test_a_title_says_both_periods_as_far_as_known(
    now: str | None, now_name: str | None, before: str | None, before_name: str | None, said: str
) -> None:
    assert sentences.compare("New views", now, now_name, before, before_name) == f"New views: {said}"


def test_the_words_of_a_line_hold_its_span_its_extremes_and_its_last_settled_week() -> None:
    weeks = [
        (date(2024, 1, 1), 1200.0, True),
        (date(2024, 1, 8), 800.0, True),
        (date(2024, 1, 15), 2000.0, False),
    ]
    text = sentences.week_series("New views a week", weeks, 2, "number")
    assert text == (
        "Line chart of new views a week, weeks of 1 Jan 2024 to 15 Jan 2024:"
        " 3 weeks with a figure, 2 without."
        " Lowest 800 (week of 8 Jan 2024), highest 2,000 (week of 15 Jan 2024)."
        " Latest settled week, of 8 Jan 2024: 800. 1 week is provisional."
    )


def test_the_words_of_no_weeks_say_so() -> None:
    assert (
        sentences.week_series("New views a week", [], 0, "number")
        == "New views a week: no week is known yet."
    )
