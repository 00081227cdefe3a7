"""The only writer of HTML: Jinja2 with autoescape, and a policy that lets nothing else run or load."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboards import theme, words
from dashboards.beside import Beside
from dashboards.blocks import Figure, Page, Spec
from dashboards.facts import Facts
from dashboards.svg import Artist

TEMPLATES: Final = Path(__file__).with_name("templates")
SCRIPTS: Final = ("site.js", "takes.js")
NARROW_PX: Final = 330
ALONE: Final = Beside()
"""A page with nothing beside it."""
_ESCAPES: Final = {ord(c): f"\\u{ord(c):04x}" for c in "&<>\u2028\u2029"}


@dataclass(frozen=True)
class Picture:
    """A chart in the page: drawn for a screen and for a phone, and as data for the live one."""

    wide: Markup
    narrow: Markup
    spec: Markup


class PageWriter:
    """Writes pages that share their style, scripts and way of drawing."""

    def __init__(self, facts: Facts, artist: Artist, bundle: str) -> None:
        self._facts = facts
        self._artist = artist
        self._bundle = bundle
        self._packed = b64encode(gzip.compress(bundle.encode(), mtime=0)).decode()
        self._style = theme.css_properties() + (TEMPLATES / "site.css").read_text(encoding="utf-8")
        self._script = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in SCRIPTS)
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def html(
        self,
        page: Page,
        links: tuple[tuple[str, str], ...],
        beside: Beside = ALONE,
        *,
        is_still: bool = False,
    ) -> str:
        """The page as one file; `links` are (file, name) of the site's pages, from its folder.

        A still page has no scripts: every chart is as it was drawn.
        """
        is_still = is_still or page.is_sheet
        pictures = {figure.id: self._picture(page, figure) for figure in page.figures}
        is_drawn = any(picture.wide for picture in pictures.values())
        bundle = self._bundle if is_drawn and not is_still else ""
        script = "" if is_still else self._script
        return self._templates.get_template("page.html").render(
            page=page,
            links=links,
            beside=beside,
            pictures=pictures,
            campaign=self._facts.campaign,
            as_of=words.day(self._facts.as_of),
            policy=_policy(scripts=list(filter(None, [bundle, script])), style=self._style),
            style=Markup(self._style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
            bundle=self._packed if bundle else "",  # a third of its size; `site.js` unpacks it
        )

    def _picture(self, page: Page, figure: Figure) -> Picture:
        if figure.chart is None:
            return Picture(Markup(""), Markup(""), Markup(""))
        name = f"{page.name}-{figure.id}"
        wide = self._artist.draw(figure.chart, f"{name}-wide", figure.width)
        narrow = self._artist.draw(figure.chart, f"{name}-narrow", NARROW_PX) if wide else ""
        live = {**figure.chart, "width": "container"}
        # The pictures were checked to hold shapes and escaped text alone.
        return Picture(Markup(wide), Markup(narrow), escaped_json(live))  # noqa: S704


def escaped_json(spec: Spec) -> Markup:
    """JSON that no HTML parser can leave: nothing in it looks like markup."""
    text = json.dumps(spec, ensure_ascii=True, separators=(",", ":")).translate(_ESCAPES)
    return Markup(text)  # noqa: S704


def _policy(scripts: list[str], style: str) -> str:
    """Nothing loads; only these very scripts run and only this very style applies."""
    allowed = " ".join(map(_hash, scripts)) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
