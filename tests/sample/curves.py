"""How every post's counters grow: day by day from publication, with chance, never falling."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise

from .model import METRICS, Post, at_eleven, chance

END = date(2024, 10, 6)
WEEKDAYS = (0.95, 0.92, 0.95, 1.0, 1.06, 1.10, 1.02)
AFTER_THE_CHANGE = {"likes": 1.6, "comments": 2.3, "shares": 2.2}
CORRECTION_FROM, CORRECTION_TO = 18_204, 16_930
SMALL = 30.0


@dataclass(frozen=True)
class History:
    """A post's totals at 11:00 UTC of every day from `first_day`."""

    post: Post
    first_day: date
    totals: dict[str, list[int]]
    corrected_on: date = date.max
    removed: int = 0

    def at(self, day: date, metric: str = "views") -> int:
        """What an export of that day shows: with the platform's correction, once it is made."""
        removed = self.removed if metric == "views" and day >= self.corrected_on else 0
        return self.counted(day, metric) - removed

    def counted(self, day: date, metric: str = "views") -> int:
        """Totals as they were counted: 0 before publication."""
        place = (day - self.first_day).days
        return self.totals[metric][min(place, len(self.totals[metric]) - 1)] if place >= 0 else 0

    def gained(self, day: date, days: int) -> int:
        return self.at(day) - self.at(day - timedelta(days=days))

    def gained_on(self, day: date, metric: str = "views") -> float:
        """In the calendar day: 11 of its hours lie before the daily count, 13 after it."""
        before, noon, after = (self.counted(day + timedelta(days=n), metric) for n in (-1, 0, 1))
        return (noon - before) * 11 / 24 + (after - noon) * 13 / 24


def history(post: Post) -> History:
    """Grow one post to the end of the campaign."""
    first_day = post.published.date()
    if at_eleven(first_day) <= post.published:
        first_day += timedelta(days=1)
    dice = chance(f"curve {post.account.handle} {post.post_id}")
    luck = {metric: math.exp(dice.gauss(0, 0.05)) for metric in METRICS}
    days = [first_day + timedelta(days=n) for n in range((END - first_day).days + 1)]
    grown = [0.0] + [_grown(post, at_eleven(day)) for day in days]
    gains = [
        _gains_of_a_day(post, post.expected_views * (after - before) * WEEKDAYS[day.weekday()], luck, dice)
        for day, (before, after) in zip(days, pairwise(grown), strict=True)
    ]
    totals = {metric: list(accumulate(gain[metric] for gain in gains)) for metric in METRICS}
    return History(post, first_day, totals)


def corrected(grown: History, shown_on: date, lowered_on: date) -> History:
    """The same post, brought to the story's two numbers on two export days."""
    scale = CORRECTION_FROM / grown.counted(shown_on)
    views = [round(value * scale) for value in grown.totals["views"]]
    lowered = History(grown.post, grown.first_day, grown.totals | {"views": views})
    removed = lowered.counted(lowered_on) - CORRECTION_TO
    return History(grown.post, grown.first_day, lowered.totals, lowered_on - timedelta(days=3), removed)


def _grown(post: Post, moment: datetime) -> float:
    """The share of its final views that a post has: a fast start, a slow end, a long thin tail."""
    age = (moment - post.published).total_seconds() / 86_400
    return 0.97 * (1 - math.exp(-((age / post.pace_days) ** 0.6))) + 0.03 * (1 - math.exp(-age / 60))


def _gains_of_a_day(post: Post, mean: float, luck: dict[str, float], dice: random.Random) -> dict[str, int]:
    views = _count(mean * dice.gammavariate(16, 1 / 16), dice)
    gains = {"views": views}
    for metric in METRICS[1:]:
        rate = post.account.rates.get(metric, 0.0)
        if metric == "reach":
            gains[metric] = min(views, round(views * rate * luck[metric]))
            continue
        change = AFTER_THE_CHANGE.get(metric, 1.0) if post.has_question else 1.0
        gains[metric] = _count(views * rate * change * post.rate_factor * luck[metric], dice)
    return gains


def _count(mean: float, dice: random.Random) -> int:
    """A Poisson number: by multiplying chances when small, else by the normal curve."""
    if mean > SMALL:
        return max(0, round(dice.gauss(mean, math.sqrt(mean))))
    number, product, limit = 0, dice.random(), math.exp(-mean)
    while product > limit:
        number, product = number + 1, product * dice.random()
    return number
