"""Drawings by what they were drawn from: what has not changed is not drawn again."""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path
from typing import Final

_UNUSED_S: Final = 30 * 24 * 3600


class Kept:
    """A folder of drawings, which can be made again at any time; those long unused are dropped."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept under a key."""
        path = self._folder / key
        if not path.exists():
            return None
        os.utime(path)  # used just now: see `tidy`
        return path.read_bytes()

    def put(self, key: str, content: bytes) -> bytes:
        """Keep it; returns it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        swap_in(self._folder / key, content)
        return content

    def tidy(self) -> None:
        """Drop what no render has used for a month."""
        for path in self._folder.glob("*"):
            if time.time() - path.stat().st_mtime > _UNUSED_S:
                path.unlink(missing_ok=True)


def key_of(source: object, ending: str) -> str:
    """The name of what is made from a source: JSON values, or text."""
    text = json.dumps(source, ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return f"{hashlib.sha256(text.encode()).hexdigest()}.{ending}"


def swap_in(path: Path, content: bytes) -> Path:
    """Put a file in place unless it is there already: readers never see half of one."""
    if path.exists() and path.read_bytes() == content:
        return path
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)
    return path
