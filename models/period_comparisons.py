"""Action periods of a topic beside the one before, from the posts of both at one age, told in words.

Whether a difference counts is decided by `verdicts`: the interval of the comparison and the topic's own
control chart must agree, and doubts about the data take the firm words away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import Any, Final

import pyarrow as pa

from models.campaign import Campaign, Period, Topic
from models.compare import Circumstances, Comparison, Measure, PeriodPosts, compare, summarise
from models.intervals import Direction
from models.metrics import BY_NAME
from models.spc_views import RESEMBLING
from models.verdicts import Names, period_verdict, sentence

SUSTAINED_WEEKS: Final = 7
"""Weeks in a row on one side of the centre line that make a shift, as the chart's own rule has it."""

RATES: Final = pa.schema(
    {
        "topic_id": pa.string(),
        "period_id": pa.string(),
        "rate_low": pa.float64(),
        "rate_high": pa.float64(),
        "median_rate": pa.float64(),
        "is_dominated": pa.bool_(),
    }
)
COMPARISONS: Final = pa.schema(
    {
        "topic_id": pa.string(),
        "team_id": pa.string(),
        "period_id": pa.string(),
        "before_id": pa.string(),
        "measure": pa.string(),
        "same_age_day": pa.int64(),
        "posts_before": pa.int64(),
        "posts_after": pa.int64(),
        "ratio": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "known_before": pa.float64(),
        "known_after": pa.float64(),
        "boosted": pa.int64(),
        "boosting_unknown": pa.int64(),
        "shift": pa.string(),
        "verdict": pa.string(),
        "sentence": pa.string(),
    }
)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Kind:
    """What is compared: our measure, its published name, its control chart, its words."""

    measure: Measure
    published: str
    charted: str
    words: Callable[[int | None], str]


def _views(age: int | None) -> str:
    return f"views per post at {age} days" if age else "views per post at the same age"


def _rate(_: int | None) -> str:
    return _lower(BY_NAME["interactions_per_1000_views"].label)


KINDS: Final = (
    _Kind("views", "views_same_age", "new_views", _views),
    _Kind("rate", "engagement_rate", "interactions_per_1000_views", _rate),
)


@dataclass(frozen=True)
class _Pair:
    """A period of a topic and the one before it."""

    topic: Topic
    before: Period
    after: Period
    unnamed_boosts: int
    is_redefined: bool


def period_rates(_: Campaign, posts: pa.Table) -> pa.Table:
    """The interval of each period's rate, and the posts' median rate, from rows of `compared_posts`."""
    rows = [row for row in posts.to_pylist() if row["is_after"]]
    made = [_rates(key, _posts_of(group)) for key, group in _grouped(rows).items()]
    return pa.Table.from_pylist(made, schema=RATES)


def _rates(key: tuple[str, str], posts: PeriodPosts) -> dict[str, object]:
    summary = summarise(posts)
    return {
        "topic_id": key[0],
        "period_id": key[1],
        "rate_low": summary.rate.low,
        "rate_high": summary.rate.high,
        "median_rate": summary.median_rate.value,
        "is_dominated": summary.is_dominated,
    }


def topic_comparisons(
    campaign: Campaign, posts: pa.Table, periods: pa.Table, spc: pa.Table, changes: pa.Table
) -> pa.Table:
    """The rows of `topic_comparisons`: one per topic, period that has one before it, and measure.

    `posts` are rows of `compared_posts`, `periods` of `topic_periods` (those that have begun), `changes`
    of `definition_changes`.
    """
    compared = _grouped(posts.to_pylist())
    charts = _grouped(spc.to_pylist(), ("facet", "measure"))
    begun = {(row["topic_id"], row["period_id"]) for row in periods.to_pylist()}
    redefined = [(row["topic_id"], row["day"]) for row in changes.to_pylist()]
    pairs = [
        _Pair(
            topic,
            before,
            after,
            _unnamed_boosts(campaign, topic.team, before.starts, after.ends),
            any(name == topic.id and before.starts <= day <= after.ends for name, day in redefined),
        )
        for topic in campaign.topics
        for before, after in pairwise(sorted(campaign.periods, key=lambda period: period.starts))
        if (topic.id, after.id) in begun
    ]
    made = [
        _told(pair, kind, compared.get((pair.topic.id, pair.after.id), []), charts)
        for pair in pairs
        for kind in KINDS
    ]
    return pa.Table.from_pylist(made, schema=COMPARISONS)


def _new_shift(charts: Mapping[tuple[str, str], list[Row]], pair: _Pair, kind: _Kind) -> Direction | None:
    """The sustained shift of the later period, unless the earlier one shows the same already."""
    chart = charts.get((f"topic:{pair.topic.id}", kind.charted), [])
    before, after = (
        sustained_shift(chart, period.starts, period.ends) for period in (pair.before, pair.after)
    )
    return None if after == before else after


