"""VADER 3.3.2 behind types: a text in, its own compound out, in a time that grows with the text's length.

Hutto, C.J. & Gilbert, E.E. (2014). VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
Social Media Text. ICWSM-14. The package is loaded with the first text that is scored, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Final, Protocol

_BACK: Final = 3
"""How many words before the one that it rates VADER looks at."""
_ON: Final = 2
"""And how many after it."""

_Check = Callable[..., float]


class _Analyzer(Protocol):
    """What is used of the package, which ships no types."""

    lexicon: dict[str, float]
    emojis: dict[str, str]
    _negation_check: _Check
    _special_idioms_check: _Check

    def polarity_scores(self, text: str) -> dict[str, float]: ...


def vader_version() -> str:
    """Of the package; the module does not say it."""
    return version("vaderSentiment")


@dataclass(frozen=True)
class Vader:
    """An analyzer with its own lexicon or a changed one."""

    changes: Mapping[str, float | None] = field(default_factory=dict)
    """Lower case terms with a valence of -4 to 4. None takes a term out: with 0 it would still be one,
    and what VADER does around its terms (capitals, boosters) would make a score of it."""

    def compound(self, text: str) -> float:
        """From -1, as negative as can be, to 1."""
        return self._analyzer.polarity_scores(text)["compound"]

    def finds_terms(self, text: str) -> bool:
        """Whether a word, emoticon or emoji of the text has a valence. Emoji stand apart in the text."""
        from vaderSentiment.vaderSentiment import SentiText  # noqa: PLC0415 (see above)

        in_words = "".join(f" {self.emoji[c]} " if c in self.emoji else c for c in text)
        words: list[str] = SentiText(in_words).words_and_emoticons
        return any(word.lower() in self.lexicon for word in words)

    @property
    def lexicon(self) -> Mapping[str, float]:
        """Every term with its valence."""
        return self._analyzer.lexicon

    @property
    def emoji(self) -> Mapping[str, str]:
        """The words that VADER reads in place of an emoji; it finds only those of a single character."""
        return self._analyzer.emojis

    @cached_property
    def _analyzer(self) -> _Analyzer:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 (see above)

        analyzer: _Analyzer = SentimentIntensityAnalyzer()
        # Both lower all words of a text for every term in it: two thousand emoji would take 14 seconds.
        analyzer._negation_check = _near(analyzer._negation_check)
        analyzer._special_idioms_check = _near(analyzer._special_idioms_check)
        for term, valence in self.changes.items():
            if valence is None:
                analyzer.lexicon.pop(term, None)
            else:
                analyzer.lexicon[term] = valence
        return analyzer


def _near(check: _Check) -> _Check:
    """The same check on the only words that it looks at. Its last argument says where in them it is."""

    def near(valence: float, words: Sequence[str], *places: int) -> float:
        *others, at = places
        start = max(0, at - _BACK)
        return check(valence, words[start : at + _ON + 1], *others, at - start)

    return near
