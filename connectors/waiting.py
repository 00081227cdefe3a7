"""How long to wait: when a platform says so, when it does not, and so that it need not say so."""

from __future__ import annotations

import re
from calendar import timegm
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Final

from connectors.source_errors import RateLimited, SourceError

_RATE_LIMIT_PATIENCE: Final = 8  # times the usual back-off: all waits together outlast a one-minute window


def back_off(kind: type[SourceError], tried: int, chance: float) -> float:
    """Seconds to wait when the platform does not say: up to 1, 2, 4, 8 (a rate limit: 8, 16, 32, 64).

    `chance`, 0 to 1, spreads the retries of several runs over the upper half of that.
    """
    patience = _RATE_LIMIT_PATIENCE if kind is RateLimited else 1
    return patience * float(2 ** (tried - 1)) * (0.5 + 0.5 * chance)


def retry_after(header: str | None, now: float) -> float | None:
    """Seconds from now, of a number or an HTTP date (RFC 9110, 10.2.3); None: nothing to go by."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return float(text) or None
    at = moment_s(text)
    return at - now if at is not None and at > now else None


def moment_s(text: str) -> int | None:
    """Epoch seconds of an HTTP date (RFC 9110, 5.6.7); None: it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # One of the three allowed forms names no zone; all of them mean UTC, and so does `timegm`.
    return timegm(moment.utctimetuple())


@dataclass(frozen=True)
class Rate:
    """So many requests within so many seconds, at any time."""

    requests: int
    seconds: float = 60.0
    per_account: bool = False
    per_endpoint: bool = False


@dataclass
class Pace:
    """Gives every request its turn, so that no rate is passed; shared by the accounts of one app."""

    _turns: dict[tuple[Rate, str, str], deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: Lock = field(default_factory=Lock)

    def turn(self, rates: Sequence[Rate], account: str, endpoint: str, now: float) -> float:
        """Seconds to wait before the next request, which has then its turn and must be made."""
        with self._lock:
            lanes = [
                (rate, self._turns[self._lane(rate, account, endpoint)]) for rate in rates if rate.requests
            ]
            at = max([now, *(self._earliest(rate, lane) for rate, lane in lanes)])
            for rate, lane in lanes:
                lane.append(at)
                if len(lane) > rate.requests:
                    lane.popleft()
        return at - now

    @staticmethod
    def _lane(rate: Rate, account: str, endpoint: str) -> tuple[Rate, str, str]:
        return rate, account if rate.per_account else "", endpoint if rate.per_endpoint else ""

    @staticmethod
    def _earliest(rate: Rate, lane: Sequence[float]) -> float:
        return lane[0] + rate.seconds if len(lane) >= rate.requests else 0.0
