"""From the store to the published file: run every SELECT of `models/*.sql` in the order of its FROMs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from string import Template
from typing import Final

import pyarrow as pa

from models import metrics, published
from models.campaign import Campaign
from models.config_tables import config_tables
from models.spc_measures import spc_table
from models.store import Workshop, open_workshop
from models.text import hashtags_keys, words_keys

_FOLDER: Final = Path(__file__).parent
_READS: Final = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_.]*)")
_COMMENT: Final = re.compile(r"--[^\n]*")


@dataclass(frozen=True)
class BuildReport:
    """What a build made: rows per published table, and the moment that counts as now."""

    as_of: datetime | None
    rows: Mapping[str, int]


def load_models() -> dict[str, str]:
    """Every model's SELECT by name, metric formulas filled in, in an order that satisfies each FROM."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.sql"))}
    selects = {name: Template(_COMMENT.sub("", text)).substitute(metrics.SQL) for name, text in files.items()}
    reads = {name: {read for read in _READS.findall(text) if read in files} for name, text in selects.items()}
    order = TopologicalSorter(reads).static_order()
    return {name: selects[name] for name in order}


def build(
    folder: Path, campaign: Campaign, assignments: pa.Table, version: str, as_of: date | None = None
) -> BuildReport:
    """Build `published.duckdb` of a data folder from its store, and swap it in.

    `as_of` (the end of that day in the campaign's zone) leaves later observations out; without it
    the newest observation is "now".

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    with open_workshop(folder) as workshop:
        now_s = _as_of_s(workshop, campaign, as_of)
        for name, table in config_tables(campaign, assignments, now_s, version).items():
            workshop.put(name, table)
        workshop.put("cfg_caption_keys", _caption_keys(workshop))
        _define_functions(workshop, campaign)
        for name, select in load_models().items():
            workshop.execute(f"CREATE TEMP TABLE {name} AS {select}")
        workshop.put("spc", spc_table(workshop.table("SELECT * FROM spc_weeks"), campaign))
        rows = {table.name: _publish(workshop, table) for table in published.TABLES}
    moment = datetime.fromtimestamp(now_s, UTC) if rows["posts"] or rows["account_days"] else None
    return BuildReport(moment, rows)


def _as_of_s(workshop: Workshop, campaign: Campaign, as_of: date | None) -> int:
    """The moment that counts as now, in epoch seconds; the campaign's start when nothing was observed."""
    if as_of is not None:
        midnight = datetime.combine(as_of + timedelta(days=1), datetime.min.time(), campaign.timezone)
        return int(midnight.timestamp()) - 1
    newest = workshop.value(
        "SELECT max(observed_s) FROM ("
        " SELECT load_id, observed_s FROM raw.post_observations"
        " UNION ALL SELECT load_id, observed_s FROM raw.account_days_seen"
        ") WHERE load_id NOT IN (SELECT replaces FROM raw.loads WHERE replaces IS NOT NULL)"
    )
    start = datetime.combine(campaign.starts, time(12), campaign.timezone)
    return newest if isinstance(newest, int) else int(start.timestamp())


def _caption_keys(workshop: Workshop) -> pa.Table:
    """Captions in the spelling that topic rules are compared in; Python's, so that engines agree."""
    captions = workshop.column("SELECT DISTINCT caption FROM raw.posts_seen WHERE caption IS NOT NULL")
    return pa.table(
        {"caption": captions, "words_key": words_keys(captions), "hashtags_key": hashtags_keys(captions)}
    )


def _define_functions(workshop: Workshop, campaign: Campaign) -> None:
    """The named functions that every engine gets, each in its own words."""
    zone = str(campaign.timezone)  # a key of the zone database: no quote can be in it
    workshop.execute(
        f"CREATE TEMP MACRO local_date(epoch_s) AS CAST(timezone('{zone}', to_timestamp(epoch_s)) AS DATE)"
    )
    workshop.execute(
        "CREATE TEMP MACRO days_between(first_day, last_day) AS date_diff('day', first_day, last_day)"
    )
    workshop.execute("CREATE TEMP MACRO utc_timestamp(epoch_s) AS timezone('UTC', to_timestamp(epoch_s))")


def _publish(workshop: Workshop, table: published.Table) -> int:
    """Copy a model into the published file with the contract's columns, types and order of rows."""
    columns = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in table.columns)
    workshop.execute("CREATE SCHEMA IF NOT EXISTS published.marts")
    ordered = f"SELECT {columns} FROM {table.name} ORDER BY {', '.join(table.key)}"
    workshop.execute(f"CREATE TABLE published.marts.{table.name} AS {ordered}")
    count = workshop.value(f"SELECT count(*) FROM published.marts.{table.name}")
    return count if isinstance(count, int) else 0
