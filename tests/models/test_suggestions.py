from __future__ import annotations

import math

import pytest

from models.suggestions import NearHashtag, TellingWord, Vocabulary, nearly_matched, words_of
from models.text import hashtags_key
from models.topics import Rule

RULES = [
    Rule("help", "hashtag", 1, 0, hashtags_key("#findhelpearly"), "#findhelpearly"),
    Rule("minds", "hashtag", 1, 1, hashtags_key("#adhd"), "#adhd"),
    Rule("minds", "keyword", 2, 1, " findhelpearley ", "findhelpearley"),
]


def captions(**numbers: list[str]) -> list[tuple[str, str]]:
    """Different captions by topic: each word list is told with a number of its own."""
    return [(topic, f"{caption} no{n}") for topic, told in numbers.items() for n, caption in enumerate(told)]


def test_the_topic_whose_captions_share_a_word_is_suggested_with_its_numbers() -> None:
    vocabulary = Vocabulary(captions(help=["appointment"] * 7 + ["tea"] * 3, home=["mum"] * 20))
    suggestion = vocabulary.suggest("An appointment again!")
    assert suggestion is not None
    assert suggestion.topic_id == "help"
    log_odds = math.log((7.5 * 20.5) / (3.5 * 0.5))
    assert suggestion.words == (TellingWord("appointment", 7, 10, 0, 20, pytest.approx(log_odds)),)
    assert suggestion.score == pytest.approx(log_odds)


def test_words_add_up_and_the_most_telling_comes_first() -> None:
    vocabulary = Vocabulary(captions(help=["doctor waiting"] * 8 + ["doctor"] * 4, home=["mum"] * 20))
    suggestion = vocabulary.suggest("waiting for the doctor")
    assert suggestion is not None
    assert [word.word for word in suggestion.words] == ["doctor", "waiting"]
    assert suggestion.score == sum(word.log_odds for word in suggestion.words)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (
            captions(help=["you"] * 17 + ["tea"] * 8, home=["you"] * 7 + ["mum"] * 54),
            "found elsewhere too often",
        ),
        (captions(help=["day"] * 3 + ["tea"] * 17, home=["mum"] * 60), "too few to be clear"),
        (captions(help=["day"] * 20), "nothing to hold it against"),
        ([("help", "day")] * 30 + captions(home=["mum"] * 20), "one caption, however often it was posted"),
        ([], "no post is in a topic"),
    ],
)
def test_none_is_suggested_without_a_telling_word(told: list[tuple[str, str]], why: str) -> None:
    assert Vocabulary(told).suggest("you day") is None


def test_two_topics_with_the_same_score_cancel_out() -> None:
    told = captions(help=["tea"] * 10, home=["mum"] * 10, other=["x"] * 20)
    assert Vocabulary(told).suggest("tea") is not None
    assert Vocabulary(told).suggest("tea with mum") is None


@pytest.mark.parametrize("caption", ["", None, "🍵", "words that nobody else has"])
def test_a_caption_without_shared_words_has_no_suggestion(caption: str | None) -> None:
    assert Vocabulary(captions(help=["tea"] * 10, home=["mum"] * 10)).suggest(caption) is None


def test_hashtags_are_words_of_their_own() -> None:
    assert words_of("#Tea_time with tea, time and TEA") == {"#tea_time", "with", "and"}
    assert words_of("tea #mum") == {"tea", "#mum"}


def test_a_slip_in_a_hashtag_is_seen() -> None:
    suggestion = nearly_matched("so soon #FindHelpEarley #x", RULES)
    assert suggestion is not None
    assert (suggestion.topic_id, suggestion.near) == (
        "help",
        NearHashtag("#findhelpearley", "#findhelpearly"),
    )


@pytest.mark.parametrize("caption", ["#add", "#stayathome", "findhelpearley without its mark", ""])
def test_another_hashtag_is_no_slip(caption: str) -> None:
    assert nearly_matched(caption, RULES) is None
