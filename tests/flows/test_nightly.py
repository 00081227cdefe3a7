"""The same steps under Prefect: importable, scheduled, silent about secrets."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CANARY = "S3CR3T-94aa-canary"


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


def test_a_night_makes_the_pages_tells_its_troubles_and_keeps_the_token_to_itself(tmp_path: Path) -> None:
    data = tmp_path / "data"
    inbox = data / "inbox" / "lavelle" / "tiktok-lavelle.sings" / "2024-02-06"
    inbox.mkdir(parents=True)
    (inbox / "Content_x.zip").write_text("not a zip")
    done = run(
        ["-m", "flows.cli", "--data", str(data), "--campaign", "rap-up", "nightly"],
        tmp_path,
        RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS=CANARY,
        TIKTOK_API_BASE="http://127.0.0.1:9",  # nobody listens there
    )
    assert done.returncode == 1, done.stderr
    assert "not a zip" in done.stderr
    assert "tiktok:@lavelle.sings" in done.stderr
    assert (data / "site" / "index.html").exists()
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    everything += (done.stdout + done.stderr).encode()
    for form in (CANARY.encode(), base64.b64encode(CANARY.encode())[:-4]):
        assert form not in everything
