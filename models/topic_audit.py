"""What needs a person's eye in the matching of posts to topics, and how far rules and people agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from models.agreement import Agreement, agreement
from models.suggestions import Suggestion, Vocabulary, nearly_matched
from models.topics import Match, Rule, rule_matches

NO_RULE = "no rule"
BY_HAND = "assignment"


@dataclass(frozen=True, slots=True)
class AuditedPost:
    """A published post, with what the rules say of it and what counts."""

    platform: str
    post_id: str
    account: str
    published_on: date
    permalink: str | None
    caption: str | None
    by_rules: tuple[Match, ...]
    """The rules alone; the first is the primary topic."""
    by_hand: tuple[Match, ...] | None
    """None: nobody assigned it. Empty: a person said "no topic"."""

    @property
    def matches(self) -> tuple[Match, ...]:
        """What counts: what a person said, else the rules."""
        return self.by_rules if self.by_hand is None else self.by_hand

    @property
    def topic_id(self) -> str | None:
        """The one topic under which it is counted."""
        return _primary(self.matches)

    @property
    def rule(self) -> str:
        """Why it is counted there: a rule, `assignment`, or `no rule`."""
        if self.by_hand is not None:
            return BY_HAND
        return self.by_rules[0].rule if self.by_rules else NO_RULE


@dataclass(frozen=True, slots=True)
class Audit:
    """Every published post once."""

    posts: tuple[AuditedPost, ...]
    suggestions: Mapping[tuple[str, str], Suggestion]
    """By platform and id, of those unmatched posts that have one."""

    @property
    def unmatched(self) -> tuple[AuditedPost, ...]:
        """Posts that no rule matches and nobody assigned."""
        return tuple(post for post in self.posts if post.rule == NO_RULE)

    @property
    def several(self) -> tuple[AuditedPost, ...]:
        """Posts that rules give to several topics, and nobody assigned."""
        return tuple(post for post in self.posts if post.by_hand is None and len(post.by_rules) > 1)

    @property
    def assigned(self) -> tuple[AuditedPost, ...]:
        """Posts that a person assigned, to a topic or to none."""
        return tuple(post for post in self.posts if post.by_hand is not None)

    @property
    def disagreements(self) -> tuple[AuditedPost, ...]:
        """Assigned posts to which the rules alone would give another primary topic."""
        return tuple(post for post in self.assigned if post.topic_id != _primary(post.by_rules))

    def counts(self) -> Counter[tuple[str | None, str]]:
        """Posts by primary topic (None: in none) and rule; they add up to all posts."""
        return Counter((post.topic_id, post.rule) for post in self.posts)

    def agreement(self) -> Agreement:
        """Of the posts that a person assigned: do the rules alone give the same primary topic?"""
        return agreement([(post.topic_id, _primary(post.by_rules)) for post in self.assigned])

    def suggestion(self, post: AuditedPost) -> Suggestion | None:
        """The topic that an unmatched post may belong to."""
        return self.suggestions.get((post.platform, post.post_id))


def audit(posts: pa.Table, rules: Sequence[Rule], assignments: pa.Table) -> Audit:
    """From the published posts, the campaign's rules and what was assigned by hand, as they now are."""
    by_hand = _by_hand(assignments)
    audited = tuple(
        sorted(
            (_audited(row, rules, by_hand) for row in posts.to_pylist()),
            key=lambda post: (post.published_on, post.platform, post.post_id),
        )
    )
    return Audit(audited, _suggestions(audited, rules))


def _audited(
    row: Mapping[str, Any], rules: Sequence[Rule], by_hand: Mapping[tuple[str, str], tuple[Match, ...]]
) -> AuditedPost:
    return AuditedPost(
        platform=row["platform"],
        post_id=row["post_id"],
        account=row["account"],
        published_on=row["published_on"],
        permalink=row["permalink"],
        caption=row["caption"],
        by_rules=rule_matches(row["caption"], f"{row['platform']}:{row['account']}", rules),
        by_hand=by_hand.get((row["platform"], row["post_id"])),
    )


def _by_hand(assignments: pa.Table) -> Mapping[tuple[str, str], tuple[Match, ...]]:
    """In the order of the file: its first topic is the primary one."""
    matches: defaultdict[tuple[str, str], tuple[Match, ...]] = defaultdict(tuple)
    for row in assignments.to_pylist():
        told = (Match(row["topic_id"], BY_HAND, row["note"]),) if row["topic_id"] is not None else ()
        matches[row["platform"], row["post_id"]] += told
    return matches


def _suggestions(posts: Iterable[AuditedPost], rules: Sequence[Rule]) -> Mapping[tuple[str, str], Suggestion]:
    vocabulary = Vocabulary((p.topic_id, p.caption) for p in posts if p.topic_id and p.caption)
    found = {
        (post.platform, post.post_id): nearly_matched(post.caption or "", rules)
        or vocabulary.suggest(post.caption)
        for post in posts
        if post.rule == NO_RULE
    }
    return {key: suggestion for key, suggestion in found.items() if suggestion}


def _primary(matches: Sequence[Match]) -> str | None:
    return matches[0].topic_id if matches else None
