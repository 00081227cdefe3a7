from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.dashboards.html import parse
from tests.dashboards.sites import cache, campaign, hostile_site, poisoned_site, site

__all__ = ["cache", "campaign", "hostile_site", "poisoned_site", "site"]

NO_BROWSER = "no Chromium found: install one (Debian: apt-get install chromium)"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


KINDS = ("script", "style", "iframe", "object", "embed", "img", "form", "input", "meta", "base", "link")
COUNT = "tags => tags.map(tag => document.querySelectorAll(tag).length)"


def counts(clean: Path) -> list[int]:
    """Elements of each kind in a page once it is live: Vega is a script more, and a form in each chart."""
    html = parse(clean)
    specs = [e for e in html.all("script") if e.attributes.get("type") == "application/json"]
    added = {"script": bool(specs), "form": len(specs)}
    return [len(html.all(kind)) + added.get(kind, 0) for kind in KINDS]


@dataclass
class Visit:
    """A page in a browser, and all that it said or asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def listen(self) -> None:
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def until(self, expression: str, milliseconds: int = 15_000) -> None:
        """Wait for an expression; `wait_for_function` would need the eval that the policy forbids."""
        for _ in range(milliseconds // 50):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {expression}")

    def go_live(self) -> None:
        """Scroll every chart into view and wait until it is live; a sheet's charts stay as drawn."""
        if not self.page.query_selector("script[type='application/json']"):
            return
        for chart in self.page.query_selector_all(".chart[data-spec]"):
            chart.scroll_into_view_if_needed()
            self.page.wait_for_timeout(30)
        self.until(
            "[...document.querySelectorAll('.chart[data-spec]')].every(c => c.querySelector('.live svg'))"
        )


Open = Callable[..., AbstractContextManager[Visit]]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def open_page(browser: Browser) -> Open:
    @contextmanager
    def open_page(
        path: Path,
        width: int = 1280,
        *,
        scripts: bool = True,
        fragment: str = "",
        dark: bool = False,
        policy: bool = True,
    ) -> Iterator[Visit]:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            offline=True,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            bypass_csp=not policy,
            reduced_motion="reduce",
        )
        visit = Visit(context.new_page())
        visit.listen()
        visit.page.goto(f"{path.as_uri()}{fragment}")
        yield visit
        context.close()

    return open_page
