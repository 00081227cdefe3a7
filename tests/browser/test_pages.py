"""The pages as people see them: in a real browser, offline, with the policy on, and barring nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboards import words
from dashboards.site import render_site
from tests.browser import axe
from tests.browser.conftest import COUNT, KINDS, Open, Visit, counts
from tests.dashboards.published import HOSTILE, invented, published

pytestmark = pytest.mark.browser

LINKED = ["index", "early-help", "community-wellbeing", "comms", "method"]
PAGES = [*LINKED, "sheets/early-help", "creators/lavelle"]
WIDTHS = [1280, 390]
MARKS = "path, rect, line, text"
WORDS = "[...document.querySelectorAll('.chart')].map(c => c.getAttribute('aria-label'))"
DOTS = "[...document.querySelectorAll('.chart')].map(c => c.querySelectorAll('{} .mark-symbol path').length)"
FITS = "s.clientWidth <= s.parentNode.clientWidth"


@dataclass(frozen=True)
class Live:
    """A page whose charts went live, and their words before."""

    name: str
    words: list[str]
    visit: Visit


@contextmanager
def alive(open_page: Open, site: Path, name: str, width: int = 1280) -> Iterator[Live]:
    with open_page(site / f"{name}.html", width) as visit:
        words = visit.page.evaluate(WORDS)
        visit.go_live()
        yield Live(name, words, visit)


@pytest.fixture(scope="module", params=PAGES)
def live(request: pytest.FixtureRequest, site: Path, open_page: Open) -> Iterator[Live]:
    """A page that is opened once: the test below looks at it as it is, axe takes it apart afterwards."""
    with alive(open_page, site, request.param) as live:
        yield live


def test_a_page_opens_quietly_and_its_charts_go_live_as_they_were_drawn(live: Live) -> None:
    is_quiet_and_as_drawn(live, 1280)


def test_axe_finds_nothing_wide_narrow_or_dark_and_large_text_fits(live: Live) -> None:
    page = live.visit.page
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    page.evaluate(axe.FEWER)  # rows like those above them
    axe.finds_nothing(page, axe.SHAPES)
    page.evaluate("document.documentElement.style.setProperty('font-size', '36px', 'important')")
    assert page.evaluate(axe.WIDTH) <= 1280  # larger text alone
    page.evaluate("document.documentElement.style.removeProperty('font-size')")
    page.set_viewport_size({"width": 640, "height": 450})  # what a zoom of 200 % leaves of 1280
    assert page.evaluate(axe.WIDTH) <= 640
    page.evaluate(axe.ALIKE)
    page.set_viewport_size({"width": 1280, "height": 900})
    axe.finds_nothing(page, axe.COLOURS)
    page.set_viewport_size({"width": 390, "height": 900})
    axe.finds_nothing(page)
    page.emulate_media(color_scheme="dark")
    axe.finds_nothing(page, axe.COLOURS)  # nothing else looks at colours


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_opens_narrow_does_so_too(name: str, site: Path, open_page: Open) -> None:
    with alive(open_page, site, name, 390) as live:
        is_quiet_and_as_drawn(live, 390)


def is_quiet_and_as_drawn(live: Live, width: int) -> None:
    visit = live.visit
    assert visit.said == []
    assert visit.dialogs == []
    assert all(url.startswith(("file:", "data:")) for url in visit.requests)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
    charts = visit.page.query_selector_all(".chart[data-spec]")
    shown = [len(chart.query_selector_all(f".live :is({MARKS})")) for chart in charts]
    drawn = [len(chart.query_selector_all(f".drawn :is({MARKS})")) for chart in charts]
    is_still = live.name.startswith("sheets/")
    assert all(count > 5 for count in [*([] if is_still else shown), *drawn])
    assert bool(charts) == (live.name != "method")
    dots = visit.page.evaluate(DOTS.format(".wide"))
    assert visit.page.evaluate(DOTS.format(".narrow")) == dots
    assert is_still or visit.page.evaluate(DOTS.format(".live")) == dots
    assert visit.page.evaluate("[...document.querySelectorAll('.live svg')].every(s => " + FITS + ")")
    labels = visit.page.evaluate("document.querySelectorAll('.live .role-axis-label text').length")
    assert labels >= 10 or is_still or not charts
    assert visit.page.evaluate(WORDS) == live.words  # Vega would put its own in their place


@pytest.mark.parametrize("width", WIDTHS)
def test_without_scripts_every_figure_is_there(width: int, site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html", width, scripts=False) as visit:
        shown = ".wide" if width > 700 else ".narrow"
        pictures = visit.page.locator(f".chart {shown} svg")
        assert pictures.count() == 4
        assert all(pictures.nth(n).is_visible() for n in range(4))
        assert not visit.page.locator(".filters").is_visible()
        assert visit.page.locator("tbody tr[data-platform]").count() == 28
        assert visit.page.locator("button:visible").count() == 0


def test_filters_leave_the_rows_of_their_value_and_are_in_the_address(site: Path, open_page: Open) -> None:
    rows = "document.querySelectorAll('.videos tbody tr:not([hidden])').length"
    with open_page(site / "comms.html") as visit:
        everything = visit.page.evaluate(rows)
        visit.page.select_option("#filter-platform", "instagram")
        visit.page.select_option("#filter-creator", "lavelle")
        some = visit.page.evaluate(rows)
        assert 0 < some < everything
        assert (
            visit.page.locator(".filters [role=status]").inner_text()
            == f"{some} of {everything} videos shown"
        )
        fragment = visit.page.evaluate("location.hash")
        assert fragment == "#platform=instagram&creator=lavelle"
    with open_page(site / "comms.html", fragment=fragment) as visit:
        assert visit.page.evaluate(rows) == some
        visit.page.evaluate("location.hash = '#platform=nonsense&creator=%3Cscript%3E'")
        visit.until(f"{rows} === {everything}")
        assert visit.said == []


def test_columns_sort_both_ways_with_what_is_not_known_last(site: Path, open_page: Open) -> None:
    value = "row => row.cells[5].querySelector('[data-metric]').dataset.value"
    column = f"[...document.querySelectorAll('.videos tbody tr')].map({value})"
    with open_page(site / "early-help.html") as visit:
        header = visit.page.locator(".videos th", has_text="Views at 28 days")
        header.locator("button").click()
        falling = visit.page.evaluate(column)
        assert header.get_attribute("aria-sort") == "descending"
        header.locator("button").press("Enter")
        rising = visit.page.evaluate(column)
        assert header.get_attribute("aria-sort") == "ascending"
        assert visit.page.locator("[aria-sort]").count() == 1
    known = [int(value) for value in falling if value]
    assert known == sorted(known, reverse=True)
    assert [int(value) for value in rising if value] == sorted(known)
    assert falling[len(known) :] == rising[len(known) :] == [""] * (len(falling) - len(known))


@pytest.mark.parametrize("width", WIDTHS)
def test_hostile_text_is_shown_and_does_nothing(
    width: int, site: Path, hostile_site: Path, open_page: Open
) -> None:
    with open_page(hostile_site / "comms.html", width) as visit:
        visit.go_live()
        visit.page.hover(".live .mark-symbol path >> nth=0", force=True)
        assert visit.dialogs == []
        assert visit.said == []
        assert all(url.startswith(("file:", "data:")) for url in visit.requests)
        assert visit.page.evaluate(COUNT, KINDS) == counts(site / "comms.html")
        seen = visit.page.evaluate("[...document.querySelectorAll('.videos bdi')].map(e => e.textContent)")
        assert {words.caption(text) for text in HOSTILE} <= set(seen)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_tooltip_shows_the_week_and_its_figure(site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html") as visit:
        visit.go_live()
        dot = visit.page.locator(".live .mark-symbol path[d]").nth(8)
        dot.scroll_into_view_if_needed()
        dot.hover(force=True)
        visit.until("document.querySelector('#vg-tooltip-element.visible') !== null")
        assert "Week of" in visit.page.locator("#vg-tooltip-element").inner_text()
        assert visit.said == []


def test_a_message_can_be_copied_or_is_selected(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html") as visit:
        visit.page.locator("button[data-copy]").first.click()
        visit.until("document.querySelector('.message [role=status]').textContent !== ''")
        assert visit.said == []


def test_on_paper_the_drawn_charts_stand_in_for_the_live_ones(site: Path, open_page: Open) -> None:
    with open_page(site / "early-help.html") as visit:
        visit.go_live()
        visit.page.emulate_media(media="print")
        assert visit.page.locator(".chart .wide svg").first.is_visible()
        assert not visit.page.locator(".chart .live").first.is_visible()
        assert not visit.page.locator(".filters").is_visible()


def test_in_the_dark_charts_keep_their_light_paper(site: Path, open_page: Open) -> None:
    colour = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    with open_page(site / "early-help.html", dark=True) as visit:
        assert visit.page.evaluate(colour.format(".chart")) == "rgb(255, 255, 255)"
        assert visit.page.evaluate(colour.format("body")) == "rgb(20, 28, 34)"


def test_an_endless_name_and_text_from_right_to_left_stay_inside_the_page(
    tmp_path: Path, cache: Path, open_page: Open
) -> None:
    tables = invented()
    tables["topics"][0]["name"] = "Wohlbefindensgespräche" * 9
    tables["topics"][1]["name"] = ("\u202eحديث عن الصحة النفسية 💛 " * 8)[:200]
    tables["creators"][0]["name"] = "\u2067لافيل\u2069 💛"
    some = {"teams": 2, "topics": 2, "creators": 1}
    render_site(published({**tables, **{k: tables[k][:n] for k, n in some.items()}}), tmp_path, cache)
    for name in ("index", "comms", "early-help", "learning-disability", "creators/lavelle"):
        with open_page(tmp_path / f"{name}.html", 390) as visit:
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390, name
            visit.page.set_viewport_size({"width": 1280, "height": 900})
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1280, name
            assert visit.said == []


def test_a_message_from_right_to_left_is_set_so_with_its_buttons_in_order(
    site: Path, open_page: Open
) -> None:
    with open_page(site / "comms.html", 390) as visit:
        visit.page.locator(".message summary").first.click()
        text = visit.page.locator("#message-1")
        assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"
        first = (
            "e => [e.firstChild, e.firstChild.data.indexOf('tiktok.com'), e.firstChild.data.indexOf('CSV')]"
        )
        left = text.evaluate(
            f"e => {{ const [node, from, to] = ({first})(e); const at = (n) => {{ const r = new Range();"
            " r.setStart(node, n); r.setEnd(node, n + 1); return r.getBoundingClientRect(); };"
            " return [at(from).top < at(to).top || at(from).left < at(to).left, at(0).right]; }"
        )
        assert left[0]
        assert left[1] > 300  # the greeting begins at the right
