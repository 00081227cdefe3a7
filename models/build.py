"""From the store to the published file: run every SELECT of `models/*.sql` in the order of its FROMs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from graphlib import TopologicalSorter
from pathlib import Path
from string import Template
from typing import Final

import pyarrow as pa

from models import metrics, published
from models.boosts import BOOSTED
from models.campaign import Campaign
from models.computed import COMPUTED, Computed
from models.config_tables import config_tables
from models.definitions import definitions
from models.erasure import ERASED_ACCOUNTS, campaign_without
from models.functions import define_functions
from models.readers import Workshop
from models.schema import TABLES
from models.store import open_workshop
from models.text import hashtags_keys, words_keys

_FOLDER: Final = Path(__file__).parent
_READS: Final = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_.]*)")
_COMMENT: Final = re.compile(r"--[^\n]*")
_VIEWS: Final = frozenset({"observations"})
"""Models that are cheaper to compute again than to store: as many rows as there are observations."""


@dataclass(frozen=True)
class BuildReport:
    """What a build made: rows per published table, and the moment that counts as now."""

    as_of: datetime | None
    rows: Mapping[str, int]


def load_models() -> dict[str, str | Computed]:
    """Every model by name, in an order that satisfies what each reads.

    A SELECT with its metric formulas filled in, or a table that Python computes.
    """
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(_FOLDER.glob("*.sql"))}
    selects = {name: Template(_COMMENT.sub("", text)).substitute(metrics.SQL) for name, text in files.items()}
    models: dict[str, str | Computed] = {**selects, **COMPUTED}
    reads = {name: models.keys() & _reads(model) for name, model in models.items()}
    read = set().union(*reads.values())
    # Those that nothing reads come last: by then the largest of what the others read has been dropped.
    order = sorted(TopologicalSorter(reads).static_order(), key=lambda name: name not in read)
    return {name: models[name] for name in order}


def _reads(model: str | Computed) -> set[str]:
    return set(_READS.findall(model) if isinstance(model, str) else model.reads)


@dataclass(frozen=True)
class ByHand:
    """What people told about single posts, by platform and id."""

    assignments: pa.Table
    """As `assignments.read_assignments` gives it."""
    boosted: pa.Table = field(default_factory=BOOSTED.empty_table)
    """As `boosts.boosted_posts` gives it."""


def build(
    folder: Path, campaign: Campaign, by_hand: ByHand, version: str, as_of: date | None = None
) -> BuildReport:
    """Build `published.duckdb` of a data folder from its store, and swap it in.

    `as_of` (the end of that day in the campaign's zone) leaves later observations out; without it
    the newest observation is "now".

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    with open_workshop(folder) as workshop:
        campaign = campaign_without(campaign, workshop.column(ERASED_ACCOUNTS).to_pylist())
        now_s = _as_of_s(workshop, campaign, as_of)
        for name, table in config_tables(campaign, by_hand.assignments, now_s, version).items():
            workshop.put(name, table)
        workshop.put("cfg_boosted", by_hand.boosted)
        workshop.put("cfg_caption_keys", _caption_keys(workshop))
        workshop.put("cfg_definitions", _definitions(workshop))
        define_functions(workshop, campaign, now_s)
        rows = _make_all(workshop, load_models(), campaign)
    is_known = rows["posts"] or rows["account_days"] or rows["audience"]
    moment = datetime.fromtimestamp(now_s, UTC) if is_known else None
    return BuildReport(moment, rows)


def _make_all(workshop: Workshop, models: Mapping[str, str | Computed], campaign: Campaign) -> dict[str, int]:
    """Make and publish every model; histories are large, so each is dropped once its last reader is made."""
    last_reader = {read: name for name, model in models.items() for read in models.keys() & _reads(model)}
    needed = _VIEWS.union(*(_reads(models[view]) for view in _VIEWS))
    rows = {}
    for name, model in models.items():
        # What nothing but the published file reads need not be stored twice.
        kind = "VIEW" if name in _VIEWS or name not in last_reader else "TABLE"
        _make(workshop, kind, name, model, campaign)
        if name in published.BY_NAME:
            rows[name] = _publish(workshop, published.BY_NAME[name])
        for read in sorted(read for read, reader in last_reader.items() if reader == name):
            if read not in needed:
                workshop.execute(f"DROP TABLE {read}")
    return rows


def _make(workshop: Workshop, kind: str, name: str, model: str | Computed, campaign: Campaign) -> None:
    if isinstance(model, str):
        workshop.execute(f"CREATE TEMP {kind} {name} AS {model}")
        return
    tables = [workshop.table(f"SELECT * FROM {read}") for read in model.reads]
    workshop.put(name, model.make(campaign, *tables))


def _as_of_s(workshop: Workshop, campaign: Campaign, as_of: date | None) -> int:
    """The moment that counts as now, in epoch seconds; the campaign's start when nothing was observed."""
    if as_of is not None:
        midnight = datetime.combine(as_of + timedelta(days=1), datetime.min.time(), campaign.timezone)
        return int(midnight.timestamp()) - 1
    seen = " UNION ALL ".join(f"SELECT load_id, observed_s FROM raw.{table}" for table in TABLES)
    replaced = "SELECT replaces FROM raw.loads WHERE replaces IS NOT NULL"
    newest = workshop.value(f"SELECT max(observed_s) FROM ({seen}) WHERE load_id NOT IN ({replaced})")
    start = datetime.combine(campaign.starts, time(12), campaign.timezone)
    return newest if isinstance(newest, int) else int(start.timestamp())


def _caption_keys(workshop: Workshop) -> pa.Table:
    """Captions in the spelling that topic rules are compared in; Python's, so that engines agree."""
    captions = workshop.column("SELECT DISTINCT caption FROM raw.posts_seen WHERE caption IS NOT NULL")
    return pa.table(
        {"caption": captions, "words_key": words_keys(captions), "hashtags_key": hashtags_keys(captions)}
    )


def _definitions(workshop: Workshop) -> pa.Table:
    """What each name that loads gave to views means; Python's, so that engines agree."""
    spoken = workshop.table(
        "SELECT DISTINCT l.platform, m.native_name FROM raw.load_metrics AS m"
        " JOIN raw.loads AS l ON l.load_id = m.load_id"
        " WHERE m.metric = 'views' AND m.native_name IS NOT NULL AND l.platform IS NOT NULL"
    )
    return definitions(zip(*spoken.to_pydict().values(), strict=True))


def _publish(workshop: Workshop, table: published.Table) -> int:
    """Copy a model into the published file with the contract's columns, types and order of rows."""
    columns = ", ".join(f"CAST({column.name} AS {column.type}) AS {column.name}" for column in table.columns)
    workshop.execute("CREATE SCHEMA IF NOT EXISTS published.marts")
    order = f" ORDER BY {', '.join(table.key)}" if table.is_sorted else ""
    workshop.execute(
        f"CREATE TABLE published.marts.{table.name} AS SELECT {columns} FROM {table.name}{order}"
    )
    count = workshop.value(f"SELECT count(*) FROM published.marts.{table.name}")
    return count if isinstance(count, int) else 0
