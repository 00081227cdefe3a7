"""A second, slow reading of what the SQL models say: plain loops over plain rows, to compare them with."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
COUNTERS = ("views", "reach", "likes", "comments", "shares", "saves")
SHARES = ("watch_time_avg_s", "completion_rate")
METRICS = (*COUNTERS, *SHARES)
DAY = 86_400
AGES = {1: (12 * 3600, True), 3: (24 * 3600, True), 7: (36 * 3600, True), 28: (14 * DAY, False)}

Value = int | float | None


@dataclass(frozen=True)
class Reading:
    """One row of one load."""

    post_id: str
    s: int
    row_no: int
    values: dict[str, Value]


@dataclass(frozen=True)
class Load:
    """What one source said, and what it calls views."""

    load_id: str
    rank: int
    is_exact: bool
    definition: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Moment:
    """What was known of a post at one second."""

    s: int
    is_exact: bool
    definition: str | None
    values: dict[str, Value]
    segment: int = 0
    break_kind: str | None = None

    def __getitem__(self, name: str) -> Value:
        return self.values.get(name)

    @property
    def interactions(self) -> Value:
        return added(self["likes"], self["comments"], self["shares"])


@dataclass
class Post:
    """A post and its moments, oldest first; `chain` are those that know views."""

    post_id: str
    published_s: int
    moments: list[Moment] = field(default_factory=list)

    @property
    def chain(self) -> list[Moment]:
        return [moment for moment in self.moments if moment["views"] is not None]


def added(*parts: Value) -> Value:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def divided(part: Value, whole: Value) -> float | None:
    return None if part is None or whole is None or whole <= 0 else part / whole


def rounded(x: float) -> int:
    return math.floor(x + 0.5) if x >= 0 else -math.floor(-x + 0.5)


def local_day(s: int) -> date:
    return datetime.fromtimestamp(s, ZONE).date()


def history(post_id: str, published_s: int, loads: Iterable[Load]) -> Post:
    """The moments of a post, merged and cut into segments."""
    rows = [(load, r) for load in loads for r in load.readings if r.post_id == post_id]
    by_second: dict[int, list[tuple[Load, Reading]]] = {}
    for load, reading in rows:
        by_second.setdefault(max(reading.s, published_s + 1), []).append((load, reading))
    merged = [_merged(s, told) for s, told in sorted(by_second.items())]
    return Post(post_id, published_s, _segmented(merged))


def _merged(s: int, told: list[tuple[Load, Reading]]) -> Moment:
    ordered = sorted(told, key=lambda pair: (-pair[1].s, pair[0].rank, pair[0].load_id, pair[1].row_no))
    values: dict[str, Value] = {}
    definition = None
    for load, reading in ordered:
        for name in METRICS:
            if values.get(name) is None and reading.values.get(name) is not None:
                values[name] = reading.values[name]
                definition = load.definition if name == "views" else definition
    return Moment(s, ordered[0][0].is_exact, definition, values)


def _segmented(moments: list[Moment]) -> list[Moment]:
    done: list[Moment] = []
    segment, before = 0, None
    for moment in moments:
        kind = None
        if moment["views"] is not None:
            kind = _break(before, moment) if before else None
            before = moment
        segment += kind is not None
        done.append(Moment(moment.s, moment.is_exact, moment.definition, moment.values, segment, kind))
    return done


def _break(before: Moment, after: Moment) -> str | None:
    if before.definition != after.definition:
        return "redefined"
    old, new = before["views"] or 0, after["views"] or 0
    return "reset" if old >= 100 and new <= 0.1 * old else None


# Days.


def post_days(post: Post) -> dict[date, dict[str, object]]:
    """The rows of `post_days` by day."""
    last = {local_day(moment.s): moment for moment in post.chain}
    rows = {}
    before: tuple[date, Moment] | None = None
    for day, moment in last.items():
        rows[day] = _day(post, day, moment, before)
        before = (day, moment)
    return rows


def _day(post: Post, day: date, moment: Moment, before: tuple[date, Moment] | None) -> dict[str, object]:
    since = before if before and before[1].segment == moment.segment else None
    opens = moment.segment > 0 and since is None
    row: dict[str, object] = {"views": moment["views"]}
    for name in ("views", "likes", "comments", "shares", "saves"):
        base = None if opens else since[1][name] if since else 0
        value = moment[name]
        row[f"{name}_new"] = None if value is None or base is None else value - base
    first = since[0] if since else local_day(post.published_s)
    row["covers_days"] = None if opens else max(1, (day - first).days)
    row["is_correction"] = row["views_new"] is not None and int(str(row["views_new"])) < 0
    kind = _last_break(post, moment) if opens else None
    row["is_reset"], row["is_redefined"] = kind == "reset", kind == "redefined"
    return row


def _last_break(post: Post, moment: Moment) -> str | None:
    return next(m.break_kind for m in post.chain if m.segment == moment.segment and m.break_kind)


# Newest totals.


def current(post: Post, followers: int | None) -> dict[str, Value]:
    """The newest known value of each metric; rates of one moment each."""
    rates: dict[str, Callable[[Moment], Value]] = {
        "interactions": lambda m: m.interactions,
        "engagement_rate": lambda m: divided(m.interactions, m["views"]),
        "engagement_rate_with_saves": lambda m: divided(added(m.interactions, m["saves"]), m["views"]),
        "engagement_rate_by_reach": lambda m: divided(m.interactions, m["reach"]),
        "save_rate": lambda m: divided(m["saves"], m["views"]),
        "share_rate": lambda m: divided(m["shares"], m["views"]),
    }
    newest = {name: _newest(post, lambda m, name=name: m[name]) for name in METRICS}
    newest |= {name: _newest(post, rate) for name, rate in rates.items()}
    return newest | {"engagement_rate_by_followers": divided(newest["interactions"], followers)}


def _newest(post: Post, value: Callable[[Moment], Value]) -> Value:
    return next((value(m) for m in reversed(post.moments) if value(m) is not None), None)


def followers_at(post: Post, days: Sequence[tuple[date, int | None]]) -> int | None:
    published = local_day(post.published_s)
    known = {day: n for day, n in days if n is not None and 0 <= (published - day).days <= 7}
    return known[max(known)] if known else None


# Fixed ages.


def at_age(post: Post, age: int, as_of_s: int) -> tuple[int | None, int | None, str]:
    """Views, interactions and status at an age in days."""
    t = post.published_s + age * DAY
    window, needs_second = AGES[age]
    near = [m for m in post.chain if abs(m.s - t) <= window and (m.is_exact or not needs_second)]
    exact = [m for m in near if abs(m.s - t) <= 3600 and m.is_exact]
    if exact:
        chosen = min(exact, key=lambda m: (abs(m.s - t), m.s >= t))
        return _whole(chosen["views"]), _whole(chosen.interactions), "observed"
    before = [m for m in near if m.s <= t]
    after = [m for m in near if m.s > t]
    if before and after and before[-1].segment == after[0].segment:
        a, b = before[-1], after[0]
        way = (t - a.s) / (b.s - a.s)
        return (
            _between(a["views"], b["views"], way),
            _between(a.interactions, b.interactions, way),
            "interpolated",
        )
    return None, None, "not_yet" if t > as_of_s else "missing"


def _between(a: Value, b: Value, way: float) -> int | None:
    return None if a is None or b is None else rounded(a + (b - a) * way)


def _whole(value: Value) -> int | None:
    return None if value is None else int(value)


def bounds_of_day_7(post: Post) -> tuple[Value, Value]:
    """The last views before and the first after, if nothing broke between."""
    t = post.published_s + 7 * DAY
    low = [m for m in post.chain if m.s + (0 if m.is_exact else DAY // 2) <= t]
    high = [m for m in post.chain if m.s - (0 if m.is_exact else DAY // 2) >= t]
    if low and high and low[-1].segment != high[0].segment:
        return None, None
    return (low[-1]["views"] if low else None), (high[0]["views"] if high else None)


# Weeks.


@dataclass(frozen=True)
class Edge:
    """What a post had at the start of a week."""

    views: Value
    interactions: Value
    segment: int


def mondays(first: date, as_of_s: int) -> list[date]:
    """The weeks of a campaign that starts on `first`, up to now."""
    monday = first - timedelta(first.weekday())
    found = []
    while midnight(monday) <= as_of_s:
        found.append(monday)
        monday += timedelta(7)
    return found


def midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC).timestamp())


def edge(post: Post, at: int) -> Edge | None:
    """The value at the edge of a week, or None."""
    chain = [Moment(post.published_s, True, None, dict.fromkeys(COUNTERS, 0)), *post.chain]
    for a, b in pairwise([*chain, None]):
        if a is None or a.s > at or (b is not None and b.s <= at):
            continue
        after = None if b is None else b.s - at
        if after is not None and after <= DAY // 2 and (after < at - a.s or at - a.s > DAY // 2):
            return _edge_at(b)
        if at - a.s <= DAY // 2:
            return _edge_at(a)
        if b is None or after is None or b.segment != a.segment or max(after, at - a.s) > 8 * DAY:
            return None
        return Edge(*(_line(x, y, at - a.s, b.s - a.s) for x, y in _pairs(a, b)), a.segment)
    return None


def _edge_at(moment: Moment | None) -> Edge | None:
    return moment and Edge(moment["views"], moment.interactions, moment.segment)


def _pairs(a: Moment, b: Moment) -> list[tuple[Value, Value]]:
    return [(a["views"], b["views"]), (a.interactions, b.interactions)]


def _line(a: Value, b: Value, part: int, whole: int) -> int | None:
    return None if a is None or b is None else rounded(a + (b - a) * float(part) / whole)


def week_gain(post: Post, monday: date, weeks: Sequence[date]) -> tuple[Value, Value]:
    """Views and interactions gained in a week; None where an edge is not known."""
    following = monday + timedelta(7)
    end = edge(post, midnight(following)) if following in weeks else None
    if end is None:
        return None, None
    if post.published_s >= midnight(monday):
        return (end.views, end.interactions) if end.segment == 0 else (None, None)
    start = edge(post, midnight(monday))
    if start is None or start.segment != end.segment:
        return None, None
    return _less(end.views, start.views), _less(end.interactions, start.interactions)


def _less(a: Value, b: Value) -> Value:
    return None if a is None or b is None else a - b


def topic_week(posts: Sequence[Post], monday: date, weeks: Sequence[date]) -> dict[str, object] | None:
    """The sums over the posts of a topic; None before the first of them."""
    lived = [p for p in posts if p.published_s < midnight(monday + timedelta(7))]
    if not lived:
        return None
    gains = [week_gain(post, monday, weeks) for post in lived]
    views = [v for v, _ in gains if v is not None]
    interactions = [i for _, i in gains if i is not None]
    of_rate = sum(v for v, i in gains if v is not None and i is not None)
    return {
        "posts": sum(p.published_s >= midnight(monday) for p in lived),
        "views_new": sum(views) if views else None,
        "interactions_new": sum(interactions) if interactions else None,
        "engagement_rate": sum(interactions) / of_rate if interactions and of_rate > 0 else None,
    }
