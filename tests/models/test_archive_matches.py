"""Posts of a personal archive have no id: they join the known post that they are, if that is sure."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import Folder, Row, a_campaign, a_post, seconds, seen

READ = "2024-03-01 12:00"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path))


def archived(folder: Folder, *posts: tuple[str, int]) -> None:
    """An archive that lists posts by moment and likes."""
    rows = [(f"archive:{seconds(moment)}", moment, likes) for moment, likes in posts]
    folder.load(
        [a_post(name, moment, caption="") for name, moment, _ in rows],
        [seen(name, READ, likes=likes) for name, _, likes in rows],
        source="tiktok_data_download",
        rank="export",
    )


def listed(folder: Folder, *posts: tuple[str, str, int]) -> None:
    folder.load(
        [a_post(post_id, moment) for post_id, moment, _ in posts],
        [seen(post_id, "2024-02-01 12:00", 1000, likes=likes) for post_id, _, likes in posts],
    )


def ids(folder: Folder) -> list[object]:
    return [row["post_id"] for row in folder.rows("SELECT post_id FROM marts.posts ORDER BY post_id")]


def post(folder: Folder, post_id: str) -> Row:
    (found,) = (row for row in folder.rows("SELECT * FROM marts.posts") if row["post_id"] == post_id)
    return found


@pytest.mark.parametrize("archive_first", [True, False])
def test_an_archived_post_is_the_known_one_published_within_three_minutes(
    folder: Folder, *, archive_first: bool
) -> None:
    loads = [
        lambda: archived(folder, ("2024-01-01 10:02", 90)),
        lambda: listed(folder, ("11111", "2024-01-01 10:00", 80)),
    ]
    for load in loads if archive_first else loads[::-1]:
        load()
    folder.build()
    assert ids(folder) == ["11111"]
    assert (post(folder, "11111")["likes"], post(folder, "11111")["views"]) == (90, 1000)
    assert post(folder, "11111")["listed_by"] == "tiktok_data_download, tiktok_display_api"


def test_four_minutes_apart_are_two_posts(folder: Folder) -> None:
    archived(folder, ("2024-01-01 10:04", 90))
    listed(folder, ("11111", "2024-01-01 10:00", 80))
    folder.build()
    assert len(ids(folder)) == 2


def test_likes_decide_between_posts_of_the_same_minutes(folder: Folder) -> None:
    archived(folder, ("2024-01-01 10:01", 80))
    listed(folder, ("11111", "2024-01-01 10:00", 80), ("22222", "2024-01-01 10:02", 70))
    folder.build()
    assert ids(folder) == ["11111", "22222"]
    assert post(folder, "11111")["listed_by"] == "tiktok_data_download, tiktok_display_api"
    assert post(folder, "22222")["listed_by"] == "tiktok_display_api"


def test_what_likes_do_not_decide_stays_apart(folder: Folder) -> None:
    archived(folder, ("2024-01-01 10:01", 80))
    listed(folder, ("11111", "2024-01-01 10:00", 80), ("22222", "2024-01-01 10:02", 80))
    folder.build()
    assert len(ids(folder)) == 3


def test_two_archived_posts_are_not_both_the_same_known_one(folder: Folder) -> None:
    archived(folder, ("2024-01-01 10:01", 5), ("2024-01-01 10:02", 6))
    listed(folder, ("11111", "2024-01-01 10:00", 80))
    folder.build()
    assert len(ids(folder)) == 3


def test_posts_of_another_account_are_never_matched(folder: Folder) -> None:
    archived(folder, ("2024-01-01 10:01", 80))
    folder.load(
        [a_post("11111", "2024-01-01 10:00", account="kofi")], [seen("11111", READ, 10, account="kofi")]
    )
    folder.build()
    assert len(ids(folder)) == 2


def test_a_day_alone_is_no_moment_to_match_by(folder: Folder) -> None:
    archived(folder, ("2024-01-01 12:00", 80))
    folder.load(
        [a_post("11111", "2024-01-01 12:00", published_basis="shown date")], [seen("11111", READ, 10)]
    )
    folder.build()
    assert len(ids(folder)) == 2
