"""How results are told: a progress line on a terminal, plain lines elsewhere, JSON when asked."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from flows import pull_told, topics_told
from flows.check_tokens import Finding
from flows.connect import Connected
from flows.ingest import FileResult
from flows.pull import Pulled
from flows.settings import Settings
from flows.status import Status
from flows.steps import Trouble
from flows.topics import TopicReport
from models import metrics as passports
from models.build import BuildReport
from models.campaign import Account, Campaign

if TYPE_CHECKING:
    from flows.erase import Erased
    from flows.package import Exported

_BESIDE = {".pdf": "PDF", ".pptx": "deck", ".png": "picture"}


def _say(line: str) -> None:
    print(line)


def _warn(line: str) -> None:
    print(line, file=sys.stderr)


@contextmanager
def progress(what: str) -> Iterator[Callable[[FileResult], None]]:
    """A spinner with a count of files on a terminal; silence elsewhere."""
    count = 0
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(what) as spinner:

        def tick(result: FileResult) -> None:
            nonlocal count
            count += 1
            spinner.update(f"{what}: {count} ({escape(_safe(result.name)[-60:])})")

        yield tick


@contextmanager
def step(what: str) -> Iterator[None]:
    """A spinner on a terminal while one step runs; silence elsewhere."""
    with Console(stderr=True).status(what):
        yield


def _safe(name: str) -> str:
    """A file's name may hold anything: control characters are not for the terminal."""
    return "".join(c if c.isprintable() else "?" for c in name)


def failed(message: str) -> None:
    """Why nothing more could be done: a line, or one for each problem of a campaign's files."""
    for problem in message.splitlines():
        _warn(f"rapup: {_safe(problem)}")


def ingested(results: Sequence[FileResult]) -> None:
    """What was read, in one line, and one line for each file or row left out."""
    by_status = Counter(result.status for result in results)
    loaded = [result for result in results if result.status == "loaded"]
    _say(
        f"read      {_count(by_status['loaded'], 'new file')}, {_count(sum(r.rows for r in loaded), 'row')}; "
        f"{by_status['unchanged']:,} unchanged; {by_status['refused']:,} refused"
    )
    for notice, names in _grouped_notices(loaded).items():
        _say(f"notice    {notice} ({names[0]}{f' and {len(names) - 1} more' if len(names) > 1 else ''})")
    _tell_refusals(results)


