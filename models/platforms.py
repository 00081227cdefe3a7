"""What the platforms are called, and which of their own files tells every post's views."""

from __future__ import annotations

from typing import Final, NamedTuple

import pyarrow as pa


class Platform(NamedTuple):
    """A platform in words."""

    name: str
    weekly: str = "a reading every week"
    """What to ask for every week, so that views at 28 days are known."""


PLATFORMS: Final = {
    "tiktok": Platform("TikTok", "a weekly Content export of TikTok Studio"),
    "instagram": Platform("Instagram", "a weekly content export of Meta Business Suite"),
    "youtube": Platform("YouTube"),
}
"""By the word that the tables have for it; of others nothing more is known than that word."""


def platforms_table() -> pa.Table:
    """`cfg_platforms`: platform, name, weekly."""
    rows = [
        {"platform": key, "name": platform.name, "weekly": platform.weekly}
        for key, platform in PLATFORMS.items()
    ]
    return pa.Table.from_pylist(rows)
