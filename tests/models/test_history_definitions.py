"""Views that are counted by another definition are another series: nothing is computed across the change."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.definitions import VIEWS, definition_of, definitions
from tests.builders import CAMPAIGN, Folder, Row, a_campaign, a_post, seen

INSTAGRAM = Path(__file__).parents[2] / "connectors" / "instagram"
OTHER = "Qualified views"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path))


def load(folder: Folder, named: str, *readings: tuple[str, int]) -> None:
    """A post of 1 January with readings by a load that calls views so."""
    observations = [seen("11111", at, views, likes=1, comments=1, shares=1) for at, views in readings]
    folder.load([a_post("11111", "2024-01-01 10:00")], observations, views_named=named)


def days(folder: Folder) -> list[Row]:
    return folder.rows("SELECT * FROM marts.post_days ORDER BY day")


def test_over_a_new_definition_there_is_no_change_and_the_day_says_so(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-02 10:00", 1000), ("2024-01-03 10:00", 1100))
    load(folder, OTHER, ("2024-01-04 10:00", 700), ("2024-01-05 10:00", 750))
    folder.build()
    told = [(row["views"], row["views_new"], row["likes_new"], row["is_redefined"]) for row in days(folder)]
    assert told == [
        (1000, 1000, 1, False),
        (1100, 100, 0, False),
        (700, None, None, True),
        (750, 50, 0, False),
    ]
    assert not any(row["is_reset"] or row["is_correction"] for row in days(folder))


def test_names_that_mean_the_same_are_one_series(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-02 10:00", 1000))
    load(folder, "view_count", ("2024-01-03 10:00", 1100))
    load(folder, " total  VIEWS", ("2024-01-04 10:00", 1150))
    folder.build()
    assert [row["views_new"] for row in days(folder)] == [1000, 100, 50]


def test_a_load_that_does_not_name_its_views_is_not_taken_for_the_one_before(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-02 10:00", 1000))
    load(folder, "", ("2024-01-03 10:00", 1100))
    folder.build()
    assert [row["is_redefined"] for row in days(folder)] == [False, True]


def test_no_week_is_gained_across_a_new_definition(folder: Folder) -> None:
    # Edges of weeks: Monday 8 and 15 January.
    load(folder, "Total views", ("2024-01-07 23:00", 1000))
    load(folder, OTHER, ("2024-01-14 23:00", 5000), ("2024-01-21 23:00", 5400), ("2024-01-29 01:00", 5500))
    folder.build()
    weeks = folder.rows("SELECT * FROM marts.topic_weeks WHERE platform = 'all' ORDER BY week")
    assert [week["views_new"] for week in weeks[:4]] == [1000, None, 400, 100]


def test_no_value_at_an_age_lies_on_a_line_across_a_new_definition(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-07 12:00", 400), ("2024-01-25 12:00", 900))
    load(folder, OTHER, ("2024-01-09 00:00", 9000), ("2024-02-02 12:00", 9900))
    folder.build()
    post = folder.row("SELECT * FROM marts.posts")
    for age in (7, 28):
        assert (post[f"views_day_{age}"], post[f"views_day_{age}_status"]) == (None, "missing")
    assert (post["views_day_7_low"], post["views_day_7_high"]) == (None, None)
    assert post["same_age_note"] == "views were counted anew between the readings on either side of 28 days"


def test_a_new_definition_is_an_event_of_the_teams_whose_posts_it_concerns(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-02 10:00", 1000))
    load(folder, OTHER, ("2024-01-04 10:00", 700))
    folder.build()
    event = folder.row("SELECT * FROM marts.events WHERE kind = 'platform_change'")
    assert event["name"] == "TikTok views of @lavelle are counted anew: qualified views instead of views"
    assert (str(event["day"])[:10], event["team_id"]) == ("2024-01-04", "team-a")
    assert event["note"] == "Figures before and after are not compared."


def test_events_stay_in_the_order_of_time(tmp_path: Path) -> None:
    event = '[[event]]\ndate = {}\nname = "{}"\nkind = "session"\n\n'
    told = event.format("2024-02-06", "Later") + event.format("2023-11-07", "Sooner")
    folder = Folder(tmp_path, a_campaign(tmp_path, CAMPAIGN.replace("[[team]]", f"{told}[[team]]")))
    load(folder, "Total views", ("2024-01-02 10:00", 1000))
    load(folder, OTHER, ("2024-01-04 10:00", 700))
    folder.build()
    rows = folder.rows("SELECT rank, name FROM marts.events ORDER BY rank")
    assert [row["rank"] for row in rows] == [0, 1, 2]
    assert [str(row["name"]).split()[0] for row in rows] == ["Sooner", "TikTok", "Later"]


def test_an_account_without_a_topic_has_its_event_too(folder: Folder) -> None:
    post = a_post("11111", "2024-01-01 10:00", caption="nothing of ours")
    folder.load([post], [seen("11111", "2024-01-02 10:00", 10)], views_named="Total views")
    folder.load([post], [seen("11111", "2024-01-03 10:00", 10)], views_named=OTHER)
    folder.build()
    assert folder.row("SELECT team_id FROM marts.events") == {"team_id": None}


def test_going_back_and_forth_is_told_once_each_way(folder: Folder) -> None:
    load(folder, "Total views", ("2024-01-02 10:00", 10), ("2024-01-04 10:00", 12), ("2024-01-06 10:00", 14))
    load(folder, OTHER, ("2024-01-03 10:00", 8), ("2024-01-05 10:00", 9))
    folder.build()
    assert len(folder.rows("SELECT * FROM marts.events")) == 2
    assert [row["views_new"] for row in days(folder)] == [10, None, None, None, None]


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
