"""Zeeschuimer: what a browser saw of public pages, one JSON object a line."""

from __future__ import annotations

from typing import Final

from connectors.base import Export
from connectors.zeeschuimer import instagram, tiktok, tiktok_comments

CAPTURES: Final[tuple[Export, ...]] = (tiktok, instagram, tiktok_comments)
"""Every kind of capture that is read."""
