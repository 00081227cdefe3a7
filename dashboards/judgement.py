"""What a control chart says, in words: of a week, of the weeks after the baseline, of its basis.

Signals are named, never praised, and nothing is said of why (a chart alone cannot tell).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from dashboards import words
from dashboards.reader import Row

BY_CHANCE: Final = (
    "Even where nothing has changed, 2 to 4 in 10 charts of 26 to 52 weeks show such a signal"
    " somewhere, by chance."
)
RESEMBLING: Final = 0.3
_WEEK: Final = timedelta(7)
_CAUSES: Final = {
    "Common Cause": "usual variation",
    "Above UCL": "above the upper limit",
    "Below LCL": "below the lower limit",
    "7 Point Trend (Increasing)": "one of 7 or more weeks rising in a row",
    "7 Point Trend (Decreasing)": "one of 7 or more weeks falling in a row",
    "2 in 3 Above CL": "one of 2 in 3 weeks close to the upper limit",
    "2 in 3 Below CL": "one of 2 in 3 weeks close to the lower limit",
    "7 Points Above CL": "one of 7 or more weeks in a row above the mean",
    "7 Points Below CL": "one of 7 or more weeks in a row below the mean",
}


def cause(row: Row) -> str:
    """What was found of one week."""
    return _CAUSES[row["cause"]] if row["cause"] is not None else "not judged"


def is_signal(row: Row) -> bool:
    """Whether a week differs by more than usual variation."""
    return row["cause"] is not None and row["cause"] != "Common Cause"


def after_baseline(rows: Sequence[Row]) -> list[Row]:
    """The weeks judged that did not set the limits themselves."""
    return [row for row in rows if row["cause"] is not None and row["week"] > row["baseline_to"]]


def title(measure: str, rows: Sequence[Row]) -> str:
    """The message: how many of the weeks after the baseline lie outside the limits."""
    weeks = after_baseline(rows)
    if not weeks:
        return f"{measure}: no week after the baseline is settled yet"
    since = words.day(weeks[0]["week"])
    of = f"of the {words.count(len(weeks), 'settled week')} since {since}"
    above = sum(row["value"] > row["upl"] for row in weeks)
    below = sum(row["value"] < row["lpl"] for row in weeks)
    signals = sum(map(is_signal, weeks))
    if above or below:
        sides = [f"{above} {_lie(above)} above the upper limit"] * bool(above)
        sides += [f"{below} {_lie(below)} below the lower limit"] * bool(below)
        return f"{measure}: {of}, {words.listed(sides)}"
    if signals:
        return f"{measure}: {of}, {signals} {_lie(signals)} in a run or trend beyond usual variation"
    return f"{measure}: no change beyond usual variation in the {of.removeprefix('of the ')}"


def _lie(number: int) -> str:
    return "lies" if number == 1 else "lie"


def basis(rows: Sequence[Row]) -> str:
    """From which weeks the limits come, and how."""
    row = rows[0]
    last = words.day(row["baseline_to"] + timedelta(6))
    parts = [
        f"baseline: {words.count(row['n_baseline'], 'week')} to {last}",
        f"{'screened' if row['is_screened'] else 'unscreened'} moving ranges",
    ]
    computed = ", computed on log10" if row["scale"] == "log10" else ""
    trial = "; trial limits: fewer than 20 weeks" if row["is_trial"] else ""
    return f"{', '.join(parts)}{computed}{trial}"


def caution(rows: Sequence[Row]) -> str:
    """What to bear in mind about the signals of a chart."""
    related = rows[0]["autocorrelation"]
    if related is not None and related > RESEMBLING:
        return f"{BY_CHANCE} Weeks resemble their neighbours here: signals are overstated."
    return BY_CHANCE


def stretches(weeks: Sequence[date]) -> str:
    """Weeks as stretches of consecutive ones."""
    marked = [(week - n * _WEEK, week) for n, week in enumerate(weeks)]
    groups = [[week for _, week in group] for _, group in groupby(marked, key=lambda pair: pair[0])]
    return words.listed([words.day(g[0]) if len(g) == 1 else words.days(g[0], g[-1]) for g in groups])
