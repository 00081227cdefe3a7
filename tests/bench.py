"""`make bench`: what things cost. Prints CPU seconds (user + system, all threads), peak memory and ratios;
each figure is of a whole child process, and both sides of a ratio are measured in the same run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.bench_build import POSTS

ROOT = Path(__file__).parents[1]
RAPUP = [sys.executable, "-m", "flows.cli"]
MILLION = 1_000_000
SMALL_FILES = 10_000

DUCKDB_READER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[2])
connection.execute("CREATE TABLE posts AS SELECT * FROM read_csv(?)", [sys.argv[1]])
"""

DUCKDB_NDJSON_READER = """
import duckdb, sys
counters = "diggCount {0}, commentCount {0}, shareCount {0}, playCount {0}, collectCount {0}"
data = (
    'id VARCHAR, "desc" VARCHAR, createTime BIGINT, author STRUCT(uniqueId VARCHAR), isAd BOOLEAN,'
    " video STRUCT(duration BIGINT), imagePost STRUCT(title VARCHAR),"
    f" stats STRUCT({counters.format('BIGINT')}), statsV2 STRUCT({counters.format('VARCHAR')})"
)
columns = {
    "item_id": "VARCHAR", "timestamp_collected": "BIGINT", "last_updated": "BIGINT",
    "source_platform": "VARCHAR", "data": f"STRUCT({data})",
}
connection = duckdb.connect(sys.argv[2])
connection.read_json(sys.argv[1], format="newline_delimited", columns=columns).create("posts")
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


def write_captures(path: Path, rows: int) -> None:
    """Items as Zeeschuimer captures them from TikTok's pages, with much that nobody asks for."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = 1_693_526_400
    with path.open("w", encoding="utf-8") as file:
        for n in range(rows):
            second = made + 3 * n
            post_id = (second << 32) + n % 1000
            counters = ",".join(
                f'"{name}":{n % size}'
                for name, size in (
                    *(("diggCount", 977), ("shareCount", 53)),
                    *(("commentCount", 89), ("playCount", 99_991)),
                )
            )
            exact = re.sub(r":(\d+)", r':"\1"', counters)
            file.write(
                f'{{"nav_index":"2:33:0","item_id":"{post_id}","timestamp_collected":{second + 86_400}000,'
                '"source_platform":"tiktok.com","source_platform_url":"https://www.tiktok.com/@lavelle.sings",'
                '"user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",'
                f'"data":{{"id":"{post_id}","desc":"Where to get help early, part {n} #findhelpearly",'
                f'"createTime":{second},"author":{{"id":"6890000000000000001","uniqueId":"lavelle.sings",'
                '"nickname":"Lavelle","verified":false},"music":{"id":"7000000000000000002","duration":31},'
                '"challenges":[{"id":"1","title":"findhelpearly"},{"id":"2","title":"sheffield"}],'
                f'"stats":{{{counters},"collectCount":"{n % 31}"}},"statsV2":{{{exact},"repostCount":"0"}},'
                f'"video":{{"id":"{post_id}","duration":31,"height":1024,"cover":"https://example.invalid/{n}"}},'
                '"textExtra":[{"hashtagName":"findhelpearly","start":30,"end":44}],"isAd":false}}\n'
            )


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


def bench_captures(folder: Path) -> None:
    file = folder / "seen" / "zeeschuimer-export-tiktok.com.ndjson"
    write_captures(file, MILLION)
    theirs = cost_of(
        sys.executable, "-c", DUCKDB_NDJSON_READER, str(file), str(folder / "theirs_seen.duckdb")
    )
    ours = cost_of(
        *RAPUP, "--data", str(folder / "seen_data"), "--campaign", "rap-up", "ingest", str(folder / "seen")
    )
    print(theirs.row(f"DuckDB read_json, 1 M posts, {file.stat().st_size / 1e6:.0f} MB"))
    print(ours.row("rapup ingest, the same file", f"{ours.cpu_s / theirs.cpu_s:.2f} x the CPU; <= 3, 600 MB"))


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
    print(cost_of(*command).row("10,000 small files", "promised <= 20 s CPU"))
    print(cost_of(*command).row("10,000 small files, unchanged", "promised <= 3 s CPU"))


def bench_pull(folder: Path) -> None:
    """A first pull of a thousand posts through each API of an account that is connected."""
    from tests.bench_pull import PLATFORMS, POSTS, connected  # noqa: PLC0415 (platforms for one job)

    for source in PLATFORMS:
        data = folder / source
        with connected(data, source) as server:
            pulled = cost_of(*RAPUP, "--data", str(data), "--campaign", "rap-up", "pull")
        limit = "40 a minute is TikTok's limit" if "business" in source else "promised <= 60 s wall, 300 MB"
        note = f"{len(server.seen) / POSTS:.2f} requests a post; {limit}"
        print(pulled.row(f"rapup pull, {POSTS:,} posts, {source}", note))


def bench_accounts(folder: Path) -> None:
    """A first pull of a hundred such accounts in simulated time: do the vendors' limits allow it?"""
    from tests.simulated import MOST, SCENES, simulate  # noqa: PLC0415 (as above)

    for source in SCENES:
        pulled = simulate(folder / f"hundred-{source}", source, MOST, 1_000)
        print(
            f"{MOST} accounts x 1,000 posts, {source:<28} {pulled.seconds / 60:7.1f} simulated min"
            f"  {pulled.whole} whole, {pulled.vendor.asked:,} requests,"
            f" {len(pulled.vendor.passed)} over a limit; promised <= 15 min"
        )


def bench_builds(folder: Path) -> None:
    """A long history, and one with ten times the posts: is the cost in proportion?"""
    one, ten = (build_of(folder / f"build-{times}", times * POSTS) for times in (1, 10))
    print(one.row("rapup build, 1.8 M observations", "promised <= 10 s CPU, 600 MB"))
    ratio = f"{ten.cpu_s / one.cpu_s:.1f} x the CPU; promised <= 10, 3 GB"
    print(ten.row("rapup build, 18 M observations", ratio))


def build_of(data: Path, posts: int) -> Cost:
    # The store is written in a process of its own: a child's peak begins at what its parent has.
    cost_of(sys.executable, "-m", "tests.bench_build", str(data), str(posts))
    return cost_of(*RAPUP, "--data", str(data), "build")


def main() -> None:
    """Every benchmark in turn, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench_help()
        bench_demo(folder)
        bench_small_files(folder)
        bench_big_file(folder)
        bench_builds(folder)
        bench_captures(folder)
        bench_pull(folder)
        bench_accounts(folder)


if __name__ == "__main__":
    main()
