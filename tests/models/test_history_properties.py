"""What must hold for every history: no view is lost or counted twice, and the order of imports is nothing."""

from __future__ import annotations

from itertools import groupby

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.builders import Folder, Row, everything
from tests.models.histories import FOLLOWERS, SOURCES, STORIES, Story, stored

ORDERS = st.permutations(range(len(SOURCES)))
# Each example builds up to ten posts; to shrink one would take minutes.
FEW = settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
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
@given(STORIES, ORDERS, FOLLOWERS)
def test_increments_add_up_between_resets_and_the_order_of_imports_changes_no_table(
    story: Story, order: list[int], followers: list[tuple[int, int | None]]
) -> None:
    built = []
    for imported in (range(len(SOURCES)), order):
        with stored(story, imported, followers) as folder:
            folder.build()
            built.append(everything(folder))
            days = days_by_post(folder)
    assert built[0] == built[1]
    for days_of_post in days:
        check_telescoping(days_of_post)
        check_marks(days_of_post)
