"""A store without its free blocks: smaller, the same, whole however the process ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from models.compaction import compact
from models.store import STORE_FILE, StoreBusy, StoreUnreadable, open_store, store_read_only
from models.swap import swap
from tests.builders import Folder, a_campaign, a_post, seen

ROOT = Path(__file__).parents[2]
GONE = "an invented caption that must not stay"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A store of many rows, most of them deleted since."""
    folder = Folder(tmp_path, a_campaign(tmp_path))
    posts = [a_post(str(n), "2024-01-03 12:00", caption=f"{GONE} {n}") for n in range(2_000)]
    stays = a_post("1", "2024-01-03 12:00", caption="this one stays")
    folder.load(posts, [seen("1", "2024-01-04 12:00", 10)], load_id="goes")
    folder.load([stays], [seen("1", "2024-01-05 12:00", 20)], load_id="stays")
    with open_store(folder.path) as store:
        store.forget_load("goes")
    return folder


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = duckdb.connect(str(folder / STORE_FILE), read_only=True)
    try:
        names = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()
        return {name: connection.table(f"raw.{name}").fetchall() for (name,) in names}
    finally:
        connection.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"test.toml"}


def test_deleted_rows_lie_in_the_store_until_it_is_compacted(folder: Folder) -> None:
    store = folder.path / STORE_FILE
    before, size = rows(folder.path), store.stat().st_size
    assert GONE.encode() in store.read_bytes()
    compact(folder.path)
    assert GONE.encode() not in store.read_bytes()
    assert rows(folder.path) == before
    assert before["posts_seen"]
    assert store.stat().st_size < size


def test_nothing_lies_beside_the_store_and_only_its_owner_may_read_it(folder: Folder) -> None:
    (folder.path / ".spill").mkdir()
    (folder.path / ".spill" / "duckdb_temp_storage-0.tmp").write_bytes(GONE.encode())
    compact(folder.path)
    assert names(folder.path) == {STORE_FILE}
    assert (folder.path / STORE_FILE).stat().st_mode & 0o777 == 0o600


def test_a_compacted_store_takes_new_loads(folder: Folder) -> None:
    compact(folder.path)
    folder.load([a_post("2", "2024-01-03 12:00")], load_id="later")
    assert [row[0] for row in rows(folder.path)["posts_seen"]] == ["stays", "later"]


def test_a_store_that_a_build_reads_is_busy_and_stays_as_it_is(folder: Folder) -> None:
    store = folder.path / STORE_FILE
    code = (
        "import duckdb, sys\n"
        f"c = duckdb.connect({str(store)!r}, read_only=True)\n"
        "print('open', flush=True)\nsys.stdin.read()\n"
    )
    before = store.read_bytes()
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy, match="another run holds the store"):
            compact(folder.path)
        assert store.read_bytes() == before
        reader.communicate("")
    compact(folder.path)
    assert store.read_bytes() != before


def test_a_store_that_somebody_writes_cannot_be_attached(folder: Folder) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom models.store import open_store\n"
        f"with open_store(Path({str(folder.path)!r})):\n"
        "    print('open', flush=True)\n    sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "open\n"
        with pytest.raises(StoreBusy), store_read_only(folder.path / STORE_FILE):
            pass
        writer.communicate("")


def test_nobody_writes_while_the_store_is_copied(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "from pathlib import Path\nfrom models.store import open_store\n"
        f"with open_store(Path({str(folder.path)!r})): pass\n"
    )
    told: list[str] = []

    def while_copied(fresh: Path, target: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
        told.append(done.stderr)
        swap(fresh, target)

    monkeypatch.setattr("models.compaction.swap", while_copied)
    compact(folder.path)
    assert "StoreBusy" in told[0]


def test_what_a_killed_writer_left_in_the_log_is_in_the_new_file(folder: Folder) -> None:
    code = (
        "import os\nfrom pathlib import Path\nfrom models.store import open_store\n"
        f"with open_store(Path({str(folder.path)!r})) as store:\n"
        "    store.forget_load('stays')\n    store.commit()\n    os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert (folder.path / f"{STORE_FILE}.wal").exists()
    compact(folder.path)
    assert names(folder.path) == {STORE_FILE}
    assert rows(folder.path)["posts_seen"] == []


@pytest.mark.parametrize(("step", "is_new"), [("os.fsync", False), ("os.open", True)])
def test_a_process_that_dies_at_the_swap_leaves_one_whole_store(
    folder: Folder, step: str, is_new: bool
) -> None:
    """`swap` flushes the new file before it is in place, and opens the folder after."""
    before = rows(folder.path)
    code = (
        "import os\nfrom pathlib import Path\nfrom models import compaction, swap\n"
        "real = compaction.swap\n"
        "def dying(fresh, target):\n"
        f"    {step} = lambda *_: os._exit(9)\n"
        "    real(fresh, target)\n"
        "compaction.swap = dying\n"
        f"compaction.compact(Path({str(folder.path)!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    store = folder.path / STORE_FILE
    assert (GONE.encode() not in store.read_bytes()) == is_new
    assert rows(folder.path) == before
    compact(folder.path)
    assert names(folder.path) == {STORE_FILE}
    assert GONE.encode() not in store.read_bytes()
    assert rows(folder.path) == before


def test_a_process_killed_at_any_moment_leaves_one_whole_store(folder: Folder) -> None:
    before = rows(folder.path)
    code = (
        "from pathlib import Path\nfrom models.compaction import compact\nprint('begin', flush=True)\n"
        f"while True: compact(Path({str(folder.path)!r}))\n"
    )
    for wait_s in (0.02, 0.11, 0.17, 0.26, 0.31):
        command = [sys.executable, "-c", code]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait_s)
            process.kill()
        assert rows(folder.path) == before
    compact(folder.path)
    assert names(folder.path) == {STORE_FILE}


def test_a_full_disk_is_told_and_the_store_stays(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (folder.path / STORE_FILE).read_bytes()
    beside = folder.path / f"next.{os.getpid()}.duckdb"

    def full(fresh: Path, target: Path) -> None:
        raise duckdb.IOException("Could not write file: No space left on device")

    monkeypatch.setattr("models.compaction.swap", full)
    with pytest.raises(StoreUnreadable, match="the disk is full"):
        compact(folder.path)
    assert (folder.path / STORE_FILE).read_bytes() == before
    assert not beside.exists()


def test_a_folder_without_a_store_gets_an_empty_one(tmp_path: Path) -> None:
    compact(tmp_path)
    assert rows(tmp_path)["posts_seen"] == []
