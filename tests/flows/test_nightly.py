"""The same steps under Prefect: importable, scheduled. (A whole night: tests/faults/test_secrets.py.)"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(code: list[str], home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "PREFECT_HOME": str(home / "prefect"),
        **more,
    }
    return subprocess.run(
        [sys.executable, *code], cwd=home, env=env, capture_output=True, text=True, check=False
    )


def test_the_flow_can_be_loaded_from_its_entrypoint(tmp_path: Path) -> None:
    code = (
        "from prefect.flows import load_flow_from_entrypoint\n"
        f"flow = load_flow_from_entrypoint({str(ROOT / 'flows' / 'nightly.py')!r} + ':nightly',"
        " use_placeholder_flow=False)\n"
        "print(flow.name)\n"
    )
    done = run(["-c", code], tmp_path)
    assert done.stdout.strip() == "rapup-nightly", done.stderr


def scheduled_runs(database: Path) -> int:
    if not database.exists():
        return 0
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        ((count,),) = connection.execute(
            "SELECT count(*) FROM flow_run WHERE state_type = 'SCHEDULED'"
        ).fetchall()
    except sqlite3.OperationalError:  # the server is still making its tables
        return 0
    finally:
        connection.close()
    return int(count)


def test_a_served_schedule_really_has_runs_before_it_and_leaves_no_server_behind(tmp_path: Path) -> None:
    data = tmp_path / "data"
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT")}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "--data", str(data), "--campaign", "rap-up", "serve"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 150
        while not scheduled_runs(data / "prefect" / "prefect.db") and time.monotonic() < deadline:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(1)
        assert scheduled_runs(data / "prefect" / "prefect.db") > 0
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
