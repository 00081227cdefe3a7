"""Titles and sentences made from the figures that they speak of.

They say what was seen, period by period, and nothing about why; without limits there is no verdict.
"""

from __future__ import annotations

from datetime import date

from dashboards import words
from dashboards.facts import Facts
from dashboards.reader import Row


def compare(
    measure: str, now: str | None, now_name: str | None, before: str | None, before_name: str | None
) -> str:
    """A title: the measure in two action periods, whichever of them is known."""
    if now_name is None:
        said = "no action period has begun yet"
    elif now is None:
        said = f"not known yet for {now_name}; {before} in {before_name}" if before else "not known yet"
    elif before_name is None:
        said = f"{now} in {now_name}"
    elif before is None:
        said = f"{now} in {now_name}; not known for {before_name}"
    elif now == before:
        said = f"about {now} in both {now_name} and {before_name}"
    else:
        said = f"{now} in {now_name}, {before} in {before_name}"
    return f"{measure}: {said}"


def what_was_tried(facts: Facts, team_id: str) -> tuple[str, ...]:
    """The team's tests of change up to now."""
    tests = [
        event
        for event in facts.events_for(team_id)
        if event["kind"] == "test_of_change" and event["day"] <= facts.as_of
    ]
    if not tests:
        return ("No test of change is in the timetable for this team yet.",)
    return tuple(event_text(event) for event in tests)


def event_text(event: Row) -> str:
    """An event with its day and note."""
    note = f" {event['note']}" if event["note"] else ""
    return f"{words.day(event['day'])}: {event['name']}.{note}"


def what_happened(topic: Row, period: Row | None, now: Row | None) -> str:
    """What came of the current action period so far, in one sentence."""
    if period is None:
        return "No action period has begun yet."
    posts = now["posts"] if now else 0
    number = words.count(posts, "post") if posts else "No post"
    made = f"{number} on “{topic['name']}” published in {period['name']}"
    if not now or now["views_new_per_week"] is None:
        return f"{made}; how many new views a week is not known yet."
    gained = words.compact(now["views_new_per_week"])
    weeks = words.count(now["weeks"], "full week")
    return f"{made}; {gained} new views a week over {weeks}, older posts included."


def what_next(facts: Facts, team_id: str | None, wanted: int) -> tuple[str, ...]:
    """The next event of the timetable, and how many files to ask for."""
    coming = [event for event in facts.events_for(team_id) if event["day"] > facts.as_of]
    event = f"Next in the timetable: {words.day(coming[0]['day'])}, {coming[0]['name']}." if coming else ""
    asks = f"{words.count(wanted, 'file')} to ask creators for: see below." if wanted else ""
    return tuple(filter(None, [event, asks])) or ("The timetable has ended, and no file is missing.",)


def which_period(facts: Facts) -> str:
    """Whether the action period that pages speak of still runs."""
    over = facts.current is not None and facts.current["ends"] < facts.as_of
    return "the action period that ended last" if over else "this action period"


def period_days(period: Row | None) -> str:
    """An action period's name and days."""
    return f"{period['name']}, {words.days(period['starts'], period['ends'])}" if period else ""


def week_series(measure: str, weeks: list[tuple[date, float, bool]], missing: int, show: str) -> str:
    """The text alternative of a weekly line: its span, its extremes, its last firm week."""
    if not weeks:
        return f"{measure}: no week is known yet."
    shown = {week: format_value(value, show) for week, value, _ in weeks}
    low, high = min(weeks, key=lambda w: w[1])[0], max(weeks, key=lambda w: w[1])[0]
    firm = [week for week, _, is_firm in weeks if is_firm]
    parts = [
        f"Line chart of {measure[:1].lower()}{measure[1:]}, weeks of {words.day(weeks[0][0])} to"
        f" {words.day(weeks[-1][0])}: {words.count(len(weeks), 'week')} with a figure"
        f"{f', {missing} without' if missing else ''}.",
        f"Lowest {shown[low]} (week of {words.day(low)}), highest {shown[high]} (week of {words.day(high)}).",
    ]
    if firm:
        parts.append(f"Latest settled week, of {words.day(firm[-1])}: {shown[firm[-1]]}.")
    if len(firm) < len(weeks):
        parts.append(f"{words.count(len(weeks) - len(firm), 'week is', 'weeks are')} provisional.")
    return " ".join(parts)


def format_value(value: float, show: str) -> str:
    """A figure of a chart: `rate` per 1,000, else a number."""
    return words.per_thousand(value) if show == "rate" else words.exact(value)
