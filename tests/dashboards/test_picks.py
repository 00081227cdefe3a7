from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dashboards import words
from dashboards.facts import read_facts
from dashboards.picks import picks, question, to_share
from dashboards.videos import all_posts, team_posts
from tests.dashboards.published import TEAMS, Published, invented, published

TEAM = "early-help"


def chosen(reader: Published) -> Any:
    return picks(read_facts(reader), team_posts(reader, TEAM))


def with_posts(*changes: dict[str, Any]) -> Published:
    """A team with one post per change, of the current action period."""
    tables = invented()
    post = next(p for p in tables["posts"] if p["team_id"] == TEAM and p["period_id"] == "ap2")
    posts = [
        {**post, "post_id": str(n), "caption": f"video {n}", **change} for n, change in enumerate(changes)
    ]
    return published({**tables, "posts": posts})


def rated(views_28: int | None, low: float | None) -> dict[str, Any]:
    status = "missing" if views_28 is None else "observed"
    return {"views_day_28": views_28, "views_day_28_status": status, "engagement_rate_low": low}


def test_the_first_video_has_the_most_views_at_one_age(campaign: Published) -> None:
    best = campaign.query(
        "SELECT post_id FROM marts.posts WHERE team_id = 'early-help' AND period_id = 'ap2'"
        " AND views_day_28 IS NOT NULL ORDER BY views_day_28 DESC LIMIT 1"
    )["post_id"][0]
    first = chosen(campaign).picks[0]
    assert dict(first.figures)["Views at 28 days"].row.endswith(best)
    assert "Most views at 28 days, of the 7 videos of Action period 2 for which they are known." in first.why


def test_the_second_has_the_highest_lower_end_among_the_others() -> None:
    made = chosen(with_posts(rated(900, 0.08), rated(500, 0.05), rated(None, 0.06)))
    assert [pick.video.text for pick in made.picks] == ["video 0", "video 2"]
    assert "of the other 2 videos" in made.picks[1].why
    assert "at least 60.0 interactions per 1,000 views" in made.picks[1].why


def test_a_shared_lead_is_told_as_shared() -> None:
    made = chosen(with_posts(rated(900, 0.08), rated(500, 0.05), rated(400, 0.05)))
    assert made.picks[1].why.startswith("One of 2 with the highest")


def test_one_video_is_listed_once() -> None:
    made = chosen(with_posts(rated(900, 0.08)))
    assert [pick.video.text for pick in made.picks] == ["video 0"]


def test_without_figures_that_compare_no_video_is_listed() -> None:
    made = chosen(with_posts(rated(None, None), rated(None, None)))
    assert made.picks == ()
    assert "No video has figures that can be compared yet" in made.empty


def test_early_in_a_period_all_known_videos_are_looked_at() -> None:
    old = {"period_id": "ap1"}
    made = chosen(with_posts({**rated(900, 0.08), **old}, rated(500, 0.05)))
    assert "of the 2 videos known" in made.picks[0].why


@pytest.mark.parametrize(
    ("verdict", "has_test", "said"),
    [
        ("signal", True, "There is a signal in Action period 2"),
        ("no_change", True, "We tried “Captions open with a question”"),
        ("too_few", False, "What will we try next"),
    ],
)
def test_the_question_is_what_the_data_leave_open(verdict: str, has_test: bool, said: str) -> None:
    tables = invented()
    for row in tables["topic_comparisons"]:
        row["verdict"] = verdict
    tables["events"] = [e for e in tables["events"] if has_test or e["kind"] != "test_of_change"]
    facts = read_facts(published(tables))
    assert question(facts, TEAM, facts.topics[0]).startswith(said)


def shared(reader: Published) -> Any:
    return to_share(read_facts(reader), all_posts(reader)).picks


def test_what_to_share_is_a_video_a_topic_by_the_lower_end_of_its_rate(campaign: Published) -> None:
    made = shared(campaign)
    assert [pick.above for pick in made] == [team[3] for team in TEAMS[:3]]  # the last has no rate yet
    leading = campaign.query(
        "SELECT max(engagement_rate_low) AS low FROM marts.posts"
        " WHERE topic_id = 'finding-help' AND period_id = 'ap2'"
    )["low"][0]
    assert f"Lower end of its rate: {words.per_thousand(leading)} interactions" in made[0].why
    assert "the only one to choose" in shared(with_posts(rated(500, 0.05)))[0].why


def test_a_handful_of_views_cannot_be_what_to_share() -> None:
    sure, few = {"engagement_rate": 0.06, "engagement_rate_low": 0.05}, {"engagement_rate_low": 0.02}
    made = shared(with_posts(sure, {**few, "engagement_rate": 1.0, "views": 2, "interactions": 2}))
    assert [pick.video.text for pick in made] == ["video 0"]
    assert "of 2 videos of Action period 2 none has a higher one" in made[0].why


def test_a_video_that_is_gone_is_not_shared() -> None:
    gone = {**rated(900, 0.09), "gone_at": datetime(2024, 4, 1)}
    assert [pick.video.text for pick in shared(with_posts(gone, rated(500, 0.05)))] == ["video 1"]


def test_a_verdict_on_who_watched_stands_only_where_viewers_were_measured() -> None:
    told = [
        dict(shared(with_posts({**rated(9, 0.05), "target_low": low}))[0].figures) for low in (None, 0.45)
    ]
    assert [figures["Target audience"].text for figures in told] == ["not known", "at least 45\u00a0%"]
    assert "were not measured" in told[0]["Target audience"].why


def test_of_more_videos_than_are_listed_all_are_looked_at() -> None:
    many = with_posts(*[rated(500, 0.01) for _ in range(450)])
    many.change("UPDATE marts.posts SET engagement_rate_low = 0.2 WHERE post_id = '0'")
    assert "of 450 videos" in shared(many)[0].why
    assert shared(many)[0].figures[0][1].row.endswith("/0")
