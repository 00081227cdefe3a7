"""Tokens on the disk: whole or not at all, for their owner's eyes alone, and spent by one at a time."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType

import pytest

import flows.file_lock
from connectors.secret import Secret
from connectors.tokens import Tokens
from flows.file_lock import LockBusy, locked
from flows.settings import BadSettings
from flows.token_files import TokenFiles
from models.campaign import Account

ROOT = Path(__file__).parents[2]
LAVELLE = Account("tiktok", "lavelle.sings")
OTHER = Account("tiktok", "lavelle")
DISPLAY = "tiktok_display_api"
TOKENS = Tokens(
    Secret("act.S3CR3T"),
    Secret("rft.S3CR3T"),
    1000,
    8200,
    9_000_000,
    "-000lavelle",
    ("video.list",),
    can_renew=True,
)


@pytest.fixture
def files(tmp_path: Path) -> TokenFiles:
    return TokenFiles(tmp_path / "secrets")


def the_file(files: TokenFiles) -> Path:
    return files.folder / "tiktok-lavelle.sings.tiktok_display_api.json"


def opened(tokens: Tokens | None) -> dict[str, object]:
    assert tokens is not None
    names = ("issued_s", "expires_s", "refresh_expires_s", "user_id", "scopes", "can_renew")
    refresh = tokens.refresh.reveal() if tokens.refresh else None
    return {**{name: getattr(tokens, name) for name in names}, "a": tokens.access.reveal(), "r": refresh}


def test_what_is_kept_is_what_was_given(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    assert opened(files.read(LAVELLE, DISPLAY)) == opened(TOKENS)
    assert files.read(OTHER, DISPLAY) is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_may_look(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    files.keep_note("x", {"state": "1"})
    with files.lock(LAVELLE, DISPLAY):
        modes = {path.name: path.stat().st_mode & 0o777 for path in files.folder.iterdir()}
    assert set(modes.values()) == {0o600}
    assert len(modes) == 3
    assert files.folder.stat().st_mode & 0o777 == 0o700
    the_file(files).chmod(0o640)
    with pytest.raises(BadSettings, match="chmod 600"):
        files.read(LAVELLE, DISPLAY)


def test_only_the_accounts_own_sources_are_listed(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    files.write(LAVELLE, "tiktok_business_api", TOKENS)
    assert files.sources(LAVELLE) == ["tiktok_business_api", "tiktok_display_api"]
    assert files.sources(OTHER) == []


def test_a_file_that_was_copied_to_another_account_is_refused_and_both_are_named(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    the_file(files).rename(files.folder / "tiktok-lavelle.tiktok_display_api.json")
    with pytest.raises(BadSettings, match=r"of tiktok:@lavelle.sings for .*not of tiktok:@lavelle for"):
        files.read(OTHER, DISPLAY)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"account": "tiktok:@lavelle.sings"}'])
def test_a_damaged_file_is_named_with_its_cure_and_never_shown(content: bytes, files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    the_file(files).write_bytes(content)
    with pytest.raises(BadSettings, match=r"damaged|holds the token of"):
        files.read(LAVELLE, DISPLAY)


def test_a_write_that_breaks_off_leaves_the_old_tokens(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    with pytest.raises(RuntimeError, match="cut"), files.room(LAVELLE, DISPLAY):
        raise RuntimeError("cut")
    assert opened(files.read(LAVELLE, DISPLAY)) == opened(TOKENS)
    assert [path.name for path in files.folder.iterdir()] == [the_file(files).name]


def test_a_full_disk_is_met_before_a_refresh_token_is_spent(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    code = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from flows.token_files import TokenFiles\n"
        "from models.campaign import Account\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n"
        "    lavelle = Account('tiktok', 'lavelle.sings')\n"
        "    with TokenFiles(Path(sys.argv[1])).room(lavelle, 'tiktok_display_api'):\n"
        "        print('spent')\n"
        "except OSError:\n"
        "    print('refused')\n"
    )
    command = [sys.executable, "-B", "-c", code, str(files.folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
    assert opened(files.read(LAVELLE, DISPLAY)) == opened(TOKENS)


def test_a_token_is_in_no_repr(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    assert "S3CR3T" not in repr([files, files.read(LAVELLE, DISPLAY)])
    assert "S3CR3T" in json.dumps(json.loads(the_file(files).read_text()))


def test_deleting_says_whether_there_was_anything(files: TokenFiles) -> None:
    files.write(LAVELLE, DISPLAY, TOKENS)
    assert [files.delete(LAVELLE, DISPLAY), files.delete(LAVELLE, DISPLAY)] == [True, False]
    assert not the_file(files).exists()


def test_two_never_hold_the_lock_at_once(files: TokenFiles) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(20):
            with files.lock(LAVELLE, DISPLAY):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(most)) == (1, 80)


def test_a_lock_is_waited_for_and_in_the_end_told(tmp_path: Path) -> None:
    waits: list[float] = []
    with (
        locked(tmp_path / "x.lock"),
        pytest.raises(LockBusy, match="held by another run"),
        locked(tmp_path / "x.lock", waits.append),
    ):
        pass
    assert 170 < sum(waits) < 190


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from flows.file_lock import locked\n"
        "with locked(Path(sys.argv[1])):\n"
        "    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.lock")], cwd=ROOT, check=False)
    with locked(tmp_path / "x.lock", lambda _: pytest.fail("it is still held")):
        pass


class Msvcrt:
    """Windows' lock as its documentation has it: one byte, refused at once, gone when the file is closed."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def locking(self, descriptor: int, mode: int, number: int) -> None:
        self.asked.append((mode, number))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PermissionError(13, "Permission denied") from None


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as Windows would load it."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", Msvcrt())  # type: ignore[arg-type]
    spec = importlib.util.spec_from_file_location("file_lock_on_windows", flows.file_lock.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_on_windows_one_byte_is_locked_waited_for_and_given_back(
    on_windows: ModuleType, tmp_path: Path
) -> None:
    path, waits = tmp_path / "x.lock", list[float]()
    with on_windows.locked(path), pytest.raises(on_windows.LockBusy), on_windows.locked(path, waits.append):
        pass
    assert 170 < sum(waits) < 190
    with on_windows.locked(path, lambda _: pytest.fail("it is still held")):
        pass
    assert set(on_windows.msvcrt.asked) == {(2, 1)}
