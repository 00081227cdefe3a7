"""The Prefect server that `serve` needs: only a standing one schedules."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.settings import BadSettings, use_prefect_server

_START_WITHIN_S = 120
_STOP_WITHIN_S = 20


@contextmanager
def prefect_server(data: Path) -> Iterator[None]:
    """A server on loopback, with its files in the data folder, while the block lasts.

    Raises:
        BadSettings: it did not start; its log is named.
    """
    log = (data / "prefect" / "server.log").resolve()
    log.parent.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603 (our own words)
        try:
            _wait_until_open(process, port, log)
            use_prefect_server(f"http://127.0.0.1:{port}/api")
            yield
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """The server listens only once it is ready."""
    deadline = time.monotonic() + _START_WITHIN_S
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise BadSettings(f"prefect's server did not start; read {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
