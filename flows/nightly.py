"""The night: read what came, pull who agreed, build, draw. The only flow; it reads as a table of contents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, task
from prefect.artifacts import create_table_artifact

from flows import pull, pull_told, steps
from flows.comments import drop_old_texts
from flows.ingest import FileResult
from flows.settings import Settings, load_settings
from flows.steps import Trouble
from models.campaign import Campaign, inbox_folders


@flow(name="rapup-nightly", log_prints=False, validate_parameters=False)
def nightly(data: str, campaign_name: str) -> list[Trouble]:
    """Everything once. Returns what a person should look at; an empty list is a good night.

    Parameters are names only: whatever Prefect keeps of a run, no secret and no figure is in it.
    """
    settings = replace(load_settings(data, campaign_name), data=Path(data))
    campaign = settings.load_campaign()
    troubles = [*ingest_inbox(settings, campaign), *pull_apis(data, campaign_name)]
    forget_texts(data, campaign_name)
    build_marts(data, campaign_name)
    draw_pages(data, campaign_name)
    return [*troubles, *steps.stale_sources(settings)]


def ingest_inbox(settings: Settings, campaign: Campaign) -> list[Trouble]:
    """One task an account's folder, and one for files that lie elsewhere in the inbox."""
    folders = [str(folder) for folder in inbox_folders(campaign)]
    troubles = [t for folder in folders for t in _ingest_folder(settings, campaign, folder)]
    return troubles + ingest_rest(str(settings.data), campaign.name, folders)


def _ingest_folder(settings: Settings, campaign: Campaign, folder: str) -> list[Trouble]:
    named = ingest_folder.with_options(task_run_name=f"ingest {folder}")
    return named(str(settings.data), campaign.name, folder)


@task
def ingest_folder(data: str, campaign_name: str, folder: str) -> list[Trouble]:
    """Files of one account."""
    settings = load_settings(data, campaign_name)
    path = settings.inbox / folder
    if not path.is_dir():
        return []
    return _troubles(steps.ingest(settings, settings.load_campaign(), [path]))


@task
def ingest_rest(data: str, campaign_name: str, folders: list[str]) -> list[Trouble]:
    """Files outside the accounts' folders."""
    settings = load_settings(data, campaign_name)
    known = [settings.inbox / folder for folder in folders]
    rest = [
        path
        for path in (settings.inbox.rglob("*") if settings.inbox.is_dir() else [])
        if path.is_file() and not any(path.is_relative_to(folder) for folder in known)
    ]
    return _troubles(steps.ingest(settings, settings.load_campaign(), rest)) if rest else []


def _troubles(results: list[FileResult]) -> list[Trouble]:
    return [Trouble(r.name, r.reason or "") for r in results if r.status == "refused" or r.refused]


@task
def pull_apis(data: str, campaign_name: str) -> list[Trouble]:
    """Every account with a token, several at once; what each cost is kept as a table beside the run.

    The transport tries again by itself, and the next night goes on where this one stopped.
    """
    settings = load_settings(data, campaign_name)
    results = pull.pull(settings, settings.load_campaign())
    if results:
        rows = [pull_told.as_row(result) for result in results]
        create_table_artifact(rows, key="pulls", description="Accounts and APIs")
    return [Trouble(r.account, r.reason) for r in results if r.reason]


@task
def forget_texts(data: str, campaign_name: str) -> None:
    """Texts of comments that were kept as long as the campaign says."""
    settings = load_settings(data, campaign_name)
    drop_old_texts(settings, settings.load_campaign(), datetime.now(UTC))


@task
def build_marts(data: str, campaign_name: str) -> None:
    """Store to published file."""
    settings = load_settings(data, campaign_name)
    steps.build(settings, settings.load_campaign())


@task
def draw_pages(data: str, campaign_name: str) -> None:
    """Published file to pages."""
    steps.render(load_settings(data, campaign_name))
