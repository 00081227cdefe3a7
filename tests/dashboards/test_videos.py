from __future__ import annotations

from dashboards.facts import read_facts
from dashboards.reader import row_name, rows
from dashboards.videos import LISTED, all_posts, team_posts, videos
from tests.dashboards.published import Published, invented, published


def test_videos_are_newest_first_and_never_ranked(campaign: Published) -> None:
    posts = all_posts(campaign)
    days = [post["published_on"] for post in posts]
    assert days == sorted(days, reverse=True)
    assert {post["platform"] for post in team_posts(campaign, "early-help")} == {"tiktok", "instagram"}


def test_long_lists_are_cut_and_say_so() -> None:
    tables = invented()
    post = tables["posts"][0]
    many = published({**tables, "posts": [{**post, "post_id": str(n)} for n in range(LISTED + 5)]})
    made = videos(read_facts(many), all_posts(many), with_topic=True)
    assert len(made.table.records) == LISTED
    assert made.table.note == f"Only the newest {LISTED} are listed."


def test_filters_offer_only_what_occurs(campaign: Published) -> None:
    facts = read_facts(campaign)
    made = videos(facts, team_posts(campaign, "early-help"), with_topic=False)
    assert [one.name for one in made.filters] == ["platform", "creator", "period"]
    assert made.filters[2].options == (
        ("ap1", "Action period 1"),
        ("ap2", "Action period 2"),
    )


def test_a_post_without_topic_or_creator_is_listed_as_such() -> None:
    tables = invented()
    odd = {
        **tables["posts"][0],
        "creator_id": None,
        "topic_id": None,
        "period_id": None,
        "published_on": None,
    }
    reader = published({**tables, "posts": [odd]})
    record = videos(read_facts(reader), all_posts(reader), with_topic=True).table.records[0]
    assert [cell.text for cell in record.cells[:4]][0::1][:2] == ["not known", "someone outside the campaign"]
    assert record.cells[3].text == "no topic"
    assert set(record.tags.values()) == {"tiktok", "none"} or "none" in record.tags.values()


def test_rows_come_in_the_types_of_the_contract(campaign: Published) -> None:
    week = rows(campaign, "SELECT * FROM marts.topic_weeks ORDER BY topic_id, platform, week LIMIT 1")[0]
    assert isinstance(week["views_new"], int)
    assert isinstance(week["is_complete"], bool)
    assert row_name("topic_weeks", week) == "topic_weeks/finding-help/all/2023-11-06"
