"""Captures, tables of other tools and figures read from a screen: from the inbox to the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.cli import main
from tests.connectors.captures import comment, instagram, instagram_partial, ndjson, tiktok
from tests.connectors.exports import tiktok_id
from tests.connectors.sheets import HEADER, reading, sheet
from tests.connectors.test_mapping import CAMPAIGN, TABLE, TOTAL, VIDEO, YOUTUBE, table
from tests.flows.test_ingest import POST_ID, content, put

Run = Callable[..., int]
ONLY_YOUTUBE = CAMPAIGN.replace(', "tiktok:@kofi.talks", "instagram:@kofi.talks"', "")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def rapup(data: Path) -> Run:
    """Commands on the shipped campaign."""
    return lambda *arguments: main(["--data", str(data), "--campaign", "rap-up", *arguments])


@pytest.fixture
def youtube(data: Path) -> Run:
    """Commands on a campaign whose only account is on a platform that the code does not know."""
    campaigns = data / "campaigns"
    campaigns.mkdir(parents=True)
    (campaigns / "test.toml").write_text(ONLY_YOUTUBE, encoding="utf-8")
    (campaigns / "test.mapping.toml").write_text(YOUTUBE, encoding="utf-8")
    return lambda *arguments: main(["--data", str(data), *arguments])


def rows(file: Path, sql: str) -> list[tuple[object, ...]]:
    connection = duckdb.connect(str(file), read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def published(data: Path, sql: str) -> list[tuple[object, ...]]:
    return rows(data / "published.duckdb", sql)


def stored(data: Path, sql: str) -> list[tuple[object, ...]]:
    return rows(data / "store.duckdb", sql)


def save(data: Path, name: str, content_bytes: bytes) -> Path:
    file = data / "inbox" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content_bytes)
    return file


# --- tables of other tools -----------------------------------------------------------------------


def test_a_youtube_table_becomes_pages_by_one_mapping_and_no_page_speaks_of_tiktok(
    data: Path, youtube: Run, cache: Path
) -> None:
    (data / "cache").symlink_to(cache, target_is_directory=True)
    later = [cell.replace("1000", "1400") for cell in VIDEO]
    save(data, "kofi/youtube-kofi.talks/2024-02-20/Table data.csv", table(TABLE, TOTAL, VIDEO))
    save(data, "kofi/youtube-kofi.talks/2024-02-27/Table data.csv", table(TABLE, TOTAL, later))
    assert youtube("ingest") == 0
    assert youtube("build") == 0
    assert youtube("render") == 0
    assert published(data, "SELECT platform, post_id, account, views, topic_id FROM marts.posts") == [
        ("youtube", "aB3_dE-fG1h", "kofi.talks", 1400, "help")
    ]
    pages = {page.name: page.read_text(encoding="utf-8") for page in (data / "site").glob("*.html")}
    assert {"index.html", "team-a.html", "comms.html"} <= pages.keys()
    assert "YouTube" in pages["team-a.html"] + pages["comms.html"]
    assert "https://www.youtube.com/watch?v=aB3_dE-fG1h" in pages["team-a.html"]
    assert [name for name, page in pages.items() if "tiktok" in page.lower()] == []


def test_a_corrected_mapping_reads_its_files_again(data: Path, youtube: Run) -> None:
    save(data, "2024-02-20/Table data.csv", table(TABLE, VIDEO))
    youtube("ingest")
    mapping = data / "campaigns" / "test.mapping.toml"
    mapping.write_text(YOUTUBE.replace('shares = "Shares"', 'shares = "Likes"'), encoding="utf-8")
    assert youtube("ingest") == 0
    assert youtube("ingest") == 0
    assert stored(data, "SELECT count(*), count(replaces) FROM raw.loads") == [(2, 1)]
    youtube("build")
    assert published(data, "SELECT shares FROM marts.posts") == [(100,)]


def test_a_mapping_with_a_mistake_cannot_start_and_says_where(
    data: Path, youtube: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    mapping = data / "campaigns" / "test.mapping.toml"
    mapping.write_text(YOUTUBE.replace("likes =", "like ="), encoding="utf-8")
    save(data, "2024-02-20/Table data.csv", table(TABLE, VIDEO))
    assert youtube("ingest") == 2
    assert (
        "test.mapping.toml, line 15: unknown metric 'like'; did you mean 'likes'?" in capsys.readouterr().err
    )


# --- captures ------------------------------------------------------------------------------------


def test_a_capture_and_an_export_are_of_one_post(data: Path, rapup: Run) -> None:
    made = "2024-01-29 18:00:00"
    put(data, "2024-02-06", content(1000).replace(b"77", b"77"))
    save(
        data,
        "seen.ndjson",
        ndjson(tiktok(made, seen="2024-02-07 18:00:00", id=str((1_706_551_200 << 32) | 77))),
    )
    assert rapup("ingest") == 0
    rapup("build")
    assert published(data, "SELECT count(*), min(views), min(saves), min(listed_by) FROM marts.posts") == [
        (1, 4510, 11, "tiktok_studio_content, zeeschuimer_tiktok")
    ]


def test_a_later_partial_capture_leaves_what_was_known(data: Path, rapup: Run) -> None:
    save(data, "seen.ndjson", ndjson(instagram(), instagram_partial(seen="2024-02-09 10:00:00")))
    assert rapup("ingest") == 0
    rapup("build")
    assert published(data, "SELECT likes, comments, caption, media_type, published_at FROM marts.posts") == [
        (50, 6, "Where to get help", "reel", datetime(2024, 1, 3, 12, 30, 10))
    ]


def test_captured_comments_leave_nothing_but_their_number(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    save(data, "comments.ndjson", ndjson(comment(1), comment(2)))
    assert rapup("ingest") == 0
    assert "2 comments seen, not read: comments are off" in capsys.readouterr().out
    assert stored(data, "SELECT rows, refused, notice FROM raw.loads") == [
        (0, 0, "2 comments seen, not read: comments are off")
    ]
    assert b"a stranger" not in (data / "store.duckdb").read_bytes()


# --- figures read from a screen ------------------------------------------------------------------


def views(data: Path, rapup: Run) -> list[tuple[object, ...]]:
    rapup("build")
    return published(data, "SELECT CAST(day AS VARCHAR), views FROM marts.post_days ORDER BY day")


def figures(data: Path, rapup: Run) -> list[tuple[object, ...]]:
    rapup("build")
    return published(data, "SELECT post_id, observed_at, views FROM marts.posts ORDER BY ALL")


def test_init_makes_a_sheet_that_is_ready_and_never_touches_it_again(data: Path, rapup: Run) -> None:
    assert rapup("init", "rap-up") == 0
    file = data / "inbox" / "readings.xlsx"
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Readings", "How to fill it in", "Lists"]
    assert tuple(cell.value for cell in book["Readings"][1]) == HEADER
    lists = {column: [cell.value for cell in book["Lists"][column]] for column in "AB"}
    assert "tiktok:@lavelle.sings" in lists["A"]
    assert {"views", "age 18-24", "country GB", "city Sheffield"} <= set(lists["B"])
    rules = {str(rule.sqref): rule.formula1 for rule in book["Readings"].data_validations.dataValidation}
    accounts = len(list(filter(None, lists["A"])))
    assert rules["A2:A5000"] == f"Lists!$A$1:$A${accounts}"
    assert rules["D2:D5000"] == f"Lists!$B$1:$B${len(lists['B'])}"
    file.write_bytes(b"somebody's work")
    assert rapup("init", "rap-up") == 0
    assert file.read_bytes() == b"somebody's work"


def test_an_untouched_sheet_is_a_good_load_of_nothing_and_a_filled_one_is_read(
    data: Path, rapup: Run
) -> None:
    rapup("init", "rap-up")
    assert rapup("ingest") == 0
    file = data / "inbox" / "readings.xlsx"
    book = openpyxl.load_workbook(file)
    row = reading()
    book["Readings"].append([*row[:2], date(2024, 2, 6), row[3], 12400, row[5]])
    book["Readings"].append([row[0], None, date(2024, 2, 6), "age 18-24", 0.34, "phone"])
    book.save(file)
    assert rapup("ingest") == 0
    assert views(data, rapup) == [("2024-02-06", 12400)]
    assert stored(data, "SELECT bucket, share FROM raw.audience_seen") == [("18-24", 0.34)]


def test_a_longer_sheet_adds_its_new_figures(data: Path, rapup: Run) -> None:
    save(data, "readings.csv", sheet(reading()))
    rapup("ingest")
    save(data, "readings.csv", sheet(reading(), reading(day="2024-02-13", value="13000")))
    assert rapup("ingest") == 0
    assert views(data, rapup) == [("2024-02-06", 12400), ("2024-02-13", 13000)]


@pytest.mark.parametrize(
    "wrong", [reading(value="124000"), reading(day="2024-02-05"), reading("2024-01-04 10:00:00")]
)
def test_a_corrected_row_leaves_nothing_of_the_wrong_one(data: Path, rapup: Run, wrong: list[str]) -> None:
    save(data, "readings.csv", sheet(wrong))
    rapup("ingest")
    save(data, "readings.csv", sheet(reading()))
    rapup("ingest")
    right = [(tiktok_id("2024-01-03 12:30:00"), datetime(2024, 2, 6, 12), 12400)]
    assert figures(data, rapup) == right
    save(data, "readings.csv", sheet(wrong))
    rapup("ingest")
    assert len(figures(data, rapup)) == 1
    assert figures(data, rapup) != right


def test_a_sheet_that_says_less_than_before_is_told(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    save(data, "readings.csv", sheet(reading(), reading(day="2024-02-13")))
    rapup("ingest")
    save(data, "readings.csv", sheet(reading()))
    assert rapup("ingest") == 0
    assert "1 fewer rows than in its earlier version, which no longer counts" in capsys.readouterr().out
    save(data, "readings.csv", sheet())
    rapup("ingest")
    assert views(data, rapup) == [("2024-02-06", 12400)]  # emptied: what it said before still holds


def test_two_sheets_are_two_diaries(data: Path, rapup: Run) -> None:
    save(data, "a.csv", sheet(reading()))
    save(data, "b.csv", sheet(reading(day="2024-02-13")))
    rapup("ingest")
    assert [day for day, _ in views(data, rapup)] == ["2024-02-06", "2024-02-13"]


def test_bad_rows_are_told_with_row_and_cure_and_the_rest_is_loaded(
    data: Path, rapup: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    save(data, "readings.csv", sheet(reading(), reading(value="many")))
    assert rapup("ingest") == 1
    assert 'row 3: "value" is no number: many: write 12400, 12,400 or 12.4K' in capsys.readouterr().err
    assert views(data, rapup) == [("2024-02-06", 12400)]


def test_a_day_that_an_export_shows_is_surer_than_the_clock_in_a_reading_s_link(
    data: Path, rapup: Run
) -> None:
    scheduled = f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id('2024-01-20 09:00:00')}"
    put(data, "2024-02-06", content(1000, link=scheduled))
    save(data, "readings.csv", sheet(reading(link=scheduled, day="2024-02-13")))
    assert rapup("ingest") == 0
    rapup("build")
    assert published(data, "SELECT CAST(published_at AS VARCHAR) FROM marts.posts") == [
        ("2024-01-29 12:00:00",)
    ]


def test_a_reading_counts_views_as_its_platform_does(data: Path, rapup: Run) -> None:
    link = f"https://www.tiktok.com/@lavelle.sings/video/{POST_ID}"
    put(data, "2024-02-06", content(1000))
    put(data, "2024-02-20", content(1600, "February 20"))
    save(data, "readings.csv", sheet(reading(link=link, day="2024-02-13", value="1300")))
    assert rapup("ingest") == 0
    rapup("build")
    assert published(data, "SELECT CAST(day AS VARCHAR), views_new FROM marts.post_days ORDER BY day") == [
        ("2024-02-06", 1000),
        ("2024-02-13", 300),
        ("2024-02-20", 300),
    ]
