"""A page as slides for a learning session: what each says, shows, and has in its notes."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards import words
from dashboards.blocks import Figure, Page, Picks, Points
from dashboards.facts import Facts

Line = tuple[str, bool]
"""A paragraph, and whether it is bold."""


@dataclass(frozen=True)
class Slide:
    """One slide: a title, lines of text or a chart, and what the speaker should know."""

    title: str
    lines: tuple[Line, ...]
    notes: str
    figure: Figure | None = None


def slides(facts: Facts, page: Page) -> tuple[Slide, ...]:
    """The slides of a page: in short, every chart, the videos to talk about."""
    as_of = f"Data as of {words.day(facts.as_of)}."
    first = Slide(
        page.heading,
        ((page.standfirst, False), (f"{facts.campaign['title']}. {as_of}", False)),
        f"{as_of} Figures are what exports and platforms reported; “not known” is never counted as 0.",
    )
    found = [first]
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Points) and section.id == "summary":
                found.append(Slide(section.heading, _points(block), as_of))
            elif isinstance(block, Figure) and block.chart is not None:
                found.append(Slide(block.title, ((block.subtitle, False),), _notes(block, as_of), block))
            elif isinstance(block, Picks) and block.picks:
                found.append(Slide(section.heading, _picks(block), as_of))
    return tuple(found)


def _points(block: Points) -> tuple[Line, ...]:
    return tuple(
        line for term, lines in block.points for line in [(term, True), *((x, False) for x in lines)]
    )


def _picks(block: Picks) -> tuple[Line, ...]:
    return tuple(
        line
        for pick in block.picks
        for line in [
            (f"“{pick.video.text}”, {pick.by}", True),
            (pick.why, False),
            ("; ".join(f"{label}: {cell.text}" for label, cell in pick.figures), False),
        ]
    )


def _notes(figure: Figure, as_of: str) -> str:
    marks = [f"{mark.number}: {mark.day}, {mark.text}. {mark.note}".strip() for mark in figure.marks]
    return "\n".join(filter(None, [figure.words, figure.note, *marks, figure.source, as_of]))
