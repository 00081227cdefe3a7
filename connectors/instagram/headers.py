"""The words of Meta Business Suite in each language, as data: one `headers_xx.toml` each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from connectors.columns import Vocabulary, name_key


@dataclass(frozen=True, eq=False)  # there is one object per file, a key of caches
class Language:
    """What one language calls the columns, and what it writes in their cells."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    """Spellings by canonical name, the preferred one first."""
    lifetime: frozenset[str]
    """Words in `Date` that mean "since publication"; in the spelling of `name_key`."""
    media_types: Mapping[str, str]
    """Canonical media type by word, in the spelling of `name_key`."""

    def known(self, header: Sequence[str]) -> int:
        """How many columns of `header` this language knows."""
        ours = {name_key(name) for names in self.columns.values() for name in names}
        return sum(name_key(name) in ours for name in header)


@cache
def languages() -> tuple[Language, ...]:
    """Every language that there is a file for, English first."""
    files = sorted(
        Path(__file__).parent.glob("headers_*.toml"), key=lambda p: (p.stem != "headers_en", p.stem)
    )
    return tuple(_load(file) for file in files)


@lru_cache(maxsize=64)
def language_of(header: tuple[str, ...]) -> Language:
    """The language that knows most of the columns; English when none does better."""
    return max(languages(), key=lambda language: language.known(header))


def vocabulary_of(header: tuple[str, ...]) -> Vocabulary:
    """All spellings of the columns, those of the header's own language first."""
    return _vocabulary(language_of(header))


@cache
def _vocabulary(language: Language) -> Vocabulary:
    """This language's spellings, then the others': some files mix them."""
    others = [other for other in languages() if other is not language]
    names = {
        name: tuple(dict.fromkeys(one for lang in (language, *others) for one in lang.columns.get(name, ())))
        for name in language.columns
    }
    return Vocabulary(names, "not in Meta Business Suite's file")


@cache
def lifetime_words() -> frozenset[str]:
    """Of every language."""
    return frozenset().union(*(language.lifetime for language in languages()))


@cache
def media_types() -> Mapping[str, str]:
    """Of every language."""
    return MappingProxyType({k: v for language in languages() for k, v in language.media_types.items()})


def _load(file: Path) -> Language:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Language(
        content["language"],
        MappingProxyType({name: tuple(spellings) for name, spellings in content["columns"].items()}),
        frozenset(name_key(word) for word in content["words"]["lifetime"]),
        MappingProxyType({name_key(word): kind for word, kind in content["media_types"].items()}),
    )
