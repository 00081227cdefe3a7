"""Nobody is barred: what axe must see (test_pages asks it), and tables on paper and without a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.axe import COLOURS
from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


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
