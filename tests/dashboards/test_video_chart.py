from __future__ import annotations

from dashboards import charts
from dashboards.chart_parts import Backdrop
from dashboards.facts import read_facts
from dashboards.video_chart import video_chart
from dashboards.videos import team_posts
from tests.dashboards.published import Published, invented, published


def test_the_dots_are_the_videos_known_at_that_age(campaign: Published) -> None:
    figure = video_chart(read_facts(campaign), team_posts(campaign, "early-help"))
    assert figure.chart is not None
    rows = [row for data in figure.chart["datasets"].values() for row in data if "Platform" in row]
    known = campaign.query(
        "SELECT views_day_28 FROM marts.posts WHERE team_id = 'early-help' AND views_day_28 IS NOT NULL"
    )
    assert sorted(row["full"] for row in rows) == sorted(known["views_day_28"])
    assert f"{len(known)} of 28 videos are known" in figure.subtitle


def test_the_chart_follows_the_pages_filters(campaign: Published) -> None:
    figure = video_chart(read_facts(campaign), team_posts(campaign, "early-help"))
    assert figure.chart is not None
    assert [param["name"] for param in figure.chart["params"]] == list(charts.DRIVEN_BY)
    dots = [layer for layer in figure.chart["layer"] if layer["mark"]["type"] == "point"]
    assert len(dots) == 2
    assert all("datum.creator == creator" in layer["encoding"]["size"]["condition"]["test"] for layer in dots)


def test_the_title_tells_of_the_middle_half_and_of_few_the_range() -> None:
    tables = invented()
    post = next(p for p in tables["posts"] if p["views_day_28"])
    many = [{**post, "post_id": str(n), "views_day_28": 100 * n} for n in range(1, 9)]
    titles = []
    for posts in (many, many[:3], []):
        reader = published({**tables, "posts": posts})
        titles.append(video_chart(read_facts(reader), team_posts(reader, post["team_id"])).title)
    assert titles == [
        "Views at 28 days: 300 to 600 in the middle half of 8 videos",
        "Views at 28 days: 100 to 300 in 3 videos",
        "Views at 28 days: not known for any video yet",
    ]


def test_the_chart_is_valid_vega_lite() -> None:
    facts = read_facts(published())
    tags = dict.fromkeys(charts.DRIVEN_BY, "none")
    dot = charts.Dot(facts.as_of, 12, "12", "TikTok", tags)
    window = (facts.as_of, facts.as_of)

    chart = charts.videos([dot], ["TikTok"], Backdrop(window, (), ()), 10.0)
    assert chart.to_dict(validate=True)["layer"]
