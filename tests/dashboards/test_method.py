from __future__ import annotations

from pathlib import Path

from dashboards import judgement, words
from dashboards.facts import read_facts
from models.metrics import METRICS
from tests.dashboards.html import parse
from tests.dashboards.published import invented, published


def test_every_passport_is_on_the_method_page(site: Path) -> None:
    text = parse(site / "method.html").text
    for metric in METRICS:
        assert {
            part for part in (metric.label, metric.formula, metric.unit, metric.caveat) if part not in text
        } == set()


def test_each_source_names_its_figures_in_the_platforms_own_words(site: Path) -> None:
    text = parse(site / "method.html").text
    assert "TikTok @lavelle.sings" in text
    assert "likes (“Total likes”); views (“Total views”)" in text
    assert "views (“Vues”)" in text


def test_each_source_says_why_it_does_not_give_a_figure(site: Path) -> None:
    text = parse(site / "method.html").text
    assert "reach and saves: not in TikTok's file" in text
    assert "saves: 0 is no count" in text


def test_the_method_says_what_is_chance_what_is_hidden_and_what_is_not_known(site: Path) -> None:
    text = parse(site / "method.html").text
    for said in (
        judgement.BY_CHANCE,
        words.ETHNICITY,
        words.TOP_LIST,
        "Small numbers",
        "Missing is not zero",
    ):
        assert said in text
    assert "rapup 0.1.0, for RAP-UP" in text
    assert "Europe/London" in text


def test_a_list_of_top_posts_is_told_of_only_where_posts_came_by_it() -> None:
    tables = invented()
    assert read_facts(published(tables)).top_list == (words.TOP_LIST,)
    tables["sources"] = [{**row, "source": "tiktok_display_api"} for row in tables["sources"]]
    assert read_facts(published(tables)).top_list == ()


def test_the_overview_defines_in_short_and_leads_to_the_method(site: Path) -> None:
    overview = parse(site / "index.html")
    assert "method.html" in [e.attributes["href"] for e in overview.all("a")]
    assert "Engagement rate by reach" not in overview.text
    assert "interactions / views" in overview.text


def test_a_campaign_without_files_has_a_method_too(empty_site: Path) -> None:
    assert "No source has been read yet." in parse(empty_site / "method.html").text
