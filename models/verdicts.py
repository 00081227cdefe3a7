"""The words of a comparison: when a page may say "improved" or "fell", and what it says otherwise.

Two independent looks must agree, the interval of the comparison and a sustained shift on the weekly
chart, because either alone cries wolf in most stable campaigns. Nothing here says "caused".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from models.compare import Comparison
from models.intervals import FEWEST_POSTS, Direction, Ratio

MOST_UNLIKE: Final = 0.10
"""Difference of the known shares from which two periods no longer show the same kind of posts."""

_ROUNDING: Final = 1e-9  # 0.95 - 0.85 is a little more than 0.1
_TENFOLD: Final = 10

Kind = Literal["improved", "fell", "signal", "no_change", "too_few", "not_comparable"]
Reason = Literal[
    "interval",  # the 95 % interval excludes no change
    "interval_only_just",  # ... but the stricter one that the words need does not
    "chart",  # the chart shows a sustained shift
    "weeks_resemble",  # ... but its weeks resemble their neighbours
    "disagree",  # interval and chart point in opposite directions
    "known_shares_differ",
    "boosted_decide",  # without the boosted posts the comparison would not be told so
    "boosted",
    "boosting_unknown",
    "unnamed_boosts",
    "platforms_differ",
    "no_common_age",
    "redefined",
    "some_not_known",
    "zeros_left_out",
    "no_interval",  # posts enough, and yet none could be made
]


_DOUBTS: Final[frozenset[Reason]] = frozenset(
    {"known_shares_differ", "boosted_decide", "platforms_differ", "interval_only_just"}
)
"""What keeps a signal from a firm word; where there is no signal there is nothing to keep."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a comparison is told, and the reasons that the sentence names."""

    kind: Kind
    shift: Direction | None
    """Sustained shift on the chart, new in the later period."""
    reasons: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class Names:
    """The words a sentence needs."""

    measure: str
    """What is compared, as inside a sentence: "views per post at 7 days"."""
    before: str
    after: str


def period_verdict(comparison: Comparison, sustained_shift: Direction | None) -> Verdict:
    """The verdict on a measure of which more is better.

    `sustained_shift` is what the weekly chart newly shows within the later period, against limits fixed
    before it: `up`, `down`, or None for no shift, one that the earlier period has too, or no chart.
    """
    reasons = frozenset(_reasons(comparison, sustained_shift))
    return Verdict(_kind(comparison, sustained_shift, reasons), sustained_shift, reasons)


def _kind(comparison: Comparison, shift: Direction | None, reasons: frozenset[Reason]) -> Kind:
    if "redefined" in reasons:
        return "not_comparable"
    if _too_few(comparison.ratio) or "no_interval" in reasons:
        return "too_few"
    doubts = reasons & {"known_shares_differ", "boosted_decide", "platforms_differ"}
    if shift and comparison.strict.direction == shift and not doubts:
        return "improved" if shift == "up" else "fell"
    return "signal" if reasons & {"interval", "chart"} else "no_change"


def _too_few(ratio: Ratio) -> bool:
    return min(ratio.n_before, ratio.n_after) < FEWEST_POSTS


def _reasons(comparison: Comparison, shift: Direction | None) -> list[Reason]:
    """Every reason that holds."""
    seen, sure = comparison.ratio.direction, comparison.strict.direction
    unboosted = comparison.unboosted
    unboosted_direction = unboosted.direction if unboosted else None
    holds: dict[Reason, bool] = {
        "interval": seen is not None,
        "interval_only_just": seen is not None and sure is None,
        "chart": shift is not None,
        "weeks_resemble": None not in (shift, comparison.ratio.low) and comparison.weeks_resemble,
        "disagree": None not in (seen, shift) and seen != shift,
        "known_shares_differ": _unlike(comparison.known_before, comparison.known_after),
        "boosted_decide": None not in (sure, unboosted) and unboosted_direction != sure,
        "boosted": comparison.boosted > 0,
        "boosting_unknown": comparison.boosting_unknown > 0,
        "unnamed_boosts": comparison.unnamed_boosts > 0,
        "platforms_differ": comparison.platforms_differ,
        "no_common_age": not comparison.has_common_age,
        "redefined": comparison.is_redefined,
        "some_not_known": min(comparison.known_before or 0, comparison.known_after or 0) < 1,
        "zeros_left_out": comparison.ratio.left_out > 0,
        "no_interval": not _too_few(comparison.ratio) and comparison.ratio.low is None,
    }
    return [reason for reason, is_so in holds.items() if is_so]


def _unlike(before: float | None, after: float | None) -> bool:
    return before is None or after is None or abs(before - after) > MOST_UNLIKE + _ROUNDING


