"""The API door: `rapup pull` against a server on loopback."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows.cli import main
from tests.connectors.server import DisplayServer

CANARY = "S3CR3T-7c1f-canary"
VIDEO = {
    "id": str((1_706_551_200 << 32) | 77),
    "create_time": 1_706_551_260,
    "share_url": "https://www.tiktok.com/@lavelle.sings/video/7329581592949555277?utm=1",
    "video_description": "Find help early #findhelpearly",
    "title": "",
    "duration": 31,
    "view_count": 1200,
    "like_count": 90,
    "comment_count": 8,
    "share_count": 4,
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS", CANARY)
    return tmp_path / "data"


def pull(data: Path) -> int:
    return main(["--data", str(data), "--campaign", "rap-up", "pull"])


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_pull_stores_posts_and_followers_and_never_the_token(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with DisplayServer(videos=[VIDEO], token=CANARY) as server:
        monkeypatch.setenv("TIKTOK_API_BASE", server.url)
        assert pull(data) == 0
    connection = duckdb.connect(str(data / "store.duckdb"), read_only=True)
    posts = connection.execute(
        "SELECT account, views, observed_precision FROM raw.post_observations"
    ).fetchall()
    days = connection.execute("SELECT account, followers FROM raw.account_days_seen").fetchall()
    connection.close()
    assert posts == [("lavelle.sings", 1200, "second")]
    assert days == [("lavelle.sings", 1200)]
    told = capsys.readouterr()
    assert "pulled    tiktok:@lavelle.sings: " in told.out
    assert CANARY.encode() not in bytes_of(data) + (told.out + told.err).encode()


def test_a_dead_token_is_told_with_its_variable_and_stores_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with DisplayServer(videos=[VIDEO], token="another") as server:  # noqa: S106 (a test's)
        monkeypatch.setenv("TIKTOK_API_BASE", server.url)
        assert pull(data) == 1
    told = capsys.readouterr().err
    assert "tiktok:@lavelle.sings" in told
    assert "RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS" in told
    connection = duckdb.connect(str(data / "store.duckdb"), read_only=True)
    assert connection.execute("SELECT count(*) FROM raw.loads").fetchall() == [(0,)]
    connection.close()
    assert CANARY not in told


def test_without_tokens_nothing_is_asked(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS")
    assert pull(data) == 0
    assert "no account has a token" in capsys.readouterr().out


def test_an_open_env_file_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = Path(".env")
    env.write_text(f"RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS={CANARY}\n")
    env.chmod(0o644)
    assert pull(data) == 2
    assert "chmod 600 .env" in capsys.readouterr().err
