"""Rates and the passports that define them."""

from __future__ import annotations

import pytest

from models.metrics import BY_NAME, METRICS
from tests.builders import Folder, Row, a_campaign, a_day, a_post, seen, with_accounts

COUNTS = {"likes": 30, "comments": 4, "shares": 6}
VARIANTS = {
    "engagement_rate": 40 / 1000,
    "engagement_rate_with_saves": 50 / 1000,
    "engagement_rate_by_reach": 40 / 800,
    "engagement_rate_by_followers": 40 / 2000,
    "save_rate": 10 / 1000,
    "share_rate": 6 / 1000,
}


def reading(at: str = "2024-01-20 10:00", **more: object) -> Row:
    return {"at": at, "views": 1000, "reach": 800, "saves": 10, **COUNTS, **more}


READINGS = {
    "plain": [reading()],
    "unseen": [reading(views=0)],
    "later": [reading(), reading("2024-01-21 10:00", views=2000, saves=None, reach=None)],
    "watched": [
        reading(watch_time_avg_s=9.5, completion_rate=0.25),
        reading("2024-01-21 10:00", watch_time_avg_s=10.5),
    ],
}
FOLLOWERS: dict[str, tuple[dict[str, int | None], int | None]] = {
    "won": ({"2024-01-10": 500, "2024-01-20": 9000}, 500),  # those the post itself won are not counted
    "before": ({"2024-01-04": 400, "2024-01-05": 450}, 450),
    "long-before": ({"2024-01-02": 400}, None),
    "after": ({"2024-01-11": 400}, None),
    "untold": ({"2024-01-09": 400, "2024-01-10": None}, 400),
}
DAYS: dict[str, dict[str, int | None]] = {
    "plain": {"2024-01-10": 2000},
    **{account: days for account, (days, _) in FOLLOWERS.items()},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for all tests: each looks at the only post of an account of its own."""
    path = tmp_path_factory.mktemp("metrics")
    accounts = READINGS | {account: [reading()] for account in FOLLOWERS}
    folder = Folder(path, a_campaign(path, with_accounts(accounts)))
    folder.load(
        [a_post(f"of-{account}", "2024-01-10 10:00", account=account) for account in accounts],
        [
            {**seen(f"of-{account}", "", account=account), **row}
            for account, rows in accounts.items()
            for row in rows
        ],
        [
            a_day(day, account=account, followers=followers)
            for account, days in DAYS.items()
            for day, followers in days.items()
        ],
    )
    folder.build()
    return folder


def post(folder: Folder, account: str) -> Row:
    return folder.row(f"SELECT * FROM marts.posts WHERE account = '{account}'")  # noqa: S608


def test_every_variant_of_the_rate_has_its_own_name(folder: Folder) -> None:
    row = post(folder, "plain")
    assert {name: row[name] for name in VARIANTS} == pytest.approx(VARIANTS)
    assert row["interactions"] == 40


def test_a_rate_of_unknown_or_no_views_is_unknown(folder: Folder) -> None:
    row = post(folder, "unseen")
    for name in ("engagement_rate", "engagement_rate_with_saves", "save_rate", "share_rate"):
        assert row[name] is None
    assert row["engagement_rate_by_reach"] == pytest.approx(40 / 800)


def test_no_rate_is_made_of_two_observations(folder: Folder) -> None:
    row = post(folder, "later")
    assert (row["views"], row["saves"], row["reach"]) == (2000, 10, 800)
    assert row["engagement_rate"] == pytest.approx(40 / 2000)
    assert row["save_rate"] == pytest.approx(10 / 1000)
    assert row["engagement_rate_by_reach"] == pytest.approx(40 / 800)


@pytest.mark.parametrize("account", FOLLOWERS)
def test_followers_are_those_of_the_publication_day_or_the_week_before(folder: Folder, account: str) -> None:
    followers = FOLLOWERS[account][1]
    rate = post(folder, account)["engagement_rate_by_followers"]
    assert rate == (pytest.approx(40 / followers) if followers else None)


def test_watch_time_and_completion_come_through_as_the_platform_reports_them(folder: Folder) -> None:
    row = post(folder, "watched")
    assert (row["watch_time_avg_s"], row["completion_rate"]) == (10.5, 0.25)


def test_a_derived_metric_is_offered_by_the_sources_that_give_all_its_parts() -> None:
    assert "tiktok_studio_content" in BY_NAME["engagement_rate"].sources
    assert "tiktok_studio_content" not in BY_NAME["save_rate"].sources
    assert BY_NAME["completion_rate"].sources == ("reading", "tiktok_business_api")


def test_a_passport_is_complete_for_programs() -> None:
    for metric in METRICS:
        assert {"name", "label", "unit", "formula", "denominator", "good_direction"} <= set(metric.passport())
        assert metric.passport()["sources"] == metric.sources
        assert metric.sources, f"{metric.name}: no source gives it"
