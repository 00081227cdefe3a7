"""TikTok Studio's `FollowerHistory.csv`: an account's followers by day.

Its column of differences is never read: in some exports it is the change from the day before, in
others the change to the day after, even of one account (observed in real exports of 2026).
"""

from __future__ import annotations

from typing import Final

from connectors.base import Context, Head, Member, Reading
from connectors.columns import Vocabulary
from connectors.tiktok.daily import read_daily
from connectors.tiktok.headers import is_kind

source: Final = "tiktok_studio_follower_history"
VOCABULARY: Final = Vocabulary(
    {
        "date": ("Date",),
        "followers": ("Followers",),
        "difference": ("Difference in followers from previous day",),
    },
    "not in TikTok's file",
)
_KEYS: Final = frozenset({"date", "followers"})


def recognises(head: Head) -> bool:
    """Whether the header has the day and the figure that no other file has."""
    return is_kind(head, "FollowerHistory", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """The account's days, each with its year.

    Raises:
        BadExport: whose days, or which year, is not known; or the days do not follow one another.
    """
    return read_daily(source, VOCABULARY, member, context)
