"""Charts drawn ahead of time, by one worker process that ends at its first error."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Final

from dashboards.blocks import Spec

_log = logging.getLogger(__name__)
_WORKER: Final = Path(__file__).with_name("svg_worker.py")
_SECONDS: Final = 60  # the first drawing takes about one, the bundle up to ten
_ID: Final = re.compile(r'id="([\w-]+)"')
_ALLOWED: Final = re.compile(r"<svg [^>]*>.*</svg>\s*\Z", re.DOTALL)
_FORBIDDEN: Final = re.compile(
    r"<script|<style|<image|<foreignObject|<a[\s>]|\sstyle=|\son\w+=|href=", re.IGNORECASE
)


class ChartFailed(Exception):
    """The worker gave no picture of this chart."""


class Artist:
    """Draws charts with one worker process, started when needed and again after an error."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._worker: subprocess.Popen[str] | None = None

    def __enter__(self) -> Artist:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def draw(self, chart: Spec, name: str, width: int) -> str:
        """The chart as SVG of that width, or nothing when it cannot be drawn (logged)."""
        try:
            drawn = self._ask({"chart": _named(chart, name, width)})
            return _checked(drawn, name)
        except ChartFailed as error:
            self._stop()
            _log.warning("chart %s could not be drawn: %s", name, error)
            return ""

    def bundle(self, cache: Path) -> str:
        """Vega as one script, kept in `cache` by the version that made it.

        Raises:
            ChartFailed: it could not be made; pages need it.
        """
        path = cache / f"vega-{version('vl-convert-python')}.js"
        if path.exists():
            return path.read_text(encoding="utf-8")
        script = self._ask({}).replace("\r", "").replace("</script", "<\\/script").replace("<!--", "<\\!--")
        cache.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(script.encode())
        beside.replace(path)
        return script

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
    if _FORBIDDEN.search(drawn) or not _ALLOWED.match(drawn):
        raise ChartFailed("the picture holds more than shapes and text")
    return _with_own_ids(drawn, name)


def _with_own_ids(drawn: str, name: str) -> str:
    """Ids that no other picture of the page has, and that are the same in every run."""
    for number, old in enumerate(dict.fromkeys(_ID.findall(drawn))):
        new = f"{name}-{number}"
        drawn = drawn.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
    return drawn
