"""An Instagram account's own figures: followers, days that end at midnight US Pacific time, and audience.

Days by Meta's page "Instagram user insights" (2026): a value belongs to the day that ends at its `end_time`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final

from connectors import values
from connectors.api import Visit
from connectors.audiences import FEWEST, audience_rows
from connectors.base import Batch, Refusal
from connectors.instagram.clock import PACIFIC
from connectors.instagram.graph_calls import Graph, list_misshapen
from connectors.instagram.graph_fields import AUDIENCE_METRIC, BREAKDOWNS, BUCKETS, DAY, INSIGHTS
from connectors.instagram.graph_rows import origin
from connectors.instagram.insights import Insights, Values, values_of
from connectors.source_errors import PermissionMissing, RequestRefused
from connectors.strict_json import JsonObject

_DAYS: Final = 7
"""Read again every night: figures come up to two days late, and some nights fail."""
_FIRST_DAYS: Final = 28
_RECENT_S: Final = 60 * 86_400


@dataclass
class AccountFigures:
    """Everything about one account that is not about a post."""

    graph: Graph
    user_id: str
    visit: Visit
    notices: list[str]

    def batch(self, profile: JsonObject) -> Batch:
        """Rows of `account_days_seen` and `audience_seen`.

        Raises:
            SourceError: Meta does not answer, or wants fewer requests.
        """
        reasons: list[str] = []
        followers = values.count(profile, "followers_count", reasons)
        days = list(self._days(followers, reasons))
        audience = self._audience(followers, reasons)
        tables = {
            "account_days_seen": values.to_table("account_days_seen", days),
            "audience_seen": values.to_table("audience_seen", audience),
        }
        refused = tuple(Refusal(1, reason) for reason in reasons)
        return Batch(tables, len(days) + len(audience), refused, self.visit.window.cursor)

    def _days(self, followers: int | None, reasons: list[str]) -> Iterator[dict[str, object]]:
        """Today's followers, then whole Pacific days."""
        today = self.visit.now.astimezone(self.visit.context.timezone).date()
        row = 1
        if followers is not None:
            yield {**self._origin(row), "day": today, "followers": followers}
        gained = self._gained(followers, reasons)
        insights = Insights(partial(self._of_day, reasons), self.visit.window.not_given, self.notices)
        for day in self._wanted_days():
            row += 1
            found = insights.of_posts([(str(day), DAY)]).get(str(day), {})
            told = {metric: found.get(native) for metric, native in INSIGHTS[DAY].items()}
            if day in gained or any(value is not None for value in told.values()):
                yield {**self._origin(row), "day": day, **told, "follows": gained.get(day)}

    def _wanted_days(self) -> list[date]:
        yesterday = self.visit.now.astimezone(PACIFIC).date() - timedelta(days=1)
        since_s = self.visit.window.since_s
        is_recent = since_s is not None and self.visit.now.timestamp() - since_s < _RECENT_S
        return [yesterday - timedelta(days=n) for n in range(_DAYS if is_recent else _FIRST_DAYS)]

    def _of_day(self, reasons: list[str], day: str, names: Sequence[str]) -> Values:
        """Totals of one Pacific day."""
        on = date.fromisoformat(day)
        answer = self._insights(
            {
                "metric": ",".join(names),
                "metric_type": "total_value",
                "period": "day",
                "since": str(_midnight_s(on)),
                "until": str(_midnight_s(on + timedelta(days=1)) - 1),
            }
        )
        return values_of(answer, names, reasons)

    def _gained(self, followers: int | None, reasons: list[str]) -> dict[date, int]:
        """New followers by day; Meta counts them from 100 followers on."""
        if followers is None or followers < FEWEST or "follower_count" in self._not_given():
            return {}
        days = self._wanted_days()
        query = {
            "metric": "follower_count",
            "period": "day",
            "since": str(_midnight_s(days[-1])),
            "until": str(_midnight_s(days[0] + timedelta(days=1)) - 1),
        }
        try:
            answer = self._insights(query)
        except (RequestRefused, PermissionMissing):
            self._not_given().append("follower_count")
            self.notices.append("Meta does not give follower_count: follows by day are empty")
            return {}
        entries = [entry for metric in answer["data"] for entry in metric.get("values") or []]
        return {
            day: n
            for entry in entries
            if (day := _pacific_day(entry)) and (n := _gain(entry, reasons)) is not None
        }

    def _not_given(self) -> list[str]:
        return self.visit.window.not_given.setdefault("account", [])

    def _audience(self, followers: int | None, reasons: list[str]) -> list[dict[str, object]]:
        """Shares of the followers. Meta gives counts, and not of all: the rest stays unlisted."""
        if followers is None or followers < FEWEST:
            self.notices.append(f"no audience: Meta gives it from {FEWEST} followers on")
            return []
        rows: list[dict[str, object]] = []
        for breakdown in BREAKDOWNS:
            if breakdown in self._not_given():
                continue
            try:
                counts = self._counts(breakdown)
            except (RequestRefused, PermissionMissing):
                self._not_given().append(breakdown)
                self.notices.append(f"Meta does not give the followers by {breakdown}: left empty")
                continue
            whole = max(followers, sum(n for _bucket, n in counts))
            subject = ("account", self.visit.account, "followers")
            shares = [(BUCKETS.get(bucket, bucket), n / whole) for bucket, n in counts]
            rows += audience_rows(self._origin(len(rows) + 1), subject, breakdown, shares, reasons)
        return rows

    def _counts(self, breakdown: str) -> list[tuple[str, int]]:
        """Followers by bucket."""
        query = {
            "metric": AUDIENCE_METRIC,
            "period": "lifetime",
            "metric_type": "total_value",
            "timeframe": "this_month",
            "breakdown": breakdown,
        }
        found: list[tuple[str, int]] = []
        for metric in self._insights(query)["data"]:
            for part in (metric.get("total_value") or {}).get("breakdowns") or []:
                for result in part.get("results") or []:
                    name, number = result.get("dimension_values"), result.get("value")
                    if isinstance(name, list) and len(name) == 1 and values.is_whole(number):
                        found.append((str(name[0]), number))
        return found

    def _insights(self, query: dict[str, str]) -> JsonObject:
        return self.graph.get(f"{self.user_id}/insights", list_misshapen, query)

    def _origin(self, row: int) -> dict[str, object]:
        return origin(self.graph.source, self.visit, row)


def _midnight_s(day: date) -> int:
    """Epoch seconds of the beginning of a Pacific day; 23 or 25 hours before the next when clocks change."""
    return int(datetime.combine(day, time(), PACIFIC).timestamp())


def _pacific_day(entry: Any) -> date | None:
    """The day that ends at `end_time`."""
    try:
        end = datetime.strptime(str(entry["end_time"]), "%Y-%m-%dT%H:%M:%S%z")
    except (TypeError, KeyError, ValueError):
        return None
    return (end - timedelta(seconds=1)).astimezone(PACIFIC).date()


def _gain(entry: JsonObject, reasons: list[str]) -> int | None:
    return values.count(entry, "value", reasons)
