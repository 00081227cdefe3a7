"""TikTok Studio's `Overview.csv`: views, likes, comments and shares of an account by day.

Comments may be negative: deletions (observed in real exports of 2026).
"""

from __future__ import annotations

from typing import Final

from connectors.base import Context, Head, Member, Reading
from connectors.columns import Vocabulary
from connectors.tiktok.daily import read_daily
from connectors.tiktok.headers import is_kind

source: Final = "tiktok_studio_overview"
VOCABULARY: Final = Vocabulary(
    {
        "date": ("Date",),
        "views": ("Video Views",),
        "profile_views": ("Profile Views",),
        "likes": ("Likes",),
        "comments": ("Comments",),
        "shares": ("Shares",),
    },
    "not in TikTok's file",
)
_KEYS: Final = frozenset({"date", "views"})


def recognises(head: Head) -> bool:
    """Whether the header has the day and the figure that no other file has."""
    return is_kind(head, "Overview", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """The account's days, each with its year.

    Raises:
        BadExport: whose days, or which year, is not known; or the days do not follow one another.
    """
    return read_daily(source, VOCABULARY, member, context)
