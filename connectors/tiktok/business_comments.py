"""Comments of the Accounts API: public ones with their answers, below the account's own posts.

Fields are those of TikTok's page "Get comments of a video"
(business-api.tiktok.com/portal/docs?id=1760232109619202).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from connectors import pages, values
from connectors.api import Visit
from connectors.comments import Rows, comment_row, handle
from connectors.pages import Page
from connectors.strict_json import JsonObject
from connectors.tiktok.videos import cursor_of, origin

PAGE_SIZE: Final = 30  # the most that TikTok gives
_LIST: Final = "/business/comment/list/"
_ANSWERS: Final = "/business/comment/reply/list/"

Ask = Callable[[str, dict[str, str]], JsonObject]
"""A path and a query: the answer's `data`."""


def comments_of(ask: Ask, source: str, visit: Visit, post_id: str) -> Iterator[Rows]:
    """Page after page.

    Raises:
        SourceError: while pages are drawn.
    """
    query = {
        "video_id": post_id,
        "include_replies": "true",
        "sort_field": "create_time",
        "sort_order": "desc",
    }
    fetch = partial(_page, ask, _LIST, query)
    for page in pages.all_pages(fetch, None, source, visit.account, "the comments of a post"):
        found = [one for one in page.items if isinstance(one, dict)]
        yield [row for one in found for row in _with_answers(source, visit, post_id, one)]
        for one in found:
            yield from _later_answers(ask, source, visit, post_id, one)


def _page(ask: Ask, path: str, query: dict[str, str], cursor: str | None) -> Page:
    more = {} if cursor is None else {"cursor": cursor}
    data = ask(path, {**query, "status": "PUBLIC", "max_count": str(PAGE_SIZE), **more})
    return Page(data["comments"] or [], cursor_of(data), data["has_more"])


def _with_answers(source: str, visit: Visit, post_id: str, comment: JsonObject) -> Rows:
    """A comment with the answers that came with it: three at most."""
    rows = (_row(source, visit, post_id, one) for one in (comment, *_answers(comment)))
    return [row for row in rows if row]


def _answers(comment: JsonObject) -> list[JsonObject]:
    found = comment.get("reply_list") or []
    parent = comment.get("comment_id")
    if not isinstance(found, list):
        return []
    return [{"parent_comment_id": parent, **one} for one in found if isinstance(one, dict)]


def _later_answers(ask: Ask, source: str, visit: Visit, post_id: str, comment: JsonObject) -> Iterator[Rows]:
    told = comment.get("replies")
    if not values.is_whole(told) or told <= len(_answers(comment)):
        return
    query = {"video_id": post_id, "comment_id": str(comment.get("comment_id"))}
    fetch = partial(_page, ask, _ANSWERS, query)
    for page in pages.all_pages(fetch, None, source, visit.account, "the answers to a comment"):
        whole = {"comment_id": comment.get("comment_id"), "reply_list": page.items}
        rows = (_row(source, visit, post_id, one) for one in _answers(whole))
        yield [row for row in rows if row]


def _row(source: str, visit: Visit, post_id: str, comment: JsonObject) -> dict[str, object] | None:
    parent, owner = comment.get("parent_comment_id"), comment.get("owner")
    return comment_row(
        origin(source, visit, 1),
        post_id,
        comment.get("comment_id"),
        comment.get("text"),
        _seconds(comment.get("create_time")),
        parent_id=str(parent) if parent else None,
        author=handle(comment.get("username")),
        is_owner=owner if isinstance(owner, bool) else None,
    )


def _seconds(told: Any) -> int | None:
    text = str(told)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None  # noqa: PLR2004 (until 2286)


def comments_misshapen(payload: JsonObject) -> str | None:
    """What an answer lacks."""
    data = payload.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("comments", ""), list | None):
        return "no data.comments"
    return None if isinstance(data.get("has_more"), bool) else "no data.has_more"
