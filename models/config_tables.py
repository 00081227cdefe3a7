"""The campaign as tables: what the SQL models join to, made by Python so that SQL holds no settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final

import pyarrow as pa

from models.ages import ages_table
from models.campaign import Campaign
from models.platforms import platforms_table
from models.quantiles import median_rank
from models.schema import TIMESTAMP, from_epoch
from models.topics import topic_rules

COMPLETE_FROM: Final = 0.9
"""Coverage from which a topic's week counts as complete."""
STALE_AFTER_DAYS: Final = 28
"""Partners export about monthly at worst: later than this, somebody should ask."""
LARGEST_SAMPLE: Final = 1000
"""Median intervals are tabulated up to this many posts a period."""


def config_tables(
    campaign: Campaign, assignments: pa.Table, as_of_s: int, version: str
) -> dict[str, pa.Table]:
    """Every `cfg_*` table, and the published tables that the campaign file alone decides."""
    today = datetime.now(UTC).date()
    return {
        "cfg_run": _run(campaign, as_of_s),
        "cfg_accounts": _accounts(campaign),
        "cfg_creators": _creators(campaign, today),
        "cfg_topics": _topics(campaign),
        "cfg_periods": _periods(campaign),
        "cfg_rules": _rules(campaign),
        "cfg_assignments": _assignments(assignments),
        "cfg_weeks": _weeks(campaign, as_of_s),
        "cfg_platform_groups": _platform_groups(campaign),
        "cfg_ages": ages_table(),
        "cfg_platforms": platforms_table(),
        "cfg_median_ranks": _median_ranks(),
        "cfg_campaign": _campaign(campaign, as_of_s, version),
        "cfg_teams": _teams(campaign),
        "cfg_events": _events(campaign),
    }


