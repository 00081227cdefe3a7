"""Which posts belong to which topic, by the campaign's rules.

`post_topics.sql` matches whole columns; `rule_matches` gives the same answer for one caption, also for
posts that a person assigned. Both compare keys made by `models.text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from models.campaign import Campaign, Topic
from models.text import hashtags_key, words_key

RULE_RANKS: Final = {"hashtag": 1, "keyword": 2, "account": 3}
"""Which rule decides a post's primary topic; an assignment has rank 0."""

RULES: Final = pa.schema(
    {
        "topic_id": pa.string(),
        "rule": pa.string(),
        "rule_rank": pa.int64(),
        "topic_rank": pa.int64(),  # order in the file, from 0
        "key": pa.string(),  # what SQL looks for
        "matched_on": pa.string(),  # what a person wrote
    }
)

PostKey = Callable[[str], tuple[str, str] | None]
"""The platform and the id of the post that a link leads to."""


class Rule(NamedTuple):
    """One hashtag, keyword or account of a topic; the fields are the columns of `RULES`."""

    topic_id: str
    rule: str
    rule_rank: int
    topic_rank: int
    key: str
    matched_on: str


class Match(NamedTuple):
    """A topic that a post belongs to, and why."""

    topic_id: str
    rule: str
    """assignment, hashtag, keyword or account."""
    matched_on: str | None
    """The words of the rule; of an assignment its note."""


def topic_rules(campaign: Campaign) -> pa.Table:
    """Every rule of every topic, in the order of the file."""
    return pa.Table.from_pylist([rule._asdict() for rule in rules_of(campaign)], schema=RULES)


def rules_of(campaign: Campaign) -> list[Rule]:
    """The same as values."""
    return [
        Rule(topic.id, rule, RULE_RANKS[rule], rank, key, matched_on)
        for rank, topic in enumerate(campaign.topics)
        for rule, key, matched_on in _rules_of(topic)
    ]


def _rules_of(topic: Topic) -> Iterator[tuple[str, str, str]]:
    for tag in topic.hashtags:
        yield "hashtag", hashtags_key(f"#{tag}"), f"#{tag}"
    for keyword in topic.keywords:
        yield "keyword", words_key(keyword), keyword
    for account in topic.accounts:
        yield "account", f"{account.platform}:{account.handle}", str(account)


def rule_matches(caption: str | None, account: str, rules: Sequence[Rule]) -> tuple[Match, ...]:
    """The topics of a post by the rules alone, one match each; the first is the primary topic.

    `account` is "platform:handle", `rules` are in the order of the file.
    """
    searched = {"hashtag": hashtags_key(caption or ""), "keyword": words_key(caption or "")}
    matched = [
        rule
        for rule in rules
        if (rule.key == account if rule.rule == "account" else rule.key in searched[rule.rule])
    ]
    surest: dict[str, Match] = {}
    for rule in sorted(matched, key=lambda rule: rule.rule_rank):  # within a rank, the order of the file
        surest.setdefault(rule.topic_id, Match(rule.topic_id, rule.rule, rule.matched_on))
    return tuple(surest.values())
