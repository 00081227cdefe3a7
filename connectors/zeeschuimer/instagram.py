"""Zeeschuimer's captures of Instagram posts, in the three layouts that Instagram's pages have used.

Field names were observed in real captures (lists of items) and in the extension's published source
(the older graph, and partial items of overview pages, which lack the time and most counters). Where
an account hides its likes the number that is there is a stub, 3 in every item seen, and is not read.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ids
from connectors.base import Context, Head, Member, Reading
from connectors.columns import Faults
from connectors.zeeschuimer.capture import Captured, CaptureReader, captured_from
from connectors.zeeschuimer.fields import Field, Fields
from connectors.zeeschuimer.lines import Lines

source: Final = "zeeschuimer_instagram"
PLATFORM: Final = "instagram"
CAPTURED_FROM: Final = "instagram.com"
_NATIVE: Final = {
    "views": "play_count",
    "likes": "like_count",
    "comments": "comment_count",
    "reposts": "media_repost_count",
}
_COUNTERS: Final = {
    "views": (("view_count",), ("play_count",), ("video_view_count",)),
    "likes": (("like_count",), ("edge_media_preview_like", "count")),
    "comments": (("comment_count",), ("edge_media_to_comment", "count")),
    "reposts": (("media_repost_count",),),
}
"""Where each counter may be; the first that is there is taken."""
_KINDS: Final = {
    "1": "image",
    "2": "video",
    "8": "carousel",
    "GraphImage": "image",
    "GraphVideo": "video",
    "GraphSidecar": "carousel",
}
_HIDDEN: Final = "captures whose likes the account hides, left empty"
_PARTIAL: Final = "partial captures, in which what is missing leaves earlier figures as they are"


def recognises(head: Head) -> bool:
    """Whether these are captures of Instagram posts."""
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
    first_posts = date(2010, 10, 1)
    fields: ClassVar[Fields] = {
        "code": Field(("data", "code")),
        "shortcode": Field(("data", "shortcode")),
        "user": Field(("data", "user", "username")),
        "owner": Field(("data", "owner", "username")),
        "coauthors": Field(("data", "coauthor_producers", "*", "username")),
        "taken_at": Field(("data", "taken_at"), "either"),
        "taken_at_timestamp": Field(("data", "taken_at_timestamp"), "either"),
        "caption": Field(("data", "caption", "text")),
        "caption_itself": Field(("data", "caption")),
        "captions": Field(("data", "edge_media_to_caption", "edges", "*", "node", "text")),
        "media_type": Field(("data", "media_type"), "either"),
        "typename": Field(("data", "__typename")),
        "product_type": Field(("data", "product_type")),
        "duration_s": Field(("data", "video_duration"), "number"),
        "is_paid": Field(("data", "is_paid_partnership"), "flag"),
        "is_hidden": Field(("data", "like_and_view_counts_disabled"), "flag"),
        "is_partial": Field(("data", "_zs_partial"), "flag"),
        **{
            "/".join(path): Field(("data", *path), "either") for paths in _COUNTERS.values() for path in paths
        },
    }

    def reason_without(self, metric: str) -> str:
        """Hidden is another thing than not there."""
        if metric == "likes" and self.has_remarked(_HIDDEN):
            return "hidden by the account"
        return super().reason_without(metric)

    def parse(self, lines: Lines, faults: Faults) -> Captured:
        """Take the objects apart; lines that cannot be are refused, each with its reason."""
        columns = lines.columns
        links = self._links(lines, faults)
        account = pc.utf8_lower(pc.coalesce(columns["user"], columns["owner"]))
        faults.add(pc.is_null(account), lambda _: "no user.username")
        hidden = pc.fill_null(columns["is_hidden"], False)
        listed = columns["captions"]
        captions = _first(listed.flatten(), pc.list_parent_indices(listed), len(listed))
        posts = {
            "account": account,
            "exporter": self._exporter(account, columns["coauthors"]),
            "post_id": links.post_id,
            **self.published(pc.coalesce(columns["taken_at"], columns["taken_at_timestamp"]), links.epoch_s),
            "permalink": ids.instagram_permalinks(links),
            "caption": pc.coalesce(columns["caption"], columns["caption_itself"], captions),
            "media_type": self._media_type(lines),
            "duration_s": columns["duration_s"],
            "is_collab": pc.greater(pc.list_value_length(columns["coauthors"]), 0),
            "is_paid": columns["is_paid"],
        }
        remarks = {_HIDDEN: hidden, _PARTIAL: pc.fill_null(columns["is_partial"], False)}
        return Captured(posts, self._metrics(lines, hidden, faults), links.epoch_s, remarks)

    def _links(self, lines: Lines, faults: Faults) -> ids.Links:
        """Made of the shortcode, and read as any other link is."""
        product = lines.columns["product_type"]
        advertised = pc.fill_null(pc.equal(product, "ad"), False)
        faults.add(advertised, lambda _: "an advertisement, not a post")
        kind = pc.if_else(pc.fill_null(pc.equal(product, "clips"), False), "reel", "p")
        code = pc.coalesce(lines.columns["code"], lines.columns["shortcode"])
        made = pc.binary_join_element_wise("https://www.instagram.com/", kind, "/", code, "/", "")
        links = ids.instagram_links(made)
        faults.add(pc.is_null(links.post_id), lambda _: "no shortcode of an instagram post")
        return links

    def _metrics(self, lines: Lines, hidden: pa.Array, faults: Faults) -> dict[str, pa.Array]:
        found = {
            name: self.counts(
                pc.coalesce(*(lines.columns["/".join(path)] for path in paths)), _NATIVE[name], faults
            )
            for name, paths in _COUNTERS.items()
        }
        shown = {name: pc.if_else(hidden, None, found[name]) for name in ("likes", "views")}
        return {**found, **shown}

    def _exporter(self, account: pa.Array, coauthors: pa.Array) -> pa.Array:
        """The campaign's account: the owner, else the first of the coauthors that is one."""
        theirs = self.if_ours(pc.utf8_lower(coauthors.flatten()))
        first = _first(theirs, pc.list_parent_indices(coauthors), len(account))
        return pc.coalesce(self.if_ours(account), first)

    def _media_type(self, lines: Lines) -> pa.Array:
        """reel, image, video or carousel; NULL where the page did not say."""
        words = pc.coalesce(lines.columns["media_type"], _without_prefix(lines.columns["typename"]))
        kinds = words.dictionary_encode()
        named = pa.array([_KINDS.get(word) for word in kinds.dictionary.to_pylist()], pa.string())
        is_reel = pc.fill_null(pc.equal(lines.columns["product_type"], "clips"), False)
        return pc.if_else(is_reel, "reel", named.take(kinds.indices))


def _without_prefix(typenames: pa.Array) -> pa.Array:
    """XDTGraphImage is a GraphImage."""
    return pc.replace_substring(typenames, "XDT", "")


def _first(values: pa.Array, rows: pa.Array, length: int) -> pa.Array:
    """For each of `length` rows its first value that is known; `rows` says whose each value is."""
    known = values.is_valid()
    return values.filter(known).take(pc.index_in(pa.arange(0, length), rows.filter(known)))
