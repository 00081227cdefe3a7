"""The command line: `rapup COMMAND`. Arguments in, exit code out.

Nothing heavy is imported before the command is known, so that `rapup --help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

DONE, PARTLY, CANNOT_START, BUSY = 0, 1, 2, 75
INTERRUPTED = 130

_EPILOG = """\
exit codes: 0 done; 1 done, with refusals or stale sources (each named);
2 cannot start; 75 another run holds the store"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(CANNOT_START, f"rapup: {message}; see `{self.prog} --help`\n")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    root = _Parser(prog="rapup", description=_SUMMARY, epilog=_EPILOG, formatter_class=_Raw)
    _common_options(root, None)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        _common_options(command, argparse.SUPPRESS)
        _OPTIONS.get(name, lambda _: None)(command)
    return root


def _common_options(command: argparse.ArgumentParser, absent: str | None) -> None:
    """Understood before the command and after it; what is not told after it is left as it was told before."""
    command.add_argument(
        "--data", metavar="DIR", default=absent, help="data folder (default: RAPUP_DATA, else data)"
    )
    command.add_argument(
        "--campaign", metavar="NAME", default=absent, help="campaign (default: the only one)"
    )
    command.add_argument("--debug", action="store_true", default=absent or False, help="show tracebacks")


class _Raw(argparse.RawDescriptionHelpFormatter):
    """Help as wide as a small terminal, wherever it runs."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=16, width=96)


_SUMMARY = (
    "Which short videos by local influencers reach the young people you want to reach,\n"
    "and did engagement really change in an action period?"
)

COMMANDS = {
    "demo": "do the whole job on the bundled sample exports",
    "init": "make the data folder of a campaign, with an inbox folder per account",
    "check": "look at settings, campaign file, tokens, inbox and store; change nothing",
    "ingest": "read exports (default: the inbox) into the store; never moves or deletes them",
    "pull": "read the APIs of the accounts that have tokens",
    "build": "make published.duckdb from the store",
    "render": "make the pages from published.duckdb",
    "nightly": "ingest, pull, build and render once, as the Prefect flow",
    "serve": "schedule `nightly` and keep running",
    "status": "how fresh everything is, what was refused and why",
    "metrics": "what every number means",
}


def _ingest_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: DIR/inbox)")
    command.add_argument("--account", metavar="HANDLE", help="whose files these are")
    command.add_argument("--exported-on", metavar="DATE", type=_day, help="day of the export: 2024-02-06")
    command.add_argument("--dry-run", action="store_true", help="say what would be loaded; load nothing")


def _init_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", help="the campaign file's name, without .toml")


def _pull_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--source", metavar="NAME", help="only this source: tiktok_display_api")


def _build_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=["duckdb"], default="duckdb", help="what runs the models")
    command.add_argument("--as-of", metavar="DATE", type=_day, help="leave out what was observed later")


def _serve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--cron", default="30 1 * * *", metavar="EXPR", help='when (default: "30 1 * * *")')


def _json_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="answer for programs")


_OPTIONS = {
    "init": _init_options,
    "ingest": _ingest_options,
    "pull": _pull_options,
    "build": _build_options,
    "serve": _serve_options,
    "status": _json_option,
    "metrics": _json_option,
}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2024-02-06") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    told = parser().parse_args(arguments)
    from flows.commands import run  # noqa: PLC0415 (keeps --help quick)

    try:
        return run(told)
    except KeyboardInterrupt:
        sys.stderr.write("rapup: interrupted; what was committed stays, run it again to go on\n")
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
