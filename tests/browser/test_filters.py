"""The selects at the top of a page: they drive tables and charts, and live in the address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Open, Visit

pytestmark = pytest.mark.browser

ROWS = "document.querySelectorAll('.videos tbody tr:not([hidden])').length"
DOTS = (
    "[...document.querySelectorAll('#videos-chart .live .mark-symbol path')]"
    ".filter(p => p.getBBox().width > 0).length"
)


def dots_shown(visit: Visit) -> int:
    """The videos of the table whose views at 28 days are known: what the chart has to show."""
    return int(
        visit.page.evaluate(
            "[...document.querySelectorAll('.videos tbody tr:not([hidden]) [data-metric=views_day_28]')]"
            ".filter(e => e.dataset.value).length"
        )
    )


CHOICES = {"platform": "instagram", "creator": "amira", "topic": "neurodiversity", "period": "ap1"}


def test_every_filter_drives_the_table_and_the_chart_alike(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html") as visit:
        visit.go_live()
        everything = visit.page.evaluate(ROWS)
        assert visit.page.evaluate(DOTS) == dots_shown(visit)
        for select, value in CHOICES.items():
            visit.page.select_option(f"#filter-{select}", value)
            some = visit.page.evaluate(ROWS)
            assert 0 < some < everything, select
            visit.until(f"{DOTS} === {dots_shown(visit)}")
            assert visit.page.evaluate("location.hash") == f"#{select}={value}"
            status = visit.page.locator(".filters [role=status]").inner_text()
            assert status == f"{some} of {everything} videos shown"
            assert visit.page.locator(".videos tbody tr:visible").count() == some, select
            visit.page.select_option(f"#filter-{select}", "")
            assert visit.page.evaluate(ROWS) == everything, select
        assert visit.said == []


def test_charts_of_another_platform_are_left_out(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html", fragment="#platform=tiktok") as visit:
        assert visit.page.locator("#weeks-tiktok").is_visible()
        assert not visit.page.locator("#weeks-instagram").is_visible()
        visit.page.select_option("#filter-platform", "")
        assert visit.page.locator("#weeks-instagram").is_visible()


def test_a_chart_that_goes_live_later_follows_the_address(site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html", fragment="#creator=kofi") as visit:
        visit.go_live()
        assert dots_shown(visit) > 0
        visit.until(f"{DOTS} === {dots_shown(visit)}")


def test_what_is_printed_is_what_is_shown(site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html", fragment="#creator=kofi") as visit:
        visit.go_live()
        visit.page.emulate_media(media="print")
        assert visit.page.locator("#videos-chart .live").is_visible()
        assert not visit.page.locator("#videos-chart .wide").is_visible()
        assert visit.page.locator("#topic-1-views .wide").is_visible()


def test_selects_and_headers_are_reached_and_used_by_keyboard(site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html") as visit:
        visit.page.focus("#filter-platform")
        visit.page.keyboard.press("ArrowDown")
        assert visit.page.evaluate("location.hash").startswith("#platform=")
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.id") == "filter-creator"
        visit.page.focus(".videos th:nth-child(5) button")
        visit.page.keyboard.press("Space")
        assert visit.page.locator(".videos th:nth-child(5)").get_attribute("aria-sort") == "descending"
