"""Insights of posts: one request each, several at once, and no metric that a kind of post has not twice.

Meta refuses a whole request for one metric that it does not give of that kind of post. Then each metric
is asked for alone; one that is refused so for two posts of a kind is not asked for again, and that is
told. (After one post only, it may have been the post.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from connectors.instagram.graph_calls import MOST_AT_ONCE
from connectors.instagram.graph_errors import MetricRefused, NotOfThisPost
from connectors.instagram.graph_fields import INSIGHTS, MILLISECONDS
from connectors.source_errors import PermissionMissing
from connectors.strict_json import JsonObject
from connectors.values import shown

AT_ONCE: Final = 4
_ALL: Final = "insights"

Values = Mapping[str, float | int | None]
"""By the platform's name."""
Fetch = Callable[[str, Sequence[str]], Values]
"""The metrics of an id; raises `MetricRefused` if one of them is not to be had."""
FetchAll = Callable[[Sequence[tuple[str, Sequence[str]]]], Sequence[Values | NotOfThisPost | None]]
"""The metrics of several ids in one request, or why one has none; None: it is to be asked for alone."""


@dataclass
class Insights:
    """Knows what to ask of each kind of post, and learns it on the way; threads may share it."""

    fetch: Fetch
    not_given: dict[str, list[str]]
    """By kind of post, what is not asked for: grows."""
    notices: list[str]
    fetch_all: FetchAll | None = None
    """Where the API takes several requests as one."""
    missed: Counter[str] = field(default_factory=Counter)
    """Why posts have no insights, and how many."""
    _suspects: dict[str, Counter[str]] = field(default_factory=dict)
    _settled: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def of_posts(self, posts: Sequence[tuple[str, str]]) -> dict[str, Values]:
        """The metrics of posts, given as (id, kind), by id; a post without any is left out.

        Raises:
            SourceError: Meta does not answer, or wants fewer requests.
        """
        found: dict[str, Values] = {}
        waiting: list[tuple[str, str]] = []
        for media_id, kind in posts:
            if kind in self._settled:
                waiting.append((media_id, kind))
            else:
                found |= self._of_post(media_id, kind)
        if self.fetch_all:
            at_once = [(media_id, kind) for media_id, kind in waiting if not self._suspects.get(kind)]
            answered = self._together(self.fetch_all, at_once)
            found |= {media_id: values for media_id, values in answered.items() if values}
            waiting = [post for post in waiting if post[0] not in answered]
        if waiting:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                for one in pool.map(lambda post: self._of_post(*post), waiting):
                    found |= one
        return found

    def _together(self, fetch_all: FetchAll, posts: Sequence[tuple[str, str]]) -> dict[str, Values]:
        """The metrics of posts whose kind is known well; {} of one that has none."""
        asked = [(media_id, wanted) for media_id, kind in posts if (wanted := self._wanted(kind))]
        found: dict[str, Values] = {}
        for start in range(0, len(asked), MOST_AT_ONCE):
            some = asked[start : start + MOST_AT_ONCE]
            for (media_id, _), answer in zip(some, fetch_all(some), strict=True):
                if isinstance(answer, NotOfThisPost):
                    self._miss(answer.why)
                    found[media_id] = {}
                elif answer is not None:
                    found[media_id] = self._known(answer)
        return found

    def _known(self, values: Values) -> Values:
        """The values, or {} if none is known yet, which is told in the end."""
        if any(value is not None for value in values.values()):
            return values
        self._miss("Meta gives them after up to two days, and not of everything")
        return {}

    def tell(self) -> None:
        """At the end of a walk: which posts have none, and why."""
        for why, posts in sorted(self.missed.items()):
            self.notices.append(f"no insights of {posts} post{'' if posts == 1 else 's'}: {why}")

    def _of_post(self, media_id: str, kind: str) -> dict[str, Values]:
        wanted = self._wanted(kind)
        if not wanted:
            return {}
        try:
            values = self._asked(media_id, kind, wanted)
        except NotOfThisPost as error:
            self._miss(error.why)
            return {}
        except PermissionMissing as error:
            with self._lock:
                if not self.not_given.get(_ALL):
                    self.not_given[_ALL] = ["everything"]
                    self.notices.append(f"no insights: {error}")
            return {}
        return {media_id: self._known(values)}

    def _miss(self, why: str) -> None:
        with self._lock:
            self.missed[why] += 1

    def _wanted(self, kind: str) -> list[str]:
        if self.not_given.get(_ALL):
            return []
        return [name for name in INSIGHTS[kind].values() if name not in self.not_given.get(kind, [])]

    def _asked(self, media_id: str, kind: str, wanted: Sequence[str]) -> Values:
        suspects = self._suspects.setdefault(kind, Counter())
        together = [name for name in wanted if name not in suspects]
        try:
            values = dict(self.fetch(media_id, together)) if together else {}
        except MetricRefused:
            return self._one_by_one(media_id, kind, wanted)
        alone = [name for name in wanted if name in suspects]
        if not alone:
            self._settled.add(kind)
        return {**values, **self._one_by_one(media_id, kind, alone)}

    def _one_by_one(self, media_id: str, kind: str, names: Sequence[str]) -> Values:
        """Each metric by itself: those that are refused become suspect, or are known not to be given."""
        values: dict[str, float | int | None] = {}
        for name in names:
            try:
                values |= self.fetch(media_id, [name])
            except MetricRefused:
                self._refused(kind, name)
            else:
                self._suspects[kind].pop(name, None)
        return values

    def _refused(self, kind: str, name: str) -> None:
        with self._lock:
            suspects = self._suspects[kind]
            suspects[name] += 1
            known = self.not_given.setdefault(kind, [])
            if suspects[name] > 1 and name not in known:
                known.append(name)
                self.notices.append(f"Meta does not give {name} of {kind.lower()}: left empty")
            if name in known:
                del suspects[name]


def values_of(answer: JsonObject, names: Sequence[str], reasons: list[str]) -> Values:
    """The metrics in an answer, in the units of the canonical columns; None: not given, which is not 0."""
    found: dict[str, float | int | None] = dict.fromkeys(names)
    for metric in answer["data"]:
        name = metric.get("name") if isinstance(metric, dict) else None
        if name in found:
            found[name] = _in_units(str(name), _value(metric), reasons)
    return found


def _value(metric: JsonObject) -> Any:
    """A lifetime value stands in a list of one, a total in an object of its own."""
    total, listed = metric.get("total_value"), metric.get("values")
    if isinstance(total, dict):
        return total.get("value")
    first = listed[0] if isinstance(listed, list) and listed else None
    return first.get("value") if isinstance(first, dict) else None


def _in_units(name: str, value: Any, reasons: list[str]) -> float | int | None:
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < 2**63:
        reasons.append(f"{name} is not a number from 0 up ({shown(value)}): left empty")
        return None
    if name in MILLISECONDS:
        return float(value) / 1000
    if value != int(value):
        reasons.append(f"{name} is not a whole number ({shown(value)}): left empty")
        return None
    return int(value)
