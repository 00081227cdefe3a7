"""How a comment is written before it is scored a second time: as VADER's lexicon writes.

VADER reads texts as they come, and phones write what it does not know: an apostrophe that is curly, a
heart with an invisible mark behind it, words without a space after an emoji. It then says nothing, or the
opposite.
"""

from __future__ import annotations

import re
from typing import Final

from models.text import INVISIBLE

NORMALISING: Final = 1
"""The version of what stands here and in `models/language.py`; raise it when a score could change."""

EMOJI: Final = re.compile(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030\u303d"
    "\u3297\u3299\U0001f000-\U0001faff]"
)
"""One symbol. By blocks, so that those of next year, which Python does not know yet, are some too."""

_QUOTES: Final = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\uff07\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\uff02\u2033", '"')
)
_ACCENT_FOR_APOSTROPHE: Final = re.compile("(?<=\\w)[`\u00b4](?=\\w)")
_SKIN_TONES: Final = re.compile("[\U0001f3fb-\U0001f3ff\u20e3]")  # and the frame of a keycap
_REPEATED: Final = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_MASKS: Final = re.compile(r"\[(?:link|name|e-mail|number)\]")
_LINKS: Final = re.compile(r"https?://\S+|(?<!\w)ww\.\S+", re.IGNORECASE)  # "www" has lost a letter by then
_MENTIONS: Final = re.compile(r"(?<![\w.])(?:@[\w.]+)+")
_BROKEN_HEART: Final = "💔"
_ITS_EMOTICON: Final = " </3 "
"""VADER reads 💔 as "broken heart", of which "heart" weighs more; its raters gave this sign -3.0."""


def normalised(text: str) -> str:
    """The text in VADER's spelling; of a text that was normalised, the same."""
    plain = _SKIN_TONES.sub("", INVISIBLE.sub("", text.replace("\u200b", " ")))
    straight = _ACCENT_FOR_APOSTROPHE.sub("'", plain.translate(_QUOTES))
    shorter = _REPEATED.sub(r"\1\1", straight)
    apart = EMOJI.sub(r" \g<0> ", shorter.replace(_BROKEN_HEART, _ITS_EMOTICON))
    for pattern in (_MASKS, _LINKS, _MENTIONS):
        apart = pattern.sub(" ", apart)
    return " ".join(apart.split())
