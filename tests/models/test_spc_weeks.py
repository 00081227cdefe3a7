"""Which weeks control charts get, out of the real store: when a topic's own weeks suffice, and for good."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from models.store import STORE_FILE
from tests.builders import Folder, Row, a_campaign, a_day, a_post, seen, with_accounts

START = datetime(2024, 1, 1)  # a Monday; winter, so that midnight is midnight
MIDNIGHT = "2024-01-01 00:00"


TOPIC = """
[[topic]]
id = "{0}"
name = "{0}"
team = "team-a"
accounts = ["tiktok:@{0}"]
"""
READ = {
    "steady": range(1, 20),
    # Thirteen complete weeks, then readings three weeks apart: of 25 settled weeks 13 are complete.
    "once": [*range(1, 14), *range(16, 40, 3)],
    "gappy": [1, 2, 3, 4, *range(7, 40, 3)],
    "unliked": range(1, 30),
    "liked": range(1, 30),
}
"""By account, which has a topic of its own, the weeks at whose starts its post was read."""


def weekly(post_id: str, mondays: Sequence[int], views: int = 100, account: str = "lavelle") -> list[Row]:
    """Readings of a post at the starts of weeks, so that only a week between two of them is complete."""
    return [
        seen(
            post_id,
            f"{START + timedelta(7 * n):%Y-%m-%d %H:%M}",
            views * n + 10 * (n % 3),
            account=account,
            likes=5 * n,
            comments=n,
            shares=n,
        )
        for n in mondays
    ]


Known = Callable[[int | None], Folder]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for most tests: each looks at a topic of its own, as it was known on some day."""
    path = tmp_path_factory.mktemp("weeks")
    folder = Folder(path, a_campaign(path, with_accounts(READ) + "".join(map(TOPIC.format, READ))))
    for account, mondays in READ.items():
        folder.load([a_post(account, MIDNIGHT, "", account=account)], weekly(account, mondays, 100, account))
    # The views of a second post vary 9-fold; without its likes it is no part of the rate.
    for account, likes in (("unliked", None), ("liked", 0)):
        uneven = weekly(f"{account}-2", range(1, 30), 100, account)
        for n, row in enumerate(uneven, 1):
            row |= {
                "views": 50 * n + 450 * (n // 2),
                "likes": likes and likes * n,
                "comments": 0,
                "shares": 0,
            }
        folder.load([a_post(f"{account}-2", MIDNIGHT, "", account=account)], uneven)
    for named, mondays, views in (
        ("Total views", range(1, 16), 100),
        ("Qualified views", range(16, 30), 500),
    ):
        folder.load([a_post("11111", MIDNIGHT)], weekly("11111", mondays, views), views_named=named)
    return folder


@pytest.fixture(scope="module")
def known(store: Folder, tmp_path_factory: pytest.TempPathFactory) -> Known:
    """What was known when so many weeks had settled, or is known at last; built once for all tests."""

    @cache
    def known(weeks: int | None) -> Folder:
        folder = Folder(tmp_path_factory.mktemp("known"), store.campaign)
        shutil.copy2(store.path / STORE_FILE, folder.path)
        folder.build(as_of=None if weeks is None else (START + timedelta(7 * weeks + 3)).date())
        return folder

    return known


def is_sufficient(folder: Folder, topic: str) -> bool:
    row = folder.row(f"SELECT DISTINCT is_sufficient FROM marts.spc WHERE facet = 'topic:{topic}'")  # noqa: S608
    return bool(row["is_sufficient"])


def test_a_topics_weeks_suffice_from_the_thirteenth_settled_one_on(known: Known) -> None:
    assert [is_sufficient(known(weeks), "steady") for weeks in (12, 13)] == [False, True]


def test_weeks_that_suffice_once_suffice_for_good(known: Known) -> None:
    assert [is_sufficient(known(weeks), "once") for weeks in (13, 25)] == [True, True]


def test_weeks_that_are_incomplete_too_often_do_not_suffice(known: Known) -> None:
    assert not is_sufficient(known(25), "gappy")


def folder_of(path: Path, mondays: Sequence[int]) -> Folder:
    folder = Folder(path, a_campaign(path))
    folder.load([a_post("11111", MIDNIGHT)], weekly("11111", mondays))
    return folder


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


@pytest.mark.parametrize(("topic", "scale"), [("unliked", "as they are"), ("liked", "u'")])
def test_only_views_that_a_rate_is_of_decide_its_kind_of_chart(known: Known, topic: str, scale: str) -> None:
    row = known(None).row(
        f"SELECT DISTINCT scale FROM marts.spc WHERE facet = 'topic:{topic}' AND measure LIKE 'interactions%'"  # noqa: S608
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


def test_lines_start_anew_where_views_are_counted_by_another_definition(known: Known) -> None:
    rows = known(None).rows(
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
