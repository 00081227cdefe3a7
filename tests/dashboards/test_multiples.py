from __future__ import annotations

import re
from pathlib import Path

from dashboards.facts import read_facts
from dashboards.multiples import grid
from tests.dashboards.html import parse
from tests.dashboards.published import TEAMS, invented, published


def domains(spec: dict[str, object]) -> set[str]:
    """The scales of values and of time that a chart's layers have."""
    layers = spec["layer"]
    assert isinstance(layers, list)
    found = [layer["encoding"].get("y", {}).get("scale") for layer in layers]
    return {str(scale["domain"]) for scale in found if scale and "domain" in scale}


def test_every_topic_has_a_small_chart_on_the_scale_of_all() -> None:
    figures = grid(read_facts(published())).figures
    assert [figure.tags["topic"] for figure in figures] == [team[2] for team in TEAMS]
    drawn = [figure.chart for figure in figures if figure.chart]
    assert len(drawn) == 3
    assert len(set().union(*map(domains, drawn))) == 1
    assert figures[3].empty == "No week to show yet: no post of this topic is known."


def test_a_small_chart_says_its_topic_both_periods_and_its_numbers(site: Path) -> None:
    html = parse(site / "comms.html")
    both = r"Finding help early: [\d.]+k in Action period 2, [\d.]+k in Action period 1"
    assert re.search(both, html.text)
    first = next(e for e in html.all("figure") if e.attributes["id"] == "small-1")
    assert first.attributes["data-topic"] == "finding-help"
    assert "Exports and readings of the platforms, up to 12 Apr 2024" in first.text
    rows = {f.attributes["data-row"] for f in html.figures()}
    assert "topic_weeks/finding-help/all/2023-11-06" in rows


def test_topics_of_nothing_make_no_chart() -> None:
    tables = invented()
    assert grid(read_facts(published({**tables, "topics": []}))).figures == ()
    empty = grid(read_facts(published({**tables, "topic_weeks": []}))).figures
    assert [figure.chart for figure in empty] == [None] * 4
