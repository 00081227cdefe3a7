"""Whatever the public, a partner or the campaign file writes stays text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pptx import Presentation

from dashboards import words
from tests.dashboards.hostile_corpus import corpus
from tests.dashboards.html import Html, parse
from tests.dashboards.test_pages import PAGES

RUNNING = ("script", "style", "iframe", "object", "embed", "img", "form", "input", "meta", "base", "link")


def counts(html: Html) -> dict[str, int]:
    return {tag: len(html.all(tag)) for tag in RUNNING}


def events(html: Html) -> Iterator[str]:
    return (name for element in html.elements for name in element.attributes if name.startswith("on"))


def test_the_corpus_has_at_least_five_hundred_strings() -> None:
    assert len(set(corpus())) == len(corpus()) >= 500


@pytest.mark.parametrize("name", PAGES)
def test_no_string_of_the_corpus_becomes_an_element_or_an_event(
    name: str, site: Path, poisoned_site: Path
) -> None:
    clean, poison = parse(site / f"{name}.html"), parse(poisoned_site / f"{name}.html")
    assert counts(poison) == counts(clean)
    assert list(events(poison)) == []
    assert not [e for e in poison.elements if "style" in e.attributes or "srcdoc" in e.attributes]
    addresses = [e.attributes["href"] for e in poison.elements if "href" in e.attributes]
    assert all(a.startswith("#") or a.removesuffix(".pptx") != a or a.endswith(".html") for a in addresses)


def test_every_string_of_the_corpus_is_shown_as_a_caption(poisoned_site: Path) -> None:
    teams = ["early-help", "learning-disability", "neurodiversity", "community-wellbeing"]
    seen = {e.text for team in teams for e in parse(poisoned_site / f"{team}.html").all("bdi")}
    assert {words.caption(text) for text in corpus()} <= seen


def test_the_counting_sees_an_element_that_got_through(site: Path) -> None:
    text = (site / "comms.html").read_text(encoding="utf-8")
    worse = parse(text.replace("</main>", "<img src=x onerror=alert(1)></main>"))
    assert counts(worse) != counts(parse(text))
    assert list(events(worse)) == ["onerror"]


def test_a_deck_of_the_corpus_opens_and_holds_no_markup_of_its_own(poisoned_site: Path) -> None:
    deck = (poisoned_site / "early-help.pptx").read_bytes()
    assert len(Presentation(io.BytesIO(deck)).slides) > 3
    with zipfile.ZipFile(io.BytesIO(deck)) as parts:
        relations = [parts.read(name) for name in parts.namelist() if name.endswith(".rels")]
    assert not [text for text in relations if b"example.org" in text or b"External" in text]
