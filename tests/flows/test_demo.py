"""The whole job on the sample: one command, no network, nothing outside its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]

# Refuses every connection from Python, whoever makes it; Unix sockets within the machine are let through.
GUARD = """
import socket, sys
def refuse(self, address, *_):
    if self.family != getattr(socket, "AF_UNIX", None):
        raise SystemExit(f"outbound connection to {address!r}")
socket.socket.connect = socket.socket.connect_ex = refuse
from flows.cli import main
sys.exit(main(sys.argv[1:]))
"""


def offline() -> list[str]:
    """A network namespace without any interface, where the machine lets us make one."""
    unshare = shutil.which("unshare")
    if (
        unshare
        and subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0
    ):
        return [unshare, "--net"]
    return []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    home = tmp_path_factory.mktemp("home")
    data = home / "data"
    done = subprocess.run(
        [*offline(), sys.executable, "-c", GUARD, "--data", str(data), "demo"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    return data, done


def test_the_demo_ends_with_the_path_of_the_index_page(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    data, done = demo
    assert (done.returncode, done.stderr) == (0, "")
    last = done.stdout.splitlines()[-1]
    assert last.split() == ["open", str(data / "site" / "index.html")]
    assert (data / "site" / "index.html").exists()


def test_the_demo_writes_nothing_outside_its_folder(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    data, _ = demo
    assert [path.name for path in data.parent.iterdir()] == ["data"]
    assert sorted(path.name for path in data.iterdir()) == [
        "cache",
        "published.duckdb",
        "site",
        "store.duckdb",
    ]


def test_there_is_a_page_for_each_team_and_one_for_comms(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    data, _ = demo
    assert sorted(path.stem for path in (data / "site").glob("*.html")) == [
        "comms",
        "community-wellbeing",
        "early-help",
        "index",
        "learning-disability",
        "method",
        "neurodiversity",
    ]


def test_the_story_of_the_sample_is_in_the_published_figures(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    data, _ = demo
    connection = duckdb.connect(str(data / "published.duckdb"), read_only=True)
    rates = {
        (topic, period): rate
        for topic, period, rate in connection.execute(
            "SELECT topic_id, period_id, engagement_rate FROM marts.topic_periods"
        ).fetchall()
    }
    (corrections,) = connection.execute(
        "SELECT count(*) FROM marts.post_days WHERE is_correction AND views_new < -1000"
    ).fetchall()[0]
    (complete,) = connection.execute(
        "SELECT min(complete) FROM (SELECT topic_id, count(*) FILTER (WHERE is_complete) AS complete"
        " FROM marts.topic_weeks WHERE platform = 'all' GROUP BY topic_id)"
    ).fetchall()[0]
    connection.close()
    assert rates["finding-help", "ap2"] > 1.3 * rates["finding-help", "ap1"]
    assert 0.8 < rates["learning-disability", "ap2"] / rates["learning-disability", "ap1"] < 1.25
    assert corrections == 1
    assert complete >= 45


def test_the_published_file_has_every_table_and_column_of_the_contract(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    from models import published  # noqa: PLC0415 (beside its only use)

    data, _ = demo
    connection = duckdb.connect(str(data / "published.duckdb"), read_only=True)
    columns = connection.execute(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'marts' ORDER BY table_name, ordinal_position"
    ).fetchall()
    connection.close()
    promised = [
        (t.name, c.name, c.type) for t in sorted(published.TABLES, key=lambda t: t.name) for c in t.columns
    ]
    assert columns == promised


@pytest.mark.parametrize(("topic", "is_sustained"), [("finding-help", True), ("learning-disability", False)])
def test_a_sustained_signal_is_found_where_the_sample_has_one(
    demo: tuple[Path, subprocess.CompletedProcess[str]], topic: str, is_sustained: bool
) -> None:
    sql = (
        "SELECT point_type FROM marts.spc WHERE measure = 'interactions_per_1000_views' AND facet = ?"
        " AND week >= DATE '2024-02-19' AND cause IS NOT NULL ORDER BY week"
    )
    with duckdb.connect(str(demo[0] / "published.duckdb"), read_only=True) as published:
        kinds = [kind for (kind,) in published.execute(sql, [f"topic:{topic}"]).fetchall()]
    runs = "".join("x" if kind == "special_cause_improvement" else " " for kind in kinds).split()
    assert (max(map(len, runs), default=0) >= 7) is is_sustained
