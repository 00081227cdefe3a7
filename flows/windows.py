"""What a pull reads again: lately published posts every night, a year's every week, and all of them once.

Platforms correct figures late, posts gain views for months, and one that was deleted shows only by
its absence from a list that was read to its end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.api import Window

_DAY_S: Final = 86_400
RECENT_DAYS: Final = 30
_YEAR_S: Final = 365 * _DAY_S
_WEEK_S: Final = 7 * _DAY_S - _DAY_S // 2  # a night that begins a little earlier is a week later, too
_RESUME_S: Final = 36 * 3600  # the night after goes on; older pages would be of another time
_FRESH_S: Final = 12 * 3600

Pull = Mapping[str, Any]
"""A row of `models.schema.PULLS`."""


@dataclass(frozen=True)
class Plan:
    """One walk that is to be made, or gone on with."""

    started_s: int
    """When the walk began, in epoch seconds."""
    window: Window


def plans(history: Sequence[Pull], now_s: int, days: int = RECENT_DAYS) -> list[Plan]:
    """The walks of this run for one account and source, from those before it, oldest first.

    A walk that stopped half-way is gone on with; if it began long ago, a new one follows it.
    """
    last = history[-1] if history else None
    if last is None or last["cursor"] is None or _is_read_to_its_end(last["started_s"], history):
        return [_fresh(history, now_s, days)]
    age = now_s - last["started_s"]
    if age > _RESUME_S:
        return [_fresh(history, now_s, days)]
    rest = Plan(last["started_s"], Window(last["since_s"], last["cursor"], _not_given(last)))
    return [rest] if age < _FRESH_S else [rest, _fresh(history, now_s, days)]


def _is_read_to_its_end(started_s: int, history: Sequence[Pull]) -> bool:
    """Of a walk, which may have taken several attempts, some of them within one second."""
    return any(pull["is_complete"] and pull["started_s"] == started_s for pull in history)


def _fresh(history: Sequence[Pull], now_s: int, days: int) -> Plan:
    complete = [pull for pull in history if pull["is_complete"]]
    deep = [p["started_s"] for p in complete if p["since_s"] is None or _reaches_a_year(p)]
    if not any(pull["since_s"] is None for pull in complete):
        return Plan(now_s, Window())
    if now_s - max(deep) >= _WEEK_S:
        return Plan(now_s, Window(now_s - _YEAR_S))  # and what was not given may be given by now
    return Plan(now_s, Window(now_s - days * _DAY_S, not_given=_not_given(history[-1])))


def _reaches_a_year(pull: Pull) -> bool:
    return bool(pull["started_s"] - pull["since_s"] >= _YEAR_S)


def _not_given(pull: Pull) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(pull["not_given"] or "{}")
    return found