def _table(schema: dict[str, pa.DataType], rows: list[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
    arrays = [
        pa.array(list(column), type=kind) for column, kind in zip(columns, schema.values(), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=list(schema))


def _run(campaign: Campaign, as_of_s: int) -> pa.Table:
    return _table(
        {
            "as_of_s": pa.int64(),
            "starts": pa.date32(),
            "ends": pa.date32(),
            "complete_from": pa.float64(),
            "stale_after_days": pa.int64(),
            "viewers_one_day_late": pa.bool_(),
        },
        [
            (
                as_of_s,
                campaign.starts,
                campaign.ends,
                COMPLETE_FROM,
                STALE_AFTER_DAYS,
                campaign.tiktok.viewers_one_day_late,
            )
        ],
    )


def _accounts(campaign: Campaign) -> pa.Table:
    rows = [(a.platform, a.handle, c.id) for c in campaign.creators for a in c.accounts]
    return _table({"platform": pa.string(), "account": pa.string(), "creator_id": pa.string()}, [*rows])


def _creators(campaign: Campaign, today: date) -> pa.Table:
    """Consent is judged by today's date: it is about showing, not about when a figure was seen."""
    rows = [
        (
            c.id,
            c.name,
            c.kind,
            "; ".join(c.communities) or None,
            c.consent_until,
            rank,
            c.consent_until is None or today <= c.consent_until,
            c.language,
        )
        for rank, c in enumerate(campaign.creators)
    ]
    return _table(
        {
            "creator_id": pa.string(),
            "name": pa.string(),
            "kind": pa.string(),
            "communities": pa.string(),
            "consent_until": pa.date32(),
            "rank": pa.int64(),
            "may_publish": pa.bool_(),
            "language": pa.string(),
        },
        [*rows],
    )


def _topics(campaign: Campaign) -> pa.Table:
    rows = [(t.id, t.team, t.name, rank) for rank, t in enumerate(campaign.topics)]
    return _table(
        {"topic_id": pa.string(), "team_id": pa.string(), "name": pa.string(), "rank": pa.int64()}, [*rows]
    )


def _teams(campaign: Campaign) -> pa.Table:
    rows = [(t.id, t.name, rank) for rank, t in enumerate(campaign.teams)]
    return _table({"team_id": pa.string(), "name": pa.string(), "rank": pa.int64()}, [*rows])


def _periods(campaign: Campaign) -> pa.Table:
    ordered = sorted(campaign.periods, key=lambda period: period.starts)
    rows = [(p.id, p.name, p.starts, p.ends, rank) for rank, p in enumerate(ordered)]
    return _table(
        {
            "period_id": pa.string(),
            "name": pa.string(),
            "starts": pa.date32(),
            "ends": pa.date32(),
            "period_rank": pa.int64(),
        },
        [*rows],
    )


def _events(campaign: Campaign) -> pa.Table:
    ordered = sorted(campaign.events, key=lambda event: event.date)
    rows = [(rank, e.date, e.name, e.kind, e.team, e.note) for rank, e in enumerate(ordered)]
    return _table(
        {
            "rank": pa.int64(),
            "day": pa.date32(),
            "name": pa.string(),
            "kind": pa.string(),
            "team_id": pa.string(),
            "note": pa.string(),
        },
        [*rows],
    )


def _rules(campaign: Campaign) -> pa.Table:
    rules = topic_rules(campaign)
    return rules.append_column("rule_no", pa.array(range(rules.num_rows), pa.int64()))


def _assignments(assignments: pa.Table) -> pa.Table:
    """The person's note is what a match by hand was "matched on"."""
    return assignments.rename_columns(
        ["matched_on" if name == "note" else name for name in assignments.column_names]
    )


def _weeks(campaign: Campaign, as_of_s: int) -> pa.Table:
    """ISO weeks from the campaign's first to the one of `as_of`: Monday 00:00 to Monday 00:00, local."""
    monday = campaign.starts - timedelta(days=campaign.starts.weekday())

    def edges() -> Iterator[tuple[object, ...]]:
        week = monday
        while (start := _midnight_s(week, campaign)) <= as_of_s:
            after = week + timedelta(days=7)
            yield week, week + timedelta(days=6), start, _midnight_s(after, campaign)
            week = after

    return _table(
        {"week": pa.date32(), "last_day": pa.date32(), "start_s": pa.int64(), "end_s": pa.int64()},
        [*edges()],
    )


def _midnight_s(day: date, campaign: Campaign) -> int:
    return int(datetime.combine(day, datetime.min.time(), campaign.timezone).timestamp())


def _platform_groups(campaign: Campaign) -> pa.Table:
    """Each platform is counted under its own name and under `all`."""
    platforms = sorted({a.platform for c in campaign.creators for a in c.accounts})
    rows = [(group, platform) for platform in platforms for group in (platform, "all")]
    return _table({"platform": pa.string(), "member": pa.string()}, [*rows])


@cache
def _median_ranks() -> pa.Table:
    """Ranks k of the distribution-free 95 % interval of a median: the k-th smallest to the k-th largest.

    k is the smallest count whose binomial (n, 1/2) probability from below reaches 2.5 %; below six
    values no such interval exists (Conover, Practical Nonparametric Statistics, quantile intervals).
    """
    rows = [(n, median_rank(n)) for n in range(6, LARGEST_SAMPLE + 1)]
    return _table({"n": pa.int64(), "k": pa.int64()}, [*rows])


def _campaign(campaign: Campaign, as_of_s: int, version: str) -> pa.Table:
    audience = campaign.target_audience
    return _table(
        {
            "name": pa.string(),
            "title": pa.string(),
            "timezone": pa.string(),
            "starts": pa.date32(),
            "ends": pa.date32(),
            "as_of": TIMESTAMP,
            "built_at": TIMESTAMP,
            "version": pa.string(),
            "audience": pa.string(),
            "goal_share": pa.float64(),
            "contact": pa.string(),
        },
        [
            (
                campaign.name,
                campaign.title,
                str(campaign.timezone),
                campaign.starts,
                campaign.ends,
                from_epoch(as_of_s),
                datetime.now(UTC).replace(tzinfo=None, microsecond=0),
                version,
                audience.description if audience else None,
                audience.goal_share if audience else None,
                campaign.contact,
            )
        ],
    )
