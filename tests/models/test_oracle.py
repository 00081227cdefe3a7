"""The SQL models against a second, slow reading of what they say, on random histories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from tests.builders import Folder, Row
from tests.models import oracle
from tests.models.histories import (
    FOLLOWERS,
    SOURCES,
    STARTS,
    STORIES,
    TOPICS,
    TRAPS,
    Story,
    as_of_s,
    days_of,
    histories,
    stored,
)
from tests.models.oracle import Post

RATES = (
    "engagement_rate",
    "engagement_rate_with_saves",
    "engagement_rate_by_reach",
    "engagement_rate_by_followers",
    "save_rate",
    "share_rate",
)
CHANGES = tuple(f"{name}_new" for name in ("views", "likes", "comments", "shares", "saves"))
DAYS = ("views", *CHANGES, "covers_days", "is_correction", "is_reset", "is_redefined")


@settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(STORIES, st.permutations(range(len(SOURCES))), FOLLOWERS)
@example(TRAPS, [3, 2, 1, 0], [(-3, 400), (0, None)])
def test_the_models_say_what_a_slow_reading_says(
    story: Story, order: list[int], followers: list[tuple[int, int | None]]
) -> None:
    with stored(story, order, followers) as folder:
        folder.build()
        posts = histories(story)
        published = folder.rows("SELECT * FROM marts.posts ORDER BY post_id")
        for post, row in zip(sorted(posts, key=lambda p: p.post_id), published, strict=True):
            check_totals(post, row, oracle.followers_at(post, days_of(followers)))
            check_ages(post, row, as_of_s(story))
        check_days(posts, folder)
        check_weeks(posts, folder, as_of_s(story))


def check_totals(post: Post, row: Row, followers: int | None) -> None:
    wanted = oracle.current(post, followers)
    for name, value in wanted.items():
        told = pytest.approx(value, rel=1e-12) if name in RATES and value is not None else value
        assert row[name] == told, (post.post_id, name)


def check_ages(post: Post, row: Row, now_s: int) -> None:
    for age in oracle.AGES:
        views, _, status = oracle.at_age(post, age, now_s)
        told = (row[f"views_day_{age}"], row[f"views_day_{age}_status"])
        assert told == (views, status), (post.post_id, age)
    low_high = (row["views_day_7_low"], row["views_day_7_high"])
    assert low_high == oracle.bounds_of_day_7(post), post.post_id
    missing = row["views_day_7_status"] == row["views_day_28_status"] == "missing"
    assert (row["same_age_note"] is not None) == missing


def check_days(posts: Sequence[Post], folder: Folder) -> None:
    rows = folder.rows("SELECT * FROM marts.post_days ORDER BY post_id, day")
    told = {(row["post_id"], day_of(row["day"])): {name: row[name] for name in DAYS} for row in rows}
    wanted = {(p.post_id, day): row for p in posts for day, row in oracle.post_days(p).items()}
    assert told == wanted


def day_of(value: object) -> date:
    assert isinstance(value, date)
    return value


def check_weeks(posts: Sequence[Post], folder: Folder, now_s: int) -> None:
    rows = folder.rows("SELECT * FROM marts.topic_weeks WHERE platform = 'tiktok'")
    told = {(row["topic_id"], day_of(row["week"])): row for row in rows}
    weeks = oracle.mondays(STARTS, now_s)
    for topic in range(TOPICS):
        own = [post for post in posts if int(post.post_id) % TOPICS == topic]
        for monday in weeks:
            wanted = oracle.topic_week(own, monday, weeks)
            row = told.pop((f"t{topic}", monday), None)
            assert (row is None) == (wanted is None)
            if row and wanted:
                rate = wanted.pop("engagement_rate")
                assert row["engagement_rate"] == (None if rate is None else pytest.approx(rate, rel=1e-12))
                assert {name: row[name] for name in wanted} == wanted, (topic, monday)
    assert told == {}
