"""`make bench`: what things cost. Prints CPU seconds (user + system, all threads), peak memory and ratios;
each figure is of a whole child process, and both sides of a ratio are measured in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
RAPUP = [sys.executable, "-m", "flows.cli"]
MILLION = 1_000_000
SMALL_FILES = 1_000

DUCKDB_READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[2])
connection.execute("CREATE TABLE posts AS SELECT * FROM read_csv(?)", [sys.argv[1]])
"""


@dataclass(frozen=True)
class Cost:
    """Of one child process."""

    cpu_s: float
    wall_s: float
    peak_mb: float

    def row(self, name: str, note: str = "") -> str:
        return f"{name:<46} {self.cpu_s:7.2f} s CPU {self.wall_s:7.2f} s wall {self.peak_mb:6.0f} MB  {note}"


def cost_of(*command: str) -> Cost:
    """Run a command to its end; a failure ends the benchmark."""
    began = time.monotonic()
    # Bytecode is kept between runs, as it is wherever nobody has switched that off.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        sys.exit(f"bench: {' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024)


def content_lines(rows: int, start: int = 0) -> Iterator[str]:
    """Rows of TikTok's Content.csv: every cell quoted, dates in words, no year."""
    yield "\ufeff" + ",".join(
        f'"{h}"'
        for h in (
            "Time", "Video title", "Video link", "Post time",
            "Total likes", "Total comments", "Total shares", "Total views",
        )
    )  # fmt: skip
    first = date(2023, 9, 1)
    for n in range(start, start + rows):
        day = first + timedelta(days=n % 150)
        post_id = (int(day.strftime("%s")) + 43_200 << 32) + n
        yield (
            f'"February 6","Where to get help early, part {n} #findhelpearly #sheffield",'
            f'"https://www.tiktok.com/@lavelle.sings/video/{post_id}","{day:%B} {day.day}",'
            f'"{n % 977}","{n % 89}","{n % 53}","{n % 99_991}"'
        )


def write_content(path: Path, rows: int, start: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, line in enumerate(content_lines(rows, start)):
            file.write(line if number == 0 else f"\n{line}")


def bench_help() -> None:
    print(cost_of(*RAPUP, "--help").row("rapup --help", "promised <= 0.3 s CPU"))


def bench_demo(folder: Path) -> None:
    print(
        cost_of(*RAPUP, "--data", str(folder / "demo"), "demo").row(
            "rapup demo, fresh folder", "<= 25 s CPU, 600 MB"
        )
    )
    print(cost_of(*RAPUP, "--data", str(folder / "demo"), "demo").row("rapup demo, again"))


def bench_big_file(folder: Path) -> None:
    file = folder / "big" / "tiktok-lavelle.sings" / "2024-02-06" / "Content.csv"
    write_content(file, MILLION)
    theirs = cost_of(sys.executable, "-c", DUCKDB_READER, str(file), str(folder / "theirs.duckdb"))
    ours = cost_of(
        *RAPUP, "--data", str(folder / "ours"), "--campaign", "rap-up", "ingest", str(folder / "big")
    )
    print(theirs.row("DuckDB read_csv, 1 M rows"))
    print(
        ours.row("rapup ingest, the same file", f"{ours.cpu_s / theirs.cpu_s:.2f} x the CPU; promised <= 3")
    )


def bench_small_files(folder: Path) -> None:
    inbox = folder / "small" / "tiktok-lavelle.sings" / "2024-02-06"
    for n in range(SMALL_FILES):
        write_content(inbox / f"Content_{n}.csv", 15, n * 15)
    command = [
        *RAPUP,
        "--data",
        str(folder / "many"),
        "--campaign",
        "rap-up",
        "ingest",
        str(folder / "small"),
    ]
    print(cost_of(*command).row("1,000 small files", "promised <= 5 s CPU"))
    print(cost_of(*command).row("1,000 small files, unchanged"))


def main() -> None:
    """Every benchmark in turn, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench_help()
        bench_demo(folder)
        bench_small_files(folder)
        bench_big_file(folder)


if __name__ == "__main__":
    main()
