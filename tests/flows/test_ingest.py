"""Real files with the real bytes, through the command line, into the real store."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.cli import main

ROOT = Path(__file__).parents[2]
HEADER = (
    '"Time","Video title","Video link","Post time",'
    '"Total likes","Total comments","Total shares","Total views"'
)
# Published 2024-01-29 18:00 UTC.
POST_ID = str((1_706_551_200 << 32) | 77)
LINK = f"https://www.tiktok.com/@lavelle.sings/video/{POST_ID}"

Run = Callable[..., int]


def content(views: int, exported: str = "February 6", posted: str = "January 29", link: str = LINK) -> bytes:
    row = f'"{exported}","Find help early #findhelpearly","{link}","{posted}","30","4","5","{views}"'
    return ("\ufeff" + HEADER + "\n" + row).encode()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def rapup(data: Path) -> Run:
    def run(*arguments: str) -> int:
        return main(["--data", str(data), "--campaign", "rap-up", *arguments])

    return run


def put(data: Path, exported: str, content_bytes: bytes, name: str = "Content.csv") -> Path:
    file = data / "inbox" / "lavelle" / "tiktok-lavelle.sings" / exported / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content_bytes)
    return file


def stored(data: Path, sql: str) -> list[tuple[object, ...]]:
    connection = duckdb.connect(str(data / "store.duckdb"), read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def observations(data: Path) -> list[tuple[object, ...]]:
    return stored(
        data, "SELECT post_id, observed_at::DATE::VARCHAR, views FROM raw.post_observations ORDER BY ALL"
    )


def test_an_export_becomes_observations_dated_by_its_folder(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    assert rapup("ingest") == 0
    assert observations(data) == [(POST_ID, "2024-02-06", 1000)]


def test_a_second_import_of_the_same_file_changes_nothing(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    rapup("ingest")
    before = stored(data, "SELECT * FROM raw.loads")
    assert rapup("ingest") == 0
    assert stored(data, "SELECT * FROM raw.loads") == before
    assert len(observations(data)) == 1


def test_a_later_export_of_the_same_posts_adds_observations(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    rapup("ingest")
    put(data, "2024-02-13", content(1400, "February 13"))
    assert rapup("ingest") == 0
    assert observations(data) == [(POST_ID, "2024-02-06", 1000), (POST_ID, "2024-02-13", 1400)]


def test_the_order_of_import_does_not_matter(data: Path, rapup: Run, tmp_path: Path) -> None:
    put(data, "2024-02-13", content(1400, "February 13"))
    rapup("ingest")
    put(data, "2024-02-06", content(1000))
    rapup("ingest")
    assert [row[2] for row in observations(data)] == [1000, 1400]


def test_the_inbox_is_never_touched(data: Path, rapup: Run) -> None:
    good = put(data, "2024-02-06", content(1000))
    bad = put(data, "2024-02-06", b"not a zip", "Content_x.zip")
    before = {p: (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns) for p in (good, bad)}
    rapup("ingest")
    assert {p: (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns) for p in before} == before


def test_a_dry_run_says_what_would_be_loaded_and_makes_nothing(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data, "2024-02-06", content(1000))
    assert rapup("ingest", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "tiktok_studio_content, @lavelle.sings, 1 row, 2024-01-29 to 2024-01-29" in told
    assert "exported_on 2024-02-06" in told
    assert not (data / "store.duckdb").exists()


def test_told_otherwise_the_same_bytes_replace_the_earlier_load(data: Path, rapup: Run) -> None:
    put(data, "2024-02-07", content(1000, "February 6"))  # within a day of the Time column
    rapup("ingest")
    rapup("ingest", "--exported-on", "2024-02-06")
    loads = dict(stored(data, "SELECT load_id, replaces FROM raw.loads"))  # type: ignore[arg-type]
    (replacing,) = [load for load in loads.values() if load]
    assert replacing in loads
    rapup("build")
    connection = duckdb.connect(str(data / "published.duckdb"), read_only=True)
    days = connection.execute("SELECT day::VARCHAR FROM marts.post_days").fetchall()
    connection.close()
    assert days == [("2024-02-06",)]


def test_a_file_moved_to_the_right_day_replaces_its_earlier_load(data: Path, rapup: Run) -> None:
    wrong = put(data, "2024-02-07", content(1000, "February 6"))
    rapup("ingest")
    right = put(data, "2024-02-06", wrong.read_bytes())
    wrong.unlink()
    assert rapup("ingest") == 0
    assert right.exists()
    assert stored(data, "SELECT count(*) FROM raw.loads WHERE replaces IS NOT NULL") == [(1,)]


def test_the_same_bytes_in_two_places_are_two_claims(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    put(data, "2024-02-07", content(1000))
    rapup("ingest")
    assert stored(data, "SELECT count(*) FROM raw.loads WHERE replaces IS NOT NULL") == [(0,)]


def test_a_refused_file_is_told_each_time_and_written_down_once(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data, "2024-02-06", b"not a zip", "Content_x.zip")
    assert rapup("ingest") == 1
    assert rapup("ingest") == 1
    assert capsys.readouterr().err.count("refused   not a zip") == 2
    assert stored(data, "SELECT count(*), min(rows), min(refused) FROM raw.loads") == [(1, 0, 1)]


def test_a_good_file_beside_a_bad_one_is_loaded(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    put(data, "2024-02-06", b"", "empty.csv")
    assert rapup("ingest") == 1
    assert len(observations(data)) == 1


def test_a_load_that_breaks_half_way_leaves_no_row(data: Path, rapup: Run) -> None:
    # The second row's id went through a spreadsheet: found only while rows are drawn.
    rows = (
        content(1000)
        + content(5, link="https://www.tiktok.com/@lavelle.sings/video/7.31E+18").split(b"\n")[1]
    )
    put(data, "2024-02-06", rows.replace(b'"1000""', b'"1000"\n"'))
    assert rapup("ingest") == 1
    assert observations(data) == []


def test_every_member_of_a_zip_is_a_load_of_its_own(data: Path, rapup: Run, tmp_path: Path) -> None:
    archive = tmp_path / "both.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Content.csv", content(1000))
        file.writestr(
            "Overview.csv",
            '\ufeff"Date","Video Views","Profile Views","Likes","Comments","Shares"\n'
            '"February 4","10","2","1","-1","0"\n"February 5","11","2","undefined","0","0"',
        )
    put(data, "2024-02-06", archive.read_bytes(), "both.zip")
    assert rapup("ingest") == 0
    names = stored(data, "SELECT split_part(name, '!', 2), source FROM raw.loads ORDER BY name")
    assert names == [("Content.csv", "tiktok_studio_content"), ("Overview.csv", "tiktok_studio_overview")]
    days = stored(data, "SELECT day::VARCHAR, views, likes, comments FROM raw.account_days_seen ORDER BY day")
    assert days == [("2024-02-04", 10, 1, -1), ("2024-02-05", 11, None, 0)]


def test_an_account_that_no_campaign_names_is_told_with_its_cure(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data, "2024-02-06", content(1000, link=LINK.replace("lavelle.sings", "somebody.else")))
    assert rapup("ingest") == 1
    told = capsys.readouterr().err
    assert "@somebody.else" in told
    assert "campaign file" in told


def test_a_file_name_is_only_a_name(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000), "'; DROP TABLE raw.loads; --\n😀.csv")
    assert rapup("ingest") == 0
    assert len(observations(data)) == 1


def test_a_missing_path_cannot_start(rapup: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert rapup("ingest", "nowhere.csv") == 2
    assert capsys.readouterr().err.startswith("rapup: nowhere.csv: no such file or folder")


def test_a_second_run_is_told_that_another_holds_the_store(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    rapup("ingest")
    holder = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(data / "store.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert rapup("ingest") == 75
        assert rapup("build") == 75
        process.communicate()
    assert rapup("build") == 0


def test_the_store_is_for_its_owner_only(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", content(1000))
    rapup("ingest")
    assert (data / "store.duckdb").stat().st_mode & 0o077 == 0
