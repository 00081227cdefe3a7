"""A list that comes in pages, each naming where the next begins: read to its end, never in circles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from connectors.source_errors import PaginationLoop

MAX_PAGES: Final = 2000
MAX_EMPTY_PAGES: Final = 10  # in a row


class Page(NamedTuple):
    """One answer."""

    items: list[Any]
    cursor: str | None
    """Where the next page begins; None: it cannot be told, or there is none."""
    has_more: bool


def all_pages(
    fetch: Callable[[str | None], Page], start: str | None, source: str, account: str, what: str
) -> Iterator[Page]:
    """Page after page from `start` (None: the beginning) until there is no more.

    A page may be short or empty and still not be the last one. It is handed out before its cursor is
    judged: what it holds is good even if the list then turns out to be a circle. A page whose cursor
    leads nowhere is handed out without it.

    Raises:
        PaginationLoop: while pages are drawn; the list has no end.
        SourceError: as `fetch` raises it.
    """
    cursor, been, empty = start, {start}, 0
    for _ in range(MAX_PAGES):
        page = fetch(cursor)
        empty = 0 if page.items else empty + 1
        wrong = _wrong(page, been, empty)
        yield page._replace(cursor=None) if wrong else page
        if not page.has_more:
            return
        if wrong:
            raise _no_end(source, account, what, wrong)
        cursor = page.cursor
        been.add(cursor)
    raise _no_end(source, account, what, f"more than {MAX_PAGES} pages")


def _wrong(page: Page, been: set[str | None], empty: int) -> str | None:
    if not page.has_more:
        return None
    if page.cursor is None:
        return "there is more, but no cursor to ask for it"
    if page.cursor in been:
        return "a cursor came twice"
    return f"{empty} empty pages in a row" if empty > MAX_EMPTY_PAGES else None


def _no_end(source: str, account: str, what: str, why: str) -> PaginationLoop:
    return PaginationLoop(
        f"{source}: {what} of @{account} has no end ({why}): the posts so far are valid, the"
        " list is not complete; run `rapup pull` again later"
    )