def _weeks_resemble(charts: Mapping[tuple[str, str], list[Row]], pair: _Pair, kind: _Kind) -> bool:
    """Whether neighbouring weeks do, in the baseline that the later period's weeks are judged by."""
    chart = charts.get((f"topic:{pair.topic.id}", kind.charted), [])
    return any(
        row["autocorrelation"] is not None and row["autocorrelation"] > RESEMBLING
        for row in chart
        if pair.after.starts <= row["week"] <= pair.after.ends
    )


def _told(
    pair: _Pair, kind: _Kind, rows: Sequence[Row], charts: Mapping[tuple[str, str], list[Row]]
) -> dict[str, object]:
    """The comparison of one measure, and what may be said of it; none across two definitions of views."""
    shift = _new_shift(charts, pair, kind)
    is_redefined = pair.is_redefined or _differently_defined(rows)
    rows = [] if is_redefined else rows
    before = _posts_of([row for row in rows if not row["is_after"]])
    after = _posts_of([row for row in rows if row["is_after"]])
    age = rows[0]["age_day"] if rows else None
    resemble = _weeks_resemble(charts, pair, kind)
    comparison = compare(
        kind.measure, before, after, Circumstances(pair.unnamed_boosts, bool(rows), is_redefined, resemble)
    )
    verdict = period_verdict(comparison, shift)
    names = Names(kind.words(age), pair.before.name, pair.after.name)
    return {
        "topic_id": pair.topic.id,
        "team_id": pair.topic.team,
        "period_id": pair.after.id,
        "before_id": pair.before.id,
        "measure": kind.published,
        "same_age_day": age,
        **_figures(comparison),
        "shift": shift,
        "verdict": verdict.kind,
        "sentence": sentence(verdict, comparison, names),
    }


def _differently_defined(rows: Sequence[Row]) -> bool:
    """Whether a platform's posts of the two periods have views of different definitions."""
    named: dict[tuple[str, bool], set[int]] = {}
    for row in rows:
        if row["views"] is not None:
            named.setdefault((row["platform"], row["is_after"]), set()).add(row["definition_no"])
    return any(
        found != named.get((platform, not is_after), found) for (platform, is_after), found in named.items()
    )


def _figures(comparison: Comparison) -> dict[str, object]:
    ratio = comparison.ratio
    return {
        "posts_before": ratio.n_before,
        "posts_after": ratio.n_after,
        "ratio": ratio.value,
        "low": ratio.low,
        "high": ratio.high,
        "known_before": comparison.known_before,
        "known_after": comparison.known_after,
        "boosted": comparison.boosted,
        "boosting_unknown": comparison.boosting_unknown,
    }


def _posts_of(rows: Sequence[Row]) -> PeriodPosts:
    """In the order of their ids: a resampling must not depend on the order of rows."""
    ordered = sorted(rows, key=lambda row: (row["platform"], row["post_id"]))
    columns = ("views", "interactions", "is_paid", "account", "platform")
    views, interactions, is_paid, accounts, platforms = ([row[name] for row in ordered] for name in columns)
    return PeriodPosts(views, interactions, is_paid, accounts, platforms)


def _grouped(
    rows: Sequence[Row], key: tuple[str, str] = ("topic_id", "period_id")
) -> dict[tuple[str, str], list[Row]]:
    def name(row: Row) -> tuple[str, str]:
        return row[key[0]], row[key[1]]

    return {found: list(group) for found, group in groupby(sorted(rows, key=name), key=name)}


def _unnamed_boosts(campaign: Campaign, team: str, first: date, last: date) -> int:
    """Boosts in the timetable that concern a team and do not say which posts they were of."""
    return sum(
        event.kind == "boost"
        and not event.posts
        and event.team in {None, team}
        and first <= event.date <= last
        for event in campaign.events
    )


def sustained_shift(chart: Sequence[Row], starts: date, ends: date) -> Direction | None:
    """Where a topic's weeks went in a period: seven judged weeks in a row on one side of the centre line.

    The weeks lie wholly in the period, the line was fixed on weeks before it (so that the period cannot
    hide its own change; weeks of a phase that began within it have no such line), and a period that
    shifted both ways counts as none.
    """
    weeks = sorted(
        (row for row in chart if starts <= row["week"] and row["week"] + timedelta(6) <= ends),
        key=lambda row: row["week"],
    )
    judged = [
        row
        for row in weeks
        if row["value"] is not None
        and not row["is_provisional"]
        and row["baseline_to"] is not None
        and row["baseline_to"] < starts
    ]
    found = {way for way, run in groupby(judged, key=_side) if way and len(list(run)) >= SUSTAINED_WEEKS}
    return found.pop() if len(found) == 1 else None


def _side(row: Row) -> Direction | None:
    if row["mean"] is None or row["value"] == row["mean"]:
        return None
    return "up" if row["value"] > row["mean"] else "down"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
