"""Answers that were not what they should be: kept for a month, without secrets and texts, to find out why."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from connectors.source_errors import MalformedResponse

_KEPT_S: Final = 30 * 86_400


def keep(folder: Path, error: MalformedResponse) -> Path:
    """Keep what may be kept of a bad answer, for its owner's eyes; older ones are deleted."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.glob("*.txt"):
        if old.stat().st_mtime < time.time() - _KEPT_S:
            old.unlink()
    path = folder / f"{error.sha256[:16]}.txt"
    path.touch(mode=0o600)
    path.write_text(f"{error.endpoint}\n{error.reason}\n{error.body}\n", encoding="utf-8")
    return path
