"""What an account did per day: its campaign posts, and everything else it shows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import NamedTuple

from .curves import END, WEEKDAYS, History
from .model import Account, chance


class AccountDay(NamedTuple):
    """In the order of the columns of Overview.csv."""

    views: int
    profile_views: int
    likes: int
    comments: int
    shares: int


def account_days(account: Account, histories: list[History], first: date) -> dict[date, AccountDay]:
    """From the day on which analytics were switched on."""
    dice = chance(f"days {account.handle}")
    days: dict[date, AccountDay] = {}
    mood = 1.0
    for n in range((END - first).days + 1):
        day = first + timedelta(days=n)
        # Good and bad days come in runs: half of yesterday's mood stays.
        mood = 0.5 * mood + 0.5 * dice.gammavariate(6, 1 / 6)
        everyday = account.everyday_views * WEEKDAYS[day.weekday()] * mood
        days[day] = _one_day(account, histories, day, everyday, dice)
    return days


def _one_day(
    account: Account, histories: list[History], day: date, everyday: float, dice: random.Random
) -> AccountDay:
    def total(metric: str) -> int:
        other = everyday * account.rates.get(metric, 1.0) * dice.uniform(0.8, 1.2)
        return round(other + sum(h.gained_on(day, metric) for h in histories))

    views = round(everyday + sum(h.gained_on(day) for h in histories) + 0.5)
    # Deleted comments are taken off the day on which they are deleted.
    comments = -dice.randint(1, 4) if dice.random() < 0.02 else total("comments")
    return AccountDay(
        views, round(views * dice.uniform(0.006, 0.012)), total("likes"), comments, total("shares")
    )
