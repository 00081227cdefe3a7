"""The four steps as plain functions: ingest, pull, build, render. Prefect wraps them, people call them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from connectors import registry
from flows.exports import find_files
from flows.ingest import FileResult, Told
from flows.ingest import ingest as ingest_files
from flows.mapping_file import load_mappings
from flows.settings import Settings, version
from models.assignments import read_assignments
from models.boosts import boosted_posts
from models.build import BuildReport, ByHand
from models.build import build as build_models
from models.campaign import Campaign, inbox_folders
from models.store import open_published, open_store


def make_folders(settings: Settings, campaign: Campaign) -> list[Path]:
    """The data folder with an inbox folder per account; returns the folders that were not there."""
    wanted = [settings.inbox / folder for folder in inbox_folders(campaign)]
    missing = [folder for folder in wanted if not folder.is_dir()]
    for folder in missing:
        folder.mkdir(parents=True)
    return missing


def ingest(
    settings: Settings,
    campaign: Campaign,
    paths: Sequence[Path] = (),
    told: Told | None = None,
    *,
    dry_run: bool = False,
    notify: Callable[[FileResult], None] = lambda _: None,
) -> list[FileResult]:
    """Read exports below `paths` (default: the inbox) into the store.

    Raises:
        StoreBusy, StoreUnreadable: see `models.store`.
        BadExport: a path that does not exist.
        BadCampaign: the mapping beside the campaign file.
    """
    files = list(find_files(paths or [settings.inbox], settings.inbox))
    mappings = load_mappings(settings.campaign_file().with_suffix(".mapping.toml"), campaign)
    now = datetime.now(UTC)
    if dry_run:
        return ingest_files(None, campaign, files, told or Told(), now, notify, mappings=mappings)
    settings.data.mkdir(parents=True, exist_ok=True)
    with open_store(settings.data) as store:
        return ingest_files(store, campaign, files, told or Told(), now, notify, mappings=mappings)


def build(settings: Settings, campaign: Campaign, as_of: date | None = None) -> BuildReport:
    """Models to `published.duckdb`.

    Raises:
        StoreBusy, StoreUnreadable, BadAssignments.
        BadCampaign: a boost names a link that leads to no post.
    """
    if not (settings.data / "store.duckdb").exists():
        settings.data.mkdir(parents=True, exist_ok=True)
        with open_store(settings.data):
            pass  # an empty store has pages too: they say what is missing
    told = ByHand(assignments(settings, campaign), boosted_posts(campaign, registry.post_key))
    return build_models(settings.data, campaign, told, version(), as_of)


def assignments(settings: Settings, campaign: Campaign) -> pa.Table:
    """Topics given by hand, from `NAME.assignments.csv` or `.xlsx` beside the campaign file."""
    topic_ids = [topic.id for topic in campaign.topics]
    return read_assignments(assignments_path(settings), registry.post_key, topic_ids)


def assignments_path(settings: Settings) -> Path:
    """Where `NAME.assignments.csv` is, or would be."""
    return settings.campaign_file().with_suffix(".assignments.csv")


def render(settings: Settings, also: Collection[str] = ()) -> tuple[Path, ...]:
    """`published.duckdb` to `site/`, with what is to be made beside the pages: "pdf", "pptx", "png".

    Raises:
        StoreUnreadable: nothing is published yet.
        BadPageName, ChartFailed, NoBrowser, PrintFailed: see `dashboards.site`.
    """
    from dashboards.site import KINDS, render_site  # noqa: PLC0415 (charts cost seconds that `ingest` never needs)

    with open_published(settings.data) as published:
        files = render_site(published, settings.site, settings.cache, also)
    made = {path for kind in ("html", *KINDS) for path in settings.site.rglob(f"*.{kind}")}
    for stale in made - set(files):
        stale.unlink()  # of a team that the campaign no longer has, or of a creator whose consent has ended
    return files


@dataclass(frozen=True)
class Trouble:
    """A refusal or a stale source: what makes a run end with exit code 1."""

    name: str
    reason: str


def stale_sources(settings: Settings) -> list[Trouble]:
    """Sources that have gone quiet, as published."""
    with open_published(settings.data) as published:
        rows = published.rows(
            "SELECT account, source, note FROM marts.sources WHERE status = 'stale' ORDER BY ALL"
        )
    return [Trouble(f"@{account} {source}", str(note)) for account, source, note in rows]
