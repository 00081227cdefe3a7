from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from models.normalise import EMOJI, normalised

unhurried = settings(deadline=None)  # the machine may be busy

PIECES = "❤️ 💔 👩🏽‍⚕️ ℹ 1️⃣ @a @ . [name] [na me] https:// www. x XxX o ’ ` _ </3"
SEPARATORS = " \u200b\u200d\n\ud800"
TEXTS = st.text() | st.lists(st.sampled_from([*PIECES.split(), *SEPARATORS])).map("".join)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("I don’t, I don`t, I don´t", "I don't, I don't, I don't"),
        ("“so” true", '"so" true'),
        ("❤️", "❤"),
        ("❤︎", "❤"),
        ("👍🏽👍🏿", "👍 👍"),
        ("👩🏽‍⚕️", "👩 ⚕"),
        ("love❤this", "love ❤ this"),
        ("😂😂lol", "😂 😂 lol"),
        ("🫨new", "🫨 new"),
        ("see https://example.org/a?b=1 now", "see now"),
        ("WWW.example.org yes", "yes"),
        ("thank you @some.body_1!", "thank you !"),
        ("@one@two hi", "hi"),
        ("ask [name], [e-mail] or [number], [link]", "ask , or ,"),
        ("[names] [NAME] [sic]", "[names] [NAME] [sic]"),
        ("sooooo goooood", "soo good"),
        ("YESSS SoOOo", "YESS Soo"),
        ("1000 !!! ???", "1000 !!! ???"),
        ("ac\u00adtually\u2060", "actually"),
        ("one\u200btwo\n three", "one two three"),
        ("💔", "</3"),
        ("me@example", "me@example"),
    ],
)
def test_a_text_is_spelt_as_the_lexicon_spells(text: str, plain: str) -> None:
    assert normalised(text) == plain


@unhurried
@given(TEXTS)
def test_normalising_a_second_time_changes_nothing(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_every_emoji_that_vader_reads_is_set_apart() -> None:
    ones = [emoji for emoji in SentimentIntensityAnalyzer().emojis if len(emoji) == 1]
    assert len(ones) > 1000
    assert [emoji for emoji in ones if not EMOJI.fullmatch(emoji)] == []
