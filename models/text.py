"""How captions and topic rules are compared: one spelling of a text, made by Python alone.

A regex's word boundary differs between engines, so SQL never sees one: it asks whether the
padded key of a caption contains the padded key of a rule. " happy " never contains " app ".
"""

from __future__ import annotations

import re
import unicodedata

_HASHTAG = re.compile(r"#(\S+)")


def _is_word_character(character: str) -> bool:
    """Letters, digits, and the marks that many scripts write their vowels with."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


def words_key(text: str) -> str:
    """The words of `text`: NFKC, case-folded, joined and padded by single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(c if _is_word_character(c) else " " for c in folded).split()
    return f" {' '.join(words)} "


def hashtags_key(text: str) -> str:
    """The hashtags of `text` in the same spelling, without "#": one padded word each."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    tags = (_leading_word(tag) for run in _HASHTAG.findall(folded) for tag in run.split("#"))
    return f" {' '.join(tag for tag in tags if tag)} "


def _leading_word(text: str) -> str:
    """Up to the first character that ends a hashtag; the underscore does not."""
    for position, character in enumerate(text):
        if not (_is_word_character(character) or character == "_"):
            return text[:position]
    return text
