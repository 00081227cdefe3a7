"""Posts of a personal archive have no id: they join the known post that they are, if that is sure."""

from __future__ import annotations

import pytest

from tests.builders import Folder, Row, a_campaign, a_post, seconds, seen, with_accounts

READ = "2024-03-01 12:00"
ACCOUNTS = ("archived-first", "listed-first", "four-minutes", "likes", "alike", "twice", "mine", "noon")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for all tests: each looks at an account and a day of its own."""
    path = tmp_path_factory.mktemp("archives")
    folder = Folder(path, a_campaign(path, with_accounts(ACCOUNTS)))
    archived(folder, "archived-first", ("2024-01-01 10:02", 90))
    listed(folder, "archived-first", ("11111", "2024-01-01 10:00", 80))
    listed(folder, "listed-first", ("11112", "2024-01-02 10:00", 80))
    archived(folder, "listed-first", ("2024-01-02 10:02", 90))
    archived(folder, "four-minutes", ("2024-01-03 10:04", 90))
    listed(folder, "four-minutes", ("22222", "2024-01-03 10:00", 80))
    archived(folder, "likes", ("2024-01-04 10:01", 80))
    listed(folder, "likes", ("33333", "2024-01-04 10:00", 80), ("33334", "2024-01-04 10:02", 70))
    archived(folder, "alike", ("2024-01-05 10:01", 80))
    listed(folder, "alike", ("44444", "2024-01-05 10:00", 80), ("44445", "2024-01-05 10:02", 80))
    archived(folder, "twice", ("2024-01-06 10:01", 5), ("2024-01-06 10:02", 6))
    listed(folder, "twice", ("55555", "2024-01-06 10:00", 80))
    archived(folder, "mine", ("2024-01-07 10:01", 80))
    listed(folder, "kofi", ("66666", "2024-01-07 10:00", 80))
    archived(folder, "noon", ("2024-01-08 12:00", 80))
    folder.load(
        [a_post("77777", "2024-01-08 12:00", account="noon", published_basis="shown date")],
        [seen("77777", READ, 10, account="noon")],
    )
    folder.build()
    return folder


def archived(folder: Folder, account: str, *posts: tuple[str, int]) -> None:
    """An account's archive that lists posts by moment and likes."""
    rows = [(f"archive:{seconds(moment)}", moment, likes) for moment, likes in posts]
    folder.load(
        [a_post(name, moment, caption="", account=account) for name, moment, _ in rows],
        [seen(name, READ, account=account, likes=likes) for name, _, likes in rows],
        source="tiktok_data_download",
        rank="export",
    )


def listed(folder: Folder, account: str, *posts: tuple[str, str, int]) -> None:
    folder.load(
        [a_post(post_id, moment, account=account) for post_id, moment, _ in posts],
        [
            seen(post_id, "2024-02-01 12:00", 1000, account=account, likes=likes)
            for post_id, _, likes in posts
        ],
    )


def ids(folder: Folder, *accounts: str) -> list[object]:
    posts = folder.rows("SELECT account, post_id FROM marts.posts ORDER BY post_id")
    return [row["post_id"] for row in posts if row["account"] in accounts]


def post(folder: Folder, post_id: str) -> Row:
    return folder.row(f"SELECT * FROM marts.posts WHERE post_id = '{post_id}'")  # noqa: S608


@pytest.mark.parametrize(("account", "post_id"), [("archived-first", "11111"), ("listed-first", "11112")])
def test_an_archived_post_is_the_known_one_published_within_three_minutes(
    folder: Folder, account: str, post_id: str
) -> None:
    assert ids(folder, account) == [post_id]
    assert (post(folder, post_id)["likes"], post(folder, post_id)["views"]) == (90, 1000)
    assert post(folder, post_id)["listed_by"] == "tiktok_data_download, tiktok_display_api"


def test_four_minutes_apart_are_two_posts(folder: Folder) -> None:
    assert len(ids(folder, "four-minutes")) == 2


def test_likes_decide_between_posts_of_the_same_minutes(folder: Folder) -> None:
    assert ids(folder, "likes") == ["33333", "33334"]
    assert post(folder, "33333")["listed_by"] == "tiktok_data_download, tiktok_display_api"
    assert post(folder, "33334")["listed_by"] == "tiktok_display_api"


def test_what_likes_do_not_decide_stays_apart(folder: Folder) -> None:
    assert len(ids(folder, "alike")) == 3


def test_two_archived_posts_are_not_both_the_same_known_one(folder: Folder) -> None:
    assert len(ids(folder, "twice")) == 3


def test_posts_of_another_account_are_never_matched(folder: Folder) -> None:
    assert len(ids(folder, "mine", "kofi")) == 2


def test_a_day_alone_is_no_moment_to_match_by(folder: Folder) -> None:
    assert len(ids(folder, "noon")) == 2
