"""Comments below the posts of an API, as rows: read after the figures of their posts, never instead of them.

A connector gives names and texts as the platform writes them; whoever stores them makes pseudonyms of the
names and masks the texts (`models.comments`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from connectors import values
from connectors.api import Visit
from connectors.base import Batch
from connectors.source_errors import (
    PaginationLoop,
    PermissionMissing,
    RequestRefused,
    RunOver,
    SourceError,
    TokenRejected,
)
from models.schema import from_epoch

KIND: Final = "comments"
"""Under this name a walk remembers that the platform does not give any."""

Rows = list[dict[str, object]]


@dataclass
class Comments:
    """The comments of one walk; what goes wrong with them is told and stops nothing."""

    visit: Visit
    platform_name: str
    scope: str
    """The permission that gives them."""
    notices: list[str]
    left: int = 0
    """Posts whose comments the platform did not give."""
    is_over: bool = False
    kept: set[str] = field(default_factory=set)

    def after(self, batch: Batch, lists: Iterable[Iterator[Rows]]) -> Iterator[Batch]:
        """A batch of posts, then the comments below them page by page; only what is wanted is drawn."""
        yield batch
        for comments in lists:
            if self.is_over or not self._is_wanted():
                return
            for rows in self._drawn(comments):
                table = values.to_table("comments_seen", self._once(rows))
                yield replace(batch, tables={"comments_seen": table}, rows=table.num_rows, refused=())

    def _is_wanted(self) -> bool:
        return self.visit.context.comments and self.scope not in self.visit.window.not_given.get(KIND, [])

    def _once(self, rows: Rows) -> Rows:
        """Without those that a page before held: long lists move while they are read."""
        new = {str(row["comment_id"]): row for row in rows if row["comment_id"] not in self.kept}
        self.kept |= new.keys()
        return list(new.values())

    def _drawn(self, comments: Iterator[Rows]) -> Iterator[Rows]:
        try:
            yield from comments
        except (TokenRejected, RunOver):
            raise
        except PermissionMissing:
            self.visit.window.not_given.setdefault(KIND, []).append(self.scope)
            self.notices.append(
                f"{self.platform_name} gives no comments without {self.scope}: connect the account again"
            )
        except (RequestRefused, PaginationLoop):
            self.left += 1
        except SourceError as error:
            self.is_over = True
            self.notices.append(f"comments are not complete: {error}")

    def tell(self) -> None:
        """At the end of the walk."""
        if self.left:
            self.notices.append(
                f"{self.platform_name} does not give all comments of {self.left}"
                f" post{'s' * (self.left != 1)}: left out"
            )


def comment_row(
    start: Mapping[str, object],
    post_id: str,
    comment_id: object,
    text: object,
    published_s: int | None,
    **more: Any,
) -> dict[str, object] | None:
    """A row of `comments_seen`; None: it has no id or no words."""
    words = values.on_one_line(text)
    if not isinstance(comment_id, str | int) or not words:
        return None
    moment = (
        {} if published_s is None else {"published_s": published_s, "published_at": from_epoch(published_s)}
    )
    return {**start, "post_id": post_id, "comment_id": str(comment_id), "text": words, **moment, **more}


def handle(name: object) -> str | None:
    """Who wrote it; None: the platform does not say."""
    return name.lower() if isinstance(name, str) and name else None
