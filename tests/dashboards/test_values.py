from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.published import BY_NAME
from tests.dashboards.html import Element, parse
from tests.dashboards.published import PERIODS, Published

TEAMS = ["early-help", "learning-disability", "neurodiversity", "community-wellbeing"]
SHEETS = [f"sheets/{team}" for team in TEAMS]
PAGES = ["index", *TEAMS, "comms", *SHEETS, "creators/lavelle", "creators/trust"]


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_of_a_page_equals_its_published_row(name: str, site: Path, campaign: Published) -> None:
    figures = parse(site / f"{name}.html").figures()
    assert figures
    wrong = [f.attributes for f in figures if not agrees(f, expected(campaign, f))]
    assert wrong == []


def test_the_comparison_sees_a_wrong_figure(site: Path, campaign: Published) -> None:
    for figure in parse(site / "early-help.html").figures():
        value = figure.attributes["data-value"]
        figure.attributes["data-value"] = str(float(value) + 1) if value else "0"
        assert not agrees(figure, expected(campaign, figure))


def test_a_figure_that_is_not_known_is_never_shown_as_a_number(site: Path) -> None:
    unknown = [
        f for name in PAGES for f in parse(site / f"{name}.html").figures() if not f.attributes["data-value"]
    ]
    assert {f.text for f in unknown} == {"not known", "not yet", "hidden"}
    assert all(f.attributes["title"] for f in unknown)


def test_platforms_of_a_period_add_up_to_the_figure_of_its_card(site: Path, campaign: Published) -> None:
    parts = [
        int(figure.attributes["data-value"])
        for figure in parse(site / "early-help.html").figures()
        if figure.attributes["data-row"].endswith("/ap2")
        and figure.attributes["data-row"].startswith("topic_weeks/")
    ]
    total = campaign.query(
        "SELECT views_new FROM marts.topic_periods WHERE topic_id = 'finding-help' AND period_id = 'ap2'"
    )
    assert len(parts) == 2
    assert sum(parts) == total["views_new"][0]


def agrees(figure: Element, wanted: object) -> bool:
    value = figure.attributes["data-value"]
    if wanted is None:
        return value == ""
    return value != "" and float(value) == pytest.approx(float(str(wanted)), rel=1e-12)


def expected(campaign: Published, figure: Element) -> object:
    """The value that the database has for a figure, by the row and column that the figure names."""
    table, *key = figure.attributes["data-row"].split("/")
    column = figure.attributes["data-metric"]
    if table == "topic_weeks" and (key[0] == "*" or key[2] in {"ap1", "ap2"}):
        return summed(campaign, column, key)
    where = " AND ".join(f"CAST({name} AS VARCHAR) = ?" for name in BY_NAME[table].key)
    sql = f"SELECT {column} FROM marts.{table} WHERE {where}"  # noqa: S608
    found = campaign.connection.execute(sql, key).fetchall()
    assert len(found) == 1, figure.attributes
    return found[0][0]


def summed(campaign: Published, column: str, key: list[str]) -> object:
    """Sums over topics (`*`), or over the full weeks of a period."""
    topic, platform, when = key
    if topic == "*":
        sql = f"SELECT sum({column}) FROM marts.topic_weeks WHERE platform = ? AND week = ?"  # noqa: S608
        row = campaign.connection.execute(sql, [platform, when]).fetchone()
    else:
        first, last = next((p[2], p[3] - timedelta(6)) for p in PERIODS if p[0] == when)
        sql = (  # the full weeks of a period
            f"SELECT sum(w.{column}) FROM marts.topic_weeks AS w SEMI JOIN marts.topic_weeks AS whole"  # noqa: S608
            " ON whole.topic_id = w.topic_id AND whole.week = w.week AND whole.platform = 'all'"
            " AND whole.is_complete WHERE w.topic_id = ? AND w.platform = ? AND w.week BETWEEN ? AND ?"
        )
        row = campaign.connection.execute(sql, [topic, platform, first, last]).fetchone()
    return row[0] if row else None
