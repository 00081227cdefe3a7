"""`NAME.mapping.toml` beside the campaign file: how the tables of other tools are read.

Everything wrong is told at once, each with file, line and cure (`BadCampaign`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.columns import name_key
from connectors.mapped import COUNTS, ISO, SHARES, TIMES, FileMapping, Lookup, Quantity, Unit, When
from connectors.mapping import MEDIA_TYPES
from connectors.registry import EXPORTS
from models import campaign_parts
from models.campaign import Account, Campaign
from models.campaign_file import CampaignFile, Table, nearest, shown
from models.schema import POST_METRICS

_SOURCE: Final = re.compile(r"[a-z][a-z0-9_]{2,39}")
_UNITS: Final[Mapping[str, tuple[Unit, ...]]] = {
    **{metric: COUNTS for metric, kind in POST_METRICS.items() if str(kind) == "int64"},
    **dict.fromkeys(("watch_time_total_s", "watch_time_avg_s", "duration_s"), TIMES),
    **dict.fromkeys(("completion_rate", "skip_rate"), SHARES),
}
"""The units of each metric, the first one taken when none is written."""
_CLOCKED: Final = ("tiktok", "instagram")
_TRIED: Final = datetime(2024, 2, 3, 16, 5)
_FEWEST: Final = 2


def load_mappings(path: Path, campaign: Campaign) -> tuple[FileMapping, ...]:
    """What a mapping file says; nothing when there is none.

    Raises:
        BadCampaign: the file cannot be read or breaks a rule; the message has a line per problem.
    """
    if not path.exists():
        return ()
    file = CampaignFile(path)
    mappings = tuple(_closed(table, campaign) for table in file.root.tables("file"))
    if not mappings:
        file.root.problem("no [[file]] in it; describe one file, or remove the mapping")
    sources = [mapping.source for mapping in mappings]
    for number, source in enumerate(sources):
        if source in sources[:number]:
            file.note(("file", number, "source"), f"source {shown(source)} is used twice; choose another")
    file.root.close()
    file.refuse_if_wrong()
    return mappings


def _closed(table: Table, campaign: Campaign) -> FileMapping:
    mapping = _mapping(table, campaign)
    table.close()
    return mapping


def _mapping(table: Table, campaign: Campaign) -> FileMapping:
    platform = _platform(table, campaign)
    mapping = FileMapping(
        source=_source(table),
        columns=_columns(table),
        platform=platform,
        account=_account(table, campaign, platform),
        post_id=table.optional_text("post_id"),
        link=table.optional_text("link"),
        permalink=_permalink(table),
        published=_when(table, "published_at"),
        caption=table.optional_text("caption"),
        media_type=_lookup(
            table,
            "media_type",
            lambda word: None if word in MEDIA_TYPES else f"not known; {_cure(word, MEDIA_TYPES)}",
        ),
        quantities=_quantities(table),
        observed=_when(table, "observed_on"),
        skip=_skip(table),
        decimal=table.choice("decimal", (".", ","), default="."),
    )
    _check_posts(table, mapping)
    return mapping


def _source(table: Table) -> str:
    source = table.text("source")
    if source and not _SOURCE.fullmatch(source):
        table.problem(
            f"source {shown(source)} is no name; use 3 to 40 of a-z, 0-9 and _, a letter first", "source"
        )
    if source in {export.source for export in EXPORTS}:
        table.problem(f"source {shown(source)} is a kind that is read anyway; choose another name", "source")
    return source


def _columns(table: Table) -> tuple[str, ...]:
    columns = table.texts("columns")
    if len(columns) < _FEWEST:
        table.problem('too few columns to know a file by; add columns = ["…", "…"], those that only it has')
    return columns


def _platform(table: Table, campaign: Campaign) -> Lookup:
    known = tuple(campaign.handles())
    found = _lookup(
        table,
        "platform",
        lambda word: None if word in known else f"no account of the campaign is there; {_cure(word, known)}",
    )
    if found is None:
        table.problem(f'{table.title} has no platform; add platform = "{next(iter(known), "youtube")}"')
    return found or Lookup(fixed="")


def _account(table: Table, campaign: Campaign, platform: Lookup) -> Lookup | None:
    accounts = [a for a in campaign.accounts() if platform.fixed in (None, "", a.platform)]
    return _lookup(table, "account", lambda word: _handle_problem(word, accounts))


def _handle_problem(word: str, accounts: Sequence[Account]) -> str | None:
    handles = [account.handle for account in accounts]
    return None if _bare(word) in handles else f"no account of the campaign; {_cure(_bare(word), handles)}"


def _lookup(table: Table, key: str, problem_of: Callable[[str], str | None]) -> Lookup | None:
    """`key = "word"`, or `key = { column = "…", words = { "theirs" = "ours" } }`."""
    if not table.has_table(key):
        word = table.optional_text(key)
        if word is not None and (problem := problem_of(word)):
            table.problem(f"{key} {shown(word)}: {problem}", key)
        return None if word is None else Lookup(fixed=_bare(word))
    inner = _needed(table, key)
    column, words = inner.text("column"), inner.table("words")
    inner.close()
    ours = {} if words is None else {theirs: words.text(theirs) for theirs in words.keys()}  # noqa: SIM118
    for theirs, word in ours.items():
        if words and (problem := problem_of(word)):
            words.problem(f"{shown(theirs)} = {shown(word)}: {problem}", theirs)
    return Lookup(column=column, words={name_key(theirs): _bare(word) for theirs, word in ours.items()})


def _when(table: Table, key: str) -> When | None:
    """`key = { column = "…", format = "…", timezone = "…" }`."""
    if not table.has(key):
        return None
    inner = _needed(table, key)
    column, told = inner.text("column"), inner.text("format")
    zone = campaign_parts.timezone(inner) if inner.has("timezone") else None
    if told and told != ISO and not _tells_a_day(told):
        inner.problem(
            f"format {shown(told)} does not tell a day;"
            ' write it as in "%d/%m/%Y %H:%M" or "%b %d, %Y", or "iso"',
            "format",
        )
    inner.close()
    return When(column, told, zone)


def _tells_a_day(told: str) -> bool:
    """Whether a day that is written so can be read again."""
    try:
        return datetime.strptime(_TRIED.strftime(told), told).date() == _TRIED.date()
    except ValueError:
        return False


def _quantities(table: Table) -> dict[str, Quantity]:
    """`[file.metrics]`: `likes = "…"`, or `likes = { column = "…", unit = "1.2K" }`."""
    metrics = _needed(table, "metrics") if table.has("metrics") else None
    if metrics is None or not metrics.keys():
        table.problem('no metrics; add a table [file.metrics] with views = "…" and others')
        return {}
    found = {}
    for metric in metrics.keys():  # noqa: SIM118
        if metric not in _UNITS:
            cure = _cure(metric, tuple(_UNITS))
            metrics.problem(f"unknown metric {shown(metric)}; {cure}", metric)
            continue
        found[metric] = _quantity(metrics, metric)
    return found


def _quantity(metrics: Table, metric: str) -> Quantity:
    units = _UNITS[metric]
    if not metrics.has_table(metric):
        return Quantity(metrics.text(metric), units[0])
    inner = _needed(metrics, metric)
    unit = inner.choice("unit", units, default=units[0])
    column = inner.text("column")
    inner.close()
    return Quantity(column, next((one for one in units if one == unit), units[0]))


def _skip(table: Table) -> tuple[str, tuple[str, ...]] | None:
    """`skip = { column = "…", values = ["…"] }`."""
    if not table.has("skip"):
        return None
    inner = _needed(table, "skip")
    column, values = inner.text("column"), inner.texts("values")
    if not values:
        inner.problem('no values; add values = ["Total"], or remove skip')
    inner.close()
    return column, tuple(name_key(value) for value in values)


def _permalink(table: Table) -> str | None:
    template = table.optional_text("permalink")
    if template is not None and (not template.startswith("https://") or template.count("{post_id}") != 1):
        table.problem(
            f"permalink {shown(template)} is no address of a post;"
            " write https://… with {post_id} once, where the id stands",
            "permalink",
        )
        return None
    return template


def _check_posts(table: Table, mapping: FileMapping) -> None:
    fixed = mapping.platform.fixed
    if not mapping.post_id and not mapping.link:
        table.problem('no post_id and no link; add one: post_id = "…" or link = "…", the name of its column')
    elif fixed == "instagram" and not mapping.link:
        table.problem('instagram posts are known by their address only; add link = "…"')
    if mapping.published is None and fixed not in _CLOCKED:
        table.problem('no published_at; add published_at = { column = "…", format = "%d/%m/%Y" }')


def _needed(table: Table, key: str) -> Table:
    """The table that is written there; an empty one when something else is, which is then noted."""
    return table.table(key) or Table(table.file, (*table.path, key), f"[{key}]", {})


def _bare(word: str) -> str:
    return word.strip().removeprefix("@").lower()


def _cure(word: str, known: Sequence[str]) -> str:
    return nearest(word, known) or f"use one of {', '.join(known)}"
