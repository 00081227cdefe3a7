"""What each command does: steps called in order, results told in lines, exit code out."""

from __future__ import annotations

import argparse
import signal
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from connectors.base import BadExport
from connectors.source_errors import SourceError
from dashboards.errors import CannotRender
from flows import status as status_report
from flows import steps, tell, topics
from flows.cli import BUSY, CANNOT_START, DONE, PARTLY
from flows.comments import drop_old_texts
from flows.connect import connection, disconnect
from flows.exports import find_files
from flows.file_lock import LockBusy
from flows.ingest import Told
from flows.prefect_server import prefect_server
from flows.publishable import BadPackage
from flows.pull import pull as pull_accounts
from flows.readings_sheet import FILE_NAME, make_readings_sheet
from flows.redirect import can_be_caught, catch
from flows.settings import (
    CHECKOUT,
    SAMPLE_INBOX,
    BadSettings,
    Settings,
    has_prefect_server,
    load_settings,
    quiet_prefect,
)
from models.assignments import BadAssignments
from models.campaign import BadCampaign, Campaign
from models.spc import BadSeries
from models.store import StoreBusy, StoreUnreadable

_CANNOT_START = (
    BadSettings,
    BadCampaign,
    BadAssignments,
    BadExport,
    BadPackage,
    BadSeries,
    CannotRender,
    StoreUnreadable,
    OSError,
)


def run(told: argparse.Namespace) -> int:
    """Run the command that was told; every known failure becomes one line and an exit code."""
    try:
        return _COMMANDS[told.command](told, load_settings(told.data, told.campaign))
    except (StoreBusy, LockBusy) as error:
        return _failed(told, error, BUSY)
    except SourceError as error:
        return _failed(told, error, PARTLY)
    except _CANNOT_START as error:
        return _failed(told, error, CANNOT_START)
    except Exception as error:  # noqa: BLE001 (the top of a run: a person gets a line, never a traceback)
        return _failed(
            told,
            RuntimeError(f"unexpected {type(error).__name__}; run again with --debug"),
            CANNOT_START,
            error,
        )


def _failed(told: argparse.Namespace, error: Exception, code: int, cause: Exception | None = None) -> int:
    if told.debug:
        traceback.print_exception(cause or error)
    tell.failed(_one_line(error))
    return code


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        problem = (error.strerror or "cannot be used").lower()
        return f"{error.filename}: {problem}; check the path and its permissions"
    return str(error)


def _demo(told: argparse.Namespace, settings: Settings) -> int:
    """The whole job on the sample, in a folder of its own."""
    folder = Path(told.data) if told.data else CHECKOUT / "data" / "demo"
    settings = replace(settings, data=folder, campaign_name="rap-up")
    campaign = settings.load_campaign()
    with tell.progress("reading the sample exports") as tick:
        results = steps.ingest(settings, campaign, [SAMPLE_INBOX], notify=tick)
    tell.ingested(results)
    with tell.step("building"):
        report = steps.build(settings, campaign)
    tell.built(report)
    with tell.step("drawing the pages"):
        files = steps.render(settings)
    tell.rendered(files, settings.site)
    return PARTLY if any(r.status == "refused" or r.refused for r in results) else DONE


def _init(told: argparse.Namespace, settings: Settings) -> int:
    settings = replace(settings, campaign_name=told.name)
    campaign = settings.load_campaign()
    made = steps.make_folders(settings, campaign)
    tell.folders(settings, campaign, made)
    sheet = settings.inbox / FILE_NAME
    tell.readings_sheet(sheet, is_new=make_readings_sheet(sheet, campaign))
    return DONE


def _ingest(told: argparse.Namespace, settings: Settings) -> int:
    campaign = settings.load_campaign()
    options = Told(_handle(told.account, campaign), told.exported_on)
    paths = [Path(path) for path in told.paths]
    if options != Told() and not paths and len(_folders_with_files(settings.inbox)) > 1:
        raise BadSettings(
            "--account and --exported-on are true of some files, and the inbox has several folders of them;"
            " name one: rapup ingest PATH --exported-on 2024-02-06"
        )
    with tell.progress("reading exports") as tick:
        results = steps.ingest(settings, campaign, paths, options, dry_run=told.dry_run, notify=tick)
    (tell.dry_run if told.dry_run else tell.ingested)(results)
    return PARTLY if any(r.status == "refused" or r.refused for r in results) else DONE


def _folders_with_files(inbox: Path) -> set[Path]:
    """Those that hold exports: the sheet that `init` makes lies beside them."""
    files = find_files([inbox], inbox) if inbox.is_dir() else ()
    return {path.parent for path, _ in files if path.name != FILE_NAME}


def _handle(account: str | None, campaign: Campaign) -> str | None:
    """The handle that was told, if the campaign has it."""
    if account is None:
        return None
    handle = account.rpartition(":")[2].removeprefix("@").lower()
    if all(handle not in handles for handles in campaign.handles().values()):
        raise BadSettings(f"--account {account}: no creator of the campaign has it; see {campaign.name}.toml")
    return handle


