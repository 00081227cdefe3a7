"""Nobody is barred: axe-core finds nothing, twice as large fits, dark and paper can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open
from tests.browser.test_pages import PAGES, WIDTHS

pytestmark = pytest.mark.browser

HIDDEN = {"exclude": [["[aria-hidden=true]"]]}  # shapes, which the words of a chart stand for
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


LIGHT = [(name, width, False) for name in PAGES for width in WIDTHS]
DARK = [(name, 1280, True) for name in ("early-help", "comms")]


@pytest.mark.parametrize(("name", "width", "dark"), [*LIGHT, *DARK])
def test_axe_finds_nothing(name: str, width: int, dark: bool, site: Path, open_page: Open) -> None:
    with open_page(site / f"{name}.html", width, dark=dark, policy=False) as visit:
        visit.go_live()
        for details in visit.page.query_selector_all("details"):
            details.evaluate("e => { e.open = true; }")
        found = Axe().run(visit.page, HIDDEN, {"runOnly": RULES})
        assert found.generate_snapshot() == "", found.generate_report()


def test_axe_sees_a_page_that_bars_people(site: Path, open_page: Open) -> None:
    with open_page(site / "index.html", policy=False) as visit:
        visit.page.evaluate("document.querySelector('h2').style.color = '#dddddd'")
        assert "color-contrast" in Axe().run(visit.page).generate_snapshot()


@pytest.mark.parametrize("name", PAGES)
def test_twice_as_large_a_page_needs_no_sideways_scrolling(name: str, site: Path, open_page: Open) -> None:
    with open_page(site / f"{name}.html", 640) as visit:  # what a zoom of 200 % leaves of 1280
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("name", PAGES)
def test_larger_text_alone_fits_too(name: str, site: Path, open_page: Open) -> None:
    with open_page(site / f"{name}.html", 1280, policy=False) as visit:
        visit.page.add_style_tag(content="html{font-size:36px!important}")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_on_paper_there_are_no_controls_and_no_table_is_cut(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html", 703) as visit:
        visit.page.emulate_media(media="print")
        assert visit.page.locator("button:visible, select:visible, nav:visible").count() == 0
        widths = "[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right)"
        assert max(visit.page.evaluate(widths)) <= 703
