"""A secret is used in a night of faults, and afterwards looked for in everything that was written."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import subprocess
import sys
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from connectors.secret import Secret
from flows.cli import main
from tests.faults.instagram import Graph
from tests.faults.server import Fault, RawServer, Reply, answers
from tests.faults.tiktok import Display, Tokens, video
from tests.flows.nights import Nights

ROOT = Path(__file__).parents[2]
ACCOUNT, SOURCE = "tiktok:@lavelle.sings", "tiktok_display_api"


def forms(secret: str) -> list[bytes]:
    """A secret as it may be written: as it is, in an address, and in base64, wherever that begins."""
    plain = secret.encode()
    packed = [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, urllib.parse.quote(secret, safe="").encode(), plain.hex().encode(), *packed]


def found(secret: str, written: bytes) -> bool:
    """Whether any form of it is there, also broken over lines or put between spaces."""
    joined = re.sub(rb"[\s\0\\]+|\\n", b"", written)
    return any(form in written or form in joined for form in forms(secret))


def test_the_search_finds_every_form() -> None:
    secret = f"S3CR3T-{uuid.uuid4()}"
    wrapped = "\n".join(secret[n : n + 7] for n in range(0, len(secret), 7)).encode()
    in_text = base64.b64encode(f"token={secret}&x=1".encode())
    for written in (*forms(secret), b"<p>" + wrapped, in_text, f'"{secret}"'.encode()):
        assert found(secret, b"before " + written + b" after")
    assert not found(secret, b"S3CR3T-" + str(uuid.uuid4()).encode())


def everything_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file but those of tokens, and every text of every table: a database may pack its pages."""
    for path in folder.rglob("*"):
        if path.is_file() and path.parent.name != "secrets":
            yield path.name, path.read_bytes()
    for database in folder.rglob("*.duckdb"):
        connection = duckdb.connect(str(database), read_only=True)
        tables = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
        ).fetchall()
        for schema, table in tables:
            rows = connection.execute(f'SELECT * FROM "{schema}"."{table}"').fetchall()  # noqa: S608 - names
            yield f"{database.name}:{table}", repr(rows).encode()
        connection.close()


def telltale(secret: str) -> list[Fault | None]:
    """A platform that repeats the secret wherever it can."""
    text = f"your token {secret} is bad".encode()
    return [
        answers(500, text),
        answers(200, f'{{"access_token": "{secret}"'.encode()),
        None,
        answers(401, {"error": {"code": "access_token_invalid", "message": secret}}),
        None,
        None,
        answers(429, text, Retry_After="1"),
        Fault("length", Reply(text)),
        answers(302, text, Location=f"https://elsewhere.example/?access_token={secret}"),
    ]


def said(data: Path, capfd: pytest.CaptureFixture[str]) -> bytes:
    """What the other commands say afterwards, tracebacks and all, and the package that they write."""
    main(["--data", str(data), "status", "--json"])
    main(["--data", str(data), "check"])
    main(["--data", str(data), "--debug", "pull"])
    main(["--data", str(data), "--debug", "connect", ACCOUNT, "--code", "https://x.example/?code=1"])
    main(["--data", str(data), "export", str(data / "package")])
    told = capfd.readouterr()
    assert "Traceback" in told.err
    return (told.out + told.err).encode()


def test_a_night_of_faults_makes_the_pages_tells_its_troubles_and_writes_no_secret_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    access, refresh, app, in_env = (f"{kind}.S3CR3T-{uuid.uuid4()}" for kind in ("act", "rft", "app", "IG"))
    world = Display([video(n) for n in range(50)], tokens=Tokens(access, refresh, app_secret=app))
    inbox = tmp_path / "data" / "inbox" / "lavelle" / "tiktok-lavelle.sings" / "2024-02-06"
    inbox.mkdir(parents=True)
    (inbox / "Content_x.zip").write_text("not a zip")
    with RawServer(world) as server, RawServer(Graph()) as meta:
        nights = Nights(tmp_path / "data", {"TIKTOK_API_BASE": server.url})
        nights.connect(ACCOUNT, SOURCE, access, refresh=Secret(refresh))
        server.faults = telltale(access)
        monkeypatch.chdir(tmp_path)
        for name, value in {
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
            "PREFECT_HOME": str(tmp_path / "prefect"),
            "PREFECT_LOGGING_LEVEL": "DEBUG",
            "TIKTOK_API_BASE": server.url,
            "INSTAGRAM_API_BASE": meta.url,
            "RAPUP_TOKEN_INSTAGRAM_KOFI": in_env,
            "RAPUP_TIKTOK_CLIENT_KEY": "app-key",
            "RAPUP_TIKTOK_CLIENT_SECRET": app,
        }.items():
            monkeypatch.setenv(name, value)
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "--data", str(tmp_path / "data"), "nightly"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        told = said(tmp_path / "data", capfd)
    assert done.returncode == 1, done.stderr
    assert world.tokens.renewals == 1
    assert meta.seen[0].headers["authorization"] == f"Bearer {in_env}"
    for trouble in (b"not a zip", b"tiktok:@lavelle.sings", b"instagram:@kofi"):
        assert trouble in done.stderr
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as prefect:
        ((artifact,),) = prefect.execute("SELECT data FROM artifact WHERE key = 'pulls'").fetchall()
    assert {row["account"] for row in json.loads(json.loads(artifact))} == {ACCOUNT, "instagram:@kofi"}
    written = [*everything_below(tmp_path), ("stdout", done.stdout), ("stderr", done.stderr), ("told", told)]
    names = {name for name, _ in written}
    assert {"prefect.db", "store.duckdb", "published.duckdb", "index.html", "codebook.md"} <= names
    secrets = [access, refresh, app, in_env, world.tokens.access, world.tokens.refresh]
    assert [(name, secret[:4]) for name, text in written for secret in secrets if found(secret, text)] == []
