"""What axe-core is asked about a page."""

from __future__ import annotations

from collections.abc import Mapping

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

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
