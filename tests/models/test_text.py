from __future__ import annotations

import time
from collections.abc import Callable

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import text as text_module
from models.text import NO_WORDS, hashtags_key, hashtags_keys, words_key, words_keys

CAPTIONS = (
    st.text() | st.text(alphabet="ab#_ .\n\0\x01\t9Z") | st.text(alphabet="aé#_\u200d\ufe0f\u0301❤ \0＃ß")
)


def matches(rule: str, caption: str) -> bool:
    return words_key(rule) in words_key(caption)


def is_tagged(rule: str, caption: str) -> bool:
    return hashtags_key(f"#{rule}") in hashtags_key(caption)


def test_a_whole_word_matches_in_any_case_and_a_part_of_one_does_not() -> None:
    assert matches("app", "Our APP, now")
    assert not matches("app", "so happy")


def test_a_phrase_matches_across_punctuation_and_line_breaks() -> None:
    assert matches("where to get help", "Where to get\nhelp?")
    assert matches("don't wait", "DON’T WAIT!")


def test_a_word_matches_however_its_accents_are_stored() -> None:
    assert matches("santé mentale", "Sante\u0301 mentale")
    assert matches("straße", "STRASSE")


def test_marks_stay_inside_the_words_of_scripts_that_write_vowels_with_them() -> None:
    assert words_key("मानसिक स्वास्थ्य") == " मानसिक स्वास्थ्य "


@pytest.mark.parametrize("emoji", ["❤️", "👩🏽‍⚕️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☀️"])
def test_an_emoji_beside_a_word_does_not_hide_it(emoji: str) -> None:
    assert matches("mental health", f"{emoji}mental health{emoji}")
    assert is_tagged("adhd", f"{emoji}#adhd{emoji}")


def test_invisible_characters_do_not_split_a_word_but_a_zero_width_space_does() -> None:
    assert words_key("men\u00adtal\u2060") == " mental "
    assert words_key("mental\u200bhealth") == " mental health "


def test_hashtags_end_at_punctuation_and_keep_their_underscores() -> None:
    assert hashtags_key("#Find_Help! #adhd#autism, (#talk) # alone") == " find_help adhd autism talk "


def test_a_wide_number_sign_begins_a_hashtag_too() -> None:
    assert is_tagged("adhd", "＃ADHD")


def test_a_hashtag_is_matched_whole() -> None:
    assert not is_tagged("adhd", "#adhdtok")
    assert not is_tagged("adhd", "adhd without a sign")


def test_the_key_of_nothing_is_contained_in_no_other() -> None:
    assert words_key("?!") == hashtags_key("none") == NO_WORDS
    assert NO_WORDS not in words_key("some words here")


@given(st.text())
def test_a_key_has_single_spaces_and_is_its_own_key(caption: str) -> None:
    key = words_key(caption)
    assert key == NO_WORDS or NO_WORDS not in key
    assert words_key(key) == key


@given(st.text(), st.text())
def test_the_words_of_a_text_match_it_with_anything_around(rule: str, around: str) -> None:
    if words_key(rule) != NO_WORDS:
        assert matches(rule, f"{around} . {rule} . {around}")


@settings(deadline=None)  # pyarrow's first call takes seconds
@given(st.lists(CAPTIONS | st.none()))
def test_a_column_gives_what_one_text_gives(captions: list[str | None]) -> None:
    column = pa.array(captions, pa.string())
    assert words_keys(column).to_pylist() == [None if c is None else words_key(c) for c in captions]
    assert hashtags_keys(column).to_pylist() == [None if c is None else hashtags_key(c) for c in captions]


@settings(deadline=None)
@given(st.lists(st.lists(CAPTIONS | st.none(), max_size=5), max_size=4), st.integers(1, 3))
def test_chunks_slices_and_small_blocks_give_the_same(chunks: list[list[str | None]], rows: int) -> None:
    column = pa.chunked_array([pa.array(["x", *chunk], pa.string())[1:] for chunk in chunks], pa.string())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_module, "_ROWS_AT_ONCE", rows)
        keys = words_keys(column), hashtags_keys(column)
    assert keys == (words_keys(column.combine_chunks()), hashtags_keys(column.combine_chunks()))
    assert keys[0].type == keys[1].type == pa.string()


def test_large_strings_and_dictionaries_are_captions_too() -> None:
    for kind in (pa.large_string(), pa.dictionary(pa.int32(), pa.string())):
        assert words_keys(pa.array(["One #Two"], pa.string()).cast(kind)).to_pylist() == [" one two "]


def cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def test_a_column_of_plain_captions_is_many_times_faster_than_one_by_one() -> None:
    captions = [f"Where to get help, part {n}, in Sheffield today #FindHelp" for n in range(50_000)]
    column = pa.array(captions)
    at_once = min(cpu_seconds(lambda: (words_keys(column), hashtags_keys(column))) for _ in range(2))
    one_by_one = cpu_seconds(lambda: [(words_key(c), hashtags_key(c)) for c in captions])
    assert at_once < one_by_one / 3  # about a tenth
