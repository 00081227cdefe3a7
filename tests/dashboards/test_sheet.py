from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.facts import read_facts
from dashboards.sheet import sheet_page
from tests.dashboards.html import parse
from tests.dashboards.published import Published, invented, published

SHEET = "sheets/early-help.html"


def test_a_sheet_has_three_sentences_one_chart_two_videos_one_question_and_room(site: Path) -> None:
    html = parse(site / SHEET)
    assert len(html.all("dd")) == 3 + 2 * 4  # and the figures of two videos
    assert len([e for e in html.elements if e.attributes.get("role") == "img"]) == 1
    assert len([e for e in html.elements if e.attributes.get("class") == "card pick"]) == 2
    assert [e.text for e in html.all("h2")] == [
        "In three sentences", "Week by week", "Two videos to talk about", "One question",
        "In the influencer's own words",
    ]  # fmt: skip
    assert len([e for e in html.elements if e.attributes.get("class") == "space"]) == 1


def test_a_sheet_runs_nothing_and_is_small(site: Path) -> None:
    assert parse(site / SHEET).all("script") == []
    assert (site / SHEET).stat().st_size < 100_000


def test_a_teams_page_leads_to_its_sheet_and_the_sheet_back(site: Path) -> None:
    assert SHEET in [e.attributes["href"] for e in parse(site / "early-help.html").all("a")]
    assert "../early-help.html" in [e.attributes["href"] for e in parse(site / SHEET).all("a")]


def test_long_notes_are_cut_so_that_one_page_stays_one_page() -> None:
    tables = invented()
    for event in tables["events"]:
        event["note"] = "a long note " * 160
    reader = published(tables)
    facts = read_facts(reader)
    page = sheet_page(reader, facts, facts.teams[0])
    tried = page.sections[0].blocks[0].points[0][1][0]
    assert tried.endswith("…")
    assert len(tried) <= 211
    assert all(mark.note == "" for mark in page.figures[0].marks)


@pytest.mark.parametrize("team", [0, 3])
def test_a_team_without_topic_or_posts_has_a_sheet(team: int) -> None:
    tables = {**invented(), "topics": invented()["topics"][team : team + 1]}
    reader: Published = published(tables)
    facts = read_facts(reader)
    for row in facts.teams:
        assert sheet_page(reader, facts, row).is_sheet
