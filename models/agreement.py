"""How far two labellings of the same posts agree: the share, and what is left of it beyond chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from models.intervals import Interval, wilson

FEWEST_LABELS: Final = 2
"""With one label in all there is no disagreement to be had, and so no chance to correct for."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Posts with two labels each."""

    agreed: int
    share: Interval
    """Of the posts, 0-1, between the ends of Wilson's interval."""
    kappa: float | None
    """Cohen's kappa: 1 full agreement, 0 no more than chance; None below two labels."""


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> Agreement:
    """Both labels of every post, compared; "no topic" is a label like any other."""
    agreed = sum(one == other for one, other in pairs)
    return Agreement(agreed, wilson(agreed, len(pairs)), _kappa(pairs))


def _kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen (A coefficient of agreement for nominal scales, 1960)."""
    ours, theirs = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    if len(ours | theirs) < FEWEST_LABELS:
        return None
    n = len(pairs)
    observed = sum(one == other for one, other in pairs) / n
    expected = sum(ours[label] * theirs[label] for label in ours) / n**2
    return (observed - expected) / (1 - expected)  # two labels: expected is below 1
