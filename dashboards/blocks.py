"""What a page is made of: sections of blocks. They hold plain text; only `page.py` writes HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from dashboards import words
from dashboards.reader import Row, row_name

Spec = dict[str, Any]
"""A Vega-Lite chart."""

NO_FIGURE: Final = ""
MOST_ROWS: Final = 10
"""Of a table that shows all of them at once; of longer ones `site.css` shows the first eight."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table, or one figure. A figure says from which published row and column it is."""

    text: str
    metric: str = ""
    value: str = NO_FIGURE
    row: str = ""
    why: str = ""
    """Why it is not known, or how it came about."""
    sort: str = ""
    href: str = ""
    is_public: bool = False
    """Written by the public: shown in isolation from the text around it."""

    @property
    def is_number(self) -> bool:
        """Whether the cell shows a figure."""
        return bool(self.metric)


def figure(
    table: str,
    row: Row | None,
    column: str,
    show: Callable[[Any], str] = words.exact,
    why: str = "",
) -> Cell:
    """The figure of a column of a published row; "not known" with the reason where it is NULL."""
    value = row[column] if row else None
    name = row_name(table, row) if row else ""
    if value is None:
        return Cell(words.NOT_KNOWN, metric=column, row=name, why=why or "the sources do not say")
    return Cell(show(value), metric=column, value=str(value), row=name, sort=str(value))


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    label: str
    is_number: bool = False
    why: str = ""
    """What the column means, where its label does not say all."""
    is_kept: bool = False
    """Kept on one line, as days are."""


@dataclass(frozen=True)
class Record:
    """A row of a table; `tags` are what the page's filters look at."""

    cells: tuple[Cell, ...]
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table under a caption."""

    template: ClassVar[str] = "table.html"
    id: str
    caption: str
    columns: tuple[Column, ...]
    records: tuple[Record, ...]
    empty: str = "Nothing yet."
    note: str = ""
    is_whole: bool = False
    """Whether all rows show at once, however many they are."""

    @property
    def is_cut(self) -> bool:
        """Whether the first rows show alone until the reader asks for all."""
        return not self.is_whole and len(self.records) > MOST_ROWS


@dataclass(frozen=True)
class Filter:
    """A native select that leaves the rows of one value."""

    name: str
    label: str
    every: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Videos:
    """A table that can be sorted, with the filters that its rows give to the page."""

    template: ClassVar[str] = "videos.html"
    table: Table
    filters: tuple[Filter, ...]
    """Of the whole page: they leave out rows and charts whose tags say otherwise."""


@dataclass(frozen=True)
class Mark:
    """An event under a chart, with the number it has in the chart."""

    number: int
    day: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with all that must stand beside it: message, subtitle, words, data, source."""

    template: ClassVar[str] = "figure.html"
    id: str
    title: str
    subtitle: str
    words: str
    """The text alternative: what the chart shows, with its numbers."""
    table: Table
    source: str
    chart: Spec | None = None
    """None when there is nothing to draw: then `empty` is shown."""
    empty: str = ""
    note: str = ""
    marks: tuple[Mark, ...] = ()
    width: int = 1000
    """In px, of the picture drawn for a screen."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """What the page's filters look at: a chart of another platform, say, is hidden."""
    numbers_in: str = ""
    """The id of the table elsewhere on the page that has the chart's numbers."""


@dataclass(frozen=True)
class Grid:
    """Small charts side by side, all on the same scales."""

    template: ClassVar[str] = "grid.html"
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Card:
    """One measure of the current action period beside the one before."""

    label: str
    now: Cell
    unit: str
    basis: str
    before: str
    before_cell: Cell | None


@dataclass(frozen=True)
class Cards:
    """Measures side by side."""

    template: ClassVar[str] = "cards.html"
    cards: tuple[Card, ...]
    note: str = ""


@dataclass(frozen=True)
class Prose:
    """Paragraphs."""

    template: ClassVar[str] = "prose.html"
    paragraphs: tuple[str, ...]
    is_lead: bool = False


@dataclass(frozen=True)
class Points:
    """Terms and what there is to say about each."""

    template: ClassVar[str] = "points.html"
    points: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Message:
    """A message ready to be copied and sent."""

    to: str
    about: str
    text: str
    language: str
    """BCP 47 tag of the text."""
    direction: str
    """`ltr` or `rtl`."""
    in_english: str = ""
    """The same for whoever sends it; nothing when it is English itself."""
    note: str = ""


@dataclass(frozen=True)
class Messages:
    """Messages to creators."""

    template: ClassVar[str] = "messages.html"
    messages: tuple[Message, ...]
    empty: str


@dataclass(frozen=True)
class Rung:
    """A team's line on the index: what it works on, one sentence, one small chart."""

    name: str
    href: str
    topic: str
    sentence: str
    figure: Figure


@dataclass(frozen=True)
class Rungs:
    """The teams, in the order of the campaign file."""

    template: ClassVar[str] = "rungs.html"
    rungs: tuple[Rung, ...]


@dataclass(frozen=True)
class Way:
    """A link to another file of the site, and what is there."""

    href: str
    name: str
    why: str


@dataclass(frozen=True)
class Ways:
    """Where to go from here."""

    template: ClassVar[str] = "ways.html"
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Pick:
    """A video to talk about: why it is listed, and its figures with their labels."""

    video: Cell
    by: str
    why: str
    figures: tuple[tuple[str, Cell], ...]
    above: str = ""
    """A line over it: the topic, where picks are of several."""


@dataclass(frozen=True)
class Picks:
    """Videos side by side."""

    template: ClassVar[str] = "picks.html"
    picks: tuple[Pick, ...]
    empty: str


@dataclass(frozen=True)
class Space:
    """Lines to write on, which take what is left of a sheet."""

    template: ClassVar[str] = "space.html"
    label: str


Block = Table | Videos | Figure | Grid | Cards | Prose | Points | Messages | Rungs | Ways | Picks | Space


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading."""

    id: str
    heading: str
    blocks: tuple[Block, ...]
    above: str = ""
    """A line over the heading: the topic, where a team has several."""


@dataclass(frozen=True)
class Page:
    """A whole page."""

    file: str
    """Its path in the site."""
    title: str
    heading: str
    standfirst: str
    sections: tuple[Section, ...]
    is_linked: bool = True
    """Whether it has links to the other pages, and they to it."""
    is_sheet: bool = False
    """One A4 to be printed: nothing in it moves."""
    has_deck: bool = False
    """Whether a learning session gets it as slides."""

    @property
    def name(self) -> str:
        """What files beside it are called after."""
        return self.file.rpartition("/")[2].removesuffix(".html")

    @property
    def root(self) -> str:
        """The way from the page to the folder of the site."""
        return "../" * self.file.count("/")

    @property
    def filters(self) -> tuple[Filter, ...]:
        """The filters that its videos give it, those with a choice."""
        blocks = [block for section in self.sections for block in section.blocks]
        found = [one for block in blocks if isinstance(block, Videos) for one in block.filters]
        return tuple(one for one in found if len(one.options) > 1)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every chart of the page, in its order."""
        found: list[Figure] = []
        for block in (block for section in self.sections for block in section.blocks):
            if isinstance(block, Figure):
                found.append(block)
            elif isinstance(block, Rungs):
                found.extend(rung.figure for rung in block.rungs)
            elif isinstance(block, Grid):
                found.extend(block.figures)
        return tuple(found)
