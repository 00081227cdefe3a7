"""How a comment sounds: a stub until its tests are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Of one text."""

    stock_compound: float | None
    """VADER's own, -1 to 1."""
    compound: float | None
    """After normalising and the campaign's own words."""
    category: str
    """positive | neutral | negative | no_words | not_scored"""


@dataclass(frozen=True)
class Scorer:
    """Scores texts."""

    name: str = "none"

    def score(self, texts: Sequence[str]) -> list[Score]:
        """In the order of the texts."""
        return [Score(None, None, "not_scored") for _ in texts]
