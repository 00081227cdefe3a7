"""Who watches: the newest shares, what of them is the target audience, and what may be shown."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from models.audience import disclosed_share
from tests.builders import Folder, Row, a_campaign, a_day, a_post, a_share, seen, with_accounts

TARGET = """
[target_audience]
description = "Young people in Sheffield"
ages = ["13-17", "18-24"]
countries = ["GB"]
places = ["Sheffield"]
goal_share = 0.40
"""


ENDED = """
[[creator]]
id = "ended"
name = "Ended"
kind = "influencer"
accounts = ["tiktok:@ended"]
consent_until = 2024-01-01
"""
ACCOUNTS = ("followed", "renewed", "read", "exported", "small", "impossible")
THEN, LATER = "2024-01-20 12:00", "2024-02-20 12:00"


def viewers(dimension: str, bucket: str, share: float) -> Row:
    """A bucket of the viewers of some post."""
    return a_share(dimension, bucket, share, subject_type="post", population="viewers")


def followers(account: str, bucket: str, share: float, at: str = THEN, dimension: str = "age") -> Row:
    return a_share(dimension, bucket, share, at, account=account, subject_id=account)


def aged(young: float) -> tuple[Row, Row]:
    return viewers("age", "18-24", young), viewers("age", "25-34", 1 - young)


YOUNG = (viewers("age", "18-24", 0.7), viewers("age", "25-34", 0.3))
BRITISH = (viewers("country", "GB", 0.9), viewers("country", "US", 0.1))
LOCAL = (viewers("city", "Sheffield, England", 0.85), viewers("city", "Leeds, England", 0.15))
WATCHED = {
    "11111": (*YOUNG, *BRITISH, *LOCAL),
    "22222": (*aged(0.2), *BRITISH, *LOCAL),
    "22225": (*aged(0.5), *BRITISH, *LOCAL),
    "22228": (*aged(0.8), *BRITISH, *LOCAL),
    "33333": BRITISH,
    "44444": (viewers("age", "18-24", 0.003), viewers("age", "55+", 0.4)),
    "55555": (viewers("age", "18-24", 0.6), viewers("age", "55+", 0.123)),
}
"""Who watched each post of Lavelle's that 1,000 people saw."""
JUST_MET = (
    *(viewers("age", "18-24", 0.9), viewers("age", "25-34", 0.1)),
    *(viewers("country", "GB", 0.8), viewers("country", "US", 0.2)),
    viewers("city", "Sheffield", 0.7),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for all tests: each looks at a post or an account of its own."""
    path = tmp_path_factory.mktemp("audience")
    folder = Folder(path, a_campaign(path, with_accounts(ACCOUNTS) + ENDED + TARGET))
    others = [("66666", "lavelle"), ("77777", "followed"), ("88888", "kofi")]
    folder.load(
        [
            *(a_post(post_id, "2024-01-01 10:00") for post_id in WATCHED),
            *(a_post(post_id, "2024-01-01 10:00", account=account) for post_id, account in others),
        ],
        [
            *(seen(post_id, "2024-01-20 10:00", 1200, reach=1000) for post_id in WATCHED),
            *(seen(post_id, "2024-01-20 10:00", 1200, account=account) for post_id, account in others),
        ],
        [a_day("2024-01-19", exported=THEN, account="small", followers=1000)],
    )
    folder.load(
        audience=[
            *(share | {"subject_id": post_id} for post_id, shares in WATCHED.items() for share in shares),
            *(share | {"subject_id": "66666"} for share in JUST_MET),
            *(followers("followed", "18-24", 0.9), followers("followed", "25-34", 0.1)),
            *(followers("renewed", "18-24", 0.5), followers("renewed", "25-34", 0.5)),
            followers("small", "GB", 0.997, dimension="country"),
            followers("small", "IE", 0.003, dimension="country"),
            *(followers("impossible", "18-24", 1.5), followers("impossible", "25-34", 0.5)),
            *(followers("somebody", "18-24", 0.5), followers("ended", "18-24", 0.5)),
        ]
    )
    folder.load(audience=[followers("renewed", "18-24", 1.0, LATER)])
    for bucket, share, at in (("18-24", 0.5, THEN), ("25-34", 0.3, "2024-02-01 12:00")):
        read = [followers(account, bucket, share, at) for account in ("read", "exported")]
        folder.load(audience=read, rank="reading", source="reading")
    folder.load(audience=[followers("exported", "18-24", 0.4, "2024-01-02 12:00")], rank="export")
    folder.build()
    return folder


def reach(folder: Folder, subject: str, criterion: str = "all") -> Row:
    return folder.row(
        f"SELECT * FROM marts.target_reach WHERE subject_id = '{subject}' AND criterion = '{criterion}'"  # noqa: S608
    )


def target(folder: Folder, post_id: str) -> tuple[object, ...]:
    columns = "target_share, target_low, target_high, target_basis"
    row = folder.row(f"SELECT {columns} FROM marts.posts WHERE post_id = '{post_id}'")  # noqa: S608
    return tuple(row.values())


def audience(folder: Folder, subject: str, columns: str = "*") -> list[Row]:
    return folder.rows(
        f"SELECT {columns} FROM marts.audience WHERE subject_id = '{subject}' ORDER BY bucket"  # noqa: S608
    )


def test_a_measured_post_has_the_bounds_of_all_criteria_together(folder: Folder) -> None:
    share, low, high, basis = target(folder, "11111")
    assert (share, basis) == (None, "measured")
    assert (low, high) == (pytest.approx(0.7 + 0.9 + 0.85 - 2), pytest.approx(0.7))
    row = reach(folder, "11111")
    assert (row["verdict"], row["words"]) == (
        "Reaches goal",
        "aged 13-17 or 18-24; in GB; in Sheffield",
    )
    assert reach(folder, "11111", "age")["share"] == pytest.approx(0.7)
    assert reach(folder, "11111", "age")["verdict"] is None  # one criterion is not the audience


@pytest.mark.parametrize(
    ("post_id", "verdict"),
    [("22222", "Below goal"), ("22225", "Too close to call"), ("22228", "Reaches goal")],
)
def test_the_verdict_says_when_the_bounds_do_not_decide(folder: Folder, post_id: str, verdict: str) -> None:
    assert reach(folder, post_id)["verdict"] == verdict


def test_a_criterion_that_nobody_tells_of_leaves_the_lower_bound_open(folder: Folder) -> None:
    assert target(folder, "33333")[1:] == (0.0, pytest.approx(0.9), "measured")
    assert reach(folder, "33333")["verdict"] == "Too close to call"


def test_followers_of_an_account_say_nothing_about_a_video(folder: Folder) -> None:
    assert target(folder, "77777") == (None, None, None, "account")
    row = reach(folder, "followed")
    assert (row["subject_type"], row["basis"], row["verdict"]) == ("account", "account", None)
    assert folder.rows("SELECT * FROM marts.target_reach WHERE subject_id = '77777'") == []


def test_without_any_audience_nothing_is_known(folder: Folder) -> None:
    assert target(folder, "88888") == (None, None, None, "unknown")
    assert [*audience(folder, "88888"), *audience(folder, "kofi")] == []


def test_the_newest_export_replaces_the_whole_list_of_before(folder: Folder, tmp_path: Path) -> None:
    assert audience(folder, "renewed", "bucket, share") == [{"bucket": "18-24", "share": 1.0}]
    before = Folder(shutil.copytree(folder.path, tmp_path / "before"), folder.campaign)
    before.build(as_of=date(2024, 2, 1))
    assert len(audience(before, "renewed")) == 2


def test_readings_add_up_bucket_by_bucket_and_give_way_to_an_export(folder: Folder) -> None:
    assert audience(folder, "read", "bucket, basis") == [
        {"bucket": "18-24", "basis": "read by a person"},
        {"bucket": "25-34", "basis": "read by a person"},
    ]
    assert reach(folder, "read")["is_reading"]
    assert audience(folder, "exported", "share, basis") == [{"share": 0.4, "basis": "account"}]


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
    assert audience(folder, "small", "bucket, share, state") == [
        {"bucket": "GB", "share": 0.995, "state": "shown"},
        {"bucket": "IE", "share": None, "state": "suppressed"},
    ]


def test_a_lower_bound_gives_no_suppressed_share_away(folder: Folder) -> None:
    hidden = audience(folder, "44444", "share, state")[0]
    assert hidden == {"share": None, "state": "suppressed"}
    told = reach(folder, "44444", "age")
    assert (told["low"], told["high"]) == (0.0, 0.6)


def test_bounds_are_of_counts_as_they_may_be_shown(folder: Folder) -> None:
    told = reach(folder, "55555", "age")
    assert (told["low"], told["high"]) == (0.6, 0.875)  # 877 of 1,000


def test_a_goal_that_is_just_met_is_met(folder: Folder) -> None:
    told = reach(folder, "66666")
    assert (told["low"], told["high"], told["verdict"]) == (0.4, 0.7, "Reaches goal")


def test_an_account_outside_the_campaign_has_no_audience(folder: Folder) -> None:
    assert audience(folder, "somebody") == []


def test_an_ended_consent_takes_the_audience_away(folder: Folder) -> None:
    assert audience(folder, "ended") == []
    assert folder.rows("SELECT * FROM marts.target_reach WHERE subject_id = 'ended'") == []


def test_a_share_that_cannot_be_is_left_out(folder: Folder) -> None:
    assert audience(folder, "impossible", "bucket") == [{"bucket": "25-34"}]
