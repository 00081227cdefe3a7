"""Pages on paper: printed to PDF by the Chromium, Chrome or Edge of this computer, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from dashboards.errors import CannotRender

_BROWSERS: Final = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
)
# Windows has Edge, and no command for it.
_EDGE: Final = Path("C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe")
_SECONDS: Final = 120
_OPTIONS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


class NoBrowser(CannotRender):
    """Nothing on this computer can print a page."""


class PrintFailed(CannotRender):
    """The browser made no PDF."""


def find_browser() -> str:
    """The command of a browser that prints.

    Raises:
        NoBrowser: there is none.
    """
    found = next((path for name in _BROWSERS if (path := shutil.which(name))), None)
    if found is None and _EDGE.exists():
        found = str(_EDGE)
    if found is None:
        raise NoBrowser(
            f"no browser that can print to PDF: none of {', '.join(_BROWSERS)} is on PATH;"
            " install one (Debian: apt-get install chromium) or leave --pdf out"
        )
    return found


def printed(browser: str, html: str) -> bytes:
    """A page as PDF, as its print style has it; give it one without scripts.

    Raises:
        PrintFailed: the browser made none.
    """
    # A browser's processes may write into their profile for a moment after it has ended.
    with tempfile.TemporaryDirectory(prefix="rapup-", ignore_cleanup_errors=True) as folder:
        page, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        _run([browser, *_options(folder), f"--print-to-pdf={made}", page.as_uri()])
        if not made.exists():
            raise PrintFailed(f"{browser} made no PDF of a page; try it by hand, or leave --pdf out")
        return made.read_bytes()


def _options(folder: str) -> list[str]:
    # Chromium refuses to run as root inside its sandbox; a page of ours runs nothing anyway.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*_OPTIONS, *(["--no-sandbox"] if is_root else []), f"--user-data-dir={folder}/profile"]


def _run(command: list[str]) -> None:
    try:
        subprocess.run(  # noqa: S603  (a browser of this computer, our own file, no shell)
            command, check=False, timeout=_SECONDS, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise PrintFailed(
            f"{command[0]} printed no page within {_SECONDS} seconds; try again, or leave --pdf out"
        ) from error
