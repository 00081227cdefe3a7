"""Whether a site already is what would be made of the published file: then nothing is made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Final

from dashboards.kept import Kept, key_of
from dashboards.reader import Reader
from models.published import TABLES

_CODE: Final = (Path(__file__).parent, Path(__file__).parents[1] / "models")
_MAKERS: Final = ("altair", "duckdb", "jinja2", "pandas", "vl-convert-python")


class LastTime:
    """What the last site was made of, and the files that it had."""

    def __init__(self, reader: Reader, kept: Kept, also: Collection[str]) -> None:
        makers = [*map(version, _MAKERS), *(_digest(path) for folder in _CODE for path in _files(folder))]
        self._key = key_of([_content(reader), makers, sorted(also)], "json")
        self._kept = kept

    def files(self, site: Path) -> tuple[Path, ...]:
        """The files of the site if it is as it would be made; else none."""
        record = self._kept.get(self._key)
        listed: dict[str, str] = json.loads(record) if record else {}
        files = tuple(site / name for name in listed)
        is_whole = all(
            file.exists() and _digest(file) == listed[name] for name, file in zip(listed, files, strict=True)
        )
        return files if is_whole else ()

    def remember(self, site: Path, files: Collection[Path]) -> None:
        """Keep what was made, for the next time."""
        listed = {file.relative_to(site).as_posix(): _digest(file) for file in files}
        self._kept.put(self._key, json.dumps(listed).encode())


def _content(reader: Reader) -> list[str]:
    """A hash of each published table: of its rows, but for the moment at which they were built."""
    hashes = []
    for table in TABLES:
        columns = ", ".join(column.name for column in table.columns if column.name != "built_at")
        select = f"SELECT CAST(bit_xor(hash({columns})) AS VARCHAR) AS h FROM marts.{table.name}"  # noqa: S608
        hashes.append(f"{table.name} {columns} {reader.query(select)['h'][0]}")
    return hashes


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.suffix in {".py", ".html", ".css", ".js", ".toml"}
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
