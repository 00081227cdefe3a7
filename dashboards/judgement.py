"""What a control or run chart says, in words: of a week, of its weeks as a whole, of its basis.

Signals are named, never praised, and nothing is said of why (a chart alone cannot tell). `rows` are a
series of the published table `spc`, oldest first; what is said of a whole is said of its latest phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from dashboards import words
from dashboards.reader import Row

BY_CHANCE: Final = (
    "Even where nothing has changed, at least 2 to 4 in 10 charts of 26 to 52 weeks show such a signal"
    " somewhere, by chance."
)
RESEMBLING: Final = 0.3
RUN_CHART: Final = "run chart"
FEWEST_FOR_RUNS: Final = 10
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


def latest_phase(rows: Sequence[Row]) -> list[Row]:
    """The weeks whose lines are those of today."""
    return [row for row in rows if row["phase"] == rows[-1]["phase"]]


def has_limits(rows: Sequence[Row]) -> bool:
    """Whether the latest weeks are judged by limits; else they are a run chart."""
    return bool(rows[-1]["scale"] != RUN_CHART)


def firm(rows: Sequence[Row]) -> list[Row]:
    """The weeks that take part: known, complete, settled."""
    return [row for row in rows if row["value"] is not None and not row["is_provisional"]]


def after_baseline(rows: Sequence[Row]) -> list[Row]:
    """The weeks judged that did not set the limits themselves."""
    return [row for row in rows if row["cause"] is not None and row["week"] > row["baseline_to"]]


def title(measure: str, rows: Sequence[Row]) -> str:
    """The message: what is found in the weeks after the baseline, or in the runs about the median."""
    latest = latest_phase(rows)
    return f"{measure}: {_found(latest) if has_limits(latest) else runs(latest)}"


def _found(rows: Sequence[Row]) -> str:
    weeks = after_baseline(rows)
    if not weeks:
        return "no week after the baseline is settled yet"
    since = words.day(weeks[0]["week"])
    of = f"of the {words.count(len(weeks), 'settled week')} since {since}"
    above = sum(row["cause"] == "Above UCL" for row in weeks)
    below = sum(row["cause"] == "Below LCL" for row in weeks)
    signals = sum(map(is_signal, weeks))
    if above or below:
        sides = [f"{above} {_lie(above)} above the upper limit"] * bool(above)
        sides += [f"{below} {_lie(below)} below the lower limit"] * bool(below)
        return f"{of}, {words.listed(sides)}"
    if signals:
        return f"{of}, {signals} {_lie(signals)} in a run or trend beyond usual variation"
    return f"no change beyond usual variation in the {of.removeprefix('of the ')}"


def _lie(number: int) -> str:
    return "lies" if number == 1 else "lie"


def runs(rows: Sequence[Row]) -> str:
    """What Anhøj's rules say of a run chart."""
    row, weeks = rows[-1], words.count(len(firm(rows)), "settled week")
    if row["run_signal"] is None:
        since = f" since {words.day(rows[0]['week'])}" if row["phase"] > 1 else ""
        return f"too few weeks{since} to judge, {weeks} so far"
    if row["run_longest"] > row["run_longest_max"]:
        return f"a shift, {row['run_longest']} weeks in a row on one side of the median"
    if row["run_signal"]:
        return f"a shift, {weeks} cross the median only {words.count(row['crossings'], 'time')}"
    return f"no signal, no unusual run about the median in {weeks}"


def runs_usual(rows: Sequence[Row]) -> str:
    """What the runs are compared with; nothing below 10 weeks off the median."""
    row = rows[-1]
    if row["run_signal"] is None:
        return f"Runs are judged from {FEWEST_FOR_RUNS} weeks off the median on."
    return (
        f"Usual for so many weeks: runs of at most {row['run_longest_max']} on one side of the median"
        f" (here {row['run_longest']}), at least {words.count(row['crossings_min'], 'crossing')} of it"
        f" (here {row['crossings']})."
    )


def basis(rows: Sequence[Row]) -> str:
    """From which weeks the lines come, and how."""
    row = rows[-1]
    if row["baseline_to"] is None:
        return "no settled week yet"
    last = words.day(row["baseline_to"] + timedelta(6))
    weeks = words.count(row["n_baseline"], "week")
    if not has_limits(rows):
        return f"median of {weeks} to {last}"
    parts = [f"baseline: {weeks} to {last}", f"{'' if row['is_screened'] else 'un'}screened moving ranges"]
    computed = {"log10": ", computed on log10", "u'": " of standardised rates"}.get(row["scale"], "")
    trial = "; trial limits: fewer than 20 weeks" if row["is_trial"] else ""
    return f"{', '.join(parts)}{computed}{trial}"


def caution(rows: Sequence[Row]) -> str:
    """What to bear in mind about the signals of a chart with limits."""
    if not has_limits(rows):
        return ""
    related = rows[-1]["autocorrelation"]
    if related is not None and related > RESEMBLING:
        return f"{BY_CHANCE} Weeks resemble their neighbours here: signals are overstated."
    return BY_CHANCE


def stretches(weeks: Sequence[date]) -> str:
    """Weeks as stretches of consecutive ones."""
    marked = [(week - n * _WEEK, week) for n, week in enumerate(weeks)]
    groups = [[week for _, week in group] for _, group in groupby(marked, key=lambda pair: pair[0])]
    return words.listed([words.day(g[0]) if len(g) == 1 else words.days(g[0], g[-1]) for g in groups])
