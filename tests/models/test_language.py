from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import language
from models.language import is_english
from models.normalise import normalised
from models.sentiment import Scorer

unhurried = settings(deadline=None)  # the machine may be busy

SCORER = Scorer()
"""Its lexicon is the one that the gate is asked with."""


def is_scored(text: str) -> bool:
    (score,) = SCORER.score([text])
    return score.category != "not_scored"


@pytest.mark.parametrize(
    "text",
    [
        "so true",
        "slay queen",
        "this",
        "no",
        "lol",
        "Thanks!",
        "u ok hun",
        "innit bruv",
        "im dead",
        "I don’t get it",
        "Mum’s the same",
        "don't",
        "nan’s",
        "pleaseee",
        "sooo goood",
        "love Manchester",
        "where did u get that jacket from",
        "my nan said the exact same thing yesterday",
        "can someone explain what amygdala means",
        "finally somebody says it",
    ],
)
def test_english_of_any_length_is_scored(text: str) -> None:
    assert is_scored(text)


@pytest.mark.parametrize(
    "text",
    [
        "merci beaucoup",
        "gracias",
        "me encanta",
        "so schön",
        "no me gusta nada",
        "oh mein Gott",
        "te amo",
        "c'est vraiment trop bien expliqué",
        "das ist so wahr",
        "nie mam na to siły",
        "diolch yn fawr",
        "shukriya bhai",
        "waan jeclahay kan",
        "bonjour :D",
        "jajaja lol",
        "كل التوفيق",
        "यह बहुत अच्छा है",
        "太好了",
    ],
)
def test_other_languages_are_not_scored(text: str) -> None:
    assert not is_scored(text)


@pytest.mark.parametrize("text", ["😂😂", "❤️", "100", "!!!", ":)", ":D", "<3 <3", "?", "24/7"])
def test_a_text_without_words_has_no_language_and_is_scored(text: str) -> None:
    assert is_scored(text)


@pytest.mark.parametrize(
    "text", ["", "  \n", "\ufe0f", "[name]", "[name] [link]", "@somebody", "https://example.org"]
)
def test_a_text_of_which_nothing_is_left_is_not_scored(text: str) -> None:
    assert not is_scored(text)


def test_half_of_the_words_must_be_known() -> None:
    assert is_english("never zzq", frozenset())
    assert is_english("never zzq ever qqz", frozenset())
    assert not is_english("never zzq qqz", frozenset())


def test_the_half_needs_a_word_that_is_only_english() -> None:
    assert not is_english("me zzq", frozenset())
    assert is_english("me never", frozenset())
    assert is_english("me so", frozenset())  # nothing speaks against it


def test_words_of_the_lexicon_are_known() -> None:
    assert not is_english("zzq", frozenset())
    assert is_english("zzq", frozenset({"zzq"}))


def test_every_word_that_proves_nothing_is_one_that_would_be_known() -> None:
    assert [word for word in sorted(language._SHARED) if not is_scored(word)] == []


def test_the_lists_hold_what_a_text_is_taken_apart_into() -> None:
    listed = language._COMMON | language._SHARED
    assert [word for word in sorted(listed) if language._words(normalised(word), frozenset()) != [word]] == []


@unhurried
@given(st.text(string.ascii_letters + " "))
def test_capitals_and_order_change_nothing(text: str) -> None:
    words = text.upper().split()
    assert is_english(text, frozenset()) == is_english(" ".join(reversed(words)), frozenset())