def _connect(told: argparse.Namespace, settings: Settings) -> int:
    """Print the address, then wait for its answer, or take the answer that was pasted."""
    way = connection(settings, settings.load_campaign(), told.account, told.source)
    answer = told.code
    if answer is None:
        invitation = way.invite()
        caught = can_be_caught(invitation.redirect_uri)
        tell.invitation(way.account, invitation.address, waits=caught)
        if not caught:
            return DONE
        answer = catch(invitation.redirect_uri, invitation.state)
    done = way.redeem(answer)
    tell.connected(done)
    return PARTLY if done.not_allowed else DONE


def _disconnect(told: argparse.Namespace, settings: Settings) -> int:
    sources, left = disconnect(settings, settings.load_campaign(), told.account)
    tell.disconnected(told.account, sources, left)
    return PARTLY if left else DONE


def _erase(told: argparse.Namespace, settings: Settings) -> int:
    from flows.erase import Request, erase  # noqa: PLC0415 (only this command needs it)

    request = Request(told.kind, told.value, told.platform)
    with tell.step("erasing"):
        done = erase(settings, settings.load_campaign(), request, datetime.now(UTC), dry_run=told.dry_run)
    tell.erased(done)
    return PARTLY if done.search and done.search.found else DONE


def _pull(told: argparse.Namespace, settings: Settings) -> int:
    # Told to end, it ends like at Ctrl-C: with the page under way, which the next run goes on from.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    campaign = settings.load_campaign()
    with tell.step("reading accounts"):
        results = pull_accounts(settings, campaign, told.source, told.days)
    tell.pulled(results)
    tell.texts_dropped(drop_old_texts(settings, campaign, datetime.now(UTC)), campaign)
    return PARTLY if any(result.reason for result in results) else DONE


def _build(told: argparse.Namespace, settings: Settings) -> int:
    with tell.step("building"):
        report = steps.build(settings, settings.load_campaign(), told.as_of)
    tell.built(report)
    return _tell_stale(settings)


def _tell_stale(settings: Settings) -> int:
    stale = steps.stale_sources(settings)
    tell.troubles(stale)
    return PARTLY if stale else DONE


def _render(told: argparse.Namespace, settings: Settings) -> int:
    with tell.step("drawing the pages"):
        files = steps.render(settings, told.also or ())
    tell.rendered(files, settings.site)
    return DONE


def _nightly(_told: argparse.Namespace, settings: Settings) -> int:
    campaign = settings.load_campaign()  # a broken file is told before Prefect takes its seconds to start
    quiet_prefect(settings.data)
    from flows.nightly import nightly  # noqa: PLC0415 (importing prefect costs seconds)

    troubles = nightly(str(settings.data), campaign.name)
    tell.troubles(troubles)
    tell.night(settings.site, len(troubles))
    return PARTLY if troubles else DONE


def _serve(told: argparse.Namespace, settings: Settings) -> int:
    campaign = settings.load_campaign()
    quiet_prefect(settings.data)
    with nullcontext() if has_prefect_server() else prefect_server(settings.data):
        from flows.serve import serve  # noqa: PLC0415 (prefect reads its settings when imported)

        tell.serving(told.cron, str(campaign.timezone))
        serve(settings, campaign, told.cron)
    return DONE


def _status(told: argparse.Namespace, settings: Settings) -> int:
    report = status_report.status(settings)
    tell.status(report, as_json=told.json)
    return PARTLY if report.troubles else DONE


def _check(_told: argparse.Namespace, settings: Settings) -> int:
    findings = status_report.check(settings)
    tell.findings(findings)
    return DONE if all(finding.good for finding in findings) else PARTLY


def _topics(told: argparse.Namespace, settings: Settings) -> int:
    report = topics.report_topics(settings, settings.load_campaign())
    written = topics.write_assignments(settings, report) if told.write else None
    tell.topics(report, written, as_json=told.json)
    return PARTLY if report.open_posts else DONE


def _metrics(told: argparse.Namespace, _settings: Settings) -> int:
    tell.metrics(as_json=told.json)
    return DONE


def _export(told: argparse.Namespace, settings: Settings) -> int:
    from flows.package import export  # noqa: PLC0415 (only this command needs it)

    with tell.step("writing the data package"):
        package = export(settings, settings.load_campaign(), Path(told.folder), date.today())
    tell.exported(package)
    return DONE


def _spc(told: argparse.Namespace, _settings: Settings) -> int:
    from flows.spc import spc  # noqa: PLC0415 (only this command needs it)

    spc(told, date.today())
    return DONE


_COMMANDS: dict[str, Callable[[argparse.Namespace, Settings], int]] = {
    "demo": _demo,
    "init": _init,
    "check": _check,
    "ingest": _ingest,
    "connect": _connect,
    "disconnect": _disconnect,
    "erase": _erase,
    "pull": _pull,
    "build": _build,
    "render": _render,
    "nightly": _nightly,
    "serve": _serve,
    "status": _status,
    "topics": _topics,
    "metrics": _metrics,
    "export": _export,
    "spc": _spc,
}
