"""`rapup topics`: what needs a person's eye in the matching of posts to topics, and a file to decide in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connectors import registry
from flows import steps
from flows.settings import Settings
from models.assignments import COLUMNS, UNDECIDED, BadAssignments, assignments_file
from models.campaign import Campaign
from models.published import BY_NAME
from models.spreadsheet import as_text
from models.store import open_published
from models.suggestions import Suggestion
from models.topic_audit import Audit, AuditedPost, audit
from models.topics import Match, rules_of

_HEADER: Final = (*COLUMNS, "caption", "how_to")


@dataclass(frozen=True)
class TopicReport:
    """What `rapup topics` tells."""

    campaign: Campaign
    audit: Audit
    assignments: Path | None
    """The file that a person keeps, if there is one."""
    strangers: tuple[int, ...]
    """Its rows, as Excel counts, whose post is not among the published ones."""
    moved: int
    """Posts that the next build will count elsewhere: rules or assignments have changed."""

    @property
    def open_posts(self) -> tuple[AuditedPost, ...]:
        """Posts that a person should look at, each once."""
        return (*self.audit.unmatched, *self.audit.several)


def report_topics(settings: Settings, campaign: Campaign) -> TopicReport:
    """The published posts under the rules and assignments as they now are.

    Raises:
        StoreUnreadable: nothing is published yet.
        BadAssignments: the file of assignments cannot be used.
    """
    with open_published(settings.data) as published:
        posts = published.table(BY_NAME["posts"])
    assigned = steps.assignments(settings, campaign)
    audited = audit(posts, rules_of(campaign), assigned)
    built = dict(zip(_keys(posts.to_pylist()), posts.column("topic_id").to_pylist(), strict=True))
    told = zip(_keys(assigned.to_pylist()), assigned.column("row_no").to_pylist(), strict=True)
    return TopicReport(
        campaign=campaign,
        audit=audited,
        assignments=assignments_file(steps.assignments_path(settings)),
        strangers=tuple(row for key, row in told if key not in built),
        moved=sum(post.topic_id != built[post.platform, post.post_id] for post in audited.posts),
    )


def _keys(rows: list[dict[str, object]]) -> Iterator[tuple[object, object]]:
    return ((row["platform"], row["post_id"]) for row in rows)


def write_assignments(settings: Settings, report: TopicReport) -> Path | None:
    """A row for every open post, in a new file beside the campaign file; None when no post is open.

    No row decides anything until a person edits it. The file is the campaign's own when it has none
    yet, else `NAME.assignments.suggested.csv`; none is ever overwritten.

    Raises:
        BadAssignments: that file is there already.
    """
    rows = [_row(report, post) for post in report.open_posts if _link(post)]
    if not rows:
        return None
    path = steps.assignments_path(settings)
    if report.assignments:
        path = path.with_suffix(".suggested.csv")
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:  # Excel knows UTF-8 by the mark
            file.write(_csv([_HEADER, *rows]))
    except FileExistsError:
        raise BadAssignments(
            f"{path}: already there and perhaps edited; move or delete it, then run this again"
        ) from None
    return path


def _csv(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([as_text(cell) for cell in row] for row in rows)
    return text.getvalue()


def _row(report: TopicReport, post: AuditedPost) -> tuple[str, ...]:
    suggestion = report.audit.suggestion(post)
    topic_id = post.topic_id or (suggestion.topic_id if suggestion else "")
    caption = " ".join((post.caption or "").split())
    how_to = _how_to(topic_id, [topic.id for topic in report.campaign.topics])
    return _link(post) or "", f"{UNDECIDED}{topic_id}", _note(post, suggestion), caption, how_to


def _how_to(suggested: str, topic_ids: Sequence[str]) -> str:
    agree = f"take the {UNDECIDED} away to agree, or " if suggested else ""
    ids = ", ".join(topic_ids)
    return f"decides nothing yet: {agree}write one of {ids} instead, or empty the cell for no topic"


def _link(post: AuditedPost) -> str | None:
    """Its address, if that leads back to the post: an assignment names it by nothing else."""
    is_known = post.permalink and registry.post_key(post.permalink) == (post.platform, post.post_id)
    return post.permalink if is_known else None


def _note(post: AuditedPost, suggestion: Suggestion | None) -> str:
    if post.matches:
        found = "; ".join(f"{match.topic_id} by {why_matched(match)}" for match in post.matches)
        return f"matched: {found}, check"
    return f"suggested: {why_suggested(suggestion)}, check" if suggestion else "no suggestion"


def why_matched(match: Match) -> str:
    """The rule and what it matched, or the person's note."""
    if match.rule == "assignment":
        return f"hand ({match.matched_on})" if match.matched_on else "hand"
    quoted = f"“{match.matched_on}”" if match.rule == "keyword" else match.matched_on
    return f"{match.rule} {quoted}"


def why_suggested(suggestion: Suggestion) -> str:
    """What speaks for a suggestion, with its numbers."""
    if suggestion.near:
        return f"{suggestion.near.written} is nearly {suggestion.near.meant}"
    return " and ".join(
        f"“{word.word}” is in {word.captions} of {word.of_captions} captions on it "
        f"and in {word.elsewhere} of {word.of_elsewhere} others"
        for word in suggestion.words
    )
