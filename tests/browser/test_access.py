"""Nobody is barred: axe-core finds nothing, twice as large fits, dark and paper can be read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.test_pages import PAGES

pytestmark = pytest.mark.browser

HIDDEN = {"exclude": [["[aria-hidden=true]"]]}  # shapes, which the words of a chart stand for
FEWER = "document.querySelectorAll('figure details tbody tr:nth-child(n+13)').forEach(row => row.remove())"
# Leaves one row of each look in every table: what the style sheet can tell apart has the same colours.
ALIKE = """document.querySelectorAll('tbody').forEach(body => {
    const look = e =>
        [e.tagName, e.getAttribute('class'), e.lang, e.dir, e.dataset.status, e.dataset.value === ''];
    const seen = new Set();
    for (const row of [...body.rows]) {
        const looks = JSON.stringify([row, ...row.querySelectorAll('*')].map(look));
        seen.has(looks) ? row.remove() : seen.add(looks);
    }
})"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `resultTypes` most of the time goes into naming each element in which nothing was found.
OPTIONS = {"runOnly": RULES, "resultTypes": ["violations"]}
# Four fifths of the time go into contrast, which looks behind every word on the page.
SHAPES = {**OPTIONS, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
WIDTH = "document.documentElement.scrollWidth"


def finds_nothing(page: Page, options: Mapping[str, object] = OPTIONS) -> None:
    found = Axe().run(page, HIDDEN, dict(options))
    assert found.generate_snapshot() == "", found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wide_narrow_or_dark_and_large_text_fits(
    name: str, site: Path, open_page: Open
) -> None:
    with open_page(site / f"{name}.html") as visit:
        visit.go_live()
        visit.page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
        visit.page.evaluate(FEWER)  # rows like those above them
        finds_nothing(visit.page, SHAPES)
        visit.page.evaluate("document.documentElement.style.setProperty('font-size', '36px', 'important')")
        assert visit.page.evaluate(WIDTH) <= 1280  # larger text alone
        visit.page.evaluate("document.documentElement.style.removeProperty('font-size')")
        visit.page.set_viewport_size({"width": 640, "height": 450})  # what a zoom of 200 % leaves of 1280
        assert visit.page.evaluate(WIDTH) <= 640
        visit.page.evaluate(ALIKE)
        visit.page.set_viewport_size({"width": 1280, "height": 900})
        finds_nothing(visit.page, COLOURS)
        visit.page.set_viewport_size({"width": 390, "height": 900})
        finds_nothing(visit.page)
        visit.page.emulate_media(color_scheme="dark")
        finds_nothing(visit.page, COLOURS)  # nothing else looks at colours


def test_axe_sees_a_page_that_bars_people(site: Path, open_page: Open) -> None:
    with open_page(site / "index.html") as visit:
        visit.page.evaluate("document.querySelector('h2').style.color = '#dddddd'")
        assert "color-contrast" in Axe().run(visit.page, None, COLOURS).generate_snapshot()


def test_on_paper_there_are_no_controls_and_no_table_is_cut(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html", 703) as visit:
        some = "[...document.querySelectorAll('#videos-table tbody tr')].filter(r => r.offsetHeight).length"
        every = "document.querySelectorAll('#videos-table tbody tr').length"
        assert visit.page.evaluate(some) < visit.page.evaluate(every)
        visit.page.emulate_media(media="print")
        assert visit.page.locator(":not(th) > button:visible, select:visible, nav:visible").count() == 0
        assert visit.page.locator(".videos th").first.inner_text() == "Published"
        widths = "[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right)"
        assert max(visit.page.evaluate(widths)) <= 703
        assert visit.page.evaluate(some) == visit.page.evaluate(every)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_table_shows_its_first_rows_until_all_are_asked_for(
    scripts: bool, site: Path, open_page: Open
) -> None:
    with open_page(site / "comms.html", scripts=scripts) as visit:
        rows = visit.page.locator("#videos-table tbody tr:visible")
        assert rows.count() == 8
        more = visit.page.locator("#videos .rest summary")
        assert more.inner_text() == f"Show all {visit.page.locator('#videos-table tbody tr').count()} rows"
        more.focus()
        visit.page.keyboard.press("Enter")
        assert rows.count() == visit.page.locator("#videos-table tbody tr").count()
        assert more.inner_text() == "Show the first rows only"
