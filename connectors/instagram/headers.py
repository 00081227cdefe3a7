"""The words of Meta Business Suite in each language, as data: one `headers_xx.toml` each.

A spelling that Meta invents, or a language not seen before, is a line or a file of data, no code.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from connectors.columns import Vocabulary, name_key

FOLDER = Path(__file__).parent
_SHOWN_FOLDER: Final = "connectors/instagram"
_FIRST: Final = "headers_en"


@dataclass(frozen=True, eq=False)  # there is one object per file, a key of caches
class Language:
    """What one language calls columns and titles, and what it writes in cells."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    """Of the content export: spellings by canonical name, the preferred one first."""
    lifetime: frozenset[str]
    """Words in `Date` that mean "since publication", in the spelling of `name_key`."""
    media_types: Mapping[str, str]
    """Canonical media type by word in the spelling of `name_key`."""
    daily: Mapping[str, tuple[str, ...]]
    """Titles of the files of one figure by day, by metric of an account's day."""
    audience_titles: Mapping[str, tuple[str, ...]]
    """Titles of the audience export's sections by whose shares follow: followers, viewers."""
    audience_columns: Mapping[str, tuple[str, ...]]
    """Names of the audience export's columns by their meaning."""

    def known(self, header: Sequence[str]) -> int:
        """How many columns of a content export's `header` this language knows."""
        ours = {name_key(name) for names in self.columns.values() for name in names}
        return sum(name_key(name) in ours for name in header)


@cache
def languages() -> tuple[Language, ...]:
    """Every language that there is a file for, English first."""
    files = sorted(FOLDER.glob("headers_*.toml"), key=lambda p: (p.stem != _FIRST, p.stem))
    return tuple(_load(file) for file in files)


def language_of(header: tuple[str, ...]) -> Language:
    """The language that knows most of the columns of a content export; English when none does better."""
    return max(languages(), key=lambda language: language.known(header))


def vocabulary_of(header: tuple[str, ...]) -> Vocabulary:
    """All spellings of the content export's columns, those of the header's own language first."""
    return _vocabulary(language_of(header))


@cache
def _vocabulary(language: Language) -> Vocabulary:
    """This language's spellings, then the others': some files mix them."""
    order = (language, *(other for other in languages() if other is not language))
    names = {
        name: tuple(dict.fromkeys(one for lang in order for one in lang.columns.get(name, ())))
        for name in languages()[0].columns
    }
    return Vocabulary(names, "not in Meta Business Suite's file")


def lifetime_words() -> frozenset[str]:
    """Of every language."""
    return frozenset().union(*(language.lifetime for language in languages()))


def media_types() -> Mapping[str, str]:
    """Of every language."""
    return {word: kind for language in languages() for word, kind in language.media_types.items()}


def daily_titles() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """By metric, of every language."""
    return tuple(language.daily for language in languages())


def audience_titles() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """By population, of every language."""
    return tuple(language.audience_titles for language in languages())


def audience_columns() -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """By meaning, of every language."""
    return tuple(language.audience_columns for language in languages())


def by_spelling(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> Mapping[str, str]:
    """Our name by spelling (that of `name_key`), from tables of spellings by our name."""
    return {name_key(one): ours for table in tables for ours, spelt in table.items() for one in spelt}


def spellings(tables: Iterable[Mapping[str, tuple[str, ...]]]) -> list[str]:
    """All spellings of such tables, as Meta writes them."""
    return list(dict.fromkeys(one for table in tables for spelt in table.values() for one in spelt))


def data_file(language: str = "xx") -> str:
    """Where a spelling of a language is added, as a person is told."""
    return f"{_SHOWN_FOLDER}/headers_{language}.toml"


def _load(file: Path) -> Language:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    audience = content.get("audience", {})
    kinds = {name_key(word): kind for word, kind in content.get("media_types", {}).items()}
    return Language(
        name=file.stem.removeprefix("headers_"),
        columns=_frozen(content.get("columns", {})),
        lifetime=frozenset(name_key(word) for word in content.get("words", {}).get("lifetime", ())),
        media_types=MappingProxyType(kinds),
        daily=_frozen(content.get("daily", {})),
        audience_titles=_frozen(audience.get("titles", {})),
        audience_columns=_frozen(audience.get("columns", {})),
    )


def _frozen(table: dict[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({ours: tuple(spelt) for ours, spelt in table.items()})
