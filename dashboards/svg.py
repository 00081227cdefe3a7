"""Charts drawn ahead of time, by one worker process that ends at its first error."""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Final
from xml.etree import ElementTree

from dashboards.blocks import Spec
from dashboards.errors import CannotRender
from dashboards.kept import Kept, key_of

_log = logging.getLogger(__name__)
_WORKER: Final = Path(__file__).with_name("svg_worker.py")
MADE_BY: Final = [version("vl-convert-python"), _WORKER.read_text(encoding="utf-8")]
"""What a picture depends on besides its chart."""
_SECONDS: Final = 60  # the first drawing takes about one, the bundle up to ten
PNG_SCALE: Final = 2
_ID: Final = re.compile(r'id="([\w-]+)"')
_SHAPES: Final = frozenset(
    {"svg", "g", "defs", "clipPath", "path", "rect", "line", "circle", "text", "tspan"}
)
_NEEDLESS: Final = re.compile(
    r' (?:opacity="1"|stroke-width="1"|pointer-events="none"|aria-hidden="true"|stroke-miterlimit="10"'
    r'|role="graphics-\w+"|aria-roledescription="[\w ]+")'
)
_DECIMALS: Final = re.compile(r"(?<=\d)(\.\d\d)\d+(?=[^<]*>)")  # inside a tag, not in its text
_ACTIVE: Final = re.compile(r"(on\w+|style|(.*\})?(href|src))", re.IGNORECASE)


class ChartFailed(CannotRender):
    """The worker gave no picture of this chart."""


class Artist:
    """Draws charts with one worker process, started when needed and again after an error."""

    def __init__(self, kept: Kept, seconds: float = _SECONDS) -> None:
        self._kept = kept
        self._seconds = seconds
        self.failures = 0
        """Charts that could not be drawn."""
        self._worker: subprocess.Popen[str] | None = None

    def __enter__(self) -> Artist:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def draw(self, chart: Spec, name: str, width: int) -> str:
        """The chart as SVG of that width, or nothing when it cannot be drawn (logged)."""
        request = {"chart": _named(chart, name, width)}
        key = key_of([request, MADE_BY], "svg")
        try:
            kept = self._kept.get(key)
            if kept is not None:
                return _checked(kept.decode(), name)
            drawn = self._ask(request)
            picture = _checked(drawn, name)
        except ChartFailed as error:
            self._stop()
            self.failures += 1
            _log.warning("chart %s could not be drawn: %s", name, error)
            return ""
        self._kept.put(key, drawn.encode())
        return picture

    def png(self, drawn: str) -> bytes:
        """A picture that `draw` gave, for slides: twice as large.

        Raises:
            ChartFailed: it could not be made.
        """
        try:
            return b64decode(self._ask({"svg": drawn, "scale": PNG_SCALE}))
        except ChartFailed:
            self._stop()
            raise

    def bundle(self) -> str:
        """Vega as one script, kept by the version that made it.

        Raises:
            ChartFailed: it could not be made; pages need it.
        """
        key = f"vega-{version('vl-convert-python')}.js"
        kept = self._kept.get(key)
        if kept is None:
            script = (
                self._ask({}).replace("\r", "").replace("</script", "<\\/script").replace("<!--", "<\\!--")
            )
            kept = self._kept.put(key, script.encode())
        return kept.decode()

    def _ask(self, request: Mapping[str, Any]) -> str:
        worker = self._running()
        if worker.stdin is None or worker.stdout is None:
            raise ChartFailed("the worker has no pipes")
        watch = Timer(self._seconds, worker.kill)
        watch.start()
        try:
            worker.stdin.write(json.dumps(request) + "\n")
            worker.stdin.flush()
            line = worker.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        reply = json.loads(line) if line.endswith("\n") else {"error": "the worker ended"}
        if "done" not in reply:
            raise ChartFailed(reply["error"])
        return str(reply["done"])

    def _running(self) -> subprocess.Popen[str]:
        if self._worker is None:
            command = [sys.executable, "-I", str(_WORKER)]
            self._worker = subprocess.Popen(  # noqa: S603  (our own file, no shell)
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
            )
        return self._worker

    def _stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.communicate()


def _named(chart: Spec, name: str, width: int) -> Spec:
    """The name goes to the first layer: Vega-Lite writes it into the class of that layer's marks."""
    first, *others = chart["layer"]
    return {**chart, "width": width, "layer": [{**first, "name": _variable(name)}, *others]}


def _variable(name: str) -> str:
    return name.replace("-", "_")  # as Vega-Lite does it


def _checked(drawn: str, name: str) -> str:
    """The picture, if it is the one asked for and holds nothing but shapes and text."""
    if f"{_variable(name)}_marks" not in drawn:
        raise ChartFailed("the picture of another chart came back")
    if not _is_harmless(drawn):
        raise ChartFailed("the picture holds more than shapes and text")
    return _with_own_ids(_lean(drawn), name)


def _is_harmless(drawn: str) -> bool:
    """Whether it has shapes and text alone, and nothing that acts or leads elsewhere."""
    if "<!" in drawn or "<?" in drawn:
        return False
    try:
        elements = ElementTree.fromstring(drawn).iter()  # noqa: S314  (it declares no entities: see above)
    except ElementTree.ParseError:
        return False
    return all(
        element.tag.rpartition("}")[2] in _SHAPES and not any(map(_ACTIVE.fullmatch, element.attrib))
        for element in elements
    )


def _lean(drawn: str) -> str:
    """Without what says the default, or what a picture hidden from screen readers need not say."""
    return _DECIMALS.sub(r"\1", _NEEDLESS.sub("", drawn))


def _with_own_ids(drawn: str, name: str) -> str:
    """Ids that no other picture of the page has, and that are the same in every run."""
    for number, old in enumerate(dict.fromkeys(_ID.findall(drawn))):
        new = f"{name}-{number}"
        drawn = drawn.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return drawn
