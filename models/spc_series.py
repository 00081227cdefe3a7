"""The weekly series that are charted: their phases, and the weeks of each that set its lines."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

import numpy as np

from models.campaign import Campaign
from models.campaign_types import EVERY
from models.spc import FEWEST_FOR_BASELINE, FEWEST_FOR_ICONS
from models.spc_rules import Floats

WEEK: Final = timedelta(7)
_OF_VIEWS: Final = frozenset({"new_views", "interactions_per_1000_views"})
_A_SIZE: Final = 1000  # views: rates are per 1,000

Record = dict[str, Any]
Breaks = Mapping[str, Sequence[tuple[date, str]]]
"""Days, by facet, from which views mean something else, and why: nothing is compared across them."""


@dataclass(frozen=True)
class Phase:
    """A stretch of weeks with lines of its own."""

    number: int
    """From 1."""
    starts: date
    """Its first Monday."""
    asked: date | None = None
    """The day that was asked for; None: the series begins here."""
    reason: str | None = None


@dataclass(frozen=True)
class Series:
    """One phase of a measure of a facet: every week of it, also those without a row."""

    weeks: tuple[date, ...]
    values: tuple[float | None, ...]
    """Of firm weeks: the others are not judged."""
    sizes: tuple[float | None, ...]
    """Thousands of views that a rate is of; None for other measures."""
    n_rows: int
    """How many of the first weeks hold the baseline."""
    n_settled: int
    is_sufficient: bool
    """Whether its weeks may carry limits at all."""

    @property
    def n(self) -> int:
        """Weeks that can be judged."""
        return sum(value is not None for value in self.values)

    @property
    def baseline(self) -> Floats:
        """The values that set the lines, NaN where one is missing."""
        return as_floats(self.values[: self.n_rows])


def as_floats(values: Sequence[float | None]) -> Floats:
    """The values, NaN where one is missing."""
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def first_monday(day: date) -> date:
    """The start of the first full week on or after a day."""
    return day + timedelta(-day.weekday() % 7)


def phases(rows: Sequence[Record], campaign: Campaign, breaks: Breaks) -> list[Phase]:
    """The phases of a series, given its rows in time order; the last of them may have no row yet.

    A phase begins with the first full week on or after a day that the campaign file names, or from
    which views are counted otherwise; days before the second week begin none.
    """
    measure, facet = rows[0]["measure"], rows[0]["facet"]
    asked = [
        (rebase.date, rebase.reason)
        for rebase in campaign.spc.rebases
        if rebase.measure in {EVERY, measure} and rebase.facet in {EVERY, facet}
    ]
    forced = breaks.get(facet, ()) if measure in _OF_VIEWS else ()
    found = [Phase(1, rows[0]["week"])]
    for monday, group in groupby(sorted({*asked, *forced}), key=lambda told: first_monday(told[0])):
        if monday > found[0].starts:
            days, reasons = zip(*group, strict=True)
            found.append(Phase(len(found) + 1, monday, days[0], "; ".join(reasons)))
    return found


def a_series(rows: Sequence[Record], campaign: Campaign) -> Series:
    """The series of a phase's rows in time order; weeks that are not firm, or have no row, have no value."""
    by_week = {row["week"]: row for row in rows}
    first, last = rows[0]["week"], rows[-1]["week"]
    weeks = tuple(first + n * WEEK for n in range((last - first).days // 7 + 1))
    found = [by_week.get(week) for week in weeks]
    values = tuple(row["value"] if row and row["is_firm"] else None for row in found)
    is_sufficient = rows[0]["is_sufficient"]
    return Series(
        weeks,
        values,
        tuple(_size(row) for row in found),
        _baseline_rows(weeks, values, campaign) if is_sufficient else len(weeks),
        sum(row["is_settled"] for row in rows),
        is_sufficient,
    )


def _size(row: Record | None) -> float | None:
    views = row["views_of_rate"] if row else None
    return views / _A_SIZE if views is not None and views > 0 else None


def _baseline_rows(weeks: Sequence[date], values: Sequence[float | None], campaign: Campaign) -> int:
    """How many of the first weeks hold the baseline: up to an action period, or as the campaign says.

    That is the first period if 13 weeks are known before it, else the second if 12 are; else the first
    13 weeks known set the lines. So 13 known weeks always do, and later ones do not move them.
    """
    known = [at for at, value in enumerate(values) if value is not None]
    wanted = campaign.spc.baseline_weeks
    if wanted is None:
        ends = [sum(week < monday for week in weeks) for monday in _first_full_weeks(campaign)]
        for end, fewest in zip(ends, (FEWEST_FOR_ICONS, FEWEST_FOR_BASELINE), strict=False):
            if sum(at < end for at in known) >= fewest:
                return end
    wanted = wanted or FEWEST_FOR_ICONS
    return known[wanted - 1] + 1 if len(known) >= wanted else len(weeks)


def _first_full_weeks(campaign: Campaign) -> list[date]:
    """The first Monday on or after the start of each action period, in time order."""
    return [first_monday(starts) for starts in sorted(period.starts for period in campaign.periods)]


def known_weeks(series: Series, n_rows: int | None = None) -> list[date]:
    """The weeks that have a value, of the first `n_rows`."""
    rows = zip(series.weeks[:n_rows], series.values, strict=False)
    return [week for week, value in rows if value is not None]
