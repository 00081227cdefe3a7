"""The two videos most worth discussing, each with why it is listed; and one question to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboards import words
from dashboards.blocks import Cell, Pick, Picks, figure
from dashboards.facts import Facts
from dashboards.reader import Row
from dashboards.videos import per_thousand, views_28
from models.metrics import BY_NAME

HEADING: Final = "Two videos to talk about"
TO_SHARE: Final = "Videos to share on Monday"
SHARED_HOW: Final = (
    "One video a topic, in the order of the campaign file, chosen by the lower end of its rate of likes,"
    " comments and shares, so that a handful of views cannot win. Others may do as well: look at it first."
)
_FEWEST: Final = 2


def picks(facts: Facts, posts: Sequence[Row]) -> Picks:
    """The most views at one age, and the rate that is highest even at its lower end.

    Of the current action period, or of all videos while it has fewer than two. Listed is not
    praised: both are reasons to look at a video together.
    """
    chosen, scope = _scope(facts, posts)
    found = [_most_views(facts, chosen, scope)]
    seen = found[0][0] if found[0] else None
    found.append(_highest_rate(facts, [post for post in chosen if post is not seen], scope))
    return Picks(
        tuple(pair[1] for pair in found if pair),
        "No video has figures that can be compared yet: it takes 28 days, and a reading around that day.",
    )


def _scope(facts: Facts, posts: Sequence[Row]) -> tuple[Sequence[Row], str]:
    """The videos of the current action period if there are enough, else all; and the words for them."""
    period = facts.current
    recent = [post for post in posts if period and post["period_id"] == period["period_id"]]
    return (recent, f"of {period['name']}") if period and len(recent) >= _FEWEST else (posts, "known")


def _most_views(facts: Facts, posts: Sequence[Row], scope: str) -> tuple[Row, Pick] | None:
    known = [post for post in posts if post["views_day_28"] is not None]
    if not known:
        return None
    top = max(known, key=lambda post: int(post["views_day_28"]))
    why = (
        f"Most views at 28 days, of the {words.count(len(known), 'video')} {scope} for which they are known."
    )
    return top, _pick(facts, top, why)


def _highest_rate(facts: Facts, posts: Sequence[Row], scope: str) -> tuple[Row, Pick] | None:
    known = [post for post in posts if post["engagement_rate_low"] is not None]
    if not known:
        return None
    top = max(known, key=lambda post: float(post["engagement_rate_low"]))
    shared = sum(post["engagement_rate_low"] == top["engagement_rate_low"] for post in known)
    first = "The highest" if shared == 1 else f"One of {shared} with the highest"
    why = (
        f"{first} lower end of a rate, of the other {words.count(len(known), 'video')} {scope}:"
        f" at least {words.per_thousand(top['engagement_rate_low'])} interactions per 1,000 views,"
        " however few its views are."
    )
    return top, _pick(facts, top, why)


def _pick(facts: Facts, post: Row, why: str) -> Pick:
    published = post["published_on"]
    day = f", {words.day(published)}" if published else ""
    return Pick(
        Cell(words.caption(post["caption"]), href=words.safe_link(post["permalink"]), is_public=True),
        f"{facts.creator(post['creator_id'])} on {words.platform(post['platform'])}{day}",
        why,
        (
            (BY_NAME["views"].label, figure("posts", post, "views")),
            (BY_NAME["views_day_28"].label, views_28(post)),
            (BY_NAME["interactions"].label, figure("posts", post, "interactions")),
            ("Per 1,000 views", per_thousand(post)),
        ),
    )


def to_share(facts: Facts, posts: Sequence[Row]) -> Picks:
    """A video per topic for the coming week: the rate that is highest even at its lower end.

    Of the current action period, or of all videos while a topic has fewer than two in it.
    """
    chosen = [(topic, _shared(facts, topic, posts)) for topic in facts.topics]
    return Picks(
        tuple(replace(pick, above=str(topic["name"])) for topic, pick in chosen if pick),
        "No video has both views and interactions yet.",
    )


def _shared(facts: Facts, topic: Row, posts: Sequence[Row]) -> Pick | None:
    mine = [post for post in posts if post["topic_id"] == topic["topic_id"] and post["gone_at"] is None]
    chosen, scope = _scope(facts, mine)
    known = [post for post in chosen if post["engagement_rate_low"] is not None]
    if not known:
        return None
    top = max(known, key=lambda post: float(post["engagement_rate_low"]))
    low = words.per_thousand(top["engagement_rate_low"])
    others = (
        f"of {len(known)} videos {scope} none has a higher one"
        if len(known) > 1
        else "the only one to choose"
    )
    why = f"Lower end of its rate: {low} interactions per 1,000 views; {others}."
    target = figure("posts", top, "target_low", _at_least, "the viewers of this video were not measured")
    pick = _pick(facts, top, why)
    return replace(pick, figures=(*pick.figures[:2], pick.figures[3], ("Target audience", target)))


def _at_least(share: float) -> str:
    return f"at least {words.percent(share)}"


def question(facts: Facts, team_id: str, topic: Row | None) -> str:
    """One question for the meeting, from what the data leave open."""
    verdicts = (
        {row["verdict"] for row in facts.comparisons(topic["topic_id"], facts.current)} if topic else set()
    )
    if facts.current and verdicts & {"improved", "fell", "signal"}:
        return (
            f"There is a signal in {facts.current['name']}. What else changed in these weeks,"
            " and how could we tell it apart from what we tried?"
        )
    tests = [
        event
        for event in facts.events_for(team_id)
        if event["kind"] == "test_of_change" and event["day"] <= facts.as_of
    ]
    if tests:
        return (
            f"We tried “{tests[-1]['name']}”. Did it go as we predicted, and will we keep, change or drop it?"
        )
    return "What will we try next, what do we predict, and by which day will we look?"
