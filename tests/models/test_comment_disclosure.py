"""Counts of comments beside their exact total: no hidden one can be worked out, however one tries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import permutations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from models.comment_disclosure import CATEGORIES, Counts, figures, hidden_counts, may_show_mean
from models.disclosure import RULES, disclose

fixed = settings(derandomize=True, deadline=None)
rules = st.sampled_from(sorted(RULES))

ALL = {"scored", *CATEGORIES}


@cache
def shown(count: int, rule: str) -> float | None:
    return disclose(count, rule).value


def row(counts: Counts, hidden: frozenset[str], rule: str) -> dict[str, float | None]:
    """What is published of counts; None is hidden."""
    return {name: None if name in hidden else shown(n, rule) for name, n in figures(counts).items()}


def all_counts(total: int, parts: int = 5) -> Iterator[Counts]:
    """Every way to put comments into categories."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in all_counts(total - first, parts - 1):
            yield (first, *rest)


def published(total: int, rule: str) -> dict[tuple[object, ...], list[Counts]]:
    """All counts of a total, by what is published of each.

    The rules treat the three scored categories alike, and the two others: one order of each is computed.
    """
    by_row: defaultdict[tuple[object, ...], list[Counts]] = defaultdict(list)
    for counts in all_counts(total):
        if list(counts[:3]) != sorted(counts[:3]) or counts[3] > counts[4]:
            continue
        hidden = hidden_counts(counts, rule)
        values = row(counts, hidden, rule)
        orders = {(*a, *b) for a in permutations(range(3)) for b in permutations((3, 4))}
        for order in orders:
            placed = tuple(counts[at] for at in order)
            told = (values["scored"], *(values[CATEGORIES[at]] for at in order))
            has_mean = values["scored"] is not None and sum(counts[:3]) >= 10
            if placed not in by_row[has_mean, *told]:
                by_row[has_mean, *told].append(placed)
    return by_row


@pytest.mark.parametrize(
    ("rule", "total"),
    [(rule, total) for rule in sorted(RULES) for total in (1, 4, 12, 25)] + [("mhsds", 27), ("mhsds", 32)],
)
def test_who_knows_the_rules_cannot_tell_a_hidden_count(rule: str, total: int) -> None:
    for told, alike in published(total, rule).items():
        for name, value in zip(("scored", *CATEGORIES), told[1:], strict=True):
            if value is None:
                assert len({figures(counts)[name] for counts in alike}) > 1, (told, name)


def test_the_search_sees_a_rule_that_gives_counts_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.comment_disclosure._is_open", lambda *_: True)
    with pytest.raises(AssertionError):
        test_who_knows_the_rules_cannot_tell_a_hidden_count("lt5", 25)


@pytest.mark.parametrize(
    ("rule", "counts", "wanted"),
    [
        ("mhsds", (40, 30, 20, 10, 5), set()),
        ("mhsds", (40, 30, 4, 10, 5), {"negative"}),
        ("mhsds", (40, 30, 0, 0, 3), {"negative", "no_words", "not_scored"}),
        ("mhsds", (4, 21, 32, 42, 52), {"positive"}),
        ("mhsds", (4, 22, 32, 42, 52), ALL),  # 60, 20 and 30 stand for 58 or more, 22 and 32 or less
        ("mhsds", (30, 22, 10, 4, 22), ALL),  # 60 and 20 stand for at most 62 and 22: of 88, 4 are left
        ("mhsds", (30, 23, 10, 0, 23), ALL),  # 65 and 25 stand for at least 63 and 23: of 86, none is left
        ("hes", (40, 30, 0, 9, 20), set()),
        ("hes", (40, 30, 7, 9, 20), {"negative"}),
        ("lt5", (40, 30, 20, 10, 6), set()),
        ("lt5", (40, 30, 3, 10, 6), {"positive", "neutral", "negative"}),
        ("lt5", (3, 30, 40, 10, 6), {"positive", "neutral", "negative"}),
        ("lt5", (40, 3, 2, 10, 6), {"neutral", "negative"}),
        ("lt5", (40, 30, 20, 4, 6), {"no_words", "not_scored"}),
        ("lt5", (40, 30, 3, 4, 6), set(CATEGORIES)),
        ("lt5", (40, 30, 20, 4, 3), {"no_words", "not_scored"}),
        ("lt5", (40, 30, 20, 0, 0), ALL),  # of the total nothing is left for two hidden ones
    ],
)
def test_what_the_rule_hides_and_what_would_give_it_away(rule: str, counts: Counts, wanted: set[str]) -> None:
    assert hidden_counts(counts, rule) == wanted


@pytest.mark.parametrize("rule", RULES)
def test_of_few_comments_only_the_total_is_shown(rule: str) -> None:
    assert hidden_counts((10, 14, 0, 0, 0), rule) == ALL
    assert hidden_counts((10, 15, 0, 0, 0), "hes") != ALL


def bounds(values: dict[str, float | None], name: str, total: int, rule: str) -> tuple[int, int]:
    """Fewest and most that a figure can stand for, seen on its own."""
    value = values[name]
    if value is None:
        only_by_rule = not RULES[rule].needs_secondary and set(values.values()) != {None}
        few = RULES[rule].suppressed
        return (min(few), max(few)) if only_by_rule else (0, total)
    near = [count for count in range(max(int(value) - 9, 0), int(value) + 9) if shown(count, rule) == value]
    return min(near), max(near)


