"""When videos were published, and whether any time stands out: one is named only where noise cannot win."""

from __future__ import annotations

from typing import Final

from dashboards import charts, figures, words
from dashboards.blocks import Cell, Column, Figure, Record, Table, figure
from dashboards.comparison import ratio
from dashboards.facts import Facts
from dashboards.reader import Row
from models.intervals import FEWEST_POSTS
from models.metrics import BY_NAME
from models.posting_times import HOURS

TABLE: Final = "posting_times"
_VIEWS: Final = BY_NAME["views_day_28"].label
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNTOLD: Final = f"a time needs {FEWEST_POSTS} videos, and others of the same account and period beside them"


def posting_times(facts: Facts) -> Figure:
    """Every part of the day and weekday beside the others, and what may be said of them."""
    told = [row for row in facts.posting_times if row["ratio"] is not None]
    return Figure(
        id="times-chart",
        title=title(told),
        subtitle=_subtitle(facts) if told else "",
        words=_alternative(told),
        table=_table(facts.posting_times),
        source=f"{figures.source(facts)} {BY_NAME['views_day_28'].caveat}",
        chart=charts.spec(charts.intervals([_drawn(row) for row in told])) if told else None,
        empty=f"Nothing can be said yet: {_UNTOLD}.",
        note=NOTE if told else "",
    )


NOTE: Final = (
    "With so many times side by side one always leads by chance. A time is named only if chance makes any"
    " time lead by as much in at most 4 of 100 random orders of these videos. Nothing here says why."
)


def title(told: list[Row]) -> str:
    """The time that stands out, or plainly that none does."""
    if not told:
        return "Time of publication: too few videos to tell"
    named = next((row for row in told if row["is_named"]), None)
    if named is None:
        return "Time of publication: the data cannot tell; no time stands out beyond chance"
    return (
        f"Time of publication: videos {_when(named)} had {ratio(named['ratio'])} times the views of others"
        f" (at least {ratio(named['low'])})"
    )


def _when(row: Row) -> str:
    return f"from {_name(row)}" if row["dimension"] == "hours" else f"of {_name(row)}s"


def _name(row: Row) -> str:
    if row["dimension"] == "hours":
        return f"{row['bucket']:02d}:00 to {row['bucket'] + HOURS:02d}:00"
    return _DAYS[row["bucket"] - 1]


def _subtitle(facts: Facts) -> str:
    videos = sum(row["posts"] for row in facts.posting_times if row["dimension"] == "weekday")
    return (
        f"Each dot: the views at 28 days of the videos published then, beside others of the same account and"
        f" action period; 1 is no difference. Lines are intervals, 95 % for all together."
        f" {words.count(videos, 'video')}, in {facts.campaign['timezone']} time."
    )


def _alternative(told: list[Row]) -> str:
    if not told:
        return "Nothing to draw yet."
    said = [
        f"{_name(row)} {ratio(row['ratio'])} ({ratio(row['low'])} to {ratio(row['high'])})" for row in told
    ]
    return f"{_VIEWS} beside other times, with intervals: {'; '.join(said)}."


def _drawn(row: Row) -> tuple[str, float, float, float]:
    return _name(row), row["ratio"], row["low"], row["high"]


def _table(rows: tuple[Row, ...]) -> Table:
    return Table(
        "times-data",
        "The numbers of this chart",
        (
            Column("Published", is_kept=True),
            Column("Videos", is_number=True),
            Column(f"Median {_VIEWS[:1].lower()}{_VIEWS[1:]}", is_number=True),
            Column("Beside others", is_number=True),
            Column("Interval from", is_number=True),
            Column("to", is_number=True),
        ),
        tuple(map(_record, rows)),
        empty="No video has a reading around its 28th day yet.",
    )


def _record(row: Row) -> Record:
    ends = (figure(TABLE, row, column, ratio, _UNTOLD) for column in ("ratio", "low", "high"))
    posts = figure(TABLE, row, "posts")
    return Record((Cell(_name(row)), posts, figure(TABLE, row, "median_views", words.compact), *ends))
