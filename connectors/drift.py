"""Fields that a platform renamed or dropped: asked for, and in no answer."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.strict_json import JsonObject


class Drift:
    """Looks for names at every item of a walk."""

    def __init__(self, platform: str, names: Iterable[str]) -> None:
        self._platform = platform
        self._missing = dict.fromkeys(names)
        self._items = 0

    def look(self, item: JsonObject) -> None:
        """One post."""
        self._items += 1
        for name in item.keys() & self._missing.keys():
            del self._missing[name]

    def notices(self) -> list[str]:
        """What a person should know at the end; nothing when there were no posts."""
        if not self._items or not self._missing:
            return []
        return [f"no post has {', '.join(self._missing)}: {self._platform} may have renamed it; left empty"]
