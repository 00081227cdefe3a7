from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import words
from tests.dashboards.published import HOSTILE, HOSTILE_LINKS


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (7.4, "7"),
        (960, "960"),
        (999, "999"),
        (999.6, "1.0k"),
        (1000, "1.0k"),
        (3_149, "3.1k"),
        (21_734, "21.7k"),
        (99_949, "99.9k"),
        (99_960, "100k"),
        (217_000, "217k"),
        (999_499, "999k"),
        (999_600, "1.0m"),
        (1_240_000, "1.2m"),
        (3e9, "3.0bn"),
        (-2_300, "\N{MINUS SIGN}2.3k"),
    ],
)
def test_a_compact_number_has_at_most_three_digits_and_a_letter(number: float, text: str) -> None:
    assert words.compact(number) == text


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_a_compact_number_is_within_half_a_unit_of_its_last_digit(number: int) -> None:
    text = words.compact(number).replace("\N{MINUS SIGN}", "-")
    digits = text.rstrip("kmbn")
    factor = {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}[text[len(digits) :]]
    step = factor / 10 if "." in digits else factor
    assert abs(float(digits.replace(",", "")) * factor - number) <= step / 2 + 1e-6


def test_exact_numbers_have_separators() -> None:
    assert words.exact(21_734) == "21,734"
    assert words.exact(1_234.5) == "1,234.5"
    assert words.exact(-40) == "\N{MINUS SIGN}40"


def test_rates_are_per_thousand_and_shares_are_never_rounded_up_to_all() -> None:
    assert words.per_thousand(0.0432) == "43.2"
    assert words.per_thousand(-0.001) == "\N{MINUS SIGN}1.0"
    assert words.percent(0.996) == "99\N{NO-BREAK SPACE}%"
    assert words.percent(0.9) == "90\N{NO-BREAK SPACE}%"
    assert words.percent(1.0) == "100\N{NO-BREAK SPACE}%"


def test_days_have_one_style() -> None:
    assert words.day(date(2024, 2, 6)) == "6 Feb 2024"
    assert words.days(date(2024, 2, 7), date(2024, 5, 6)) == "7 Feb to 6 May 2024"
    assert words.days(date(2023, 11, 8), date(2024, 2, 5)) == "8 Nov 2023 to 5 Feb 2024"


def test_counted_things_and_lists_read_as_english() -> None:
    assert [words.count(n, "post") for n in (0, 1, 1200)] == ["0 posts", "1 post", "1,200 posts"]
    assert words.count(2, "week is", "weeks are") == "2 weeks are"
    assert [words.listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_caption_is_one_line_of_at_most_ninety_characters() -> None:
    assert words.caption(None) == words.caption(" \n ") == "(no caption)"
    assert words.caption("two\r\nlines\tand\x00more") == "two lines and more"
    assert words.caption("word " * 40) == "word " * 17 + "word…"
    assert len(words.caption("x" * 500)) <= 91


@given(st.text(max_size=300))
def test_a_caption_never_holds_control_characters(text: str) -> None:
    assert words.caption(text).isprintable() or all(
        ord(c) >= 0x80 or c.isprintable() for c in words.caption(text)
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://www.tiktok.com/@lavelle.sings/video/7301",
        "https://tiktok.com/@a/video/1?x=1&y=2",
        "https://www.instagram.com/reel/Cxyz_-12345/",
    ],
)
def test_links_to_the_platforms_are_kept(address: str) -> None:
    assert words.safe_link(address) == address


@pytest.mark.parametrize(
    "address", [None, "", *sorted({*HOSTILE_LINKS, *HOSTILE}), "https://www.tiktok.com/\u202e"]
)
def test_any_other_address_is_no_link(address: str | None) -> None:
    assert words.safe_link(address) == ""


def test_names_of_platforms_and_sources_are_theirs() -> None:
    assert words.platform("tiktok") == "TikTok"
    assert words.platform("youtube") == "YouTube"
    assert words.platform("bluesky") == "Bluesky"
    assert words.source("some_new_export") == "some new export"
