"""From the published file to the site: one self-contained HTML file per page, and files beside it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Final

from dashboards.errors import CannotRender
from dashboards.kept import Kept, swap_in
from dashboards.reader import Reader, Row
from dashboards.unchanged import LastTime

KINDS: Final = ("pdf", "pptx", "png")
"""What can be made beside the pages, by the endings of the files."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_RESERVED: Final = frozenset({"index", "comms", "method"})


class BadPageName(CannotRender):
    """The id of a team or a creator cannot be the name of its page."""


def render_site(published: Reader, site: Path, cache: Path, also: Collection[str] = ()) -> tuple[Path, ...]:
    """Write every file whose bytes changed; all files of the site, its pages first.

    `also` names what is made beside the pages, of `KINDS`. What was made before stays while it
    is what would be made now; anything else found in the site is not of the site any more.
    `cache` keeps what takes long to draw.

    Raises:
        BadPageName: an id is no file name, or that of another page.
        ChartFailed: the Vega bundle or a picture could not be made.
        NoBrowser, PrintFailed: see `dashboards.paper`.
    """
    kept = Kept(cache)
    last_time = LastTime(published, kept, also)
    if files := last_time.files(site):
        return files
    files, is_whole = _render(published, site, kept, also)
    if is_whole:
        last_time.remember(site, files)
    return files


def _render(
    published: Reader, site: Path, kept: Kept, also: Collection[str]
) -> tuple[tuple[Path, ...], bool]:
    """The files, and whether every chart could be drawn: one that could not may be another time."""
    # Altair takes a second to import: commands that draw nothing do not wait for it.
    from dashboards import beside, facts, page, pages, paper, svg  # noqa: PLC0415

    browser = paper.find_browser() if "pdf" in also else None
    shared = facts.read_facts(published)
    _check_names("team", shared.teams, _RESERVED)
    _check_names("creator", shared.creators)
    made = pages.every_page(published, shared)
    links = tuple((one.file, one.title) for one in made if one.is_linked and not one.is_sheet)
    kept.tidy()
    files: list[Path] = []
    with svg.Artist(kept) as artist:
        writer = page.PageWriter(shared, artist, artist.bundle())
        companions = beside.Companions(site, kept, artist, browser, also)
        for one in made:
            found = companions.of(shared, one, partial(writer.html, one, links, is_still=True))
            files += [*found.files, _write(site / one.file, writer.html(one, links, found))]
    return tuple(sorted(files, key=lambda file: file.suffix != ".html")), artist.failures == 0


def _check_names(what: str, rows: Collection[Row], reserved: Collection[str] = ()) -> None:
    for row in rows:
        name = str(row[f"{what}_id"])
        if not _NAME.fullmatch(name) or name.lower() in reserved:
            raise BadPageName(f"{what} {name!r}: its id cannot name a page; use letters, digits and -")


def _write(path: Path, html: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return swap_in(path, html.encode())