def _grouped_notices(results: Sequence[FileResult]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for result in results:
        for notice in result.notices:
            grouped.setdefault(notice, []).append(_safe(result.name))
    return grouped


def _tell_refusals(results: Sequence[FileResult]) -> None:
    for result in results:
        if result.status == "refused":
            _warn(f"refused   {_safe(result.reason or result.name)}")
        elif result.refused:
            _warn(
                f"left out  {_safe(result.name)}: {_count(result.refused, 'row')}: "
                f"{_safe(result.reason or '')}"
            )


def dry_run(results: Sequence[FileResult]) -> None:
    """Per file: kind, account, rows, dates, what was decided on the way, what is odd."""
    for result in results:
        if result.status == "refused":
            continue
        account = f"@{result.account}" if result.account else "several accounts"
        days = f"{result.first_day} to {result.last_day}" if result.first_day else "no days"
        _say(f"{_safe(result.name)}")
        _say(f"    {result.source}, {account}, {_count(result.rows, 'row')}, {days}")
        if result.chosen:
            _say("    " + ", ".join(f"{name} {value}" for name, value in result.chosen))
        for notice in result.notices:
            _say(f"    note: {notice}")
    _tell_refusals(results)
    _say(
        f"dry run: nothing was loaded; {sum(r.status != 'refused' for r in results)} "
        f"of {_count(len(results), 'file')} can be"
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def built(report: BuildReport) -> None:
    """What the published file holds."""
    rows = report.rows
    as_of = f"{report.as_of:%-d %b %Y}" if report.as_of else "no data yet"
    _say(
        f"built     {_count(rows['posts'], 'post')}, {_count(rows['account_days'], 'account day')}; "
        f"data as of {as_of}"
    )


def rendered(files: Sequence[Path], site: Path) -> None:
    """How many pages and other files, and where to begin."""
    kinds = Counter(file.suffix for file in files)
    others = [f", {_count(kinds[ending], noun)}" for ending, noun in _BESIDE.items() if kinds[ending]]
    _say(f"drew      {_count(kinds['.html'], 'page')}{''.join(others)}")
    _say(f"open      {(site / 'index.html').resolve()}")


def night(site: Path, troubles: int) -> None:
    """How the night ended, and where to look."""
    _say(f"night     {'done' if not troubles else _count(troubles, 'thing') + ' to look at'}")
    _say(f"open      {(site / 'index.html').resolve()}")


def serving(cron: str, zone: str) -> None:
    """That the schedule stands, before the silence until the first night."""
    print(f"serving   nightly at {cron!r} in {zone}; stop it with Ctrl-C", flush=True)


def folders(settings: Settings, campaign: Campaign, made: Sequence[Path]) -> None:
    """Where partners' files go."""
    _say(f"{campaign.title}: {_count(len(made), 'folder')} made below {settings.inbox}")
    for folder in made:
        _say(f"    {folder}")
    _say(
        "put each export into its account's folder, "
        "in a sub-folder named after the day of the export: 2024-02-06"
    )


def readings_sheet(path: Path, *, is_new: bool) -> None:
    """Where figures read from a screen are written."""
    made = "made" if is_new else "kept as it is"
    _say(f"{made}: {path}, for figures that people read from a screen")


def invitation(account: Account, address: str, *, waits: bool) -> None:
    """The page that an account's owner opens."""
    _say(f"{account}: let its owner open this address, and allow all that is asked for:\n\n{address}\n")
    again = f'rapup connect {account} --code "ADDRESS"'
    if waits:
        _say("waiting here for the answer, ten minutes at most; if the browser shows that it cannot connect,")
        _say(f"press Ctrl-C, copy the whole address from the browser and run: {again}")
    else:
        _say(f"then copy the whole address of the page that comes after it and run: {again}")
    sys.stdout.flush()


def connected(done: Connected) -> None:
    """Until when, and what was not allowed."""
    until = "" if done.ends_s is None else f" until {datetime.fromtimestamp(done.ends_s, UTC):%Y-%m-%d}"
    _say(f"connected {done.account} for {done.source}{until}")
    if done.not_allowed:
        missing = ", ".join(done.not_allowed)
        _warn(f"look at   {done.account}: not allowed: {missing}; connect it again and allow all")


def disconnected(account: str, sources: Sequence[str], left: Sequence[str]) -> None:
    """What is forgotten, and what a person has to do."""
    _say(f"disconnected {_safe(account)}: {', '.join(sources) or 'it was not connected'}")
    for word in left:
        _warn(f"look at   {_safe(word)}")


def erased(done: Erased) -> None:
    """What went, and where something of it still is."""
    from flows import erase_told  # noqa: PLC0415 (only one command needs it)

    for line in erase_told.in_words(done):
        _say(_safe(line))
    for line in erase_told.to_look_at(done):
        _warn(_safe(line))


def pulled(results: Sequence[Pulled]) -> None:
    """What came of each account, and why one was not read to its end."""
    for line in pull_told.in_words(results) if results else [pull_told.NOBODY]:
        _say(_safe(line))
    for line in pull_told.stopped(results):
        _warn(_safe(line))


def texts_dropped(count: int, campaign: Campaign) -> None:
    """That texts of comments were deleted as the campaign file says; nothing, when there were none."""
    if count:
        days = campaign.comments.retention_days
        _say(f"comments  {pull_told.count(count, 'text')} older than {days} days deleted; scores stay")


def troubles(items: Sequence[Trouble]) -> None:
    """One line each, to the side where errors go."""
    for item in items:
        _warn(f"look at   {_safe(item.name)}: {_safe(item.reason)}")


def findings(items: Sequence[Finding]) -> None:
    """One line for each thing looked at, with its cure."""
    for item in items:
        (_say if item.good else _warn)(f"{'ok  ' if item.good else 'LOOK'}  {item.what}: {_safe(item.words)}")


def status(report: Status, *, as_json: bool) -> None:
    """How fresh every source is, and what was refused."""
    if as_json:
        _say(json.dumps(asdict(report), default=str, indent=2, ensure_ascii=False))
        return
    _say(f"data as of {report.as_of or 'never'}; built {report.built_at or 'never'}")
    for source in report.sources:
        newest = source.newest or "never"
        _say(
            f"    {source.platform:<10} @{source.account:<20} {source.source:<30} {newest:<11} "
            f"{source.status}"
        )
    for pull in report.pulls:
        _say(_safe(f"    {pull.in_words()}"))
    troubles(report.troubles)


def topics(report: TopicReport, written: Path | None, *, as_json: bool) -> None:
    """Which posts need a person, and the file that was made to decide in."""
    if as_json:
        answer = {**topics_told.as_values(report), "written": str(written) if written else None}
        _say(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    for line in topics_told.in_words(report):
        _say(_safe(line))
    if written:
        _say(f"wrote     {written}: open it in Excel; a row decides nothing until its ? is gone")


def exported(package: Exported) -> None:
    """What is in the data package, and what to read first."""
    as_of = f"{package.as_of:%-d %b %Y}"
    _say(f"exported  {_count(package.tables, 'table')}, {package.rows:,} rows; data as of {as_of}")
    _say(f"open      {package.folder / 'codebook.md'}")


def metrics(*, as_json: bool) -> None:
    """The passports."""
    if as_json:
        _say(json.dumps([metric.passport() for metric in passports.METRICS], indent=2))
        return
    for metric in passports.METRICS:
        _say(f"{metric.name} ({metric.label}; {metric.unit})")
        _say(f"    {metric.formula}; not known when {metric.undefined_when}")
        _say(f"    hoped for: {metric.good_direction}; given by {', '.join(metric.sources)}")
        if metric.caveat:
            _say(f"    {metric.caveat}")
