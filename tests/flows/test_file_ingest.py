"""Workbooks, tabs of TikTok Studio and personal archives, through the command line into the real store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from flows.cli import main
from tests.connectors.exports import (
    CONTENT_HEADER,
    FOLLOWER_GENDER_HEADER,
    FOLLOWER_HISTORY_HEADER,
    content_row,
    quoted,
    stored_zip,
)
from tests.connectors.workbooks import tiktok_workbook

ROOT = Path(__file__).parents[2]
FOLDER = "lavelle/tiktok-lavelle.sings/2024-02-06"
CANARY = "a-private-word"
POST = {"Date": "2024-01-03 12:30:00", "Link": f"https://x/{CANARY}", "Likes": "7", "WhoCanView": "Everyone"}
ARCHIVE = stored_zip(
    {
        "user_data_tiktok.json": json.dumps(
            {
                "Direct Message": {"Direct Messages": {"ChatHistory": {CANARY: [{"Content": CANARY}]}}},
                "Post": {"Posts": {"VideoList": [POST]}},
            }
        ).encode()
    },
    (2024, 2, 6, 9, 0, 0),
)

Run = Callable[..., int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def rapup(data: Path) -> Run:
    def run(*arguments: str) -> int:
        return main(["--data", str(data), "--campaign", "rap-up", *arguments])

    return run


def put(data: Path, content: bytes, name: str) -> Path:
    path = data / "inbox" / FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def allow_archives(data: Path) -> None:
    campaigns = data / "campaigns"
    campaigns.mkdir(parents=True)
    file = shutil.copy(ROOT / "data" / "campaigns" / "rap-up.toml", campaigns)
    with Path(file).open("a", encoding="utf-8") as stream:
        stream.write("\n[privacy]\nread_archives = true\n")


def stored(data: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(data / "store.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_a_workbook_and_a_csv_of_the_same_rows_give_the_same_observations(data: Path, rapup: Run) -> None:
    put(data, quoted(CONTENT_HEADER, [content_row()]), "Content.csv")
    put(data, tiktok_workbook([CONTENT_HEADER, content_row()], "Content"), "Content.xlsx")
    assert rapup("ingest") == 0
    assert stored(data, "SELECT count(*), count(DISTINCT (post_id, views)) FROM raw.post_observations") == [
        (2, 1)
    ]


def test_a_zip_of_followers_is_one_load_per_file_and_its_choices_are_kept(data: Path, rapup: Run) -> None:
    members = {
        "FollowerHistory.csv": quoted(FOLLOWER_HISTORY_HEADER, [["February 5", "801", "0"]]),
        "FollowerGender.xlsx": tiktok_workbook([FOLLOWER_GENDER_HEADER, ["Female", "0.6"]], "FollowerGender"),
    }
    put(data, stored_zip(members), "Followers_lavelle.sings.zip")
    assert rapup("ingest") == 0
    loads = {
        str(source): json.loads(str(chosen))
        for source, chosen in stored(data, "SELECT source, chosen FROM raw.loads")
    }
    assert loads == {
        "tiktok_studio_follower_history": {
            "encoding": "utf-8-sig",
            "delimiter": "comma",
            "locale": "en",
            "exported_on": "2024-02-06",
            "exported_on_basis": "folder date",
            "timezone": "Europe/London",
            "year_basis": "folder date",
        },
        "tiktok_studio_follower_gender": {
            "sheet": "FollowerGender",
            "exported_on": "2024-02-06",
            "exported_on_basis": "folder date",
            "timezone": "Europe/London",
        },
    }


def test_a_private_archive_is_refused_and_no_word_of_it_is_kept(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    put(data, ARCHIVE, "TikTok_Data.zip")
    assert rapup("ingest") == 1
    said = capsys.readouterr()
    assert "private archive (tiktok data download)" in said.out + said.err
    assert stored(data, "SELECT count(*) FROM raw.posts_seen") == [(0,)]
    assert CANARY.encode() not in (data / "store.duckdb").read_bytes()


def test_with_permission_its_posts_are_read_and_no_other_word_of_it(data: Path, rapup: Run) -> None:
    put(data, ARCHIVE, "TikTok_Data.zip")
    assert rapup("ingest") == 1
    allow_archives(data)
    assert rapup("ingest") == 0
    assert stored(data, "SELECT post_id, likes, views FROM raw.post_observations") == [
        ("archive:1704285000", 7, None)
    ]
    assert CANARY.encode() not in (data / "store.duckdb").read_bytes()


@pytest.mark.parametrize("allowed", [False, True])
def test_people_are_reminded_while_an_archive_lies_in_the_inbox(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str], allowed: bool
) -> None:
    if allowed:
        allow_archives(data)
    path = put(data, ARCHIVE, "TikTok_Data.zip")
    put(data, quoted(CONTENT_HEADER, [content_row()]), "Content.csv")
    rapup("ingest")
    rapup("build")
    capsys.readouterr()
    assert (rapup("check"), rapup("status")) == (1, 1)
    said = "".join(capsys.readouterr())
    assert said.count("private archive") >= 2
    assert said.count(f"{FOLDER}/TikTok_Data.zip") >= 2
    path.unlink()
    rapup("check")
    assert "private archive" not in "".join(capsys.readouterr())


def test_a_workbook_that_looks_like_an_archive_is_none(data: Path, rapup: Run) -> None:
    put(data, tiktok_workbook([CONTENT_HEADER, content_row()]), "Content.zip")
    assert rapup("ingest") == 0


@pytest.mark.parametrize(
    "name",
    [
        "it's.csv",
        'a "quoted" name.csv',
        "'; DROP TABLE raw.loads; --.csv",
        "line\nend.csv",
        "🌷 é 東京.csv",
        "%s{}.csv",
    ],
)
def test_no_name_of_a_file_is_a_command(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    put(data, quoted(CONTENT_HEADER, [content_row()]), name)
    put(data, b"nothing\n", f"bad {name}")
    assert rapup("ingest") == 1
    loads = stored(data, "SELECT name, rows, reason IS NULL FROM raw.loads ORDER BY rows DESC")
    assert loads == [(f"{FOLDER}/{name}", 1, True), (f"{FOLDER}/bad {name}", 0, False)]
    assert "\n" not in str(stored(data, "SELECT reason FROM raw.loads WHERE reason IS NOT NULL")[0][0])
    assert rapup("ingest") == 1
    assert stored(data, "SELECT count(*) FROM raw.loads") == [(2,)]
    assert all(line.isprintable() for line in "".join(capsys.readouterr()).splitlines())
