"""What must hold for every history: no view is lost or counted twice, and the order of imports is nothing."""

from __future__ import annotations

from itertools import groupby

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from models.published import TABLES, Table
from models.store import open_published
from tests.builders import Folder, Row
from tests.models.histories import FOLLOWERS, SOURCES, STORIES, Story, stored

ORDERS = st.permutations(range(len(SOURCES)))
# Each example builds up to ten posts; to shrink one would take minutes.
FEW = settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
COUNTERS = ("views", "likes", "comments", "shares", "saves")


def days_by_post(folder: Folder) -> list[list[Row]]:
    rows = folder.rows("SELECT * FROM marts.post_days ORDER BY platform, post_id, day")
    return [list(group) for _, group in groupby(rows, key=lambda row: row["post_id"])]


def segments_of(days: list[Row]) -> list[list[Row]]:
    """The days of a post, cut where its count begins anew."""
    cut: list[list[Row]] = []
    for row in days:
        if not cut or row["is_reset"] or row["is_redefined"]:
            cut.append([])
        cut[-1].append(row)
    return cut


def number(value: object) -> int:
    assert isinstance(value, int | float)
    return int(value)


def check_telescoping(days: list[Row]) -> None:
    for segment in segments_of(days):
        opens = segment[0]["is_reset"] or segment[0]["is_redefined"]
        first = number(segment[0]["views"]) if opens else 0
        gained = [number(row["views_new"]) for row in segment[1 if opens else 0 :]]
        assert sum(gained) == number(segment[-1]["views"]) - first
        assert not opens or segment[0]["views_new"] is None


def check_marks(days: list[Row]) -> None:
    for before, row in zip([None, *days], days, strict=False):
        assert row["is_correction"] == (row["views_new"] is not None and number(row["views_new"]) < 0)
        assert (row["covers_days"] is None) == (row["views_new"] is None)
        if before and row["views_new"] is not None:
            gap = (row["day"] - before["day"]).days  # type: ignore[operator]
            assert number(row["covers_days"]) == gap


@FEW
@given(STORIES, ORDERS)
def test_increments_add_up_to_what_was_counted_between_resets(story: Story, order: list[int]) -> None:
    with stored(story, order) as folder:
        folder.build()
        for days in days_by_post(folder):
            check_telescoping(days)

            check_marks(days)


@FEW
@given(STORIES, ORDERS, FOLLOWERS)
def test_the_order_of_imports_changes_no_table(
    story: Story, order: list[int], followers: list[tuple[int, int | None]]
) -> None:
    built = []
    for imported in (range(len(SOURCES)), order):
        with stored(story, imported, followers) as folder:
            folder.build()
            built.append(everything(folder))
    assert built[0] == built[1]


def everything(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for the moment of the build."""
    with open_published(folder.path) as published:
        return {
            table.name: published.rows(f"SELECT {told(table)} FROM marts.{table.name}")  # noqa: S608
            for table in TABLES
        }


def told(table: Table) -> str:
    return ", ".join(column.name for column in table.columns if column.name != "built_at")
