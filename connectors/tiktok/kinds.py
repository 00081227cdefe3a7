"""Every kind of file that comes from TikTok: those of TikTok Studio, and a person's own data download."""

from __future__ import annotations

from typing import Final

from connectors.base import Export
from connectors.tiktok import (
    content,
    data_download,
    follower_activity,
    follower_gender,
    follower_history,
    follower_territories,
    overview,
    viewers,
)

TIKTOK: Final[tuple[Export, ...]] = (
    content,
    overview,
    viewers,
    follower_history,
    follower_activity,
    follower_gender,
    follower_territories,
    data_download,
)
