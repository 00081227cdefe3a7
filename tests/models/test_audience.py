"""Who watches: the newest shares, what of them is the target audience, and what may be shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.audience import disclosed_share
from tests.builders import CAMPAIGN, Folder, Row, a_campaign, a_day, a_post, a_share, seen

TARGET = """
[target_audience]
description = "Young people in Sheffield"
ages = ["13-17", "18-24"]
countries = ["GB"]
places = ["Sheffield"]
goal_share = 0.40
"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path, CAMPAIGN + TARGET))


def viewers(dimension: str, bucket: str, share: float, **more: object) -> Row:
    """A bucket of the viewers of post 11111."""
    post = {"subject_type": "post", "subject_id": "11111", "population": "viewers"}
    return a_share(dimension, bucket, share, **post, **more)


def a_post_watched_by(folder: Folder, *shares: Row) -> None:
    """Post 11111, which 1,000 people saw."""
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-20 10:00", 1200, reach=1000)])
    folder.load(audience=list(shares))


def reach(folder: Folder, criterion: str = "all") -> Row:
    (found,) = (
        row for row in folder.rows("SELECT * FROM marts.target_reach") if row["criterion"] == criterion
    )
    return found


def target(folder: Folder) -> tuple[object, ...]:
    row = folder.row("SELECT target_share, target_low, target_high, target_basis FROM marts.posts")
    return tuple(row.values())


YOUNG = (viewers("age", "18-24", 0.7), viewers("age", "25-34", 0.3))
BRITISH = (viewers("country", "GB", 0.9), viewers("country", "US", 0.1))
LOCAL = (viewers("city", "Sheffield, England", 0.85), viewers("city", "Leeds, England", 0.15))


def test_a_measured_post_has_the_bounds_of_all_criteria_together(folder: Folder) -> None:
    a_post_watched_by(folder, *YOUNG, *BRITISH, *LOCAL)
    folder.build()
    share, low, high, basis = target(folder)
    assert (share, basis) == (None, "measured")
    assert (low, high) == (pytest.approx(0.7 + 0.9 + 0.85 - 2), pytest.approx(0.7))
    row = reach(folder)
    assert (row["verdict"], row["words"]) == (
        "Reaches goal",
        "aged 13-17 or 18-24; in GB; in Sheffield",
    )
    assert reach(folder, "age")["share"] == pytest.approx(0.7)
    assert reach(folder, "age")["verdict"] is None  # one criterion is not the audience


@pytest.mark.parametrize(
    ("young", "verdict"), [(0.2, "Below goal"), (0.5, "Too close to call"), (0.8, "Reaches goal")]
)
def test_the_verdict_says_when_the_bounds_do_not_decide(folder: Folder, young: float, verdict: str) -> None:
    ages = (viewers("age", "18-24", young), viewers("age", "25-34", 1 - young))
    a_post_watched_by(folder, *ages, *BRITISH, *LOCAL)
    folder.build()
    assert reach(folder)["verdict"] == verdict


def test_a_criterion_that_nobody_tells_of_leaves_the_lower_bound_open(folder: Folder) -> None:
    a_post_watched_by(folder, *BRITISH)
    folder.build()
    assert target(folder)[1:] == (0.0, pytest.approx(0.9), "measured")
    assert reach(folder)["verdict"] == "Too close to call"


def test_followers_of_an_account_say_nothing_about_a_video(folder: Folder) -> None:
    a_post_watched_by(folder, a_share("age", "18-24", 0.9), a_share("age", "25-34", 0.1))
    folder.build()
    assert target(folder) == (None, None, None, "account")
    row = reach(folder)
    assert (row["subject_type"], row["basis"], row["verdict"]) == ("account", "account", None)


