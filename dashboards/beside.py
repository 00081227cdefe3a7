"""Files beside a page: its PDF, its slides, its charts as pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from dashboards import deck, paper
from dashboards.blocks import Figure, Page, Spec
from dashboards.facts import Facts
from dashboards.kept import Kept, key_of, swap_in
from dashboards.svg import MADE_BY, Artist
from dashboards.theme import CHART

_WRITTEN_BY: Final = [
    Path(__file__).with_name("powerpoint.py").read_text(encoding="utf-8"),
    version("python-pptx"),
]
_TITLE_PX: Final = 20
_SMALL_PX: Final = 14
_CHARACTER: Final = 0.55  # of the font's size: how wide a character is, and some room


@dataclass(frozen=True)
class Beside:
    """What stands beside a page, by the names that its links have."""

    files: tuple[Path, ...] = ()
    whole: tuple[tuple[str, str], ...] = ()
    """(file, what it is) of the page as a whole."""
    charts: Mapping[str, str] = field(default_factory=dict)
    """The picture's file by the id of the figure."""


class Companions:
    """Makes what is asked for; keeps what was made before while it would be made the same."""

    def __init__(
        self, site: Path, kept: Kept, artist: Artist, browser: str | None, also: Collection[str]
    ) -> None:
        self._site = site
        self._kept = kept
        self._artist = artist
        self._browser = browser
        self._also = also

    def of(self, facts: Facts, page: Page, still: Callable[[], str]) -> Beside:
        """The files beside a page, made or kept; `still` is the page without scripts.

        Raises:
            ChartFailed, PrintFailed: a file that was asked for could not be made.
        """
        charts = {figure.id: path for figure in page.figures if (path := self._picture(page, figure))}
        whole = {"PDF": self._pdf(page, still), "Slides (PowerPoint)": self._slides(facts, page)}
        return Beside(
            files=tuple(path for path in (*whole.values(), *charts.values()) if path),
            whole=tuple((path.name, name) for name, path in whole.items() if path),
            charts={figure_id: path.name for figure_id, path in charts.items()},
        )

    def _pdf(self, page: Page, still: Callable[[], str]) -> Path | None:
        path = self._due(page, ".pdf")
        if path is None:
            return None
        html = still()
        return self._placed(
            path, key_of(html, "pdf"), lambda: paper.printed(self._browser, html) if self._browser else None
        )

    def _slides(self, facts: Facts, page: Page) -> Path | None:
        path = self._due(page, ".pptx") if page.has_deck else None
        if path is None:
            return None
        slides = deck.slides(facts, page)

        def png(figure: Figure) -> bytes | None:
            return self._png(figure.chart, f"{page.name}-{figure.id}-wide", figure.width)

        def written() -> bytes:
            from dashboards import powerpoint  # noqa: PLC0415  (half a second that only decks need)

            return powerpoint.written(slides, facts.campaign["as_of"], png)

        return self._placed(path, key_of([[asdict(slide) for slide in slides], _WRITTEN_BY], "pptx"), written)

    def _picture(self, page: Page, figure: Figure) -> Path | None:
        path = self._due(page, f"-{figure.id}.png")
        if path is None or figure.chart is None or page.is_sheet:
            return None
        spec, name = framed(figure.chart, figure), f"{page.name}-{figure.id}-image"
        key = key_of([spec, figure.width, MADE_BY], "png")
        return self._placed(path, key, lambda: self._png(spec, name, figure.width))

    def _png(self, spec: Spec | None, name: str, width: int) -> bytes | None:
        drawn = self._artist.draw(spec, name, width) if spec else ""
        return self._artist.png(drawn) if drawn else None

    def _due(self, page: Page, ending: str) -> Path | None:
        """Where the file goes, if it is asked for now, or was before."""
        path = self._site / f"{page.file.removesuffix('.html')}{ending}"
        return path if path.suffix[1:] in self._also or path.exists() else None

    def _placed(self, path: Path, key: str, make: Callable[[], bytes | None]) -> Path | None:
        content = self._kept.get(key)
        if content is None and path.suffix[1:] in self._also and (content := make()):
            self._kept.put(key, content)
        if content is None:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        return swap_in(path, content)


def framed(chart: Spec, figure: Figure) -> Spec:
    """A chart that says itself what it shows and from where, to stand alone."""
    room = figure.width / _CHARACTER
    return {
        **chart,
        "padding": 16,
        "title": {
            "text": textwrap.wrap(figure.title, int(room / _TITLE_PX)),
            "subtitle": [
                line
                for text in (figure.subtitle, figure.source)
                for line in textwrap.wrap(text, int(room / _SMALL_PX))
            ],
            "anchor": "start",
            "frame": "bounds",
            "fontSize": _TITLE_PX,
            "lineHeight": 26,
            "color": CHART["label"],
            "subtitleFontSize": _SMALL_PX,
            "subtitleLineHeight": 19,
            "subtitleColor": CHART["axis"],
            "subtitlePadding": 6,
            "offset": 16,
        },
    }
