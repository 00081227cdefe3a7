"""The topics report in plain words, and as values for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from dashboards import words
from flows.topics import TopicReport, why_matched, why_suggested
from models.topic_audit import BY_HAND, NO_RULE, AuditedPost
from models.topics import RULE_RANKS, Match

MOST_TOLD: Final = 30
"""Posts of one list that a person reads; programs get all."""

_RULES: Final = {BY_HAND: "by hand", **{rule: rule for rule in RULE_RANKS}, NO_RULE: NO_RULE}
_NO_TOPIC: Final = "no topic"


def in_words(report: TopicReport) -> Iterator[str]:
    """Counts, then each post that needs a person, then how far rules and people agree."""
    audit, names = report.audit, {topic.id: topic.name for topic in report.campaign.topics}
    yield from _counts(report, names)
    unmatched = words.count(
        len(audit.unmatched),
        "post matches no rule, so no topic counts it",
        "posts match no rule, so no topic counts them",
    )
    yield from _list(unmatched, audit.unmatched, lambda post: _suggested(report, post, names))
    several = words.count(
        len(audit.several),
        "post matches several topics; only the first counts it",
        "posts match several topics; only the first counts each",
    )
    yield from _list(several, audit.several, lambda post: _decided(post, names))
    yield from _agreement(report, names)
    yield from _hints(report)


def _counts(report: TopicReport, names: Mapping[str, str]) -> Iterator[str]:
    """A line a topic, a column a rule; every post is in one cell."""
    counts = report.audit.counts()
    rows = [
        (name, [counts[id_, rule] for rule in _RULES]) for id_, name in [*names.items(), (None, _NO_TOPIC)]
    ]
    rows.append(
        ("all posts", [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)])
    )
    widest = max(len(name) for name, _ in rows)
    headings = [*_RULES.values(), "posts"]
    yield "  ".join([" " * widest, *headings])
    for name, numbers in rows:
        cells = zip([*numbers, sum(numbers)], headings, strict=True)
        yield "  ".join([name.ljust(widest), *(f"{number:>{len(heading)},}" for number, heading in cells)])


def _list(title: str, posts: Sequence[AuditedPost], reason: Callable[[AuditedPost], str]) -> Iterator[str]:
    if not posts:
        return
    yield ""
    yield title
    for post in posts[:MOST_TOLD]:
        platform, day = words.platform(post.platform), words.day(post.published_on)
        yield f"    @{post.account}, {platform}, {day}: “{words.caption(post.caption)}”"
        yield f"        {post.permalink or 'no link known'}"
        yield f"        {reason(post)}"
    if len(posts) > MOST_TOLD:
        yield f"    and {len(posts) - MOST_TOLD:,} more: --json"


def _suggested(report: TopicReport, post: AuditedPost, names: Mapping[str, str]) -> str:
    suggestion = report.audit.suggestion(post)
    if suggestion is None:
        return "suggestion: none; it shares no telling word with the posts on any topic"
    return f"suggestion: {names[suggestion.topic_id]}, because {why_suggested(suggestion)}"


def _decided(post: AuditedPost, names: Mapping[str, str]) -> str:
    """Which topic counts it, which also match, and what decided."""
    first, *others = post.by_rules
    also = words.listed([_named(match, names) for match in others])
    return f"counted under {_named(first, names)}, not under {also}: {_order(first, others[0])}"


def _named(match: Match, names: Mapping[str, str]) -> str:
    return f"{names[match.topic_id]} ({why_matched(match)})"


def _order(first: Match, second: Match) -> str:
    if first.rule == second.rule:
        return "the topic that comes first in the campaign file"
    return f"{first.rule}s go before {second.rule}s"


def _agreement(report: TopicReport, names: Mapping[str, str]) -> Iterator[str]:
    audit, found = report.audit, report.audit.agreement()
    share = found.share
    if share.value is None or share.low is None or share.high is None:
        return
    kappa = f"; Cohen's kappa {found.kappa:.2f}" if found.kappa is not None else ""
    yield ""
    yield (
        f"{words.count(share.n, 'post was', 'posts were')} assigned by hand. The rules alone agree on"
        f" {found.agreed:,}: {_percent(share.value)} (95 % interval {_percent(share.low)} to"
        f" {_percent(share.high)}){kappa}."
    )
    yield "People assign the posts that look wrong, so this says little about the other posts."
    title = words.count(len(audit.disagreements), "post that the rules", "posts that the rules")
    yield from _list(
        f"{title} alone would count elsewhere", audit.disagreements, lambda post: _both(post, names)
    )


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _both(post: AuditedPost, names: Mapping[str, str]) -> str:
    by_hand = names[post.topic_id] if post.topic_id else _NO_TOPIC
    return (
        f"by hand: {by_hand}; by the rules: {_named(post.by_rules[0], names) if post.by_rules else _NO_TOPIC}"
    )


def _hints(report: TopicReport) -> Iterator[str]:
    if report.strangers:
        rows = words.listed([*map(str, report.strangers)])
        yield ""
        yield (
            f"{report.assignments}, row{'s' if len(report.strangers) > 1 else ''} {rows}: no such post is"
            " published; check the link, or wait until an export lists it"
        )
    if report.moved:
        yield ""
        yield (
            f"{words.count(report.moved, 'post')} will move: rules or assignments have changed since"
            " the last build; run `rapup build`"
        )
    if report.open_posts:
        yield ""
        yield "to decide: `rapup topics --write` makes a file for Excel that says how; then `rapup build`"


def as_values(report: TopicReport) -> dict[str, Any]:
    """All of it, for JSON."""
    audit, found = report.audit, report.audit.agreement()
    return {
        "posts": len(audit.posts),
        "counts": [
            {"topic_id": topic_id, "rule": rule, "posts": posts}
            for (topic_id, rule), posts in sorted(
                audit.counts().items(), key=lambda item: (item[0][0] or "", item[0][1])
            )
        ],
        "unmatched": [_post(report, post) for post in audit.unmatched],
        "several": [_post(report, post) for post in audit.several],
        "agreement": {
            "posts": found.share.n,
            "agreed": found.agreed,
            "share": found.share.value,
            "low": found.share.low,
            "high": found.share.high,
            "kappa": found.kappa,
            "disagreements": [_post(report, post) for post in audit.disagreements],
        },
        "assignments": str(report.assignments) if report.assignments else None,
        "rows_without_post": report.strangers,
        "posts_that_will_move": report.moved,
    }


def _post(report: TopicReport, post: AuditedPost) -> dict[str, Any]:
    suggestion = report.audit.suggestion(post)
    return {
        "platform": post.platform,
        "post_id": post.post_id,
        "account": post.account,
        "published_on": post.published_on.isoformat(),
        "permalink": post.permalink,
        "caption": post.caption,
        "topic_id": post.topic_id,
        "rule": post.rule,
        "by_rules": [match._asdict() for match in post.by_rules],
        "by_hand": None if post.by_hand is None else [match._asdict() for match in post.by_hand],
        "suggestion": suggestion
        and {
            "topic_id": suggestion.topic_id,
            "score": suggestion.score,
            "because": why_suggested(suggestion),
        },
    }
