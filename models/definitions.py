"""Which names of the platforms mean the same count of views, so that no history mixes two counts.

TikTok shows one lifetime count of plays wherever it shows one. Instagram counted impressions and
plays before it counted views, and counts views with advertisements, or on Facebook too, under names
of their own (Meta's reference of the Instagram media insights, September 2026).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import pyarrow as pa

VIEWS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "tiktok": {
        "views": frozenset(
            {"total views", "video views", "views", "view_count", "video_views", "playcount", "play_count"}
        ),
    },
    "instagram": {
        "views": frozenset({"views", "visualizaciones", "visualizzazioni", "visualizações"}),
        "impressions": frozenset({"impressions", "impresiones", "impressões", "impressionen"}),
        "plays": frozenset({"plays", "instagram plays", "reproducciones"}),
        "views with advertisements": frozenset({"view_count"}),
        "views with advertisements and Facebook": frozenset({"total_views", "total_views_count"}),
    },
}
"""By platform and definition, the names (in the spelling of `name_key`) that mean it."""

UNNAMED: Final = "a count without a name"
"""The definition, with number 0, of loads that do not say what they call views."""

_SCHEMA: Final = pa.schema(
    {
        "platform": pa.string(),
        "native_name": pa.string(),
        "definition_no": pa.int64(),
        "definition": pa.string(),
    }
)


def name_key(native_name: str) -> str:
    """The spelling in which names are compared: any case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", native_name).casefold().split())


def definition_of(platform: str, native_name: str) -> str:
    """What a name means; one that nobody knows is a definition of its own.

    Of a load of several platforms it means what it means on all of those that have it.
    """
    key = name_key(native_name)
    platforms = [VIEWS[platform]] if platform in VIEWS else VIEWS.values()
    meant = {definition for known in platforms for definition, names in known.items() if key in names}
    return meant.pop() if len(meant) == 1 else key


def definitions(spoken: Iterable[tuple[str, str]]) -> pa.Table:
    """`cfg_definitions`: of every (platform, native name) the definition, numbered from 1; 0 is `UNNAMED`.

    A definition has one number on all platforms, so that it has it in a load of several, too.
    """
    meant = {(platform, name): definition_of(platform, name) for platform, name in spoken}
    numbers = {definition: number for number, definition in enumerate(sorted(set(meant.values())), 1)}
    rows = [
        {
            "platform": platform,
            "native_name": name,
            "definition_no": numbers[definition],
            "definition": definition,
        }
        for (platform, name), definition in sorted(meant.items())
    ]
    return pa.Table.from_pylist([{"definition_no": 0, "definition": UNNAMED}, *rows], schema=_SCHEMA)
