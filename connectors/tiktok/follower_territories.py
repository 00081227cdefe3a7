"""TikTok Studio's `FollowerTopTerritories.csv`: the ten countries with most followers, and others."""

from __future__ import annotations

from typing import Final

from connectors.base import Context, Head, Member, Reading
from connectors.columns import Vocabulary
from connectors.tiktok.follower_shares import read_shares
from connectors.tiktok.headers import is_kind

source: Final = "tiktok_studio_follower_territories"
VOCABULARY: Final = Vocabulary(
    {"bucket": ("Top territories",), "share": ("Distribution",)}, "not in TikTok's file"
)
_KEYS: Final = frozenset(VOCABULARY.names)


def recognises(head: Head) -> bool:
    """Whether the header has both columns."""
    return is_kind(head, "FollowerTopTerritories", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """Shares of the account's followers on the day of export.

    Raises:
        BadExport: whose followers they are or when they were exported is not known; or they are no shares
            of one whole.
    """
    return read_shares(source, "country", VOCABULARY, member, context)
