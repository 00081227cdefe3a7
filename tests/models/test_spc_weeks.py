"""Which weeks control charts get, out of the real store: when a topic's own weeks suffice, and for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import Folder, a_campaign, a_day, a_post, seen

START = datetime(2024, 1, 1)  # a Monday; winter, so that midnight is midnight


def weekly(post_id: str, mondays: Sequence[int], views: int = 100) -> list[dict[str, object]]:
    """Readings of a post at the starts of weeks, so that only a week between two of them is complete."""
    return [
        seen(
            post_id,
            f"{START + timedelta(7 * n):%Y-%m-%d %H:%M}",
            views * n + 10 * (n % 3),
            likes=5 * n,
            comments=n,
            shares=n,
        )
        for n in mondays
    ]


def folder_of(path: Path, mondays: Sequence[int]) -> Folder:
    folder = Folder(path, a_campaign(path))
    folder.load([a_post("11111", "2024-01-01 00:00")], weekly("11111", mondays))
    return folder


def is_sufficient(folder: Folder, weeks: int) -> bool:
    """As it was known on the day on which so many weeks had settled."""
    folder.build(as_of=(START + timedelta(7 * weeks + 3)).date())
    (row,) = folder.rows("SELECT DISTINCT is_sufficient FROM marts.spc WHERE facet = 'topic:help'")
    return bool(row["is_sufficient"])


def test_a_topics_weeks_suffice_from_the_thirteenth_settled_one_on(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, range(1, 20))
    assert [is_sufficient(folder, weeks) for weeks in (12, 13)] == [False, True]


def test_weeks_that_suffice_once_suffice_for_good(tmp_path: Path) -> None:
    # Thirteen complete weeks, then readings three weeks apart: of 25 settled weeks 13 are complete.
    folder = folder_of(tmp_path, [*range(1, 14), *range(16, 40, 3)])
    assert [is_sufficient(folder, weeks) for weeks in (13, 25)] == [True, True]


def test_weeks_that_are_incomplete_too_often_do_not_suffice(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, [1, 2, 3, 4, *range(7, 40, 3)])
    assert not is_sufficient(folder, 20)


def test_an_earlier_day_rebuilt_later_says_what_it_said_then(tmp_path: Path) -> None:
    def charted(folder: Folder, day: date) -> list[dict[str, object]]:
        folder.build(as_of=day)
        return folder.rows("SELECT * FROM marts.spc ORDER BY ALL")

    day = (START + timedelta(7 * 15 + 2)).date()
    (tmp_path / "then").mkdir()
    (tmp_path / "later").mkdir()
    then = charted(folder_of(tmp_path / "then", range(1, 16)), day)
    assert then == charted(folder_of(tmp_path / "later", [*range(1, 16), *range(18, 40, 3)]), day)
    assert then


@pytest.mark.parametrize(("likes", "scale"), [(None, "as they are"), (0, "u'")])
def test_only_views_that_a_rate_is_of_decide_its_kind_of_chart(
    tmp_path: Path, likes: int | None, scale: str
) -> None:
    # The views of a second post vary 9-fold; without its likes it is no part of the rate.
    folder = folder_of(tmp_path, range(1, 30))
    uneven = weekly("22222", range(1, 30))
    for n, row in enumerate(uneven, 1):
        row |= {"views": 50 * n + 450 * (n // 2), "likes": likes and likes * n, "comments": 0, "shares": 0}
    folder.load([a_post("22222", "2024-01-01 00:00")], uneven)
    folder.build()
    (row,) = folder.rows(
        "SELECT DISTINCT scale FROM marts.spc WHERE facet = 'topic:help' AND measure LIKE 'interactions%'"
    )
    assert row["scale"] == scale


def test_an_accounts_weeks_are_charted_however_few(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path))
    days = [(START + timedelta(n)).date().isoformat() for n in range(14)]
    folder.load(days=[a_day(day, "2024-01-16 12:00", views=10) for day in days])
    folder.build(as_of=date(2024, 1, 17))
    rows = folder.rows("SELECT * FROM marts.spc WHERE measure = 'new_views' ORDER BY week")
    assert [(r["facet"], r["value"], r["mean"], r["is_provisional"], r["is_sufficient"]) for r in rows] == [
        ("account:tiktok:lavelle", 70, 70, False, True),
        ("account:tiktok:lavelle", 70, 70, True, True),
    ]


def test_lines_start_anew_where_views_are_counted_by_another_definition(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path))
    post = a_post("11111", "2024-01-01 00:00")
    folder.load([post], weekly("11111", range(1, 16)), views_named="Total views")
    folder.load([post], weekly("11111", range(16, 30), 500), views_named="Qualified views")
    folder.build()
    rows = folder.rows(
        "SELECT DISTINCT phase, min(week) OVER (PARTITION BY measure, phase) AS first, phase_reason, measure"
        " FROM marts.spc WHERE facet = 'topic:help' AND phase > 1 ORDER BY measure"
    )
    assert [(row["measure"], row["phase"], str(row["first"])[:10]) for row in rows] == [
        ("interactions_per_1000_views", 2, "2024-04-29"),
        ("new_views", 2, "2024-04-29"),
    ]
    assert {row["phase_reason"] for row in rows} == {
        "TikTok views of @lavelle are counted anew: qualified views instead of views"
    }
