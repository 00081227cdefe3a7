"""What every page needs, read once: the campaign, its timetable, and the small tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboards import words
from dashboards.reader import Reader, Row, rows


@dataclass(frozen=True)
class Facts:
    """The tables that pages share, each in its own order."""

    campaign: Row
    teams: tuple[Row, ...]
    topics: tuple[Row, ...]
    periods: tuple[Row, ...]
    events: tuple[Row, ...]
    creators: tuple[Row, ...]
    accounts: tuple[Row, ...]
    topic_weeks: tuple[Row, ...]
    topic_periods: tuple[Row, ...]
    topic_comparisons: tuple[Row, ...]
    target_reach: tuple[Row, ...]
    spc: tuple[Row, ...]
    posting_times: tuple[Row, ...]
    sources: tuple[Row, ...]
    asks: tuple[Row, ...]
    refused: tuple[Row, ...]
    shown_creators: tuple[tuple[str, str], ...]
    """(team_id, creator_id): whose posts a team's topics have."""

    @property
    def as_of(self) -> date:
        """The day that counts as today, in the campaign's zone."""
        moment: datetime | None = self.campaign["as_of"]
        if moment is None:
            start: date = self.campaign["starts"]
            return start
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.campaign["timezone"])).date()

    @property
    def top_list(self) -> tuple[str, ...]:
        """What to know of a file that lists some posts only, where posts came by it."""
        is_read = any(source["source"] == "tiktok_studio_content" for source in self.sources)
        return (words.TOP_LIST,) if is_read else ()

    @property
    def started(self) -> tuple[Row, ...]:
        """The action periods that have begun."""
        return tuple(period for period in self.periods if period["starts"] <= self.as_of)

    @property
    def current(self) -> Row | None:
        """The action period of today, else the last that began."""
        return self.started[-1] if self.started else None

    @property
    def previous(self) -> Row | None:
        """The action period before the current one."""
        return self.started[-2] if len(self.started) > 1 else None

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of every weekly chart, so that teams share one scale of time."""
        weeks = [row["week"] for row in self.topic_weeks]
        known = [*weeks, *(period["starts"] for period in self.started)]
        return min(known, default=self.as_of), max([self.as_of, *(week + timedelta(6) for week in weeks)])

    def topics_of(self, team_id: str) -> tuple[Row, ...]:
        """A team's topics, in the order of the campaign file."""
        return tuple(topic for topic in self.topics if topic["team_id"] == team_id)

    def weeks(self, topic_id: str, platform: str = "all") -> tuple[Row, ...]:
        """The weeks of a topic on one platform, oldest first."""
        return tuple(
            row for row in self.topic_weeks if row["topic_id"] == topic_id and row["platform"] == platform
        )

    def charted(self, facet: str, measure: str) -> tuple[Row, ...]:
        """The weeks of a control or run chart, oldest first."""
        return tuple(row for row in self.spc if (row["facet"], row["measure"]) == (facet, measure))

    def platforms(self, topic_id: str) -> tuple[str, ...]:
        """The platforms that a topic has weeks on."""
        found = {row["platform"] for row in self.topic_weeks if row["topic_id"] == topic_id}
        return tuple(sorted(found - {"all"}))

    def period_of(self, topic_id: str, period: Row | None) -> Row | None:
        """A topic's row of an action period."""
        return first(
            row
            for row in self.topic_periods
            if period and row["topic_id"] == topic_id and row["period_id"] == period["period_id"]
        )

    def comparisons(self, topic_id: str, period: Row | None) -> tuple[Row, ...]:
        """A topic's action period beside the one before: a row a measure, views first."""
        found = (
            row
            for row in self.topic_comparisons
            if period and (row["topic_id"], row["period_id"]) == (topic_id, period["period_id"])
        )
        return tuple(sorted(found, key=lambda row: str(row["measure"]), reverse=True))

    def period_name(self, period_id: str) -> str:
        """An action period's name."""
        return next(str(row["name"]) for row in self.periods if row["period_id"] == period_id)

    def events_for(self, team_id: str | None) -> tuple[Row, ...]:
        """Events of the timetable for everyone, and those of one team."""
        return tuple(event for event in self.events if event["team_id"] in {None, team_id})

    def creator(self, creator_id: str | None) -> str:
        """A creator's name."""
        found = first(row for row in self.creators if row["creator_id"] == creator_id)
        return str(found["name"]) if found else "someone outside the campaign"

    def creators_of(self, team_id: str) -> tuple[Row, ...]:
        """The creators whose posts are in a team's topics."""
        return tuple(row for row in self.creators if (team_id, row["creator_id"]) in self.shown_creators)

    def accounts_of(self, creators: Iterable[Row]) -> tuple[tuple[str, str], ...]:
        """(platform, account) of creators."""
        ids = {row["creator_id"] for row in creators}
        return tuple((row["platform"], row["account"]) for row in self.accounts if row["creator_id"] in ids)


