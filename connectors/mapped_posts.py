"""Which posts the rows of another tool's table are about: by id, or by address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ids
from connectors.base import BadExport, Member
from connectors.posts import ParsedPosts
from connectors.wording import one_line

_ID: Final = r"^[\w.-]{1,64}$"
_IN_QUERY: Final = r"[?&]v=(?P<id>[\w.-]{1,64})"
_LAST_PART: Final = r"/(?P<id>[\w.-]{1,64})/?(?:[?#].*)?$"


class Links(NamedTuple):
    """Of each row; NULL where it says nothing."""

    post_id: pa.Array
    handle: pa.Array
    permalink: pa.Array
    epoch_s: pa.Array


def tiktok_posts(post_ids: pa.Array, links: pa.Array) -> Links:
    """By the link, else by the id alone."""
    bare = pc.binary_join_element_wise("https://www.tiktok.com/@/video/", post_ids, "")
    found = ids.tiktok_links(pc.if_else(pc.equal(links, ""), bare, links))
    handle = pc.if_else(pc.equal(found.handle, ""), None, found.handle)
    named = pc.if_else(pc.is_valid(handle), ids.tiktok_permalinks(found), None)
    return Links(found.post_id, handle, named, found.epoch_s)


def instagram_posts(_post_ids: pa.Array, links: pa.Array) -> Links:
    """By the link alone: the ids that tools give are of another kind."""
    found = ids.instagram_links(links)
    return Links(
        found.post_id, pa.nulls(len(links), pa.string()), ids.instagram_permalinks(found), found.epoch_s
    )


def other_posts(post_ids: pa.Array, links: pa.Array, template: str | None) -> Links:
    """By the id, else by the address: what follows `v=`, else its last part."""
    good_id = pc.if_else(pc.match_substring_regex(post_ids, _ID), post_ids, None)
    in_link = (pc.struct_field(pc.extract_regex(links, pattern), "id") for pattern in (_IN_QUERY, _LAST_PART))
    post_id = pc.coalesce(good_id, *in_link)
    address = pc.if_else(pc.equal(links, ""), None, links)
    if template:
        before, after = template.split("{post_id}")
        address = pc.coalesce(address, pc.binary_join_element_wise(before, post_id, after, ""))
    none = len(links)
    return Links(post_id, pa.nulls(none, pa.string()), address, pa.nulls(none, pa.int64()))


def refuse_contradictions(parsed: ParsedPosts, member: Member) -> None:
    """One row a post and moment: in a table of days or of periods the last row would look like the total.

    Raises:
        BadExport: two rows give the same post different figures of the same moment.
    """
    moment = [name for name in ("platform", "post_id", "observed_s") if name in parsed.posts]
    columns: Mapping[str, pa.Array] = {**{name: parsed.posts[name] for name in moment}, **parsed.metrics}
    table, kept = pa.table(dict(columns)), parsed.faults.kept()
    distinct = (table if kept is None else table.take(kept)).group_by(table.column_names).aggregate([])
    posts = distinct.group_by(moment).aggregate([([], "count_all")])
    several = posts.filter(pc.greater(posts.column("count_all"), 1)).column("post_id").to_pylist()
    if several:
        raise BadExport(
            f"several rows with different figures for post {one_line(str(min(several)), 40)}:"
            f" {one_line(member.name)}: export totals, one row a post, or map the row's day as observed_on"
        )
