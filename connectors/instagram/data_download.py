"""Instagram's "Download your information": the posts, and what past insights say of them.

Read only when the campaign allows it (`[privacy] read_archives`), and of the whole download only the
lists named in `connectors.archives`. Posts have no link and no id there, only the second in which
they were made; which post of other exports each is, the models find out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from connectors.base import BadExport, Context, Head, Member, Reading
from connectors.instagram import data_download_audience, data_download_posts
from connectors.instagram.data_download_json import as_list, load
from connectors.wording import one_line

source: Final = "instagram_data_download"
_PARTS: Final[Mapping[str, str]] = {
    "organic_insights_posts": "posts",
    "organic_insights_reels": "reels",
    "organic_insights_audience": "audience",
    "ig_reels_media": "list of reels",
}
_LIST: Final = "list of posts"
_ROOT: Final = re.compile(rb'\s*\{\s*"(\w+)"\s*:')
_MEDIA: Final = re.compile(rb'\s*\[?\s*\{\s*"media"\s*:\s*\[')


def recognises(head: Head) -> bool:
    """Whether it begins as one of the lists that are read."""
    data = head.data.removeprefix(b"\xef\xbb\xbf")
    root = _ROOT.match(data)
    return bool(root and root[1].decode() in _PARTS) or _MEDIA.match(data) is not None


def read(member: Member, context: Context) -> Reading:
    """Posts, their figures, or the audience: as of the day of the download.

    Raises:
        BadExport: whose download it is or when it was made is not known, or it is no list of these.
    """
    part, items = _items(load(member), member)
    if part == "audience":
        return data_download_audience.read(source, items, member, context)
    return data_download_posts.read(source, part, items, member, context)


def _items(value: Any, member: Member) -> tuple[str, list[Any]]:
    """Which part of the download it is, and its items."""
    root = next((root for root in _PARTS if isinstance(value, dict) and root in value), None)
    if root:
        return _PARTS[root], as_list(value[root])
    if isinstance(value, list) or (isinstance(value, dict) and "media" in value):
        return _LIST, as_list(value)
    raise BadExport(f"no list of posts: {one_line(member.name)}: ask for the download again, as JSON")