def first(found: Iterable[Row]) -> Row | None:
    """The first row, or None."""
    return next(iter(found), None)


def read_facts(reader: Reader) -> Facts:
    """All of it, from schema `marts`."""
    return Facts(
        campaign=rows(reader, "SELECT * FROM marts.campaign")[0],
        teams=rows(reader, "SELECT * FROM marts.teams ORDER BY rank"),
        topics=rows(reader, "SELECT * FROM marts.topics ORDER BY rank"),
        periods=rows(reader, "SELECT * FROM marts.periods ORDER BY rank"),
        events=rows(reader, "SELECT * FROM marts.events ORDER BY rank"),
        creators=rows(reader, "SELECT * FROM marts.creators ORDER BY rank"),
        accounts=rows(
            reader,
            "SELECT a.* FROM marts.accounts AS a JOIN marts.creators AS c ON c.creator_id = a.creator_id"
            " ORDER BY c.rank, a.platform DESC, a.account",
        ),
        topic_weeks=rows(reader, "SELECT * FROM marts.topic_weeks ORDER BY topic_id, platform, week"),
        topic_periods=rows(reader, "SELECT * FROM marts.topic_periods ORDER BY topic_id, period_id"),
        topic_comparisons=rows(
            reader, "SELECT * FROM marts.topic_comparisons ORDER BY topic_id, period_id, measure"
        ),
        target_reach=rows(
            reader,
            "SELECT r.*, p.team_id, p.caption FROM marts.target_reach AS r"
            " LEFT JOIN marts.posts AS p ON r.subject_type = 'post'"
            " AND p.platform = r.platform AND p.post_id = r.subject_id"
            " ORDER BY r.subject_type, r.platform, r.subject_id, r.population, r.criterion",
        ),
        spc=rows(reader, "SELECT * FROM marts.spc ORDER BY measure, facet, week"),
        posting_times=rows(reader, "SELECT * FROM marts.posting_times ORDER BY dimension, bucket"),
        sources=rows(reader, "SELECT * FROM marts.sources ORDER BY platform DESC, account, source"),
        asks=rows(
            reader,
            "SELECT a.* FROM marts.asks AS a JOIN marts.creators AS c ON c.creator_id = a.creator_id"
            " ORDER BY c.rank, a.platform DESC, a.account, a.ask DESC",
        ),
        refused=rows(
            reader,
            "SELECT load_id, name, reason, refused, loaded_at FROM marts.loads"
            " WHERE reason IS NOT NULL ORDER BY loaded_at DESC, load_id LIMIT 50",
        ),
        shown_creators=_shown_creators(reader),
    )


def _shown_creators(reader: Reader) -> tuple[tuple[str, str], ...]:
    found = rows(
        reader,
        "SELECT DISTINCT team_id, creator_id FROM marts.posts"
        " WHERE team_id IS NOT NULL AND creator_id IS NOT NULL ORDER BY ALL",
    )
    return tuple((row["team_id"], row["creator_id"]) for row in found)


def is_firm(week: Row) -> bool:
    """Whether a week's figure will no longer change much, and covers enough of the posts."""
    return bool(week["is_complete"] and week["is_settled"] and week["views_new"] is not None)
