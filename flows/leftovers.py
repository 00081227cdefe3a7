"""The proof of an erasure: every file that rapup wrote is searched for what was erased."""

from __future__ import annotations

import json
import mmap
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from flows.settings import Settings
from models.erasure import TEXT_COLUMNS, counting
from models.store import PUBLISHED_FILE, STORE_FILE, open_published, open_store

_WRITTEN: Final = ("site", "cache", "quarantine", "secrets", "prefect", ".spill")
_TEXTS: Final = frozenset({".html", ".json", ".svg", ".txt", ".csv", ".md", ".toml"})
_DISTINCT: Final = 8  # characters: shorter names occur inside of other words
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_LARGEST: Final = 500_000_000  # bytes of a member of a ZIP

Ask = Callable[[str, Sequence[object]], Sequence[tuple[object, ...]]]


@dataclass(frozen=True)
class Word:
    """An id or a handle that is looked for; not as a part of another."""

    value: str
    is_handle: bool = False
    """Then upper and lower case are one."""

    @property
    def pattern(self) -> str:
        """Understood alike by Python and by DuckDB (RE2)."""
        fold, value = "(?i)" if self.is_handle else "", re.escape(self.value)
        return rf"{fold}(?:^|[^A-Za-z0-9_.]){value}(?:$|[^A-Za-z0-9_.]|\.(?:$|[^A-Za-z0-9_]))"

    @cached_property
    def alone(self) -> re.Pattern[bytes]:
        """Where something stands between it and other words."""
        return re.compile(self.pattern.encode())

    @cached_property
    def anywhere(self) -> re.Pattern[bytes]:
        """Where nothing stands between texts, as in a database's file."""
        found = re.escape(self.value.encode())
        return re.compile(b"(?i)" + found if self.is_handle else found)

    @property
    def is_distinct(self) -> bool:
        """Long enough not to be found inside of other words by chance."""
        return len(self.value) >= _DISTINCT


@dataclass(frozen=True)
class Search:
    """What a search came to."""

    files: int
    found: tuple[str, ...]
    """File, and what in it; never its text."""


def search_written(settings: Settings, words: Sequence[Word]) -> Search:
    """Look into every file of the data folder that rapup wrote, and into every text of both databases.

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    files = list(_written(settings.data))
    asked = {STORE_FILE: _in_store(settings.data, words), PUBLISHED_FILE: _in_published(settings.data, words)}
    found: list[str] = []
    for path in files:
        name = path.relative_to(settings.data).as_posix()
        cells = asked.get(name)
        if cells is not None:
            found += [f"{path}: {where}" for where in cells.holding]
            if any(w.is_distinct and w not in cells.explained and _has(path, w.anywhere) for w in words):
                found.append(f"{path}: in its bytes, in no table")
        elif any(w.alone.search(name.encode()) or holds(path, w) for w in words):
            cure = ": stop `rapup serve` and delete that folder" if name.startswith("prefect/") else ""
            found.append(f"{path}{cure}")
    return Search(len(files), tuple(found))


def own_files(settings: Settings, words: Sequence[Word]) -> list[Path]:
    """Files of people's own that hold it: in the inbox, and those of the campaign. They are never changed."""
    campaign = settings.campaign_file()
    beside = campaign.parent.glob(f"{campaign.stem}.*")
    inbox = (path for path in settings.inbox.rglob("*") if path.is_file())
    names = {path: path.relative_to(settings.inbox).as_posix() for path in inbox}
    named = [p for p, name in names.items() if any(w.alone.search(name.encode()) for w in words)]
    rest = [path for path in (*names, *beside) if path not in set(named)]
    return sorted([*named, *(path for path in rest if any(holds(path, word) for word in words))])


def holds(path: Path, word: Word) -> bool:
    """Whether a file holds a word; members of a ZIP (a workbook, slides) are opened."""
    pattern = word.anywhere if word.is_distinct and path.suffix not in _TEXTS else word.alone
    return _has(path, pattern) or any(word.alone.search(text) for text in _members(path))


def _has(path: Path, pattern: re.Pattern[bytes]) -> bool:
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[:2] in _BOMS:
            return pattern.search(data[:].decode("utf-16", "replace").encode()) is not None
        return pattern.search(data) is not None


def _members(path: Path) -> Iterator[bytes]:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            yield member.filename.encode()
            if member.file_size <= _LARGEST and not member.flag_bits & 1:
                yield archive.read(member)


def _written(data: Path) -> Iterator[Path]:
    places = [data / name for name in _WRITTEN]
    yield from sorted(path for path in data.iterdir() if path.is_file())
    yield from sorted(path for place in places for path in place.rglob("*") if path.is_file())


@dataclass(frozen=True)
class _Cells:
    holding: list[str]
    """Columns that hold a word."""
    explained: set[Word]
    """Words whose letters stand in some other text, too: their bytes prove nothing."""


def _in_store(data: Path, words: Sequence[Word]) -> _Cells:
    with open_store(data) as store:
        return _cells(store.ask, "raw", words)


def _in_published(data: Path, words: Sequence[Word]) -> _Cells:
    with open_published(data) as published:
        return _cells(published.rows, "marts", words)


def _cells(ask: Ask, schema: str, words: Sequence[Word]) -> _Cells:
    columns = [(str(s), str(t), str(c)) for s, t, c in ask(TEXT_COLUMNS, [schema])]
    names = json.dumps(columns)
    cells = _Cells([], {word for word in words if word.value.lower() in names})
    for column in columns:
        for word in words:
            ((alone, anywhere),) = ask(counting(*column), [word.pattern, word.value.lower()])
            if alone:
                cells.holding.append(f"{column[1]}.{column[2]}")
            if anywhere:
                cells.explained.add(word)
    return cells
