"""Zeeschuimer's captures of TikTok posts: the counters that everybody sees, with saves.

Field names were observed in real captures. A post's author is an object, or in items that came with
the page itself a plain handle; counters are numbers or texts, and `statsV2` has them exactly.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ids
from connectors.base import Context, Head, Member, Reading
from connectors.columns import Faults, on_one_line, whole_numbers
from connectors.zeeschuimer.capture import Captured, CaptureReader, captured_from
from connectors.zeeschuimer.fields import Field, Fields
from connectors.zeeschuimer.lines import Lines

source: Final = "zeeschuimer_tiktok"
PLATFORM: Final = "tiktok"
CAPTURED_FROM: Final = "tiktok.com"
_NATIVE: Final = {
    "views": "playCount",
    "likes": "diggCount",
    "comments": "commentCount",
    "shares": "shareCount",
    "saves": "collectCount",
}


def recognises(head: Head) -> bool:
    """Whether these are captures of TikTok posts."""
    return captured_from(head) == CAPTURED_FROM


def read(member: Member, context: Context) -> Reading:
    """Every post of the campaign's accounts that the browser saw.

    Raises:
        BadExport: while batches are drawn.
    """
    return _Reader(member, context).reading()


class _Reader(CaptureReader):
    """One way through a file."""

    source = source
    platform = PLATFORM
    captured_from = CAPTURED_FROM
    native = _NATIVE
    first_posts = date(2016, 1, 1)  # the app is from September 2016
    fields: ClassVar[Fields] = {
        "id": Field(("data", "id"), "either"),
        "caption": Field(("data", "desc")),
        "created": Field(("data", "createTime"), "either"),
        "author": Field(("data", "author")),
        "handle": Field(("data", "author", "uniqueId")),
        "duration": Field(("data", "video", "duration"), "either"),
        "photos": Field(("data", "imagePost"), "there"),
        "is_ad": Field(("data", "isAd"), "flag"),
        "is_partnership": Field(("data", "adAuthorization"), "flag"),
        **{f"{name}_exact": Field(("data", "statsV2", key), "either") for name, key in _NATIVE.items()},
        **{f"{name}_shown": Field(("data", "stats", key), "either") for name, key in _NATIVE.items()},
    }

    def parse(self, lines: Lines, faults: Faults) -> Captured:
        """Take the objects apart; lines that cannot be are refused, each with its reason."""
        links = self._links(lines, faults)
        posts = {
            "account": links.handle,
            "exporter": self.if_ours(links.handle),
            "post_id": links.post_id,
            **self.published(lines.columns["created"], links.epoch_s),
            "permalink": ids.tiktok_permalinks(links),
            "caption": on_one_line(lines.columns["caption"]),
            "media_type": links.kind,
            "duration_s": self._duration(lines, faults),
            "is_paid": pc.or_kleene(
                lines.columns["is_ad"], pc.fill_null(lines.columns["is_partnership"], False)
            ),
        }
        metrics = {name: self._counter(name, lines, faults) for name in _NATIVE}
        return Captured(posts, metrics, links.epoch_s)

    def _links(self, lines: Lines, faults: Faults) -> ids.Links:
        """Made of id and author, and read as any other link is."""
        author = pc.coalesce(lines.columns["handle"], lines.columns["author"])
        post_id = pc.coalesce(lines.columns["id"], lines.columns["item_id"])
        kind = pc.if_else(lines.columns["photos"], "photo", "video")
        made = pc.binary_join_element_wise("https://www.tiktok.com/@", author, "/", kind, "/", post_id, "")
        links = ids.tiktok_links(made)
        nameless = pc.equal(pc.fill_null(links.handle, ""), "")
        faults.add(pc.or_(pc.is_null(links.post_id), nameless), lambda _: "no id or author of a tiktok post")
        return links

    def _counter(self, name: str, lines: Lines, faults: Faults) -> pa.Array:
        cells = pc.coalesce(lines.columns[f"{name}_exact"], lines.columns[f"{name}_shown"])
        return self.counts(cells, _NATIVE[name], faults)

    def _duration(self, lines: Lines, faults: Faults) -> pa.Array:
        """Seconds; a post of photos has 0, which means that it has none."""
        seconds = whole_numbers(lines.columns["duration"], "duration", faults)
        return pc.if_else(pc.equal(seconds, 0), None, seconds).cast(pa.float64())
