"""Comments of the Graph API with their answers, below the account's own posts.

Fields are those of Meta's pages "IG Media Comments" and "IG Comment" (2026).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from connectors import pages
from connectors.api import Visit
from connectors.comments import Rows, comment_row, handle
from connectors.instagram.graph_calls import Graph
from connectors.instagram.graph_rows import link_of, origin, published_s

_LIMIT: Final = "50"
_FIELDS: Final = "id,text,timestamp,username,from{id,username}"
_ANSWERS: Final = f"replies.limit({_LIMIT}){{{_FIELDS}}}"


def commented(posts: list[Any], edge: str) -> Iterator[tuple[str, str]]:
    """(Meta's number, our id) of the posts that have comments; those of others are not ours to read."""
    for media in posts if edge == "media" else ():
        link = link_of(media)
        if link and str(media.get("id")).isalnum() and media.get("comments_count"):
            yield str(media["id"]), link.post_id


def comments_of(graph: Graph, visit: Visit, media_id: str, post_id: str) -> Iterator[Rows]:
    """Page after page.

    Raises:
        SourceError: while pages are drawn.
    """
    query = {"fields": f"{_FIELDS},{_ANSWERS}", "limit": _LIMIT}
    fetch = partial(graph.listed, f"{media_id}/comments", query)
    for page in pages.all_pages(fetch, None, graph.source, visit.account, "the comments of a post"):
        found = [one for one in page.items if isinstance(one, dict)]
        yield _rows(graph, visit, post_id, found)
        for one in found:
            yield from _answers(graph, visit, post_id, one)


def _answers(graph: Graph, visit: Visit, post_id: str, comment: dict[str, Any]) -> Iterator[Rows]:
    """Those that came with a comment, then the pages after them."""
    came, parent = comment.get("replies"), str(comment.get("id"))
    if not isinstance(came, dict) or not isinstance(came.get("data"), list):
        return
    first = graph.page_of(came)
    yield _rows(graph, visit, post_id, first.items, parent)
    if first.has_more and first.cursor and parent.isalnum():
        fetch = partial(graph.listed, f"{parent}/replies", {"fields": _FIELDS, "limit": _LIMIT})
        what = "the answers to a comment"
        for page in pages.all_pages(fetch, first.cursor, graph.source, visit.account, what):
            yield _rows(graph, visit, post_id, page.items, parent)


def _rows(graph: Graph, visit: Visit, post_id: str, items: list[Any], parent: str | None = None) -> Rows:
    rows = (_row(graph, visit, post_id, one, parent) for one in items if isinstance(one, dict))
    return [row for row in rows if row]


def _row(
    graph: Graph, visit: Visit, post_id: str, comment: dict[str, Any], parent: str | None
) -> dict[str, object] | None:
    told = comment.get("from")
    author = handle(comment.get("username") or (told.get("username") if isinstance(told, dict) else None))
    return comment_row(
        origin(graph.source, visit, 1),
        post_id,
        comment.get("id"),
        comment.get("text"),
        published_s(comment),
        parent_id=parent,
        author=author,
        is_owner=None if author is None else author == visit.account,
    )
