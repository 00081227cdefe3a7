"""A topic to suggest for a post that no rule matches. It proposes, and a person decides.

First a hashtag that is nearly one of a topic's: a slip of the finger. Else telling words: those that
captions on a topic have clearly more often than other captions, where nine in ten captions with the word
are on the topic ("you" and "not" often pass the first test, never the second). The measure is the log
odds ratio with a half added to each count (Haldane 1956, Anscombe 1956); "clearly" means that its 99 %
interval (Gart 1966) lies above 0.
"""

from __future__ import annotations

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from models.quantiles import normal_quantile
from models.text import hashtags_key, words_key
from models.topics import Rule

LEVEL: Final = 0.99
"""A caption has many words, and each is held against every topic: at 95 % chance would find one in most."""

NEAR: Final = 0.9
"""Likeness (Ratcliff and Obershelp 1988, as in difflib): "adhd" and "add" are two things."""
MOSTLY: Final = 0.9
"""Share of the captions with the word that must be on the topic."""

_Z: Final = normal_quantile((1 + LEVEL) / 2)


@dataclass(frozen=True, slots=True)
class TellingWord:
    """A word, or hashtag with its "#", that a caption shares with the captions on a topic."""

    word: str
    captions: int
    """Different captions on the topic that have it."""
    of_captions: int
    elsewhere: int
    """Different captions on other topics that have it."""
    of_elsewhere: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class NearHashtag:
    """A hashtag that is nearly one of the campaign's, both with "#"."""

    written: str
    meant: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A topic, and what speaks for it: a near hashtag, or words, the most telling first."""

    topic_id: str
    words: tuple[TellingWord, ...] = ()
    near: NearHashtag | None = None

    @property
    def score(self) -> float:
        """Sum of the words' log odds ratios."""
        return sum(word.log_odds for word in self.words)


def nearly_matched(caption: str, rules: Sequence[Rule]) -> Suggestion | None:
    """The topic of the hashtag rule that a hashtag of the caption is nearest to, if it is near."""
    topics = {rule.matched_on: rule.topic_id for rule in rules if rule.rule == "hashtag"}
    for tag in hashtags_key(caption).split():
        for meant in difflib.get_close_matches(f"#{tag}", topics, n=1, cutoff=NEAR):
            return Suggestion(topics[meant], near=NearHashtag(f"#{tag}", meant))
    return None


class Vocabulary:
    """Which words the captions on each topic have; the same caption on two platforms counts once."""

    def __init__(self, captions: Iterable[tuple[str, str]]) -> None:
        """From the primary topic and the caption of posts that have both."""
        distinct = {(topic_id, words_of(caption)) for topic_id, caption in captions}
        self._captions = Counter(topic_id for topic_id, _ in distinct)
        self._having = Counter((topic_id, word) for topic_id, words in distinct for word in words)
        self._anywhere = Counter(word for _, words in distinct for word in words)

    def suggest(self, caption: str | None) -> Suggestion | None:
        """The topic with the highest score; None without a telling word, or when two are as high."""
        words = words_of(caption or "")
        suggestions = [Suggestion(topic_id, self._telling(topic_id, words)) for topic_id in self._captions]
        ranked = sorted(suggestions, key=lambda suggestion: -suggestion.score)
        if not ranked or not ranked[0].words or (len(ranked) > 1 and ranked[0].score == ranked[1].score):
            return None
        return ranked[0]

    def _telling(self, topic_id: str, words: Iterable[str]) -> tuple[TellingWord, ...]:
        found = (self._held_against(topic_id, word) for word in words)
        return tuple(sorted(filter(None, found), key=lambda word: (-word.log_odds, word.word)))

    def _held_against(self, topic_id: str, word: str) -> TellingWord | None:
        captions, of_captions = self._having[topic_id, word], self._captions[topic_id]
        elsewhere = self._anywhere[word] - captions
        if captions < MOSTLY * self._anywhere[word]:
            return None
        of_elsewhere = self._captions.total() - of_captions
        cells = (captions, of_captions - captions, elsewhere, of_elsewhere - elsewhere)
        having, lacking, others_having, others_lacking = halved = [count + 0.5 for count in cells]
        log_odds = math.log(having * others_lacking / (lacking * others_having))
        error = math.sqrt(sum(1 / count for count in halved))
        if log_odds <= _Z * error:
            return None
        return TellingWord(word, captions, of_captions, elsewhere, of_elsewhere, log_odds)


def words_of(caption: str) -> frozenset[str]:
    """The different words of a caption, and its hashtags as "#tag"."""
    tags = hashtags_key(caption).split()
    in_tags = {word for tag in tags for word in words_key(tag).split()}
    return frozenset({f"#{tag}" for tag in tags} | (set(words_key(caption).split()) - in_tags))
