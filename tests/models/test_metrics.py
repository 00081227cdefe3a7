"""Rates and the passports that define them."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.metrics import BY_NAME, METRICS
from tests.builders import Folder, Row, a_campaign, a_day, a_post, seen

COUNTS = {"likes": 30, "comments": 4, "shares": 6}
VARIANTS = {
    "engagement_rate": 40 / 1000,
    "engagement_rate_with_saves": 50 / 1000,
    "engagement_rate_by_reach": 40 / 800,
    "engagement_rate_by_followers": 40 / 2000,
    "save_rate": 10 / 1000,
    "share_rate": 6 / 1000,
}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path))


def published(folder: Folder, observations: list[Row], days: list[Row] | None = None) -> Row:
    folder.load([a_post("11111", "2024-01-10 10:00")], observations, days or [])
    folder.build()
    return folder.row("SELECT * FROM marts.posts")


def reading(at: str = "2024-01-20 10:00", **more: object) -> Row:
    told = {"views": 1000, "reach": 800, "saves": 10, **COUNTS, **more}
    return seen("11111", at, **told)  # type: ignore[arg-type]


def test_every_variant_of_the_rate_has_its_own_name(folder: Folder) -> None:
    row = published(folder, [reading()], [a_day("2024-01-10", followers=2000)])
    assert {name: row[name] for name in VARIANTS} == pytest.approx(VARIANTS)
    assert row["interactions"] == 40


def test_a_rate_of_unknown_or_no_views_is_unknown(folder: Folder) -> None:
    row = published(folder, [reading(views=0)])
    for name in ("engagement_rate", "engagement_rate_with_saves", "save_rate", "share_rate"):
        assert row[name] is None
    assert row["engagement_rate_by_reach"] == pytest.approx(40 / 800)


def test_no_rate_is_made_of_two_observations(folder: Folder) -> None:
    later = reading("2024-01-21 10:00", views=2000, saves=None, reach=None)
    row = published(folder, [reading(), later])
    assert (row["views"], row["saves"], row["reach"]) == (2000, 10, 800)
    assert row["engagement_rate"] == pytest.approx(40 / 2000)
    assert row["save_rate"] == pytest.approx(10 / 1000)
    assert row["engagement_rate_by_reach"] == pytest.approx(40 / 800)


@pytest.mark.parametrize(
    ("days", "followers"),
    [
        ({"2024-01-10": 500, "2024-01-20": 9000}, 500),  # those the post itself won are not counted
        ({"2024-01-04": 400, "2024-01-05": 450}, 450),
        ({"2024-01-02": 400}, None),  # too long before
        ({"2024-01-11": 400}, None),
        ({"2024-01-09": 400, "2024-01-10": None}, 400),
    ],
)
def test_followers_are_those_of_the_publication_day_or_the_week_before(
    folder: Folder, days: dict[str, int | None], followers: int | None
) -> None:
    row = published(folder, [reading()], [a_day(day, followers=n) for day, n in days.items()])
    assert row["engagement_rate_by_followers"] == (pytest.approx(40 / followers) if followers else None)


def test_watch_time_and_completion_come_through_as_the_platform_reports_them(folder: Folder) -> None:
    older = reading(watch_time_avg_s=9.5, completion_rate=0.25)
    row = published(folder, [older, reading("2024-01-21 10:00", watch_time_avg_s=10.5)])
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
