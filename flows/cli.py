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
exit codes: 0 done; 1 done, with refusals, stale sources or posts to look at (each named);
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
    "connect": "let the owner of an account allow that its platform's API is read",
    "disconnect": "give that back and delete the account's tokens",
    "pull": "read the APIs of the accounts that have tokens",
    "erase": "forget a person, a comment, a post or a creator, and prove it",
    "build": "make published.duckdb from the store",
    "render": "make the pages from published.duckdb",
    "nightly": "ingest, pull, build and render once, as the Prefect flow",
    "serve": "schedule `nightly` and keep running",
    "status": "how fresh everything is, what was refused and why",
    "topics": "posts in no topic or in several, with a suggestion; how far rules and people agree",
    "metrics": "what every number means",
    "export": "a data package to publish: csv, parquet, codebook, limitations",
    "spc": "limits and signals of any dated series in a csv file",
}


def _ingest_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="*", metavar="PATH", help="files or folders (default: DIR/inbox)")
    command.add_argument(
        "--account", metavar="HANDLE", help="whose files these are: of PATH, or of the only folder"
    )
    command.add_argument(
        "--exported-on",
        metavar="DATE",
        type=_day,
        help="day of the export: 2024-02-06; of PATH, or of the only folder",
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be loaded; load nothing")


def _init_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("name", metavar="NAME", help="the campaign file's name, without .toml")


def _connect_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("account", metavar="ACCOUNT", help="as in the campaign file: tiktok:@handle")
    command.add_argument("--source", metavar="NAME", help="through this API (default: the platform's first)")
    command.add_argument("--code", metavar="TEXT", help="the address, or code, that came after allowing")


def _disconnect_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("account", metavar="ACCOUNT", help="as in the campaign file: tiktok:@handle")


def _erase_options(command: argparse.ArgumentParser) -> None:
    kinds = ["handle", "comment", "post", "creator"]
    command.add_argument("kind", metavar="KIND", choices=kinds, help=" | ".join(kinds))
    command.add_argument(
        "value",
        metavar="VALUE",
        help="a commenter's @name, the id of a comment, the link of a post, the id of a creator or"
        ' "tiktok:@name"',
    )
    command.add_argument(
        "--platform", choices=["tiktok", "instagram"], help="of the handle or comment (default: all)"
    )
    command.add_argument("--dry-run", action="store_true", help="say what would go; erase nothing")


def _pull_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--source", metavar="NAME", help="only this source: tiktok_display_api")
    command.add_argument(
        "--days", metavar="N", type=_count, default=30, help="posts of the last N days (default: 30)"
    )


def _build_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", choices=["duckdb"], default="duckdb", help="what runs the models")
    command.add_argument("--as-of", metavar="DATE", type=_past_day, help="leave out what was observed later")


def _serve_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--cron", default="30 1 * * *", metavar="EXPR", help='when (default: "30 1 * * *")')


def _json_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="answer for programs")


def _topics_options(command: argparse.ArgumentParser) -> None:
    _json_option(command)
    command.add_argument(
        "--write", action="store_true", help="make a file for Excel in which to decide; never overwrites one"
    )


def _render_options(command: argparse.ArgumentParser) -> None:
    kinds = {
        "pdf": "print every page (needs Chromium, Chrome or Edge)",
        "pptx": "make a deck for the learning session of each team",
        "png": "draw every chart as a picture, too",
    }
    for kind, words in kinds.items():
        command.add_argument(f"--{kind}", dest="also", action="append_const", const=kind, help=words)


def _export_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="DIR", help="a new folder, or that of an earlier export")


_SPC_EPILOG = """\
FILE has the columns date (2024-02-06), value and, for several series, facet; an empty value is missing.
json is a list of rows and csv the same rows: facet, date, value, phase (from 1), mean, lpl, upl, cause,
point_type. In a run chart mean is the median, lpl, upl, cause and point_type are empty, and the rules
for runs are told in the table and in the notices. Rows carry limits and causes however few they are: mind
the notices."""


def _spc_options(command: argparse.ArgumentParser) -> None:
    command.epilog, command.formatter_class = _SPC_EPILOG, _Raw
    command.add_argument("file", metavar="FILE.csv", help="the series")
    command.add_argument(
        "--direction",
        choices=["increase", "decrease", "neutral"],
        default="neutral",
        help="which change is good (default: neutral, neither)",
    )
    command.add_argument("--baseline", metavar="N", type=int, help="limits from the first N rows, 12 or more")
    command.add_argument(
        "--rebase", metavar="DATE[,DATE]", type=_days, default=[], help="start a new phase at each date"
    )
    command.add_argument("--target", metavar="X", type=float, help="say whether it is met consistently")
    command.add_argument("--no-screen", action="store_true", help="keep outlying moving ranges")
    command.add_argument("--log10", action="store_true", help="limits on log10, for skewed values above zero")
    command.add_argument("--chart", choices=["xmr", "run"], default="xmr", help="default: xmr")
    command.add_argument("--format", choices=["json", "csv", "table"], default="table", help="default: table")
    command.add_argument("--png", metavar="FILE", help="draw it, too")


_OPTIONS = {
    "init": _init_options,
    "ingest": _ingest_options,
    "connect": _connect_options,
    "disconnect": _disconnect_options,
    "erase": _erase_options,
    "pull": _pull_options,
    "build": _build_options,
    "render": _render_options,
    "serve": _serve_options,
    "status": _json_option,
    "topics": _topics_options,
    "metrics": _json_option,
    "export": _export_options,
    "spc": _spc_options,
}


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3650:  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days from 1 to 3650")
    return int(text)


def _day(text: str, first_year: int = 2000) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not first_year <= day.year <= 2100:  # noqa: PLR2004 (no plan reaches further)
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2024-02-06")
    return day


def _past_day(text: str) -> date:
    day = _day(text)
    if day > date.today():
        raise argparse.ArgumentTypeError(f"{text!r} has not come yet: nothing is known of it")
    return day


def _days(text: str) -> list[date]:
    return [_day(part.strip(), first_year=1900) for part in text.split(",")]


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
