"""Counts of comments by how they sound, beside their exact total: which of them may be shown.

Platforms show the total to everybody, so it stands as it is, and other figures must not be taken from it:
what is hidden can have two values at least, also for a reader who knows the rules below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Final

from models.disclosure import RULES, disclose
from models.thresholds import POSITIVE

_UNSCORED: Final = ("no_words", "not_scored")
SCORED: Final = ("positive", "neutral", "negative")
CATEGORIES: Final = (*SCORED, *_UNSCORED)
FEWEST_COMMENTS: Final = 25
"""Below this all counts are hidden: with so few the total would too often give a hidden one away."""
FEWEST_SCORED: Final = 10
"""Comments that a mean rests on at least."""
ROUNDED_TO: Final = 2
"""Decimals of a mean: with more of them it would tell by how many comments it was divided."""

_EVERY: Final = frozenset({"scored", *CATEGORIES})

Counts = tuple[int, ...]
"""One for each of `CATEGORIES`; they add up to the total."""


def figures(counts: Counts) -> dict[str, int]:
    """The counts by name, with the comments that have a score."""
    return {"scored": sum(counts[: len(SCORED)]), **dict(zip(CATEGORIES, counts, strict=True))}


def hidden_counts(counts: Counts, rule: str) -> frozenset[str]:
    """The names of the counts that must not be shown.

    Those that the rule hides; when one of them would follow from the others, also more of the same sum
    (under a rule that does not round), or else all.

    Raises:
        ValueError: the rule is unknown, or a count is negative.
    """
    by_rule = frozenset(n for n, count in figures(counts).items() if disclose(count, rule).state != "shown")
    if sum(counts) < FEWEST_COMMENTS:
        return _EVERY
    more = ((), SCORED, _UNSCORED, CATEGORIES) if RULES[rule].needs_secondary else ((),)
    choices = (by_rule | set(added) for added in more)
    return next((hidden for hidden in choices if _is_open(counts, hidden, rule)), _EVERY)


def may_show_mean(counts: Counts, hidden: frozenset[str], mean: float, rule: str) -> bool:
    """Whether a mean rests on enough and, as it is rounded, gives away no count that is hidden.

    Raises:
        ValueError: as `hidden_counts`.
    """
    is_vague = "scored" in hidden and sum(counts) >= FEWEST_COMMENTS
    if figures(counts)["scored"] < FEWEST_SCORED or is_vague:
        return False
    return _is_open(counts, hidden, rule, lambda other: _can_have(other, mean))


def _is_open(
    counts: Counts, hidden: frozenset[str], rule: str, is_possible: Callable[[Counts], bool] = lambda _: True
) -> bool:
    """Whether each hidden count could be another one, with the same total and the same to be seen.

    It is enough to look one comment further: whole numbers between bounds whose nested sums lie between
    bounds are an M-convex set, where steps of one lead from each solution to all (Murota, Discrete Convex
    Analysis, 2003).
    """
    seen, own = _seen(counts, hidden, rule), figures(counts)
    closed = set(hidden)
    for other in _one_step_from(counts):
        if closed and _seen(other, hidden, rule) == seen and is_possible(other):
            closed -= {name for name, count in figures(other).items() if count != own[name]}
    return not closed


def _one_step_from(counts: Counts) -> Iterator[Counts]:
    """All counts with one comment in another category."""
    for source, target in permutations(range(len(counts)), 2):
        if counts[source]:
            steps = [(at == target) - (at == source) for at in range(len(counts))]
            yield tuple(count + step for count, step in zip(counts, steps, strict=True))


def _seen(counts: Counts, hidden: frozenset[str], rule: str) -> tuple[object, ...]:
    """What can be told of counts: those shown, which ones the rule hides, whether a mean is possible."""
    has_mean = figures(counts)["scored"] >= FEWEST_SCORED
    if hidden == _EVERY and sum(counts) < FEWEST_COMMENTS:
        return (has_mean,)
    told = {name: disclose(count, rule) for name, count in figures(counts).items()}
    return (has_mean, *(told[name].state if name in hidden else told[name] for name in told))


def _can_have(counts: Counts, mean: float) -> bool:
    """Whether scores so counted can have a mean: each kind lies between its own ends."""
    positive, neutral, negative = counts[: len(SCORED)]
    scored, half = positive + neutral + negative, 0.5 / 10**ROUNDED_TO
    lowest = POSITIVE * (positive - neutral) - negative
    highest = positive + POSITIVE * (neutral - negative)
    return lowest < scored * (mean + half) and scored * (mean - half) < highest