def worked_out(values: dict[str, float | None], total: int, rule: str) -> dict[str, int]:
    """The hidden figures that sums and differences of the others leave one value."""
    ranges = {name: bounds(values, name, total, rule) for name in values}
    sums = (("scored", ("positive", "neutral", "negative")), ("total", ("scored", "no_words", "not_scored")))
    ranges["total"] = (total, total)
    for _ in range(6):  # more than there are figures to pass a bound on to
        for whole, parts in sums:
            ends = [sum(ranges[part][end] for part in parts) for end in (0, 1)]
            ranges[whole] = max(ranges[whole][0], ends[0]), min(ranges[whole][1], ends[1])
            for part in parts:
                others = [sum(ranges[p][end] for p in parts if p != part) for end in (0, 1)]
                low, high = ranges[whole][0] - others[1], ranges[whole][1] - others[0]
                ranges[part] = max(ranges[part][0], low), min(ranges[part][1], high)
    return {name: ranges[name][0] for name in values if values[name] is None and len({*ranges[name]}) == 1}


many = st.tuples(*[st.one_of(st.integers(0, 9), st.integers(0, 300))] * 5)


@fixed
@given(rules, many)
@example("mhsds", (30, 22, 10, 4, 22))
@example("mhsds", (998, 0, 0, 0, 0))
@example("lt5", (40, 30, 3, 10, 6))
@example("lt5", (0, 20, 0, 30, 30))
def test_no_sum_or_difference_of_shown_figures_is_a_hidden_one(rule: str, counts: Counts) -> None:
    assume(sum(counts))
    hidden = hidden_counts(counts, rule)
    assert worked_out(row(counts, hidden, rule), sum(counts), rule) == {}
    for name, count in figures(counts).items():
        assert name in hidden or shown(count, rule) is not None


def test_the_arithmetic_finds_what_a_rule_alone_would_give_away() -> None:
    by_rule = row((40, 30, 3, 10, 6), frozenset({"negative"}), "lt5")
    assert worked_out(by_rule, 89, "lt5") == {"negative": 3}
    rounded = row((30, 22, 10, 4, 22), frozenset({"no_words"}), "mhsds")
    assert worked_out(rounded, 88, "mhsds") == {"no_words": 4}


# --- means ---------------------------------------------------------------------------------------

scores = st.one_of(
    st.floats(0.05, 1), st.floats(0.9, 1), st.floats(-0.04, 0.04), st.floats(-1, -0.05), st.floats(-1, -0.9)
)


def can_be(counts: Counts, mean: float) -> bool:
    """Whether some scores of these kinds have that mean, when it is rounded."""
    positive, neutral, negative = counts[:3]
    ends = (
        0.05 * positive - 0.05 * neutral - 1.0 * negative,
        1.0 * positive + 0.05 * neutral - 0.05 * negative,
    )
    n = positive + neutral + negative
    return ends[0] / n <= mean + 0.005 and ends[1] / n >= mean - 0.005


def solutions(counts: Counts, hidden: frozenset[str], rule: str, mean: float) -> Iterator[Counts]:
    """All counts of which the same is published, the mean too."""
    total, values = sum(counts), row(counts, hidden, rule)
    fits = [{n for n in range(total + 1) if values[c] is None or shown(n, rule) == values[c]} for c in values]
    for positive in fits[1]:
        for neutral in fits[2]:
            for scored in (n for n in fits[0] if n >= 10 and n - positive - neutral in fits[3]):
                told = (positive, neutral, scored - positive - neutral)
                rest = total - scored
                if can_be(told, mean):
                    yield from ((*told, n, rest - n) for n in fits[4] if rest - n in fits[5])


@fixed
@given(rules, st.lists(scores, min_size=10, max_size=26), st.integers(0, 5), st.integers(0, 5))
def test_no_mean_gives_a_hidden_count_away(rule: str, given: list[float], no_words: int, other: int) -> None:
    kinds = [sum(s >= 0.05 for s in given), sum(abs(s) < 0.05 for s in given), sum(s <= -0.05 for s in given)]
    counts = (*kinds, no_words, other)
    hidden, mean = hidden_counts(counts, rule), round(sum(given) / len(given), 2)
    assume(may_show_mean(counts, hidden, mean, rule))
    left = set(hidden)
    for found in solutions(counts, hidden, rule, mean):
        left -= {name for name in hidden if figures(found)[name] != figures(counts)[name]}
        if not left:
            return
    assert left == set()


@pytest.mark.parametrize(
    ("counts", "mean", "is_shown"),
    [
        ((10, 10, 10, 0, 0), 0.2, True),
        ((4, 3, 2, 40, 40), 0.1, False),  # 9 scored
        ((4, 3, 3, 40, 40), 0.1, True),
        ((4, 6, 0, 40, 40), 0.39, False),  # 3 positive ones of at least 10 cannot reach it
        ((4, 6, 0, 40, 40), 0.2, True),
        ((0, 6, 4, 40, 40), -0.36, False),  # nor 3 negative ones
        ((0, 6, 4, 40, 40), -0.2, True),
        ((40, 0, 0, 40, 40), 0.99, False),  # not one of another kind can be among them
        ((40, 0, 0, 40, 40), 0.8, True),
        ((10, 0, 0, 0, 0), 0.5, False),  # a mean says "10 or more": here it would say "all"
        ((10, 0, 0, 1, 0), 0.5, True),
        ((30, 22, 10, 4, 22), 0.3, False),  # the number of scored ones is hidden
    ],
)
def test_a_mean_needs_ten_and_must_not_say_too_much(counts: Counts, mean: float, is_shown: bool) -> None:
    assert may_show_mean(counts, hidden_counts(counts, "mhsds"), mean, "mhsds") == is_shown
