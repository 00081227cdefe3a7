"""Views that are counted by another definition are another series: nothing is computed across the change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.definitions import VIEWS, definition_of, definitions
from tests.builders import Folder, Row, a_campaign, a_post, seen, with_accounts

INSTAGRAM = Path(__file__).parents[2] / "connectors" / "instagram"
OTHER = "Qualified views"


MORE = """
[[topic]]
id = "weekly"
name = "Weekly"
team = "team-a"
accounts = ["tiktok:@weekly"]

[[event]]
date = 2024-02-06
name = "Later"
kind = "session"

[[event]]
date = 2023-11-07
name = "Sooner"
kind = "session"
"""
ACCOUNTS = ("anew", "alike", "unnamed", "weekly", "aged", "topicless", "back")
NOTHING = "nothing of ours"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """One store for the tests that only read: each looks at an account and its only post."""
    path = tmp_path_factory.mktemp("definitions")
    folder = Folder(path, a_campaign(path, with_accounts(ACCOUNTS) + MORE))
    load(folder, "anew", "Total views", ("2024-01-02 10:00", 1000), ("2024-01-03 10:00", 1100))
    load(folder, "anew", OTHER, ("2024-01-04 10:00", 700), ("2024-01-05 10:00", 750))
    load(folder, "alike", "Total views", ("2024-01-02 10:00", 1000))
    load(folder, "alike", "view_count", ("2024-01-03 10:00", 1100))
    load(folder, "alike", " total  VIEWS", ("2024-01-04 10:00", 1150))
    load(folder, "unnamed", "Total views", ("2024-01-02 10:00", 1000))
    load(folder, "unnamed", "", ("2024-01-03 10:00", 1100))
    # Edges of weeks: Monday 8 and 15 January.
    load(folder, "weekly", "Total views", ("2024-01-07 23:00", 1000), caption=NOTHING)
    weeks = (("2024-01-14 23:00", 5000), ("2024-01-21 23:00", 5400), ("2024-01-29 01:00", 5500))
    load(folder, "weekly", OTHER, *weeks, caption=NOTHING)
    load(folder, "aged", "Total views", ("2024-01-07 12:00", 400), ("2024-01-25 12:00", 900))
    load(folder, "aged", OTHER, ("2024-01-09 00:00", 9000), ("2024-02-02 12:00", 9900))
    load(folder, "topicless", "Total views", ("2024-01-02 10:00", 10), caption=NOTHING)
    load(folder, "topicless", OTHER, ("2024-01-03 10:00", 10), caption=NOTHING)
    readings = (("2024-01-02 10:00", 10), ("2024-01-04 10:00", 12), ("2024-01-06 10:00", 14))
    load(folder, "back", "Total views", *readings)
    load(folder, "back", OTHER, ("2024-01-03 10:00", 8), ("2024-01-05 10:00", 9))
    folder.build()
    return folder


def load(
    folder: Folder, account: str, named: str, *readings: tuple[str, int], caption: str = "#findhelp"
) -> None:
    """The account's post of 1 January with readings by a load that calls views so."""
    post_id = f"of-{account}"
    observations = [
        seen(post_id, at, views, account=account, likes=1, comments=1, shares=1) for at, views in readings
    ]
    post = a_post(post_id, "2024-01-01 10:00", caption, account=account)
    folder.load([post], observations, views_named=named)


def days(folder: Folder, account: str) -> list[Row]:
    return folder.rows(f"SELECT * FROM marts.post_days WHERE post_id = 'of-{account}' ORDER BY day")  # noqa: S608


def changes(folder: Folder, account: str) -> list[Row]:
    return folder.rows(
        f"SELECT * FROM marts.events WHERE kind = 'platform_change' AND name LIKE '%@{account} %'"  # noqa: S608
    )


def test_over_a_new_definition_there_is_no_change_and_the_day_says_so(folder: Folder) -> None:
    found = days(folder, "anew")
    told = [(row["views"], row["views_new"], row["likes_new"], row["is_redefined"]) for row in found]
    assert told == [
        (1000, 1000, 1, False),
        (1100, 100, 0, False),
        (700, None, None, True),
        (750, 50, 0, False),
    ]
    assert not any(row["is_reset"] or row["is_correction"] for row in found)


