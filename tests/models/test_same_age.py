"""Views at 1, 3, 7 and 28 days, and why there are none."""

from __future__ import annotations

import pytest

from models.ages import AGES
from tests.builders import CAMPAIGN, Folder, Row, a_campaign, a_post, seen, with_accounts

PLATFORMS = {
    "tiktok": "a weekly Content export of TikTok Studio gives views at 28 days",
    "instagram": "a weekly content export of Meta Business Suite gives views at 28 days",
    "youtube": "a reading every week gives views at 28 days",
    "newest": "a reading every week gives views at 28 days",
}


TOPIC = """
[[topic]]
id = "young"
name = "Young"
team = "team-a"
accounts = ["tiktok:@young"]
"""
NEW_YEAR = "2024-01-01 10:00"
READ: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "near": (NEW_YEAR, [("2024-01-01 22:00", 100), ("2024-01-02 22:00", 300)]),
    "daily": (NEW_YEAR, [("2024-01-02 06:00", 100), ("2024-01-03 06:00", 300)]),
    "recent": ("2024-05-29 04:00", [("2024-05-31 10:00", 100), ("2024-06-01 10:00", 300)]),
    "once": (NEW_YEAR, [("2024-01-02 11:30", 100)]),
    "reset": (NEW_YEAR, [("2024-01-07 10:00", 1000), ("2024-01-09 10:00", 50)]),
    "known-at-7": (NEW_YEAR, [("2024-01-08 10:20", 500), ("2024-04-01 10:00", 900)]),
    "known-at-28": (NEW_YEAR, [("2024-01-26 10:00", 500), ("2024-02-01 10:00", 900)]),
    "may-still-come": ("2024-05-13 10:00", [("2024-06-01 10:00", 500)]),
}
"""By account, when its post was published and what readings of it there are; now is the last of them all."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for all tests: each looks at the posts of an account of its own."""
    path = tmp_path_factory.mktemp("same-age")
    elsewhere = ", ".join(f'"{platform}:@lavelle"' for platform in PLATFORMS)
    text = CAMPAIGN.replace(
        'accounts = ["tiktok:@lavelle", "instagram:@lavelle"]', f"accounts = [{elsewhere}]"
    )
    folder = Folder(path, a_campaign(path, with_accounts([*READ, "noons", "young"], text) + TOPIC))
    folder.load(
        [a_post(f"of-{account}", published, account=account) for account, (published, _) in READ.items()],
        [
            seen(f"of-{account}", at, views, account=account)
            for account, (_, readings) in READ.items()
            for at, views in readings
        ],
    )
    noons = [seen("of-noons", f"2024-01-{day:02} 12:00", day * 100, account="noons") for day in range(1, 12)]
    folder.load([a_post("of-noons", NEW_YEAR, account="noons")], noons, precision="day")
    for platform in PLATFORMS:
        folder.load(
            [a_post("11111", NEW_YEAR, platform=platform)],
            [seen("11111", f"2024-{month:02}-01 10:00", month * 100, platform=platform) for month in (3, 4)],
        )
    # Eight posts, each read often on its first days and never again near day 7 or 28.
    posts = [a_post(f"2222{n}", f"2024-01-{n + 1:02} 10:00", "", account="young") for n in range(8)]
    readings = [
        seen(f"2222{n}", f"2024-01-{n + 1 + day:02} 10:00", 100 * day, account="young")
        for n in range(8)
        for day in (1, 3)
    ]
    folder.load(posts, [*readings, seen("22220", "2024-06-01 10:00", 999, account="young")])
    folder.build()
    return folder


def post(folder: Folder, account: str) -> Row:
    """What is published of the only post of an account."""
    return folder.row(f"SELECT * FROM marts.posts WHERE account = '{account}'")  # noqa: S608


def at(row: Row, age: int) -> tuple[object, object]:
    return row[f"views_day_{age}"], row[f"views_day_{age}_status"]


def test_a_first_day_lies_on_the_line_between_readings_within_12_hours(folder: Folder) -> None:
    assert at(post(folder, "near"), 1) == (200, "interpolated")


def test_one_reading_a_day_at_another_hour_does_not_tell_the_first_day(folder: Folder) -> None:
    assert at(post(folder, "daily"), 1) == (None, "missing")


def test_one_reading_a_day_tells_the_third_day_at_whatever_hour(folder: Folder) -> None:
    row = post(folder, "recent")
    assert at(row, 3) == (250, "interpolated")
    assert at(row, 7) == (None, "not_yet")


def test_a_publication_is_no_reading_beside_the_first_day(folder: Folder) -> None:
    assert at(post(folder, "once"), 1) == (None, "missing")


def test_a_reading_dated_by_its_day_tells_none_of_the_young_ages(folder: Folder) -> None:
    row = post(folder, "noons")
    assert [at(row, age) for age in (1, 3, 7)] == [(None, "missing")] * 3


def test_no_line_is_drawn_across_a_reset(folder: Folder) -> None:
    row = post(folder, "reset")
    assert at(row, 7) == (None, "missing")
    assert (row["views_day_7_low"], row["views_day_7_high"]) == (None, None)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_missing_value_says_what_would_give_it_in_the_words_of_the_platform(
    folder: Folder, platform: str
) -> None:
    row = folder.row(
        f"SELECT same_age_note FROM marts.posts WHERE account = 'lavelle' AND platform = '{platform}'"  # noqa: S608
    )
    note = str(row["same_age_note"])
    assert note == (
        "no reading with its time of day within 36 hours of 7 days on both sides,"
        f" nor any within 14 days of 28 days: {PLATFORMS[platform]}"
    )
    assert ("TikTok" in note) == (platform == "tiktok")


@pytest.mark.parametrize("account", ["known-at-7", "known-at-28", "may-still-come"])
def test_what_is_known_or_may_still_come_needs_no_note(folder: Folder, account: str) -> None:
    assert post(folder, account)["same_age_note"] is None


def test_periods_are_compared_at_7_and_28_days_alone() -> None:
    assert [(age.day, age.compares) for age in AGES] == [(1, False), (3, False), (7, True), (28, True)]


def test_a_period_is_never_compared_at_a_younger_age(folder: Folder) -> None:
    row = folder.row("SELECT * FROM marts.topic_periods WHERE topic_id = 'young' AND period_id = 'ap1'")
    assert (row["posts"], row["same_age_day"], row["median_views_same_age"]) == (8, None, None)
    days = folder.rows("SELECT DISTINCT views_day_3 FROM marts.posts WHERE account = 'young'")
    assert days == [{"views_day_3": 300}]
