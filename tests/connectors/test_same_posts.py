"""The same posts through different exports, in any order of rows, give the same canonical rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.connectors.downloads import insight, insights
from tests.connectors.exports import CONTEXT, SUITE_HEADER, Inbox, Loaded, suite, suite_row, utc
from tests.connectors.meta import translated

COUNTED = ("Views", "Reach", "Likes", "Shares", "Follows", "Comments", "Saves")
WORDS = ("IG reel", "IG carousel", "IG image")
ALLOWED = replace(CONTEXT, account="lavelle.sings", read_archives=True)

captions = st.text(
    st.characters(exclude_categories=["C"], include_characters="\n"), min_size=1, max_size=40
).map(lambda text: f"x{text}x")
moments = st.integers(utc("2023-09-01 00:00:00"), utc("2024-02-05 00:00:00"))
numbers = st.one_of(st.just(""), st.integers(0, 10**7).map(str))
posts = st.builds(
    lambda moment, caption, word, figures: (
        suite_row(
            f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S}",
            Description=caption,
            Post_type=word,
            **dict(zip(COUNTED, figures, strict=True)),
        )
        | {"Reach": "5"}
    ),  # without reach and follows a post of somebody else
    moments,
    captions,
    st.sampled_from(WORDS),
    st.tuples(*[numbers] * len(COUNTED)),
)
many_posts = st.lists(posts, min_size=1, max_size=6, unique_by=lambda row: row["Permalink"])


def canonical(loaded: Loaded) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Posts and figures without the number of the row, by post."""
    assert loaded.refused == []
    without = [
        [{name: value for name, value in row.items() if name != "row_no"} for row in rows]
        for rows in (loaded.posts, loaded.metrics)
    ]
    first, second = (sorted(rows, key=lambda row: str(row["post_id"])) for rows in without)
    return first, second


@given(many_posts, st.sampled_from(["es", "it", "pt-BR"]), st.randoms(), st.permutations(SUITE_HEADER))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_language_and_the_order_of_rows_and_columns_change_nothing(
    inbox: Inbox, rows: list[dict[str, str]], language: str, chance: Any, header: list[str]
) -> None:
    shuffled = chance.sample(rows, len(rows))
    english, other = inbox.read(suite(*rows)), inbox.read(translated(language, *shuffled, header=header))
    assert canonical(other) == canonical(english)


def test_a_data_download_tells_the_same_of_the_same_posts(inbox: Inbox) -> None:
    figures = {"Likes": "1055", "Comments": "6", "Shares": "4", "Saves": "9"}
    moment = "2024-01-03 12:30:10"
    download = insight(moment, "Where to get help", Accounts_reached="1,020", **figures | {"Likes": "1,055"})
    export = inbox.read(suite(suite_row(moment, Reach="1020", **figures)))
    archive = inbox.read(insights(download), ALLOWED, "posts.json")
    for name in ("account", "published_s", "caption"):
        assert archive.posts[0][name] == export.posts[0][name]
    for name in ("reach", "likes", "comments", "shares", "saves"):
        assert archive.metrics[0][name] == export.metrics[0][name]
