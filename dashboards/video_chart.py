"""The videos as dots: the one chart that follows every filter of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle
from statistics import median
from typing import Final

from dashboards import charts, figures, words
from dashboards.blocks import Figure, Spec, Table
from dashboards.chart_parts import scale_top
from dashboards.facts import Facts
from dashboards.reader import Row
from dashboards.videos import LISTED, TABLE, tags_of
from models.metrics import BY_NAME

_LABEL: Final = BY_NAME["views_day_28"].label
_FEWEST_FOR_HALF: Final = 8


def video_chart(facts: Facts, posts: Sequence[Row]) -> Figure:
    """The listed videos by day and by views at one age; their numbers are in the table of videos."""
    listed = posts[:LISTED]
    known = [post for post in listed if post["views_day_28"] is not None and post["published_on"]]
    platforms = sorted({words.platform(post["platform"]) for post in known}, reverse=True)
    return Figure(
        id="videos-chart",
        title=_title(known),
        subtitle=_subtitle(known, len(listed), platforms),
        words=_alternative(known),
        table=Table("videos-chart-data", "", (), ()),
        source=f"{figures.source(facts)} {BY_NAME['views'].caveat}",
        chart=_drawn(facts, known, platforms) if known else None,
        empty="No video has a reading around its 28th day yet.",
        note="The numbers of this chart are in the table below.",
        numbers_in=TABLE if known else "",
    )


def _title(known: Sequence[Row]) -> str:
    """Where the middle half of the videos lies: the range alone tells of the luckiest one."""
    values = sorted(post["views_day_28"] for post in known)
    if not values:
        return f"{_LABEL}: not known for any video yet"
    count = words.count(len(values), "video")
    if len(values) < _FEWEST_FOR_HALF:
        return f"{_LABEL}: {_span(values[0], values[-1])} in {count}"
    quarter = len(values) // 4
    return f"{_LABEL}: {_span(values[quarter], values[-1 - quarter])} in the middle half of {count}"


def _span(low: int, high: int) -> str:
    return words.compact(low) if low == high else f"{words.compact(low)} to {words.compact(high)}"


def _subtitle(known: Sequence[Row], listed: int, platforms: Sequence[str]) -> str:
    if not known:
        return ""
    pairs = zip(cycle(charts.SHAPES), platforms, strict=False)
    shapes = [f"{shape.capitalize()}: {name}" for shape, name in pairs]
    seen = f"{len(known)} of {words.count(listed, 'video')} are known at that age"
    return f"Each mark is a video at its day of publication; {seen}. {'. '.join(shapes)}."


def _alternative(known: Sequence[Row]) -> str:
    if not known:
        return "Nothing to draw yet."
    values = [post["views_day_28"] for post in known]
    days = [post["published_on"] for post in known]
    return (
        f"Chart of {words.count(len(known), 'video')}, published {words.days(min(days), max(days))}:"
        f" views at 28 days from {words.exact(min(values))} to {words.exact(max(values))},"
        f" median {words.exact(median(values))}."
    )


def _drawn(facts: Facts, known: Sequence[Row], platforms: Sequence[str]) -> Spec:
    dots = [_dot(post) for post in known]
    behind = figures.backdrop(facts, None)
    window = (min(behind.window[0], *(dot.day for dot in dots)), behind.window[1])
    top = scale_top([float(dot.value) for dot in dots])
    return charts.spec(charts.videos(dots, platforms, replace(behind, window=window, events=()), top))


def _dot(post: Row) -> charts.Dot:
    views = post["views_day_28"]
    return charts.Dot(
        post["published_on"], views, words.exact(views), words.platform(post["platform"]), tags_of(post)
    )
