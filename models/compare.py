"""An action period beside the one before: never two bare totals, always posts at one common age."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from models.intervals import (
    LEVEL,
    Interval,
    RatedPosts,
    Ratio,
    Values,
    as_floats,
    median_interval,
    rate_interval,
    rate_ratio,
    ratio_of_views,
)

WORDS_LEVEL: Final = 0.99
"""Level of the interval behind "improved" and "fell": a campaign makes 16 comparisons, not one.

At 95 % one stable campaign in ten gets such a sentence when each week's chart is made of few posts;
at 99 % at most one in twenty (measured in tests/models/test_verdicts.py).
"""
DOMINATED_FROM: Final = 0.5
MOST_OTHER_PLATFORMS: Final = 0.25
"""Difference of a platform's share of the posts up to which two periods are of one kind: platforms count
views differently, so a change of the mix would look like a change of the posts."""

Measure = Literal["views", "rate"]


@dataclass(frozen=True, slots=True)
class PeriodPosts:
    """The posts published in a period that have reached the common age; one entry each."""

    views: Values
    """At that age; None: not known."""
    interactions: Values
    """At that age; None: not known."""
    is_paid: Sequence[bool | None]
    """Boosted or advertised; None: the source does not say."""
    accounts: Sequence[Hashable] | None = None
    platforms: Sequence[str] | None = None

    @property
    def rated(self) -> RatedPosts:
        """What rates are made of."""
        return RatedPosts(self.interactions, self.views, self.accounts)

    def known_share(self, measure: Measure) -> float | None:
        """Share of the posts whose figure is known, 0-1; None without posts."""
        known = ~np.isnan(as_floats(self.views))
        if measure == "rate":
            known &= ~np.isnan(as_floats(self.interactions))
        return float(known.mean()) if known.size else None

    def without_paid(self) -> PeriodPosts:
        """The posts that are not known to be boosted."""
        kept = [i for i, paid in enumerate(self.is_paid) if not paid]
        accounts, platforms = self.accounts, self.platforms
        return PeriodPosts(
            as_floats(self.views)[kept],
            as_floats(self.interactions)[kept],
            [self.is_paid[i] for i in kept],
            [accounts[i] for i in kept] if accounts is not None else None,
            [platforms[i] for i in kept] if platforms is not None else None,
        )

    def platform_share(self, platform: str) -> float:
        """Share of the posts that are on a platform, 0-1."""
        platforms = self.platforms or ()
        return sum(name == platform for name in platforms) / len(platforms) if platforms else 0.0


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """The rates of a period's posts."""

    median_rate: Interval
    """Of the posts' own rates, 0-1: every post counts the same."""
    rate: Interval
    """Ratio of sums, 0-1: every view counts the same."""
    is_dominated: bool
    """One post has more than half of the views: read the median rate, not the ratio of sums."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of two periods beside their posts; the words are those of `Comparison`."""

    unnamed_boosts: int = 0
    has_common_age: bool = True
    is_redefined: bool = False
    weeks_resemble: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measure in two periods, with all that decides in which words it may be told."""

    measure: Measure
    ratio: Ratio
    """After : before, with the 95 % interval that is printed."""
    strict: Ratio
    """The same with the interval that "improved" and "fell" need."""
    unboosted: Ratio | None
    """As `strict`, without the posts known to be boosted; None: there are none."""
    boosted: int
    """Posts of both periods known to be boosted."""
    boosting_unknown: int
    """Posts of both periods whose source does not say whether they were boosted."""
    known_before: float | None
    """Share of the posts whose figure is known, 0-1."""
    known_after: float | None
    unnamed_boosts: int = 0
    """Boosts in the timetable of both periods that do not say which posts they were of."""
    platforms_differ: bool = False
    """The periods' posts are on other platforms, to another degree."""
    has_common_age: bool = True
    """There is an age at which enough posts of both periods are known."""
    is_redefined: bool = False
    """Views began to be counted by another definition in the two periods: no comparison across it."""
    weeks_resemble: bool = False
    """Neighbouring weeks of the chart do, so that it shows shifts too often."""


def summarise(posts: PeriodPosts) -> PeriodSummary:
    """One period's rates.

    Raises:
        ValueError: as the intervals.
    """
    views, interactions = as_floats(posts.views), as_floats(posts.interactions)
    seen = views > 0
    known = views[seen]
    return PeriodSummary(
        median_rate=median_interval(interactions[seen] / known),
        rate=rate_interval(interactions, views, posts.accounts),
        is_dominated=bool(known.size > 1 and known.max() > DOMINATED_FROM * known.sum()),
    )


def compare(
    measure: Measure,
    before: PeriodPosts,
    after: PeriodPosts,
    circumstances: Circumstances = Circumstances(),
) -> Comparison:
    """Two periods side by side: posts' views as a Hodges-Lehmann ratio, or their rates.

    Raises:
        ValueError: as the intervals.
    """
    paid = [*before.is_paid, *after.is_paid]
    unboosted = None
    if True in paid:
        unboosted = _ratio(measure, before.without_paid(), after.without_paid(), WORDS_LEVEL)
    return Comparison(
        measure=measure,
        ratio=_ratio(measure, before, after, LEVEL),
        strict=_ratio(measure, before, after, WORDS_LEVEL),
        unboosted=unboosted,
        boosted=paid.count(True),
        boosting_unknown=paid.count(None),
        known_before=before.known_share(measure),
        known_after=after.known_share(measure),
        unnamed_boosts=circumstances.unnamed_boosts,
        platforms_differ=_platforms_differ(before, after),
        has_common_age=circumstances.has_common_age,
        is_redefined=circumstances.is_redefined,
        weeks_resemble=circumstances.weeks_resemble,
    )


def _platforms_differ(before: PeriodPosts, after: PeriodPosts) -> bool:
    if not before.platforms or not after.platforms:
        return False
    names = {*before.platforms, *after.platforms}
    return any(
        abs(before.platform_share(name) - after.platform_share(name)) > MOST_OTHER_PLATFORMS for name in names
    )


def _ratio(measure: Measure, before: PeriodPosts, after: PeriodPosts, level: float) -> Ratio:
    if measure == "views":
        return ratio_of_views(before.views, after.views, level)
    return rate_ratio(before.rated, after.rated, level)
