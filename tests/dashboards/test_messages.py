from __future__ import annotations

import string
import tomllib
from pathlib import Path

import pytest

from dashboards.blocks import Message
from dashboards.facts import read_facts
from dashboards.messages import ENGLISH, FOLDER, languages, messages, tag_of
from tests.dashboards.html import parse
from tests.dashboards.published import invented, published

WORDS = {"ar": "مرحبًا", "ur": "السلام", "es": "Hola", "fr": "Bonjour", "zh-Hans": "你好"}


def of_lavelle(language: str | None) -> Message:
    tables = invented()
    tables["creators"][0]["language"] = language
    return messages(read_facts(published(tables))).messages[0]


@pytest.mark.parametrize("tag", sorted(languages()))
def test_every_language_says_all_that_english_says_with_the_same_gaps(tag: str) -> None:
    def gaps(text: str) -> set[str | None]:
        return {name for _, name, _, _ in string.Formatter().parse(text)} - {None}

    said, english = (tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8")) for name in (tag, ENGLISH))
    assert list(said) == list(english)
    assert all(gaps(said[key]) == gaps(english[key]) for key in english)
    assert said["direction"] == ("rtl" if tag in {"ar", "ur"} else "ltr")
    assert tag == ENGLISH or said["language"] == tag


@pytest.mark.parametrize("tag", sorted(WORDS))
def test_a_message_is_in_the_creators_language_with_the_platforms_own_buttons(tag: str) -> None:
    message = of_lavelle(tag)
    assert WORDS[tag] in message.text
    assert "Analytics → Overview → Download data → 365 days → CSV" in message.text
    assert message.language == tag
    assert message.note == ""
    assert message.in_english.startswith("Hello Lavelle,")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("es-MX", "es"),
        ("zh-Hans-CN", "zh-Hans"),
        ("en-US", "en"),
        ("zh-Hant", "en"),
        ("so", "en"),
        ("", "en"),
    ],
)
def test_the_nearest_language_is_taken(wanted: str, found: str) -> None:
    assert tag_of(wanted) == found


@pytest.mark.parametrize("language", ["so", "xx-Latn", "../secret", "<script>", "ar/../en", "%s{name}"])
def test_a_language_that_nobody_wrote_gets_english_and_says_so(language: str) -> None:
    message = of_lavelle(language)
    assert message.text.startswith("Hello Lavelle,")
    assert message.note == f"There is no message in “{language}” yet, so this one is in English."
    assert (message.language, message.direction, message.in_english) == ("en-GB", "ltr", "")


@pytest.mark.parametrize("language", [None, "en-GB", "en"])
def test_english_needs_no_note_and_no_translation(language: str | None) -> None:
    message = of_lavelle(language)
    assert (message.note, message.in_english) == ("", "")


def test_what_is_latin_keeps_its_order_from_right_to_left() -> None:
    text = of_lavelle("ar").text
    assert "\u2066@lavelle.sings\u2069" in text
    assert "\u2066tiktok.com/tiktokstudio →" in text


def test_a_page_says_language_and_direction_and_gives_the_english_beside_it(site: Path) -> None:
    html = parse(site / "comms.html")
    texts = html.all("pre")
    arabic, english = texts[0], texts[1]
    assert (arabic.attributes["lang"], arabic.attributes["dir"]) == ("ar", "rtl")
    assert english.text.startswith("Hello Lavelle,")
    assert "There is no message in “so” yet" in html.text
    copied = [e.attributes["data-copy"] for e in html.all("button") if "data-copy" in e.attributes]
    assert copied == [e.attributes["id"] for e in texts if "id" in e.attributes]


def test_names_with_braces_stay_as_they_are() -> None:
    tables = invented()
    tables["creators"][0] |= {"name": "{campaign} {0} {}", "language": "fr"}
    tables["campaign"][0]["title"] = "{name}"
    text = messages(read_facts(published(tables))).messages[0].text
    assert "Bonjour {campaign} {0} {}," in text
    assert "pour {name}," in text
