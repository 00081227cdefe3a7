"""What TikTok's two APIs have in common: ids, moments, cursors, and the columns that rows begin with."""

from __future__ import annotations

from typing import Any, Final

from connectors import api, ids, values
from connectors.api import Visit
from connectors.pages import Page
from models.schema import from_epoch

PLATFORM: Final = "tiktok"
_OLDEST_S: Final = 1_451_606_400  # 2016-01-01: TikTok did not exist before


def is_last(page: Page, since_s: int | None) -> bool:
    """Whether a page is the last one wanted: cursors are moments, in ms, and go back in time."""
    if not page.has_more or since_s is None:
        return not page.has_more
    return page.cursor is not None and int(page.cursor) < since_s * 1000


def cursor_of(data: dict[str, Any]) -> str | None:
    """Where the next page begins, if that is a moment at all."""
    cursor = data.get("cursor")
    return str(cursor) if values.is_whole(cursor) else None


def origin(source: str, visit: Visit, row: int) -> dict[str, object]:
    """The columns that rows of any table begin with."""
    return api.origin(visit, source, PLATFORM, row)


def post_id_of(video: Any, native: str) -> str | None:
    """The id as text. TikTok sends text; a number is as exact, for Python reads all its digits."""
    value = video.get(native) if isinstance(video, dict) else None
    text = str(value) if values.is_whole(value) else value
    return text if isinstance(text, str) and ids.is_tiktok_id(text) else None


def published(post_id: str, created: object, visit: Visit, reasons: list[str]) -> dict[str, object]:
    """When a post was made, and what that rests on: TikTok's word, else the clock in the id."""
    if values.is_whole(created) and values.is_plausible(created, _OLDEST_S, visit.now):
        return _moment(created, "source")
    if created is not None:
        reasons.append("create_time is not a time between 2016 and tomorrow: the id's own time is used")
    clock = ids.tiktok_epoch_s(post_id)
    return _moment(clock, "id clock") if values.is_plausible(clock, _OLDEST_S, visit.now) else {}


def _moment(published_s: int, basis: str) -> dict[str, object]:
    return {
        "published_at": from_epoch(published_s),
        "published_s": published_s,
        "published_basis": basis,
    }


def link(visit: Visit, post_id: str, share_url: object) -> dict[str, object]:
    """Address and kind. The address is made anew: a shared one has a query that names who shared it."""
    found = ids.parse_link(str(share_url or ""))
    kind = found.kind if found and found.platform == PLATFORM else None
    return {
        "permalink": ids.tiktok_permalink(visit.account, kind or "video", post_id),
        "media_type": kind,
    }
