"""The campaign's own words: `NAME.lexicon.csv` beside the campaign file, or the workbook of that name.

VADER's words were rated by adults in 2014. A campaign knows better what its audience means by some of them,
and that the name of a topic is no feeling. A row holds a term, its valence (-4 to 4; none: the term counts
for nothing any more) and a note for people. A term may be a word, several, or an emoji.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

from models.normalise import EMOJI, normalised
from models.sheets import SheetReader, sheet_file, shown

COLUMNS: Final = ("term", "valence", "note")
_NEEDED: Final = ("term", "valence")
_STRONGEST: Final = 4.0
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")  # Excel in Germany writes 1,5
_PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_EMOTICON: Final = 2
"""Characters up to which VADER takes what is left of a word for an emoticon, and leaves its punctuation."""


class BadLexicon(Exception):
    """A lexicon that cannot be used; one line per problem: file, row, what, what to do."""


class Term(NamedTuple):
    """What the campaign says about a term."""

    words: tuple[str, ...]
    """As they stand in a normalised text, in lower case."""
    valence: float | None
    """-4 to 4; None: not a term any more."""

    @property
    def key(self) -> str:
        """What it is in the lexicon, where a term is one word and emoji are none."""
        return _one_word(" ".join(self.words))


@dataclass(frozen=True)
class Overlay:
    """Terms, sorted, none of them twice."""

    terms: tuple[Term, ...] = ()

    @property
    def changes(self) -> Mapping[str, float | None]:
        """What to change in the lexicon."""
        return {term.key: term.valence for term in self.terms}

    @property
    def words(self) -> frozenset[str]:
        """Every word of a term: the audience's language, even if its valence was taken away."""
        return frozenset(word for term in self.terms for word in term.words)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the terms say, 64 hex digits: notes, order and spelling change nothing."""
        said = "\n".join(f"{' '.join(term.words)}\t{term.valence}" for term in self.terms)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def marked(self, text: str) -> str:
        """A normalised text in which terms of several words, or with emoji, are one word each.

        VADER looks its words up one by one, and turns emoji into words of its own before that.
        """
        return self._joined.sub(lambda found: _one_word(found[0]), text) if self._joined else text

    @cached_property
    def _joined(self) -> re.Pattern[str] | None:
        phrases = (" ".join(term.words) for term in self.terms if term.words != (term.key,))
        longest_first = sorted(phrases, key=len, reverse=True)
        if not longest_first:
            return None
        either = "|".join(re.escape(phrase) for phrase in longest_first)
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


NO_OVERLAY: Final = Overlay()


def read_overlay(path: Path) -> Overlay:
    """What `NAME.lexicon.csv` or `.xlsx` says; `NO_OVERLAY` without a file.

    Raises:
        BadLexicon: the file cannot be read, or a row of it cannot be used.
    """
    file = sheet_file(path, BadLexicon)
    if file is None:
        return NO_OVERLAY
    terms: dict[str, tuple[int, Term]] = {}
    problems: list[str] = []
    for number, (cell, valence, _) in SheetReader(COLUMNS, _NEEDED, BadLexicon).rows(file):
        term = Term(_words(cell), _number(valence))
        problem = _problem(cell, valence) or _contradiction(term, terms.get(term.key))
        if problem:
            problems.append(f"{file}, row {number}: {problem}")
        else:
            terms.setdefault(term.key, (number, term))
    if problems:
        raise BadLexicon("\n".join(problems))
    return Overlay(tuple(sorted((term for _, term in terms.values()), key=lambda term: term.words)))


def _problem(cell: str, valence: str) -> str | None:
    if not cell:
        return "no term; write the word or emoji, or delete the row"
    if not cell.strip("?\ufffd"):
        return "question marks for a term: Excel loses emoji in csv; save it as csv (utf-8)"
    if cell.startswith("#NAME"):
        return "Excel took the term for a formula; write it with an apostrophe in front"
    if not _words(cell):
        return f"term {shown(cell)} is nothing that is scored; write a word or an emoji, or delete the row"
    return _valence_problem(valence) if valence else None


def _valence_problem(valence: str) -> str | None:
    number = _number(valence)
    if number == 0:
        return "valence 0 still weighs in capitals; leave it empty to take the term out"
    if number is None or abs(number) > _STRONGEST:
        return f"valence {shown(valence)} is no number from -4 to 4; correct it, or leave it empty"
    return None


def _contradiction(term: Term, earlier: tuple[int, Term] | None) -> str | None:
    if earlier is None or earlier[1].valence == term.valence:
        return None
    return f"{shown(' '.join(term.words))} has another valence in row {earlier[0]}; keep one of the two rows"


def _number(cell: str) -> float | None:
    """Excel and people write minus signs of several lengths."""
    plain = re.sub("[\u2212\u2013]", "-", cell)
    return float(plain.replace(",", ".")) + 0.0 if _NUMBER.fullmatch(plain) else None


def _words(cell: str) -> tuple[str, ...]:
    return tuple(_bare(word.lower()) for word in normalised(cell).split())


def _bare(word: str) -> str:
    """Without punctuation around it, unless it is an emoticon: so VADER looks words up."""
    bare = word.strip(_PUNCTUATION)
    return word if len(bare) <= _EMOTICON else bare


def _one_word(words: str) -> str:
    """Emoji become their code points, which neither VADER nor a person writes."""
    return EMOJI.sub(lambda emoji: f"emoji{ord(emoji[0]):x}", words.replace(" ", "_"))