def test_without_any_audience_nothing_is_known(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-20 10:00", 1200)])
    folder.build()
    assert target(folder) == (None, None, None, "unknown")
    assert folder.rows("SELECT * FROM marts.audience") == []


def test_the_newest_export_replaces_the_whole_list_of_before(folder: Folder) -> None:
    folder.load(audience=[a_share("age", "18-24", 0.5), a_share("age", "25-34", 0.5)])
    folder.load(audience=[a_share("age", "18-24", 1.0, at="2024-02-20 12:00")])
    folder.build()
    rows = folder.rows("SELECT bucket, share FROM marts.audience")
    assert rows == [{"bucket": "18-24", "share": 1.0}]
    folder.build(as_of=date(2024, 2, 1))
    assert len(folder.rows("SELECT * FROM marts.audience")) == 2


def test_readings_add_up_bucket_by_bucket_and_give_way_to_an_export(folder: Folder) -> None:
    folder.load(audience=[a_share("age", "18-24", 0.5)], rank="reading", source="reading")
    folder.load(
        audience=[a_share("age", "25-34", 0.3, at="2024-02-01 12:00")], rank="reading", source="reading"
    )
    folder.build()
    rows = folder.rows("SELECT bucket, basis FROM marts.audience ORDER BY bucket")
    assert rows == [
        {"bucket": "18-24", "basis": "read by a person"},
        {"bucket": "25-34", "basis": "read by a person"},
    ]
    assert reach(folder)["is_reading"]
    folder.load(audience=[a_share("age", "18-24", 0.4, at="2024-01-02 12:00")], rank="export")
    folder.build()
    assert folder.rows("SELECT share, basis FROM marts.audience") == [{"share": 0.4, "basis": "account"}]


@pytest.mark.parametrize(
    ("share", "people", "rule", "shown"),
    [
        (0.004, 1000, "mhsds", "*"),
        (0.0045, 1000, "mhsds", "*"),
        (0.005, 1000, "mhsds", "0.005"),
        (0.047, 100, "mhsds", "0.05"),
        (0.0, 1000, "mhsds", "*"),
        (0.0, 1000, "hes", "0"),
        (0.007, 1000, "hes", "*"),
        (0.04, None, "mhsds", "*"),  # of at least 100 people: perhaps 4
        (0.05, None, "mhsds", "0.05"),
        (None, 1000, "mhsds", ""),
    ],
)
def test_a_share_is_shown_by_the_count_that_it_stands_for(
    share: float | None, people: int | None, rule: str, shown: str
) -> None:
    assert str(disclosed_share(share, people, rule)) == shown


def test_a_suppressed_share_is_not_an_unknown_one(folder: Folder) -> None:
    folder.load(days=[a_day("2024-01-19", exported="2024-01-20 12:00", followers=1000)])
    folder.load(audience=[a_share("country", "GB", 0.997), a_share("country", "IE", 0.003)])
    folder.build()
    rows = folder.rows("SELECT bucket, share, state FROM marts.audience ORDER BY bucket")
    assert rows == [
        {"bucket": "GB", "share": 0.995, "state": "shown"},
        {"bucket": "IE", "share": None, "state": "suppressed"},
    ]


def test_a_lower_bound_gives_no_suppressed_share_away(folder: Folder) -> None:
    a_post_watched_by(folder, viewers("age", "18-24", 0.003), viewers("age", "55+", 0.4))
    folder.build()
    hidden = folder.row("SELECT share, state FROM marts.audience WHERE bucket = '18-24'")
    assert hidden == {"share": None, "state": "suppressed"}
    told = reach(folder, "age")
    assert (told["low"], told["high"]) == (0.0, 0.6)


def test_bounds_are_of_counts_as_they_may_be_shown(folder: Folder) -> None:
    a_post_watched_by(folder, viewers("age", "18-24", 0.6), viewers("age", "55+", 0.123))
    folder.build()
    told = reach(folder, "age")
    assert (told["low"], told["high"]) == (0.6, 0.875)  # 877 of 1,000


def test_a_goal_that_is_just_met_is_met(folder: Folder) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00")], [seen("11111", "2024-01-20 10:00", 1200)])
    ages = (viewers("age", "18-24", 0.9), viewers("age", "25-34", 0.1))
    british = (viewers("country", "GB", 0.8), viewers("country", "US", 0.2))
    folder.load(audience=[*ages, *british, viewers("city", "Sheffield", 0.7)])
    folder.build()
    told = reach(folder)
    assert (told["low"], told["high"], told["verdict"]) == (0.4, 0.7, "Reaches goal")


def test_an_account_outside_the_campaign_has_no_audience(folder: Folder) -> None:
    folder.load(audience=[a_share("age", "18-24", 0.5, subject_id="somebody", account="somebody")])
    folder.build()
    assert folder.rows("SELECT * FROM marts.audience") == []


def test_an_ended_consent_takes_the_audience_away(tmp_path: Path) -> None:
    ended = CAMPAIGN.replace('name = "Lavelle"', 'name = "Lavelle"\nconsent_until = 2024-01-01')
    folder = Folder(tmp_path, a_campaign(tmp_path, ended + TARGET))
    folder.load(audience=[a_share("age", "18-24", 0.5)])
    folder.build()
    assert folder.rows("SELECT * FROM marts.audience") == []
    assert folder.rows("SELECT * FROM marts.target_reach") == []


def test_a_share_that_cannot_be_is_left_out(folder: Folder) -> None:
    folder.load(audience=[a_share("age", "18-24", 1.5), a_share("age", "25-34", 0.5)])
    folder.build()
    assert folder.rows("SELECT bucket FROM marts.audience") == [{"bucket": "25-34"}]
