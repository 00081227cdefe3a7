"""Captures as the Zeeschuimer extension writes them, with invented people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.connectors.exports import shortcode, tiktok_id, utc

SEEN = "2024-02-06 18:30:00"
Json = Mapping[str, Any]


def ndjson(*items: Json) -> bytes:
    """As JSON.stringify writes: no spaces, text as it is, one item a line."""
    return "".join(
        f"{json.dumps(item, separators=(',', ':'), ensure_ascii=False)}\n" for item in items
    ).encode("utf-8", "surrogatepass")


def item(data: Json, platform: str, seen: str = SEEN, **envelope: Any) -> dict[str, Any]:
    """What is around every captured object."""
    return {
        "nav_index": "2:33:NaN",
        "item_id": data.get("id"),
        "timestamp_collected": utc(seen) * 1000 + 417,
        "source_platform": platform,
        "source_platform_url": "https://www.tiktok.com/@lavelle.sings",
        "source_url": "https://www.tiktok.com/api/post/item_list/?count=35",
        "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        **envelope,
        "data": data,
    }


def tiktok(moment: str = "2024-01-03 12:30:00", seen: str = SEEN, **data: Any) -> dict[str, Any]:
    """A video of @lavelle.sings as TikTok's page got it."""
    post = {
        "id": tiktok_id(moment),
        "desc": "Where to get help #findhelpearly",
        "createTime": utc(moment),
        "author": {"id": "6890000000000000001", "uniqueId": "lavelle.sings", "nickname": "Lavelle"},
        "music": {"id": "7000000000000000002", "title": "original sound", "duration": 31},
        "challenges": [{"id": "1", "title": "findhelpearly"}],
        "stats": {
            "diggCount": 120,
            "shareCount": 3,
            "commentCount": 7,
            "playCount": 4510,
            "collectCount": "11",
        },
        "video": {"id": tiktok_id(moment), "duration": 31, "height": 1024},
        "isAd": False,
    }
    return item({**post, **data}, "tiktok.com", seen)


def instagram(moment: str = "2024-01-03 12:30:10", seen: str = SEEN, **data: Any) -> dict[str, Any]:
    """A reel of @lavelle.sings in a list of items."""
    post = {
        "id": "3271234567890123456_17841400000000001",
        "__typename": "XDTMediaDict",
        "code": shortcode(moment),
        "taken_at": utc(moment),
        "user": {"username": "lavelle.sings", "id": "17841400000000001"},
        "caption": {"text": "Where to get help"},
        "media_type": 2,
        "product_type": "clips",
        "like_and_view_counts_disabled": False,
        "like_count": 50,
        "comment_count": 6,
        "play_count": 900,
        "view_count": None,
        "media_repost_count": 2,
        "video_duration": 31.5,
        "coauthor_producers": [],
        "is_paid_partnership": False,
        "_zs_partial": False,
    }
    return item({**post, **data}, "instagram.com", seen)


def instagram_graph(moment: str = "2024-01-03 12:30:10", **data: Any) -> dict[str, Any]:
    """The same in the older layout."""
    post = {
        "id": "3271234567890123456",
        "__typename": "GraphVideo",
        "shortcode": shortcode(moment),
        "taken_at_timestamp": utc(moment),
        "owner": {"username": "lavelle.sings", "id": "17841400000000001"},
        "edge_media_to_caption": {"edges": [{"node": {"text": "Where to get help"}}]},
        "edge_media_preview_like": {"count": 50},
        "edge_media_to_comment": {"count": 6},
        "video_view_count": 900,
        "product_type": "clips",
    }
    return item({**post, **data}, "instagram.com")


def instagram_partial(moment: str = "2024-01-03 12:30:10", seen: str = SEEN) -> dict[str, Any]:
    """What an overview page tells of a reel: neither time nor counters."""
    post = {
        "id": "3271234567890123456",
        "__typename": "XIGPolarisVideoMedia",
        "code": shortcode(moment),
        "user": {"username": "lavelle.sings"},
        "_zs_partial": True,
    }
    return item(post, "instagram.com", seen)


def comment(number: int) -> dict[str, Any]:
    """A comment under a TikTok video: nothing of it may be read."""
    text = {"cid": str(number), "aweme_id": "7320000000000000000", "text": "a stranger's words"}
    data = {**text, "user": {"unique_id": "a.stranger"}, "id": str(number)}
    return item(data, "tiktok-comments")


def named(day: str) -> str:
    """The name that the extension gives."""
    return f"zeeschuimer-export-tiktok.com-{datetime.fromisoformat(day):%Y-%m-%dT%H%M%S}.ndjson"
