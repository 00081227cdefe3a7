"""What stands under a weekly chart: which chart it is and why, what is awaited, its target, its phases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from dashboards import words
from dashboards.facts import Facts, first
from dashboards.judgement import firm, has_limits, latest_phase, runs_usual
from dashboards.reader import Row
from models.metrics import BY_NAME

Show = Callable[[float], str]

_FEWEST: Final = 13
_SETTLES: Final = timedelta(10)  # after its Monday
_KINDS: Final = {
    "log10": (
        "XmR chart computed on log10, since a week of the baseline has more than 5 times the median: the"
        " scale rises by factors, the mean is the geometric mean."
    ),
    "u'": (
        "u' chart (Laney), since weekly views vary more than 4-fold over the baseline: each week has limits"
        " of its own, wide where views are few, and never closer than those of the busiest baseline week."
    ),
}
_NOT_SKEWED: Final = {
    "new_views": "no week of the baseline has more than 5 times the median",
    "interactions_per_1000_views": "weekly views do not vary more than 4-fold over the baseline",
}
_ASSURANCE: Final = {
    "consistent_pass": "within usual variation it is met every week",
    "consistent_fail": "within usual variation it is never met",
    "inconsistent": "within usual variation it is met or missed by chance",
    None: "how reliably it is met can be told once there are limits",
}


def notes(facts: Facts, rows: Sequence[Row], team_id: str | None, show: Show) -> str:
    """All of it, in sentences."""
    latest = latest_phase(rows)
    said = (kind(latest), awaited(facts, latest, team_id, show), target(latest, show), phases(rows))
    return " ".join(filter(None, said))


def kind(rows: Sequence[Row]) -> str:
    """Which chart was used, and why."""
    row = rows[-1]
    if row["scale"] in _KINDS:
        return _KINDS[row["scale"]]
    if has_limits(rows):
        return f"XmR chart, since {_NOT_SKEWED[row['measure']]}."
    why = "for want of weeks" if row["limits_from"] else "since limits mean little with weeks of zero"
    return f"Run chart, {why}. {runs_usual(rows)}"


def awaited(facts: Facts, rows: Sequence[Row], team_id: str | None, show: Show) -> str:
    """When limits will exist, and what could be seen then; nothing where they exist, or never will."""
    row, known = rows[-1], len(firm(rows))
    if row["limits_from"] is None:
        return ""
    settled = sum(facts.as_of >= week["week"] + _SETTLES for week in rows)
    share, of = ("", "") if row["is_sufficient"] else (", 4 in 5 of all settled ones", f" of {settled}")
    need = f"they need {_FEWEST} complete, settled weeks{share}; so far {known}{of}"
    if row["limits_from"] > facts.campaign["ends"]:
        return f"No limits before the campaign ends: {need}."
    said = [f"Limits from {words.day(row['limits_from'])} if every coming week is complete: {need}."]
    if row["spread"] is not None:
        said += [_power(row, known, show), *_by_session(facts, row, team_id)]
    return " ".join(said)


def _power(row: Row, known: int, show: Show) -> str:
    """How large a change must be to be seen.

    Simulated with independent normal weeks: limits of 13 weeks and 13 weeks more find a lasting change
    by one standard deviation in 81 % of charts, by half of one in 45 %.
    """
    return (
        f"A lasting change of about {show(row['spread'])} {BY_NAME[row['measure']].unit}, one standard"
        f" deviation of the {known} weeks so far, is found in 8 of 10 charts after 13 weeks of limits and 13"
        " more; half of it, in fewer than 5."
    )


def _by_session(facts: Facts, row: Row, team_id: str | None) -> Iterator[str]:
    """What that means for the next session of the timetable, if there is one."""
    session = first(e for e in facts.events_for(team_id) if e["kind"] == "session" and e["day"] > facts.as_of)
    if session is None:
        return
    day = words.day(session["day"])
    if session["day"] < row["limits_from"]:
        yield f"At the next session, {day}, there are no limits yet."
    elif session["day"] < row["limits_from"] + _FEWEST * timedelta(7):
        yield f"By the next session, {day}, only a larger change could be seen."
    else:
        yield f"By the next session, {day}, a smaller change could hardly be seen."


def target(rows: Sequence[Row], show: Show) -> str:
    """Whether the target is met, by the limits; nothing without a target."""
    row = rows[-1]
    if row["target"] is None:
        return ""
    return f"Target {show(row['target'])}: {_ASSURANCE[row['assurance']]}."


def phases(rows: Sequence[Row]) -> str:
    """Where lines start anew, and the reason given for it."""
    starts = {row["phase"]: row for row in reversed(rows)}  # the first week of each
    return " ".join(_start(row) for _, row in sorted(starts.items()) if row["phase_reason"])


def _start(row: Row) -> str:
    asked, reason = row["phase_asked"], row["phase_reason"].rstrip(".")
    snapped = f", the first full one from {words.day(asked)} on" if asked != row["week"] else ""
    return f"Lines start anew with the week of {words.day(row['week'])}{snapped}: {reason}."
