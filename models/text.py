"""How captions and topic rules are compared: one spelling of a text, made by Python alone.

A regex's word boundary differs between engines, so SQL never sees one: it asks whether the
padded key of a caption contains the padded key of a rule. " happy " never contains " app ".

The two functions for one text are the definition. The two for a column give the same, faster:
rows of plain ASCII, which are most, are worked on as one block of bytes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NO_WORDS: Final = "  "  # not " ", which every key contains

# Unicode's Default_Ignorable_Code_Point: joiners, variation selectors, direction marks, soft hyphens.
# A zero width space is missing here on purpose: it separates words.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


class _Letters(dict[int, int | None]):
    """For `str.translate`: word characters stay, invisible ones go, all else is a space."""

    def __init__(self, also: str = "") -> None:
        super().__init__({ord(c): ord(c) for c in also})

    def __missing__(self, code: int) -> int | None:
        character = chr(code)
        if INVISIBLE.match(character):
            self[code] = None
        else:
            self[code] = code if _is_word_character(character) else ord(" ")
        return self[code]


def _is_word_character(character: str) -> bool:
    """Letters, digits, and the marks that many scripts write their vowels with."""
    return character.isalnum() or unicodedata.category(character).startswith("M")


_WORDS = _Letters()
_TAGS = _Letters("#_")

# These read text that only `_Letters` is left of, so "neither word nor space" is a mark.
_MARKS_ON_NOTHING = re.compile(r"(?<![^ ])[^\w ]+")  # what an emoji leaves behind: no part of a word
_TAG = re.compile(r"#(\w[^# ]*)")


def words_key(text: str) -> str:
    """The words of `text`: NFKC, case-folded, joined and padded by single spaces."""
    words = _MARKS_ON_NOTHING.sub("", _fold(text, _WORDS)).split()
    return f" {' '.join(words)} "


def hashtags_key(text: str) -> str:
    """The hashtags of `text` in the same spelling, without "#": one padded word each."""
    return f" {' '.join(_TAG.findall(_fold(text, _TAGS)))} "


def _fold(text: str, letters: _Letters) -> str:
    """One spelling: composed again at the end, since a letter may have lost what kept its mark away."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded.translate(letters))


def words_keys(captions: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`words_key` of every caption; NULL stays NULL."""
    return _keys(captions, _ascii_words, words_key)


def hashtags_keys(captions: pa.Array | pa.ChunkedArray) -> pa.Array:
    """`hashtags_key` of every caption; NULL stays NULL."""
    return _keys(captions, _ascii_hashtags, hashtags_key)


# --- columns -------------------------------------------------------------------------------------

_ROWS_AT_ONCE = 32768  # a block of captions then stays in the processor's cache
_END: Final = 0  # the byte between two captions of a block
_GONE: Final = 1  # a byte that is about to be deleted
_SPACE, _HASH = b" #"


def _bytes_to(kept: bytes) -> bytes:
    """A table for `bytes.translate`: lower case, and a space for all but letters, digits, `kept`."""
    return (
        bytes(c if c in kept or chr(c).isalnum() else _SPACE for c in bytes(range(128)).lower()) + b" " * 128
    )


_WORD_BYTES: Final = _bytes_to(bytes([_END]))
_TAG_BYTES: Final = _bytes_to(bytes([_END]) + b"#_")
_HASH_TO_SPACE: Final = bytes.maketrans(b"#", b" ")


def _keys(
    captions: pa.Array | pa.ChunkedArray,
    of_ascii: Callable[[bytes], bytes],
    of_one: Callable[[str], str],
) -> pa.Array:
    chunks = captions.chunks if isinstance(captions, pa.ChunkedArray) else [captions]
    batches = [
        _batch_keys(chunk.slice(start, _ROWS_AT_ONCE).cast(pa.string()), of_ascii, of_one)
        for chunk in chunks
        for start in range(0, len(chunk), _ROWS_AT_ONCE)
    ]
    return pa.concat_arrays(batches) if batches else pa.array([], pa.string())


def _batch_keys(
    batch: pa.Array, of_ascii: Callable[[bytes], bytes], of_one: Callable[[str], str]
) -> pa.Array:
    plain = pc.string_is_ascii(batch)
    if plain.null_count == 0 and plain.true_count == len(batch):
        return _plain_keys(batch, of_ascii)
    keys = pc.replace_with_mask(
        pa.nulls(len(batch), pa.string()),
        pc.fill_null(plain, False),
        _plain_keys(batch.filter(plain), of_ascii),
    )
    other = pc.fill_null(pc.invert(plain), False)
    return pc.replace_with_mask(keys, other, _other_keys(batch.filter(other), of_one))


def _other_keys(captions: pa.Array, of_one: Callable[[str], str]) -> pa.Array:
    """One by one, but no caption twice: exports repeat the same posts for weeks."""
    distinct = captions.dictionary_encode()
    return pa.array(map(of_one, distinct.dictionary.to_pylist()), pa.string()).take(distinct.indices)


def _plain_keys(captions: pa.Array, of_block: Callable[[bytes], bytes]) -> pa.Array:
    """The keys of ASCII captions, joined for the work by a byte that no caption has."""
    if len(captions) == 0:
        return captions
    block = _joined(captions)
    if block.count(_END) != len(captions) - 1:
        block = _joined(pc.replace_substring(captions, chr(_END), " "))
    keys = pc.split_pattern(pa.array([of_block(block)]).cast(pa.string()), chr(_END)).values
    return pc.if_else(pc.equal(keys, " "), NO_WORDS, keys)


def _joined(captions: pa.Array) -> bytes:
    """Every caption between two spaces, so that a word never touches the end of a caption."""
    row = pa.ListArray.from_arrays([0, len(captions)], captions)
    joined: bytes = pc.binary_join(row, f" {chr(_END)} ")[0].as_buffer().to_pybytes()
    return b" " + joined + b" "


def _ascii_words(block: bytes) -> bytes:
    """Lower case, and one space for everything between two words."""
    codes = np.frombuffer(bytearray(block.translate(_WORD_BYTES)), np.uint8)
    blank = codes == _SPACE
    codes[1:] -= (blank[1:] & blank[:-1]).view(np.uint8) * np.uint8(_SPACE - _GONE)
    return codes.tobytes().translate(None, bytes([_GONE]))


def _ascii_hashtags(block: bytes) -> bytes:
    """Of every caption only the tags, with a space for each "#", and the space that ends it."""
    codes = np.frombuffer(block.translate(_TAG_BYTES), np.uint8)
    ends = np.flatnonzero(codes == _END)
    kept = np.zeros(len(codes), np.uint8)
    kept[ends] = kept[ends - 1] = kept[-1] = 1
    reading = np.flatnonzero(codes == _HASH)
    reading = reading[codes[reading + 1] > _HASH]  # "#" alone is no tag
    while len(reading):  # all tags at once, letter by letter
        kept[reading] = 1
        reading = reading + 1
        reading = reading[codes[reading] > _HASH]
    return (codes * kept | (kept ^ 1)).tobytes().translate(_HASH_TO_SPACE, bytes([_GONE]))
