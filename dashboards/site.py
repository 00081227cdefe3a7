"""From the published file to the site: one self-contained HTML file per page."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

from dashboards.reader import Reader

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*", re.IGNORECASE)
_RESERVED: Final = frozenset({"index", "comms"})


class BadTeamId(Exception):
    """A team's id cannot be the name of its page."""


def render_site(published: Reader, site: Path, cache: Path) -> tuple[Path, ...]:
    """Write every page whose bytes changed; all pages of the site, the overview first.

    `cache` keeps the Vega bundle, which takes seconds to make.

    Raises:
        BadTeamId: a team's id is no file name, or that of another page.
        ChartFailed: the Vega bundle could not be made.
    """
    # Altair takes a second to import: commands that draw nothing do not wait for it.
    from dashboards import comms, facts, index, page, svg, team  # noqa: PLC0415

    shared = facts.read_facts(published)
    _check_names([row["team_id"] for row in shared.teams])
    pages = [index.index_page(shared), *(team.team_page(published, shared, row) for row in shared.teams)]
    pages.append(comms.comms_page(published, shared))
    links = tuple((made.file, made.title) for made in pages)
    site.mkdir(parents=True, exist_ok=True)
    with svg.Artist() as artist:
        writer = page.PageWriter(shared, artist, artist.bundle(cache))
        return tuple(_write(site / made.file, writer.html(made, links)) for made in pages)


def _check_names(team_ids: list[str]) -> None:
    for team_id in team_ids:
        if not _NAME.fullmatch(team_id) or team_id.lower() in _RESERVED:
            raise BadTeamId(f"team {team_id!r}: its id cannot name a page; use letters, digits and -")


def _write(path: Path, html: str) -> Path:
    """Swap the page in, unless it is there already: readers never see half of one."""
    content = html.encode()
    if path.exists() and path.read_bytes() == content:
        return path
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
    return path
