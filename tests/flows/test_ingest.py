"""Real files with the real bytes, through the command line, into the real store."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
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


@pytest.mark.parametrize("told", [("--account", "lavelle.sings"), ("--exported-on", "2024-02-06")])
def test_what_is_told_of_one_file_is_never_taken_for_the_whole_inbox(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str], told: tuple[str, str]
) -> None:
    put(data, "2024-02-06", content(1000))
    put(data, "2024-02-13", content(1400, "February 13"))
    rapup("ingest")
    before = stored(data, "SELECT * FROM raw.loads")
    assert rapup("ingest", *told) == 2
    assert "rapup ingest PATH --exported-on 2024-02-06" in capsys.readouterr().err
    assert stored(data, "SELECT * FROM raw.loads") == before


def test_an_account_that_is_not_the_folder_s_is_refused(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data, "2024-02-06", content(1000))
    assert rapup("ingest", "--dry-run") == 0
    assert rapup("ingest", str(data / "inbox"), "--account", "amira.talks") == 1
    assert "--account says @amira.talks, the folder @lavelle.sings" in capsys.readouterr().err
    assert observations(data) == []
    assert rapup("ingest") == 0
    assert rapup("ingest", str(data / "inbox"), "--account", "amira.talks") == 1
    assert stored(data, "SELECT reason FROM raw.loads") == [(None,)]


@pytest.mark.parametrize("named", [True, False])
def test_told_otherwise_the_same_bytes_replace_the_earlier_load(data: Path, rapup: Run, named: bool) -> None:
    rapup("init", "rap-up")
    file = put(data, "2024-02-07", content(1000, "February 6"))  # within a day of the Time column
    rapup("ingest")
    rapup("ingest", *([str(file)] if named else []), "--exported-on", "2024-02-06")
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


def days_observed(data: Path, rapup: Run) -> list[str]:
    rapup("build")
    connection = duckdb.connect(str(data / "published.duckdb"), read_only=True)
    rows = connection.execute("SELECT day::VARCHAR FROM marts.post_days ORDER BY day").fetchall()
    connection.close()
    return [row[0] for row in rows]


UNDATED = content(1000).replace(b'"February 6"', b'""')


def test_a_correction_replaces_the_load_of_its_own_file_and_no_other(data: Path, rapup: Run) -> None:
    put(data, "2024-02-06", UNDATED)
    second = put(data, "2024-02-13", UNDATED)
    rapup("ingest")
    rapup("ingest", str(second), "--exported-on", "2024-02-15")
    assert days_observed(data, rapup) == ["2024-02-06", "2024-02-15"]


def test_a_correction_can_be_taken_back(data: Path, rapup: Run) -> None:
    file = put(data, "2024-02-06", UNDATED)
    rapup("ingest")
    rapup("ingest", str(file), "--exported-on", "2024-02-08")
    rapup("ingest", str(file), "--exported-on", "2024-02-06")
    assert days_observed(data, rapup) == ["2024-02-06"]


def test_what_was_told_of_a_file_still_holds_when_nothing_is_told(data: Path, rapup: Run) -> None:
    file = put(data, "undated", UNDATED)
    os.utime(file, (1_600_000_000, 1_600_000_000))  # older than the post: no evidence
    assert rapup("ingest") == 1
    assert rapup("ingest", str(file), "--exported-on", "2024-02-08") == 0
    assert rapup("ingest") == 0
    assert days_observed(data, rapup) == ["2024-02-08"]


def test_a_copy_that_was_refused_until_its_day_was_told_is_not_asked_for_again(
    data: Path, rapup: Run
) -> None:
    put(data, "2024-02-06", content(1000))
    copy = put(data, "", content(1000), "Content copy.csv")
    assert rapup("ingest") == 1
    assert rapup("ingest", "--exported-on", "2024-02-06", str(copy)) == 0
    assert rapup("ingest") == 0
    assert len(observations(data)) == 1
    assert stored(data, "SELECT reason FROM raw.loads WHERE reason IS NOT NULL") == []
    assert rapup("build") == 0


def test_now_is_not_taken_from_a_load_that_was_replaced(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file = put(data, "2024-09-01", UNDATED)
    rapup("ingest")
    rapup("ingest", str(file), "--exported-on", "2024-02-08")
    assert rapup("build") == 0
    assert "data as of 8 Feb 2024" in capsys.readouterr().out


def test_the_same_bytes_of_two_accounts_are_both_kept(data: Path, rapup: Run, tmp_path: Path) -> None:
    overview = (
        b'\xef\xbb\xbf"Date","Video Views","Profile Views","Likes","Comments","Shares"\n'
        b'"February 4","0","0","0","0","0"\n"February 5","0","0","0","0","0"'
    )
    for folder, handle in (("x", "lavelle.sings"), ("y", "coach.kofi")):
        file = tmp_path / folder / "2024-02-06" / "Overview.csv"
        file.parent.mkdir(parents=True)
        file.write_bytes(overview)
        assert rapup("ingest", str(file), "--account", handle) == 0
    rapup("build")
    connection = duckdb.connect(str(data / "published.duckdb"), read_only=True)
    accounts = connection.execute("SELECT DISTINCT account FROM marts.account_days ORDER BY ALL").fetchall()
    connection.close()
    assert accounts == [("coach.kofi",), ("lavelle.sings",)]


def test_a_name_that_is_no_utf_8_is_refused_and_the_others_are_loaded(data: Path, rapup: Run) -> None:
    good = put(data, "2024-02-06", content(1000))
    Path(os.fsdecode(os.fsencode(good.parent) + b"/Conte\xe9nt.csv")).write_bytes(content(7))
    assert rapup("ingest") == 1
    assert [row[2] for row in observations(data)] == [1000]


def test_the_account_of_a_folder_is_seen_from_inside_it(
    data: Path, rapup: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    overview = (
        '"Date","Video Views","Profile Views","Likes","Comments","Shares"\n"February 5","1","1","0","0","0"'
    )
    file = put(data, "2024-02-06", overview.encode(), "Overview.csv")
    monkeypatch.chdir(file.parent)
    assert rapup("ingest", "Overview.csv") == 0


def test_an_account_that_nobody_has_cannot_be_told(rapup: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert rapup("ingest", "--account", "typo") == 2
    assert "no creator of the campaign has it" in capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"", b"garbage" * 1000])
def test_a_damaged_store_is_told_as_such(
    data: Path, rapup: Run, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    (data / "store.duckdb").write_bytes(damage)
    assert rapup("build") == 2
    assert "restore a backup" in capsys.readouterr().err


def test_a_published_file_of_another_layout_asks_for_a_build(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    data.mkdir()
    connection = duckdb.connect(str(data / "published.duckdb"))
    connection.execute("CREATE SCHEMA marts; CREATE TABLE marts.campaign (title VARCHAR)")
    connection.close()
    assert rapup("render") == 2
    assert rapup("status") == 2
    assert capsys.readouterr().err.count("run `rapup build`") == 2


def test_what_a_killed_build_left_is_swept_away(data: Path, rapup: Run) -> None:
    rapup("init", "rap-up")
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    left = data / f"next.{int(done.stdout)}.duckdb"
    left.write_bytes(b"half a build")
    rapup("build")
    assert not left.exists()


def test_a_process_killed_while_loading_leaves_whole_loads_only(data: Path, rapup: Run) -> None:
    rows = [
        content(n, link=LINK.replace(POST_ID, str(int(POST_ID) + n))).split(b"\n")[1] for n in range(60_000)
    ]
    put(data, "2024-02-06", content(0).split(b"\n")[0] + b"\n" + b"\n".join(rows))
    command = [sys.executable, "-m", "flows.cli", "--data", str(data), "--campaign", "rap-up", "ingest"]
    for wait_s in (1.2, 1.6, 2.0, 2.6):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            time.sleep(wait_s)
            process.kill()
        if (data / "store.duckdb").exists():
            counts = (
                stored(data, "SELECT count(*) FROM raw.post_observations") if has_tables(data) else [(0,)]
            )
            assert counts in ([(0,)], [(60_000,)])
    assert rapup("ingest") == 0
    assert stored(data, "SELECT count(*), count(DISTINCT post_id) FROM raw.post_observations") == [
        (60_000, 60_000)
    ]


def has_tables(data: Path) -> bool:
    return stored(data, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'raw'") != [(0,)]