def test_names_that_mean_the_same_are_one_series(folder: Folder) -> None:
    assert [row["views_new"] for row in days(folder, "alike")] == [1000, 100, 50]


def test_a_load_that_does_not_name_its_views_is_not_taken_for_the_one_before(folder: Folder) -> None:
    assert [row["is_redefined"] for row in days(folder, "unnamed")] == [False, True]


def test_no_week_is_gained_across_a_new_definition(folder: Folder) -> None:
    weeks = folder.rows(
        "SELECT * FROM marts.topic_weeks WHERE topic_id = 'weekly' AND platform = 'all' ORDER BY week"
    )
    assert [week["views_new"] for week in weeks[:4]] == [1000, None, 400, 100]


def test_no_value_at_an_age_lies_on_a_line_across_a_new_definition(folder: Folder) -> None:
    post = folder.row("SELECT * FROM marts.posts WHERE account = 'aged'")
    for age in (7, 28):
        assert (post[f"views_day_{age}"], post[f"views_day_{age}_status"]) == (None, "missing")
    assert (post["views_day_7_low"], post["views_day_7_high"]) == (None, None)
    assert post["same_age_note"] == "views were counted anew between the readings on either side of 28 days"


def test_a_new_definition_is_an_event_of_the_teams_whose_posts_it_concerns(folder: Folder) -> None:
    (event,) = changes(folder, "anew")
    assert event["name"] == "TikTok views of @anew are counted anew: qualified views instead of views"
    assert (str(event["day"])[:10], event["team_id"]) == ("2024-01-04", "team-a")
    assert event["note"] == "Figures before and after are not compared."


def test_events_stay_in_the_order_of_time(folder: Folder) -> None:
    rows = folder.rows("SELECT day, rank, name FROM marts.events ORDER BY rank")
    assert [row["rank"] for row in rows] == list(range(len(rows)))
    assert [str(row["day"]) for row in rows] == sorted(str(row["day"]) for row in rows)
    assert (rows[0]["name"], rows[-1]["name"]) == ("Sooner", "Later")


def test_an_account_without_a_topic_has_its_event_too(folder: Folder) -> None:
    (event,) = changes(folder, "topicless")
    assert event["team_id"] is None


def test_going_back_and_forth_is_told_once_each_way(folder: Folder) -> None:
    assert len(changes(folder, "back")) == 2
    assert [row["views_new"] for row in days(folder, "back")] == [10, None, None, None, None]


@pytest.mark.parametrize(
    ("name", "definition"),
    [
        ("views", "views"),
        ("Total views", "views"),
        ("Impressions", "impressions"),
        ("view_count", "view_count"),
    ],
)
def test_a_load_of_several_platforms_means_by_a_name_what_all_of_them_do(name: str, definition: str) -> None:
    assert definition_of("several", name) == definition


def test_definitions_are_numbered_and_that_of_no_name_is_0() -> None:
    rows = definitions(
        [("tiktok", "Total views"), ("instagram", "Plays"), ("instagram", "Views")]
    ).to_pylist()
    assert [(row["definition"], row["definition_no"]) for row in rows] == [
        ("a count without a name", 0),
        ("plays", 1),
        ("views", 2),
        ("views", 2),
    ]


def words_for_views() -> Iterator[tuple[str, str]]:
    """In every file of the words that Meta's exports have for columns and labels."""
    for file in sorted(INSTAGRAM.glob("*_*.toml")):
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for part in ("columns", "posts", "reels"):
            yield from ((file.stem, word) for word in content.get(part, {}).get("views", ()))


@pytest.mark.parametrize(("file", "word"), list(words_for_views()))
def test_every_word_of_metas_files_for_views_has_its_definition(file: str, word: str) -> None:
    assert definition_of("instagram", word) in VIEWS["instagram"]


def test_impressions_and_plays_are_no_views() -> None:
    assert len({definition_of("instagram", word) for word in ("Views", "Impressions", "Plays")}) == 3
