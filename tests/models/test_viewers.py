"""TikTok's Viewers files are one day late against its Overview: published on the day that they count."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import CAMPAIGN, Folder, a_campaign, a_day, with_accounts


def published(tmp_path: Path, text: str) -> list[tuple[str, object, object]]:
    folder = Folder(tmp_path, a_campaign(tmp_path, text))
    folder.load(
        days=[a_day("2024-01-01", views=120), a_day("2024-01-02", views=90)], source="tiktok_studio_overview"
    )
    viewers = {"viewers_total": 100, "viewers_new": 60, "viewers_returning": 40}
    folder.load(days=[a_day("2024-01-02", **viewers)], source="tiktok_studio_viewers")
    folder.build()
    rows = folder.rows("SELECT * FROM marts.account_days ORDER BY day")
    assert {(row["viewers_new"], row["viewers_returning"]) for row in rows} == {(60, 40), (None, None)}
    return [(str(row["day"])[:10], row["views"], row["viewers_total"]) for row in rows]


def test_viewers_move_one_day_back(tmp_path: Path) -> None:
    assert published(tmp_path, CAMPAIGN) == [("2024-01-01", 120, 100), ("2024-01-02", 90, None)]


def test_a_campaign_may_leave_them_where_the_file_has_them(tmp_path: Path) -> None:
    text = f"{CAMPAIGN}\n[tiktok]\nviewers_one_day_late = false\n"
    assert published(tmp_path, text) == [("2024-01-01", 120, None), ("2024-01-02", 90, 100)]


ACROSS = {"january": "2024-01-01", "march": "2024-03-01", "november": "2023-11-01"}
"""First days of months and of a year, by an account that was watched on them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    path = tmp_path_factory.mktemp("viewers")
    folder = Folder(path, a_campaign(path, with_accounts(ACROSS)))
    folder.load(days=[a_day("2024-01-02", viewers_total=5)], source="screen_readings")
    days = [a_day(day, account=account, viewers_total=5) for account, day in ACROSS.items()]
    folder.load(days=days, source="tiktok_studio_viewers")
    folder.build()
    return folder


def only_day(folder: Folder, account: str) -> str:
    row = folder.row(f"SELECT day FROM marts.account_days WHERE account = '{account}'")  # noqa: S608
    return str(row["day"])[:10]


def test_viewers_from_elsewhere_stay_where_they_are(folder: Folder) -> None:
    assert only_day(folder, "lavelle") == "2024-01-02"


@pytest.mark.parametrize(
    ("account", "before"), [("january", "2023-12-31"), ("march", "2024-02-29"), ("november", "2023-10-31")]
)
def test_the_day_before_may_be_in_another_month_or_year(folder: Folder, account: str, before: str) -> None:
    assert only_day(folder, account) == before
