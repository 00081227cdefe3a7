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

    def notices(self, *, from_start: bool) -> list[str]:
        """What a person should know at the end of a list (`from_start`: that was read from its beginning)."""
        if not self._items:
            return [nothing_listed(self._platform)] if from_start else []
        if not self._missing:
            return []
        return [f"no post has {', '.join(self._missing)}: {self._platform} may have renamed it; left empty"]


def nothing_listed(platform: str) -> str:
    """A list without any post proves nothing."""
    return f"{platform} lists no post of the account: it may be private by now; no post is counted as gone"