def sentence(verdict: Verdict, comparison: Comparison, names: Names) -> str:
    """The verdict in plain words, with its figures and whatever limits it."""
    told = {
        "improved": _moved,
        "fell": _moved,
        "signal": _signal,
        "no_change": _no_change,
        "too_few": _not_judged,
        "not_comparable": _not_comparable,
    }[verdict.kind]
    return " ".join([told(verdict, comparison, names), *_limits(verdict, comparison)])


def _moved(verdict: Verdict, comparison: Comparison, names: Names) -> str:
    way = "rise" if verdict.shift == "up" else "fall"
    return (
        f"{_upper(names.measure)} {verdict.kind}: {names.after} is associated with"
        f" {_figures(comparison.ratio, names)}, and the weekly chart shows a sustained {way}."
    )


def _signal(verdict: Verdict, comparison: Comparison, names: Names) -> str:
    way = {"up": "rise", "down": "fall", None: ""}[verdict.shift]
    shown = f"a sustained {way}" if way else "no new sustained shift"
    chart = f"the weekly chart shows {shown}"
    beyond = "beyond" if "interval" in verdict.reasons else "within"
    usual = f"which is {beyond} the usual variation between posts"
    link = "and" if ("interval" in verdict.reasons) == bool(way) else "but"
    if "disagree" in verdict.reasons:
        link = "but the two disagree:"
    return (
        f"A signal to look into in {names.measure}: {names.after} is associated with"
        f" {_figures(comparison.ratio, names)}, {usual}, {link} {chart}."
    )


def _no_change(_: Verdict, comparison: Comparison, names: Names) -> str:
    return (
        f"No change beyond usual variation in {names.measure}: {names.after} had"
        f" {_figures(comparison.ratio, names)}."
    )


def _not_comparable(_: Verdict, __: Comparison, names: Names) -> str:
    return (
        f"{names.after} cannot be compared with {names.before} in {names.measure}: in between, views began to"
        " be counted by another definition."
    )


def _not_judged(verdict: Verdict, comparison: Comparison, names: Names) -> str:
    ratio = comparison.ratio
    if "no_common_age" in verdict.reasons:
        return (
            f"{names.after} cannot be compared with {names.before} in {names.measure}: at no age are 80 % of"
            " the posts of both known. A file every week gives them at 28 days."
        )
    counts = f"{ratio.n_before} in {names.before} and {ratio.n_after} in {names.after} can be compared"
    if "no_interval" in verdict.reasons:
        return f"Too few posts to judge {names.measure}: {counts}, but they do not give an interval."
    return f"Too few posts to judge {names.measure}: {counts}; at least {FEWEST_POSTS} are needed in each."


def _figures(ratio: Ratio, names: Names) -> str:
    """The ratio with its interval; a verdict that calls this has both."""
    if ratio.value is None or ratio.low is None or ratio.high is None:
        raise ValueError("a comparison without an interval has no figures to tell")
    return (
        f"{_times(ratio.value)} times the figure of {names.before} (95 % interval {_times(ratio.low)} to"
        f" {_times(ratio.high)}; {ratio.n_before} and {ratio.n_after} posts)"
    )


def _limits(verdict: Verdict, comparison: Comparison) -> list[str]:
    """What limits the reading of the figures, a sentence each; without figures there is nothing to limit."""
    if verdict.reasons & {"no_common_age", "redefined"}:
        return []
    shares = " and ".join(_percent(share) for share in (comparison.known_before, comparison.known_after))
    left_out, boosted, unknown = comparison.ratio.left_out, comparison.boosted, comparison.boosting_unknown
    limits: dict[Reason, str] = {
        "weeks_resemble": "Its weeks resemble their neighbours, so that it shows shifts too often.",
        "some_not_known": f"These are figures of the posts the list still showed: {shares} of them.",
        "known_shares_differ": "Those shares differ too much for a firmer word.",
        "interval_only_just": "The interval only just excludes no change: too little for a firmer word.",
        "zeros_left_out": f"{_posts(left_out)} without any view {_was(left_out)} left out.",
        "boosted": f"{_posts(boosted)} {_was(boosted)} boosted.",
        "boosted_decide": "Without boosted posts the difference would not stand out.",
        "boosting_unknown": f"Whether posts were boosted is not known for {_posts(unknown)}.",
        "unnamed_boosts": f"The timetable has {_boosts(comparison.unnamed_boosts)} without naming the posts.",
        "platforms_differ": "The periods' posts are on different platforms: too unlike for a firmer word.",
    }
    told = verdict.reasons if verdict.kind == "signal" else verdict.reasons - _DOUBTS
    return [text for reason, text in limits.items() if reason in told]


def _times(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < _TENFOLD else f"{ratio:,.0f}"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{int(share * 100 + _ROUNDING)} %"


def _posts(number: int) -> str:
    return f"{number} post" if number == 1 else f"{number} posts"


def _boosts(number: int) -> str:
    return "a boost" if number == 1 else f"{number} boosts"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
