"""Pseudonyms that hold below one post only, and masks for whatever in a text leads to a person."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.privacy import Pseudonyms, masked

ONE, OTHER = Pseudonyms(b"a key that is long enough"), Pseudonyms(b"another key, also long enough")
HANDLES = st.text(st.characters(min_codepoint=33, max_codepoint=0x24F), min_size=1, max_size=24)


def test_a_pseudonym_is_the_published_function_of_key_post_and_handle() -> None:
    # HMAC-SHA256 of "tiktok:1:someone", by an independent implementation (openssl dgst -sha256 -hmac).
    assert Pseudonyms(b"key").of("tiktok", "1", "someone") == "c05c1de4085dc8748eaa"


@given(HANDLES)
def test_a_handle_has_one_name_however_it_is_written(handle: str) -> None:
    name = ONE.of("tiktok", "1", handle)
    assert re.fullmatch(r"[0-9a-f]{20}", name)
    assert ONE.of("tiktok", "1", "@" + handle.removeprefix("@").lower()) == name


def test_post_platform_and_key_each_give_another_name() -> None:
    names = {
        ONE.of("tiktok", "1", "someone"),
        ONE.of("tiktok", "2", "someone"),
        ONE.of("instagram", "1", "someone"),
        ONE.of("tiktok", "1", "someone.else"),
        OTHER.of("tiktok", "1", "someone"),
    }
    assert len(names) == 5


def test_a_text_s_key_is_no_pseudonym_and_tells_a_changed_text() -> None:
    assert ONE.text_key("tiktok:1:someone") != ONE.of("tiktok", "1", "someone")
    assert ONE.text_key("so true") == ONE.text_key("so true") != ONE.text_key("so true!")
    assert ONE.text_key("half an emoji \ud83d")  # a text that no encoding takes has a key too


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("ring 07700 900123 now", "ring [number] now"),
        ("ring (0114) 496 0123", "ring [number]"),
        ("+44 7700-900-123", "[number]"),
        ("ask @best.friend_1!", "ask [name]!"),
        ("@one @two", "[name] [name]"),
        ("mail mum.smith+x@example.co.uk today", "mail [e-mail] today"),
        ("see https://example.org/@someone?x=1", "see [link]"),
        ("see WWW.example.org/a", "see [link]"),
    ],
)
def test_what_leads_to_a_person_is_masked(text: str, stored: str) -> None:
    assert masked(text) == stored


@pytest.mark.parametrize(
    "text",
    [
        *("call 999", "NHS 111, option 2", "Samaritans 116 123", "text 85258", "Childline 0800 1111"),
        *("PAPYRUS 0800 068 4141", "born in 2008", "1,000,000 views", "at 10:30 on 6 February", "me @ home"),
        *("", "no numbers, no names", "£1.50"),
    ],
)
def test_helplines_and_plain_numbers_stay(text: str) -> None:
    assert masked(text) == text


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text(max_size=20), st.from_regex(r"[a-z][a-z0-9_]{3,20}", fullmatch=True), st.text(max_size=20))
def test_no_mention_is_left_wherever_it_stands(before: str, handle: str, after: str) -> None:
    assert f" @{handle} " not in masked(f"{before} @{handle} {after}")
