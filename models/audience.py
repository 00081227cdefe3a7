"""Tables `audience` and `target_reach`: who watches, as far as platforms tell, and under disclosure control.

Shares of a handful of people are hidden by the campaign's rule; the arithmetic of the target audience
is in `target_audience`, and a verdict is given only on a post whose own viewers the platform measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, cast

import pyarrow as pa

from models.campaign import Campaign, TargetAudience
from models.disclosure import UNKNOWN, Figure, disclose, percentage
from models.schema import TIMESTAMP
from models.target_audience import (
    Basis,
    Bounds,
    Dimension,
    criterion_share,
    goal_verdict,
    in_target,
    target_bounds,
)

FEWEST_PEOPLE: Final = 100
"""Platforms tell nothing of a smaller audience (TikTok, Instagram): what a share is of at least."""

_DIGITS: Final = 12  # 0.41 + 0.09 and the like are a little less than they should be

AUDIENCE: Final = pa.schema(
    {
        "platform": pa.string(),
        "subject_type": pa.string(),
        "subject_id": pa.string(),
        "creator_id": pa.string(),
        "population": pa.string(),
        "observed_at": TIMESTAMP,
        "dimension": pa.string(),
        "bucket": pa.string(),
        "share": pa.float64(),
        "state": pa.string(),
        "in_target": pa.bool_(),
        "basis": pa.string(),
    }
)
TARGET_REACH: Final = pa.schema(
    {
        "platform": pa.string(),
        "subject_type": pa.string(),
        "subject_id": pa.string(),
        "creator_id": pa.string(),
        "population": pa.string(),
        "criterion": pa.string(),
        "words": pa.string(),
        "observed_at": TIMESTAMP,
        "share": pa.float64(),
        "low": pa.float64(),
        "high": pa.float64(),
        "listed": pa.float64(),
        "state": pa.string(),
        "goal_share": pa.float64(),
        "verdict": pa.string(),
        "basis": pa.string(),
        "is_reading": pa.bool_(),
    }
)

ALL: Final = "all"
_DIMENSIONS: Final[tuple[Dimension, ...]] = ("age", "country", "city")
_SUBJECT: Final = ("platform", "subject_type", "subject_id", "creator_id", "population")

Row = Mapping[str, Any]


def audience(campaign: Campaign, newest: pa.Table) -> pa.Table:
    """The rows of `audience`, from those of `audience_newest`."""
    rows = [_shown(row, campaign) for row in newest.to_pylist()]
    return pa.Table.from_pylist(rows, schema=AUDIENCE)


def _shown(row: Row, campaign: Campaign) -> dict[str, object]:
    figure = disclosed_share(row["share"], row["people"], campaign.privacy.suppress)
    target = campaign.target_audience
    kept = {name: row[name] for name in (*_SUBJECT, "observed_at", "dimension", "bucket")}
    return kept | {
        "share": figure.value,
        "state": figure.state,
        "in_target": in_target(target, row["dimension"], row["bucket"]) if target else None,
        "basis": "read by a person" if row["is_reading"] else _basis(row),
    }


def _basis(row: Row) -> Basis:
    return "measured" if row["subject_type"] == "post" and row["population"] == "viewers" else "account"


def disclosed_share(share: float | None, people: int | None, rule: str) -> Figure:
    """A share, 0-1, of so many people, as it may be shown: by the count that it stands for.

    Of an audience of unknown size only what must be true is used: it has 100 people or more.
    """
    if share is None:
        return UNKNOWN
    if people is None:
        least = disclose(round(share * FEWEST_PEOPLE), rule)
        return least if least.state == "suppressed" else Figure(round(share, _DIGITS), "shown")
    return percentage(disclose(round(share * people), rule), disclose(people, rule))


def target_reach(campaign: Campaign, newest: pa.Table) -> pa.Table:
    """The rows of `target_reach`, from those of `audience_newest`; none without a target audience."""
    target = campaign.target_audience
    rows = sorted(newest.to_pylist(), key=_subject) if target else []
    made = [
        record
        for _, group in groupby(rows, key=_subject)
        if target
        for record in _reach(list(group), target, campaign.privacy.suppress)
    ]
    return pa.Table.from_pylist(made, schema=TARGET_REACH)


def _subject(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _SUBJECT)


def _reach(rows: Sequence[Row], target: TargetAudience, rule: str) -> Iterator[dict[str, object]]:
    """One record for each criterion that the platform tells of, and one for all of them together."""
    by_dimension = {name: [row for row in rows if row["dimension"] == name] for name in _DIMENSIONS}
    told = {
        name: bounds
        for name, listed in by_dimension.items()
        if (bounds := criterion_share(target, name, {row["bucket"]: row["share"] for row in listed}))
    }
    for name, bounds in told.items():
        yield _record(by_dimension[name], name, criterion_words(target, name), bounds, target, rule)
    wanted = [name for name in _DIMENSIONS if criterion_words(target, name)]
    if told:
        # A criterion that nobody tells of may be met by all or by none.
        every = target_bounds([told.get(name, Bounds(0.0, 1.0)) for name in wanted])
        used = [row for name in told for row in by_dimension[name]]
        words = "; ".join(criterion_words(target, name) for name in wanted)
        yield _record(used, ALL, words, every, target, rule)


def _record(
    rows: Sequence[Row], criterion: str, words: str, bounds: Bounds, target: TargetAudience, rule: str
) -> dict[str, object]:
    """Bounds with their words; hidden when even the upper one stands for a handful of people.

    A lower one that does is told as 0: it may be the very share that `audience` hides.
    """
    row = rows[0]
    low, high = (disclosed_share(end, row["people"], rule) for end in (bounds.low, bounds.high))
    shown = high.state == "shown"
    basis = _basis(row)
    verdict = goal_verdict(bounds, target.goal_share, basis) if criterion == ALL and shown else None
    return {
        **{name: row[name] for name in _SUBJECT},
        "criterion": criterion,
        "words": words,
        "observed_at": min(row["observed_at"] for row in rows),
        "share": high.value if bounds.exact is not None else None,
        "low": (low.value or 0.0) if shown else None,
        "high": high.value,
        "listed": _listed(rows),
        "state": high.state,
        "goal_share": target.goal_share,
        "verdict": verdict,
        "basis": basis,
        "is_reading": any(row["is_reading"] for row in rows),
    }


def _listed(rows: Iterable[Row]) -> float:
    """The part of the audience that the lists cover, 0-1: of several lists, the one that covers least."""
    ordered = sorted(rows, key=lambda row: str(row["dimension"]))
    groups = groupby(ordered, key=lambda row: str(row["dimension"]))
    return min(min(1.0, sum(cast("float", row["share"]) for row in group)) for _, group in groups)


def criterion_words(target: TargetAudience, dimension: Dimension) -> str:
    """A criterion as people say it: "aged 13-17 or 18-24"; nothing when the campaign has none."""
    wanted, before = {
        "age": (target.ages, "aged "),
        "country": (target.countries, "in "),
        "city": (target.places, "in "),
    }[dimension]
    return f"{before}{' or '.join(wanted)}" if wanted else ""
