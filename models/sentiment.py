"""How a comment sounds, by VADER's word list: twice, as published and as the campaign's audience writes.

`stock_compound` is what anybody else gets from vaderSentiment 3.3.2; `compound` is after normalising and
with the campaign's own words. Neither was validated for young people's comments. Categories are by the
thresholds of Hutto & Gilbert (2014); a text of which the list knows nothing is not neutral.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from models.language import is_english
from models.normalise import NORMALISING, normalised
from models.overlay import NO_OVERLAY, Overlay
from models.thresholds import NEGATIVE, POSITIVE
from models.vader import Vader, vader_version

LONGEST: Final = 2200
"""Characters of a text that are scored, both times; what is behind them is not read."""
_HASH_DIGITS: Final = 8


@dataclass(frozen=True)
class Score:
    """Of one text."""

    stock_compound: float | None
    """VADER's own, -1 to 1."""
    compound: float | None
    """After normalising and with the campaign's own words; None: not scored. 0.0 where no term was found."""
    category: str
    """positive | neutral | negative | no_words | not_scored"""


@dataclass(frozen=True)
class Scorer:
    """Scores texts; lexicons are loaded with the first of them."""

    overlay: Overlay = NO_OVERLAY

    @cached_property
    def name(self) -> str:
        """Everything that a score depends on, in at most 60 characters."""
        words = f"overlay {self.overlay.digest[:_HASH_DIGITS]}" if self.overlay.terms else "no overlay"
        return f"vader {vader_version()}, normalising {NORMALISING}, {words}"

    def score(self, texts: Sequence[str]) -> list[Score]:
        """In the order of the texts."""
        return [self._one(text[:LONGEST]) for text in texts]

    def _one(self, text: str) -> Score:
        stock = self._stock.compound(text)
        plain = normalised(text)
        if not plain or not is_english(plain, self._english):
            return Score(stock, None, "not_scored")
        marked = self.overlay.marked(plain)
        compound = self._own.compound(marked)
        return Score(stock, compound, category(compound) if self._own.finds_terms(marked) else "no_words")

    @cached_property
    def _stock(self) -> Vader:
        return Vader()

    @cached_property
    def _own(self) -> Vader:
        """With VADER's own terms also as normalised texts spell them ("grr"), and the campaign's."""
        lexicon = self._stock.lexicon
        respelt = {normalised(term): valence for term, valence in lexicon.items() if term.isalpha()}
        new = {term: valence for term, valence in respelt.items() if term not in lexicon}
        return Vader({**new, **self.overlay.changes})

    @cached_property
    def _english(self) -> frozenset[str]:
        return frozenset(self._stock.lexicon) | frozenset(self._own.lexicon) | self.overlay.words


def category(compound: float) -> str:
    """By the published thresholds, of a text in which a term was found."""
    if compound >= POSITIVE:
        return "positive"
    return "negative" if compound <= NEGATIVE else "neutral"
