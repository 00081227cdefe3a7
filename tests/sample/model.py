"""What the sample is made of: accounts, posts, and the one way to get chance."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
FIRST_DAY = date(2023, 9, 1)
LAST_POST = date(2024, 9, 28)
CHANGE = date(2024, 2, 12)
"""From this day captions of `finding-help` open with a question: the story's real change."""

METRICS = ("views", "likes", "comments", "shares", "saves", "reach", "follows")


SEED = 42


def chance(name: str) -> random.Random:
    """A generator of its own for every purpose, so that one more post does not change all others."""
    return random.Random(f"rapup sample {SEED}: {name}")  # noqa: S311 (invented data, not a secret)


def at_eleven(day: date) -> datetime:
    """The moment at which every invented export is made."""
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """A channel: `typical_views` is the median of its posts, `rates` are per view."""

    platform: str
    handle: str
    creator: str
    display_name: str
    number: str
    typical_views: int
    rates: dict[str, float]
    everyday_views: int
    """Views per day of all that the account posts outside the campaign."""
    pace_days: float = 8
    """Small = its posts are over quickly."""

    @property
    def folder(self) -> str:
        return f"inbox/{self.creator}/{self.platform}-{self.handle}"


TIKTOK_RATES = {"likes": 0.060, "comments": 0.0050, "shares": 0.0070}
INSTAGRAM_RATES = {"likes": 0.052, "comments": 0.0045, "shares": 0.0075, "saves": 0.009, "reach": 0.82}
INSTAGRAM_RATES |= {"follows": 0.0012}

LAVELLE_TIKTOK = Account(
    "tiktok", "lavelle.sings", "lavelle", "Lavelle", "7012345678900012345", 9000, TIKTOK_RATES, 1600
)
AMIRA_TIKTOK = Account(
    "tiktok", "amira.talks", "amira", "Amira talks", "7012345678900023456", 8000, TIKTOK_RATES, 1300
)
KOFI_TIKTOK = Account(
    "tiktok", "coach.kofi", "kofi", "Coach Kofi", "7012345678900034567", 500, TIKTOK_RATES, 90, 2.5
)
TRUST_TIKTOK = Account(
    "tiktok", "steelcity.minds", "trust", "Steel City Minds", "7012345678900045678", 0, TIKTOK_RATES, 140
)
LAVELLE_INSTAGRAM = Account(
    "instagram", "lavelle.sings", "lavelle", "Lavelle", "17841400000012345", 600, INSTAGRAM_RATES, 0, 2.5
)
AMIRA_INSTAGRAM = Account(
    "instagram", "amira.talks", "amira", "Amira talks", "17841400000023456", 6500, INSTAGRAM_RATES, 0
)
OUTSIDE_INSTAGRAM = Account(
    "instagram", "sunday.pot.sheff", "", "The Sunday Pot", "17841400000098765", 2400, INSTAGRAM_RATES, 0
)


@dataclass(frozen=True)
class Post:
    """One invented post with the truth about it, which no export shows."""

    account: Account
    topic: str
    caption: str
    published: datetime
    post_id: str
    expected_views: float = 0
    rate_factor: float = 1
    pace_days: float = 8
    """The tau of its curve."""
    kind: str = "reel"
    duration: int = 0
    source_id: str = ""
    shared_with: str = ""
    """Handle of an Instagram account that co-authored the post, and therefore exports it too."""

    @property
    def local_day(self) -> date:
        return self.published.astimezone(LONDON).date()

    @property
    def has_question(self) -> bool:
        return self.topic == "finding-help" and self.local_day >= CHANGE
