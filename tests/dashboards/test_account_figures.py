"""Accounts' own weeks: where a topic has too few, under a name of their own, never mixed with a topic's."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards import account_figures
from dashboards.blocks import Figure, Prose, Section
from dashboards.facts import read_facts
from tests.dashboards.charted import charted, weeks
from tests.dashboards.html import parse
from tests.dashboards.published import AS_OF, invented, published

TEAM = "neurodiversity"
ACCOUNT = "account:tiktok:lavelle.sings"
WAVE: list[float | None] = [100.0 + 10 * (n % 3) for n in range(27)]


def sections(tables: dict[str, Any], team_id: str = TEAM) -> tuple[Section, ...]:
    return account_figures.section(read_facts(published(tables)), team_id)


def shown(tables: dict[str, Any]) -> list[Figure]:
    ((section),) = sections(tables)
    return [block for block in section.blocks if isinstance(block, Figure)]


def with_account_weeks(first: date, n: int = 27) -> dict[str, Any]:
    tables = invented()
    rows = weeks((WAVE * 3)[:n], facet=ACCOUNT, first=first)
    others = [row for row in tables["spc"] if row["facet"] != ACCOUNT]
    tables["spc"] = [*others, *charted(rows, AS_OF.date())]
    return tables


def test_a_team_whose_topic_has_too_few_weeks_gets_the_weeks_of_its_creators_accounts() -> None:
    views, rate = shown(invented())
    assert views.title.startswith("All of Lavelle's videos on TikTok, views a week: ")
    assert rate.title.startswith("All of Lavelle's videos on TikTok, interactions per 1,000 views: ")
    for figure in (views, rate):
        assert "All of Lavelle's videos on TikTok, also those outside this topic." in figure.subtitle
        assert "all of Lavelle's videos on TikTok" in figure.words


def test_a_team_whose_topics_have_weeks_enough_gets_none() -> None:
    assert sections(invented(), "early-help") == ()


def test_a_team_without_a_topic_gets_none() -> None:
    tables = invented()
    tables["topics"] = [row for row in tables["topics"] if row["team_id"] != TEAM]
    assert sections(tables) == ()


def test_an_account_that_is_none_of_the_teams_creators_is_not_shown() -> None:
    tables = invented()
    tables["posts"] = [post for post in tables["posts"] if post["creator_id"] != "lavelle"]
    assert sections(tables) == ()


def test_the_reason_names_the_topic_and_that_weeks_are_not_mixed() -> None:
    ((section),) = sections(invented())
    assert isinstance(section.blocks[0], Prose)
    assert section.blocks[0].paragraphs == (
        "“Growing up neurodivergent” has too few complete weeks for limits. So here are the weeks of the"
        " accounts, with all their videos, also those outside this topic. They are never mixed with the weeks"
        " of a topic.",
    )


def test_every_figure_of_an_account_is_a_row_of_its_own_chart() -> None:
    for figure in shown(invented()):
        cells = [cell for record in figure.table.records for cell in record.cells if cell.is_number]
        assert len(cells) == 4 * 27
        assert all(f"/{ACCOUNT}/" in cell.row for cell in cells)


@pytest.mark.parametrize(("first", "n", "drawn"), [(date(2023, 10, 2), 27, 27), (date(2022, 10, 3), 80, 60)])
def test_weeks_of_more_than_a_year_ago_stand_in_the_table_only(first: date, n: int, drawn: int) -> None:
    (views, *_) = shown(with_account_weeks(first, n))
    assert views.chart
    assert len(views.table.records) == n
    dots = next(rows for rows in views.chart["datasets"].values() if rows and "Figure" in rows[0])
    assert sum(row["value"] is not None for row in dots) == drawn
    assert ("Weeks before 20 Feb 2023 stand in the table only." in views.note) is (drawn < n)


def test_an_account_of_which_all_weeks_are_long_ago_is_not_shown() -> None:
    assert sections(with_account_weeks(date(2022, 10, 3), 20)) == ()


def test_an_early_account_says_when_it_will_have_limits() -> None:
    first = AS_OF.date() - timedelta(7 * 8 + 4)
    (views, *_) = shown(with_account_weeks(first, 8))
    assert "they need 13 complete, settled weeks; so far 8." in views.note
    assert views.title.endswith(": too few weeks to judge, 8 settled weeks so far")


def test_only_the_page_of_the_team_concerned_has_them(site: Path) -> None:
    pages = {name: parse(site / f"{name}.html").text for name in ("early-help", TEAM)}
    assert "All of Lavelle's videos on TikTok" in pages[TEAM]
    assert "All of Lavelle's videos" not in pages["early-help"]
