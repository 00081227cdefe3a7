"""A new file made beside the old one, then put in its place: readers meet the one or the other."""

from __future__ import annotations

import os
from pathlib import Path


def fresh_file(folder: Path) -> Path:
    """Where this process builds; what builds that were killed have left is removed first."""
    for left in folder.glob("next.*.duckdb*"):
        pid = left.name.split(".")[1]
        if os.name == "posix" and pid.isdigit() and not _is_running(int(pid)):
            left.unlink(missing_ok=True)
    fresh = folder / f"next.{os.getpid()}.duckdb"
    fresh.unlink(missing_ok=True)
    return fresh


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def swap(fresh: Path, target: Path) -> None:
    """Make `fresh` the file that readers find, durably."""
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    fresh.replace(target)
    if os.name == "posix":
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def quoted(path: Path) -> str:
    """A path as an SQL literal: ATTACH takes no bound values."""
    return "'" + str(path).replace("'", "''") + "'"
