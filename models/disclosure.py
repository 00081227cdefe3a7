"""Small numbers of people: which counts may be shown, and how, under three rules of disclosure control.

For cuts by audience trait, categories of comments and counts of a survey. Totals of views and likes
are no records of persons and need none of this. Charts compute with exact values; this is for what
is shown. Unknown and suppressed are different things and stay so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

State = Literal["shown", "suppressed", "unknown"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it may be shown; `value` is None unless `state` is `shown`."""

    value: float | None
    state: State

    def __str__(self) -> str:
        """`*` when suppressed, nothing when unknown."""
        if self.value is None:
            return "*" if self.state == "suppressed" else ""
        return f"{self.value:.15g}"


SUPPRESSED: Final = Figure(None, "suppressed")
UNKNOWN: Final = Figure(None, "unknown")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is hidden, what is rounded, and what an average must rest on."""

    suppressed: range
    """Counts that are hidden."""
    rounded_to: int
    """Other counts go to the nearest multiple."""
    average_from: int
    """Fewest people or posts that an average or a median may rest on."""
    needs_secondary: bool
    """Whether exact totals would give away a single hidden cell."""


RULES: Final = {
    "mhsds": Rule(suppressed=range(5), rounded_to=5, average_from=5, needs_secondary=False),
    "hes": Rule(suppressed=range(1, 8), rounded_to=5, average_from=8, needs_secondary=False),
    "lt5": Rule(suppressed=range(5), rounded_to=1, average_from=5, needs_secondary=True),
}
"""NHS England's rules for MHSDS and for sub-national HES (since September 2018), and the older local one.

HES leaves 0 as it is; the others hide it. Rounded totals are rounded on their own, so that nothing can
be taken away from them; the local rule rounds nothing and hides a second cell instead.
"""


def disclose(count: int | None, rule: str) -> Figure:
    """One count under a rule; None: it is not known.

    Raises:
        ValueError: the rule is unknown, or the count is negative.
    """
    return _disclose(count, _rule(rule))


def _disclose(count: int | None, rule: Rule) -> Figure:
    if count is None:
        return UNKNOWN
    if count < 0:
        raise ValueError("a count of people is never negative")
    if count in rule.suppressed:
        return SUPPRESSED
    step = rule.rounded_to
    return Figure((count + step // 2) // step * step, "shown")  # steps are odd: nothing lies half-way


def _rule(name: str) -> Rule:
    if name not in RULES:
        raise ValueError(f"no rule {name!r}; there are {', '.join(RULES)}")
    return RULES[name]


def percentage(part: Figure, whole: Figure) -> Figure:
    """A share, 0-1, from two counts as they are shown, so that it gives away nothing more."""
    if "suppressed" in (part.state, whole.state):
        return SUPPRESSED
    if part.value is None or not whole.value:
        return UNKNOWN
    return Figure(part.value / whole.value, "shown")


def disclose_average(average: float | None, rests_on: int | None, rule: str) -> Figure:
    """An average or a median, unrounded, when it rests on people or posts enough.

    Raises:
        ValueError: as `disclose`.
    """
    needed = _rule(rule).average_from
    if average is None or rests_on is None:
        return UNKNOWN
    return Figure(average, "shown") if rests_on >= needed else SUPPRESSED


@dataclass(frozen=True, slots=True)
class DisclosedTable:
    """A table of counts as it may be shown; totals that are not published are empty or None."""

    cells: tuple[tuple[Figure, ...], ...]
    row_totals: tuple[Figure, ...]
    column_totals: tuple[Figure, ...]
    total: Figure | None


def disclose_table(
    counts: Sequence[Sequence[int | None]], rule: str, *, row_totals: bool, column_totals: bool
) -> DisclosedTable:
    """A table of counts under a rule, with the totals that are published beside it.

    Under `lt5` no line whose total is published keeps exactly one hidden figure, its total included:
    the next smallest is hidden too, until that holds in every row and column. A total with an unknown
    part is unknown.

    Raises:
        ValueError: as `disclose`, or the rows differ in length.
    """
    grid = [list(row) for row in counts]
    if len({len(row) for row in grid}) > 1:
        raise ValueError("the rows of a table must be equally long")
    if row_totals:
        grid = [[*row, _sum(row)] for row in grid]
    if column_totals:
        grid = [*grid, [_sum(column) for column in zip(*grid, strict=True)]]
    shown = [[_disclose(count, _rule(rule)) for count in row] for row in grid]
    if _rule(rule).needs_secondary:
        _hide_second_cells(grid, shown, row_totals=row_totals, column_totals=column_totals)
    return _parts(shown, row_totals=row_totals, column_totals=column_totals)


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


_Place = tuple[int, int]


def _hide_second_cells(
    grid: list[list[int | None]], shown: list[list[Figure]], *, row_totals: bool, column_totals: bool
) -> None:
    """Hide figures in place until no line gives one away; every step hides one, so it ends."""
    rows, columns = range(len(grid)), range(len(grid[0]) if grid else 0)
    lines: list[list[_Place]] = [[(r, c) for c in columns] for r in rows] if row_totals else []
    lines += [[(r, c) for r in rows] for c in columns] if column_totals else []
    while found := next(filter(None, (_second(line, grid, shown) for line in lines)), None):
        row, column = found
        shown[row][column] = SUPPRESSED


def _second(line: list[_Place], grid: list[list[int | None]], shown: list[list[Figure]]) -> _Place | None:
    """The figure to hide in a line with exactly one hidden: its smallest, a part rather than the total."""
    states = [shown[r][c].state for r, c in line]
    if states.count("suppressed") != 1 or "unknown" in states:
        return None
    open_places = [
        (grid[r][c] or 0, place, (r, c)) for place, (r, c) in enumerate(line) if shown[r][c] != SUPPRESSED
    ]
    return min(open_places)[2] if open_places else None


def _parts(shown: list[list[Figure]], *, row_totals: bool, column_totals: bool) -> DisclosedTable:
    body = shown[:-1] if column_totals else shown
    width = -1 if row_totals else None
    last = shown[-1] if column_totals else []
    return DisclosedTable(
        cells=tuple(tuple(row[:width]) for row in body),
        row_totals=tuple(row[-1] for row in body) if row_totals else (),
        column_totals=tuple(last[:width]),
        total=last[-1] if row_totals and last else None,
    )
