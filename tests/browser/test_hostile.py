"""The whole corpus of hostile strings, in a real browser, on every kind of page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import COUNT, KINDS, Open, counts
from tests.browser.test_pages import PAGES

pytestmark = pytest.mark.browser

EVENTS = (
    "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
    ".filter(a => /^on/i.test(a.name)).length"
)


@pytest.mark.parametrize("name", PAGES)
def test_no_string_of_the_corpus_does_anything(
    name: str, site: Path, poisoned_site: Path, open_page: Open
) -> None:
    with open_page(poisoned_site / f"{name}.html") as visit:
        visit.go_live()
        assert visit.page.evaluate(COUNT, KINDS) == counts(site / f"{name}.html")
        assert visit.page.evaluate(EVENTS) == 0
        assert visit.dialogs == []
        assert visit.said == []
        assert all(url.startswith(("file:", "data:")) for url in visit.requests)


def test_the_counting_sees_an_event_that_got_through(site: Path, open_page: Open) -> None:
    with open_page(site / "index.html", policy=False) as visit:
        visit.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=1>')")
        assert visit.page.evaluate(EVENTS) == 1
