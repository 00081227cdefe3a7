"""What a walk through an API cost, and how much of its quota Meta says is used.

Header names, percentages and minutes are those of Meta's page "Rate Limits" (Graph API, 2026).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from connectors.strict_json import JsonObject, NotStrictJson, parse
from connectors.waiting import moment_s

_OF_APP: Final = "X-App-Usage"
_HEADERS: Final = (_OF_APP, "X-Business-Use-Case-Usage")
_SHARES: Final = ("call_count", "total_time", "total_cputime")
_REGAIN: Final = "estimated_time_to_regain_access"
_MINUTE_S: Final = 60.0


@dataclass(frozen=True)
class Usage:
    """How near a limit is."""

    used: float
    """Of the quota, 1 = all of it."""
    regain_s: float = 0.0
    """Seconds until requests are taken again; 0: they are taken now, or it is not said."""


@dataclass
class Meter:
    """What one account's walk cost; several threads may write."""

    requests: int = 0
    retries: int = 0
    waited_s: float = 0.0
    usage: Usage | None = None
    """The newest word; None: the platform says nothing."""
    clock_ahead_s: float = 0.0
    """By how much this machine's clock is fast by the platform's; negative: slow; 0 also if not told."""
    _lock: Lock = field(default_factory=Lock, repr=False)

    def sent(self, *, again: bool) -> None:
        """A request is on its way."""
        with self._lock:
            self.requests += 1
            self.retries += again

    def waited(self, seconds: float) -> None:
        """A pause was made."""
        with self._lock:
            self.waited_s += seconds

    def told(self, headers: Mapping[str, str], now: float) -> None:
        """An answer came with these headers, at this moment by our clock (epoch seconds)."""
        found, date = usage_of(headers), moment_s(headers.get("Date", ""))
        with self._lock:
            self.usage = found or self.usage
            self.clock_ahead_s = self.clock_ahead_s if date is None else now - date

    @property
    def quota_used(self) -> float | None:
        """0-1, or more when a limit was passed; None: not said."""
        return self.usage.used if self.usage else None


@dataclass
class AppQuota:
    """What is said of the whole app's quota: accounts that are read at once use it up together."""

    usage: Usage | None = None

    def told(self, headers: Mapping[str, str]) -> None:
        """An answer to any of them came with these headers."""
        self.usage = usage_of(headers, [_OF_APP]) or self.usage


def usage_of(headers: Mapping[str, str], names: Sequence[str] = _HEADERS) -> Usage | None:
    """The fullest of all quotas named; None: none is. What cannot be read is passed over."""
    found = [
        Usage(_used(entry), _regain(entry))
        for name in names
        if (text := headers.get(name))
        for entry in _entries(text)
    ]
    return max(found, key=lambda usage: (usage.used, usage.regain_s), default=None)


def _entries(text: str) -> Iterator[JsonObject]:
    """One object a quota: the header's own, or those in its lists by business."""
    try:
        value = parse(text.encode())
    except NotStrictJson:
        return
    if any(name in value for name in _SHARES):
        yield value
    for entries in value.values():
        yield from (e for e in entries if isinstance(e, dict)) if isinstance(entries, list) else ()


def _used(entry: JsonObject) -> float:
    return max(_number(entry.get(name)) for name in _SHARES) / 100


def _regain(entry: JsonObject) -> float:
    return _number(entry.get(_REGAIN)) * _MINUTE_S


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else 0.0
