"""The limitations paragraph says what the data say, and changes with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from flows.limitations import limitations
from models.published import TABLES
from tests.dashboards.published import invented, published, without_posts

NBSP = "\N{NO-BREAK SPACE}"

Rows = list[dict[str, Any]]


def told(tables: Mapping[str, Rows] | None = None) -> str:
    return of(published(tables))


def of(file: Any) -> str:
    """The text, of an invented published file."""
    tables: dict[str, pa.Table] = {
        table.name: file.connection.sql(f"SELECT * FROM marts.{table.name}").to_arrow_table()  # noqa: S608
        for table in TABLES
    }
    return limitations(tables).replace(NBSP, " ")


def changed(table: str, **columns: object) -> dict[str, Rows]:
    """The invented rows of a table, with some columns the same in all."""
    return {table: [{**row, **columns} for row in invented()[table]]}


def test_each_subject_has_its_paragraph() -> None:
    title, *paragraphs = told().split("\n\n")
    assert title == "# Limitations"
    for words in (
        "The figures are as of 12 Apr 2024.",
        "values are interpolated between two readings",
        "Views at a given age are known",
        "No change of what a platform counts is known",
        "Topics were given to",
        "No platform knows ethnicity; this is not measured.",
        "it is not known whether they were advertised",
        "neighbouring weeks resemble each other",
        "rows (33 %) are suppressed",
        "There is no comparison group.",
    ):
        assert sum(words in paragraph for paragraph in paragraphs) == 1, words


def test_accounts_that_sent_nothing_are_named() -> None:
    assert (
        "Something came from 5 of 6 accounts (83 %). Nothing ever came from @steelcity.minds (TikTok). "
        "Nothing came in the last 28 days from @coach.kofi (TikTok)."
    ) in told()
    everything = told(changed("sources", status="fresh"))
    assert "Something came from 6 of 6 accounts (100 %)." in everything
    assert "Nothing" not in everything.split("\n\n")[1]


def test_posts_known_from_a_top_list_alone_are_counted() -> None:
    posts = invented()["posts"]
    for n, post in enumerate(posts):
        post["listed_by"] = "tiktok_studio_content" if n < 17 else "tiktok_display_api,tiktok_studio_content"
    assert "For 17 of 85 posts (20 %) the only source is TikTok's Content file" in told({"posts": posts})
    assert "Content file" not in told(changed("posts", listed_by="tiktok_display_api"))


@pytest.mark.parametrize(
    ("partial", "share"), [(0, "0 of 4 topic weeks (0 %)"), (1, "1 of 4 topic weeks (25 %)")]
)
def test_weeks_are_counted_by_what_they_rest_on(partial: int, share: str) -> None:
    bases = ["partial"] * partial + ["observed"] * 2 + ["interpolated"] * (2 - partial)
    weeks = [
        {"topic_id": "talking", "platform": platform, "week": date(2024, 1, 1 + n), "basis": basis}
        for n, basis in enumerate(bases)
        for platform in ("tiktok", "all")
    ]
    text = told({"topic_weeks": weeks})
    assert f"In {share} less than 90 % of the expected gain was seen." in text
    assert "In 2 of 4 topic weeks (50 %) posts were read at both edges." in text


def test_a_small_share_is_never_told_as_none() -> None:
    weeks = [
        {"topic_id": "t", "platform": "all", "week": date.fromordinal(738_000 + n), "basis": "interpolated"}
        for n in range(200)
    ]
    weeks[0]["basis"] = "partial"
    assert "In 1 of 200 topic weeks (under 1 %) less than" in told({"topic_weeks": weeks})


def test_the_share_of_posts_behind_comparisons_is_told() -> None:
    def period(posts: int, aged: int | None) -> dict[str, Any]:
        return {"topic_id": str(posts), "period_id": "ap1", "posts": posts, "posts_of_that_age": aged}

    text = told({"topic_periods": [period(10, 8), period(4, 4), period(7, None), period(0, None)]})
    assert "are known: 80 % to 100 % of its posts." in text
    assert "For 1 of 3 action periods of topics (33 %) no age is known for enough posts." in text


def test_posts_of_known_age_are_counted() -> None:
    posts = invented()["posts"]
    for n, post in enumerate(posts):
        post["views_day_7"] = 5 if n < 34 else None
        post["views_day_28"] = 5
    assert (
        "Views at a given age are known for 34 of 85 posts (40 %) at 7 days"
        " and for 85 of 85 posts (100 %) at 28 days."
    ) in told({"posts": posts})


def test_a_new_definition_is_named_with_its_day() -> None:
    event = {
        "rank": 0,
        "day": date(2024, 3, 1),
        "name": "Views count from the first second",
        "kind": "platform_change",
    }
    assert "What platforms count changed (1 Mar 2024: Views count from the first second)." in told(
        {"events": [event]}
    )


def test_corrections_and_resets_are_counted() -> None:
    days = [
        {
            "platform": "tiktok",
            "post_id": str(n),
            "day": date(2024, 1, 1),
            "is_correction": n < 3,
            "is_reset": n < 1,
        }
        for n in range(9)
    ]
    assert "corrected downwards by the platform 3 times, and counted anew 1 time." in told(
        {"post_days": days}
    )


def test_topics_are_counted_by_who_gave_them() -> None:
    posts = invented()["posts"][:5]
    rules = {0: ["hashtag"], 1: ["assignment"], 2: ["keyword", "account"], 3: ["hashtag"]}
    matches = [
        {
            "platform": posts[n]["platform"],
            "post_id": posts[n]["post_id"],
            "topic_id": rule,
            "rule": rule,
            "is_primary": k == 0,
        }
        for n, matched in rules.items()
        for k, rule in enumerate(matched)
    ]
    assert (
        "Topics were given to 3 posts by hashtags, words and accounts and to 1 post by a person. 1 of 5"
        " posts (20 %) have none and are in no topic's figures; 1 of 5 posts (20 %) have several"
    ) in told({"posts": posts, "post_topics": matches})


def test_boosting_and_measured_viewers_are_counted() -> None:
    posts = invented()["posts"][:4]
    for post, paid, basis in zip(
        posts, (None, None, True, False), ("measured", "account", "unknown", "unknown"), strict=True
    ):
        post.update(is_paid=paid, target_basis=basis)
    text = told({"posts": posts})
    assert (
        "For 2 of 4 posts (50 %) it is not known whether they were advertised; 1 post is known to have been."
        in text
    )
    assert "The platform measured the viewers of 1 of 4 posts (25 %);" in text


def test_charts_whose_weeks_resemble_each_other_are_counted() -> None:
    def chart(facet: str, related: float | None, lpl: float | None = 1.0) -> Rows:
        week = {"measure": "new_views", "facet": facet, "phase": 1, "autocorrelation": related, "lpl": lpl}
        return [{**week, "week": date(2024, 1, day)} for day in (1, 8)]

    charts = [*chart("a", 0.5), *chart("b", 0.3), *chart("c", None), *chart("d", 0.9, None)]
    text = told({"spc": charts})
    assert "In 1 of 3 control charts (33 %) neighbouring weeks resemble each other" in text
    assert "so that signals are overstated; for 1 it is not known." in text


def test_a_campaign_of_which_nothing_has_come_has_limitations_too() -> None:
    text = of(without_posts())
    for words in (
        "Something came from 0 of 6 accounts (0 %).",
        "No week of a topic is known yet.",
        "No post is known yet.",
        "No control chart has limits yet",
    ):
        assert words in text


def test_comments_are_told_with_what_is_suppressed_of_them() -> None:
    assert "comment" not in told()
    rows = [
        {"topic_id": "talking", "period_id": f"ap{n}", "comments": comments, "suppressed": suppressed}
        for n, (comments, suppressed) in enumerate([(100, None), (40, "negative"), (0, None), (60, None)])
    ]
    text = told({"comment_periods": rows})
    assert "How 200 comments sound was computed from words that have a score" in text
    assert "In 1 of 3 action periods of topics (33 %) with comments some counts are suppressed" in text
