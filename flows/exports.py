"""Where exports lie, and what they are called below the inbox."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from connectors.base import BadExport

_NOT_EXPORTS = frozenset({"thumbs.db", "desktop.ini"})


def find_files(paths: Sequence[Path], inbox: Path) -> Iterator[tuple[Path, str]]:
    """Every file at or below `paths`, with its name below the inbox; hidden and lock files are passed over.

    Raises:
        BadExport: a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise BadExport(f"{path}: no such file or folder; name an export, or put it below {inbox}")
        prefix = _prefix_below(path, inbox)
        if path.is_file():
            yield path.absolute(), f"{prefix}{path.name}"
            continue
        root = path.absolute()
        for file in sorted(p for p in root.rglob("*") if p.is_file()):
            if not file.name.startswith((".", "~$")) and file.name.lower() not in _NOT_EXPORTS:
                yield file, f"{prefix}{file.relative_to(root).as_posix()}"


def _prefix_below(path: Path, inbox: Path) -> str:
    """What stands before a name, so that it is the same wherever the command is run from.

    Outside the inbox the last two folders are kept: they may tell account and day.
    """
    folder = (path if path.is_dir() else path.parent).resolve()
    if folder.is_relative_to(inbox.resolve()):
        below = folder.relative_to(inbox.resolve()).as_posix()
        return "" if below == "." else f"{below}/"
    parts = folder.parts[-2:]
    kept = parts[parts.index("inbox") + 1 :] if "inbox" in parts else parts
    return "".join(f"{part}/" for part in kept if part != folder.anchor)
