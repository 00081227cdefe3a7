"""A build as of a day is the one that could have been made then, whatever came in later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.builders import Folder, a_campaign, a_day, a_post, a_share, everything, seconds, seen

THEN = date(2024, 2, 6)
OF_TODAY = {"loads", "pulls"}  # what was received, and how: true on the day of the build


def marts(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    folder.build(as_of=THEN)
    told = everything(folder)
    return {name: rows for name, rows in told.items() if name not in OF_TODAY}


def known_then(folder: Folder) -> None:
    folder.load(
        [a_post("11111", "2024-01-01 10:00"), a_post("22222", "2024-01-01 10:02")],
        [seen("11111", "2024-01-20 10:00", 900, likes=70), seen("22222", "2024-01-20 10:00", 400, likes=60)],
        [a_day("2024-01-08", "2024-02-01 12:00", views=50, followers=1000)],
        [a_share("country", "GB", 0.8, at="2024-02-01 12:00")],
        views_named="Total views",
    )
    moment = "2024-01-01 10:01"
    folder.load(
        [a_post(f"archive:{seconds(moment)}", moment, caption="", at="2024-02-02 12:00")],
        [seen(f"archive:{seconds(moment)}", "2024-02-02 12:00", likes=80)],
        source="tiktok_data_download",
        rank="export",
    )


def learnt_later(folder: Folder) -> None:
    """Corrections, a caption on another topic, another name of views, likes that name the archived post."""
    folder.load(
        [a_post("11111", "2024-01-01 10:00", caption="nothing", is_paid=True, at="2024-02-20 10:00")],
        [seen("11111", "2024-02-20 10:00", 700, likes=80)],
        [a_day("2024-01-08", "2024-02-20 12:00", views=40, followers=900)],
        [a_share("country", "GB", 0.3, at="2024-02-20 12:00")],
        views_named="Plays",
    )
    folder.load(
        [a_post("33333", "2024-02-10 10:00")],
        [seen("33333", "2024-02-20 10:00", 10)],
        source="tiktok_studio_content",
        rank="export",
        views_named="Total views",
    )


def test_what_came_later_changes_nothing_of_what_was_known_then(tmp_path: Path) -> None:
    folders = []
    for name in ("then", "since"):
        (tmp_path / name).mkdir()
        folders.append(Folder(tmp_path / name, a_campaign(tmp_path / name)))
    then, since = folders
    known_then(then)
    known_then(since)
    learnt_later(since)
    expected, found = marts(then), marts(since)
    assert len(expected["posts"]) == 3
    for table, rows in expected.items():
        assert found[table] == rows, table
