"""A person's request, end to end: no byte that rapup wrote holds it, and it does not come back."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import steps
from flows.cli import main
from flows.comments import pseudonyms
from models.raw_tables import LEDGER
from models.schema import TABLES
from tests.connectors.captures import ndjson, tiktok
from tests.connectors.exports import content, content_row, tiktok_id
from tests.faults.server import RawServer
from tests.faults.tiktok import Business, comment, item, post_id
from tests.flows.nights import CAMPAIGN, Nights

ROOT = Path(__file__).parents[2]
SOURCE = "tiktok_business_api"
ENABLED = """
[comments]
enabled = true
owner = "Ada"
read_within_hours = 24
approved_on = 2023-11-01
"""
HANDLE = "a.very.young.viewer"
OTHER = "somebody.else.here"
WORDS = "an invented sentence of one viewer"
FIRST, SECOND = post_id(1), post_id(2)
KOFIS, KOFIS_OTHER = tiktok_id("2023-12-20 12:30:00"), tiktok_id("2024-01-03 12:30:00")
LINK = f"https://www.tiktok.com/@kofi/video/{KOFIS}"
COMMENT_ID = str(comment(1)["comment_id"])
FIGURES = (
    "SELECT post_id, account, topic_id, published_at, caption, observed_at, views, reach, likes, comments,"
    " shares, saves, interactions, engagement_rate, views_day_7, target_basis FROM marts.posts",
    "SELECT p.account, d.* FROM marts.post_days AS d JOIN marts.posts AS p USING (platform, post_id)",
    "SELECT * FROM marts.account_days",
    "SELECT * FROM marts.audience",
)
ANSWER = comment(2, "an answer", username=OTHER)


@pytest.fixture
def vendor() -> Business:
    below = {
        FIRST: [
            comment(1, WORDS, username=HANDLE.upper(), reply_list=[ANSWER]),
            comment(3, "of another", username=OTHER),
        ],
        SECOND: [comment(4, WORDS, username=HANDLE)],
    }
    return Business([item(1), item(2)], comments=below)


@pytest.fixture
def nights(
    vendor: Business, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Nights]:
    """Comments below two posts of Lavelle's, and an export of two posts of Kofi's.

    Pages, which cost seconds, are made where a test has `pages`.
    """
    if "pages" not in request.fixturenames:
        monkeypatch.setattr(steps, "render", lambda *_: ())
    with RawServer(vendor) as server:
        opened = Nights(tmp_path / "data", {"TIKTOK_BUSINESS_API_BASE": server.url}, CAMPAIGN + ENABLED)
        opened.connect("tiktok:@lavelle.sings", SOURCE, user_id="-000lavelle")
        opened.night()
        rows = [
            kofis_row(KOFIS, "December 20", Video_title="Kofi on the bus #findhelpearly"),
            kofis_row(KOFIS_OTHER, "January 3"),
        ]
        put(opened, "tiktok-kofi/2024-02-06/Content.csv", content(*rows))
        ingest(opened)
        yield opened


@pytest.fixture
def pages(nights: Nights) -> None:
    """Made before what is asked for is erased, and after it again."""
    nights.build()
    steps.render(nights.settings)


def kofis_row(post: str, day: str, **more: str) -> list[str]:
    link = f"https://www.tiktok.com/@kofi/video/{post}"
    return content_row(Video_link=link, Post_time=day, **more)


def put(nights: Nights, name: str, data: bytes) -> Path:
    path = nights.settings.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def ingest(nights: Nights) -> None:
    steps.ingest(nights.settings, nights.campaign)


def rapup(nights: Nights, *arguments: str) -> int:
    return main(["--data", str(nights.settings.data), "--campaign", "test", *arguments])


def written(nights: Nights) -> Iterator[Path]:
    """Every file but those of people: the inbox and the campaign's."""
    own = (nights.settings.inbox, nights.settings.data / "campaigns")
    for path in nights.settings.data.rglob("*"):
        if path.is_file() and not any(path.is_relative_to(folder) for folder in own):
            yield path


def places(nights: Nights, *words: str) -> set[str]:
    """Where a word is: in a file's bytes or name, or in a text of a database, which may be compressed."""
    found = set()
    for path in written(nights):
        name = path.relative_to(nights.settings.data).as_posix()
        data = path.read_bytes().lower()
        if any(word.lower().encode() in data or word.lower() in name.lower() for word in words):
            found.add(name)
        if path.suffix == ".duckdb" and any(cells(path, word) for word in words):
            found.add(name)
    return found


def cells(path: Path, word: str) -> list[tuple[str, ...]]:
    connection = duckdb.connect(str(path), read_only=True)
    try:
        columns = connection.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns"
            " WHERE data_type = 'VARCHAR'"
        ).fetchall()
        texts = {column: connection.table(".".join(column[:2])).project(column[2]) for column in columns}
        return [
            c for c, rows in texts.items() if any(word.lower() in str(v).lower() for (v,) in rows.fetchall())
        ]
    finally:
        connection.close()


def comments(nights: Nights) -> list[tuple[Any, ...]]:
    return nights.stored("SELECT comment_id, post_id, author, parent_id FROM raw.comments_seen ORDER BY 1")


def figures(nights: Nights, but: str = "") -> list[list[tuple[object, ...]]]:
    """What is published of posts, days and audiences, but for a post's or an account's own."""
    nights.build()
    found = [nights.published(f"{select} ORDER BY ALL") for select in FIGURES]
    return [[row for row in rows if but not in row] for rows in found]


# --- a commenter


def test_a_commenter_is_gone_below_every_post_and_others_stay(
    nights: Nights, capsys: pytest.CaptureFixture[str]
) -> None:
    before = figures(nights)
    names = pseudonyms(nights.settings)
    theirs = [names.of("tiktok", post, HANDLE) for post in (FIRST, SECOND)]
    assert places(nights, *theirs) == {"store.duckdb"}
    assert places(nights, WORDS) == {"store.duckdb"}
    assert rapup(nights, "erase", "handle", f"@{HANDLE.title()}") == 0
    told = capsys.readouterr().out
    assert "erased    2 comments, 1 answer to them cut loose\n" in told
    assert "every text in both databases: it is gone\n" in told
    other = names.of("tiktok", FIRST, OTHER)
    assert comments(nights) == [
        (str(ANSWER["comment_id"]), FIRST, other, None),
        (str(comment(3)["comment_id"]), FIRST, other, None),
    ]
    assert places(nights, WORDS, HANDLE, COMMENT_ID, str(comment(4)["comment_id"])) == set()
    assert figures(nights) == before


def test_a_night_that_reads_the_comments_again_does_not_bring_them_back(
    nights: Nights, vendor: Business
) -> None:
    rapup(nights, "erase", "handle", HANDLE)
    before = comments(nights)
    vendor.comments[FIRST][0]["text"] = "changed since"
    vendor.comments[FIRST][0]["reply_list"].append(comment(9, "a late answer", username=OTHER))
    vendor.comments[SECOND][0]["username"] = None  # given again without its author
    nights.night()
    added = [row for row in comments(nights) if row not in before]
    assert [(row[0], row[3]) for row in added] == [(str(comment(9)["comment_id"]), None)]
    assert places(nights, "changed since", COMMENT_ID) == set()


def test_the_same_handle_on_another_platform_stays_when_one_is_named(nights: Nights) -> None:
    assert rapup(nights, "erase", "handle", HANDLE, "--platform", "instagram") == 0
    assert len(comments(nights)) == 4
    assert rapup(nights, "erase", "handle", HANDLE, "--platform", "tiktok") == 0
    assert len(comments(nights)) == 2


def test_who_has_not_written_yet_is_kept_out_below_the_posts_that_are_known(
    nights: Nights, vendor: Business, capsys: pytest.CaptureFixture[str]
) -> None:
    before = comments(nights)
    assert rapup(nights, "erase", "handle", "@not.seen.yet") == 0
    assert "erased    nothing was stored\n" in capsys.readouterr().out
    vendor.comments[FIRST].append(comment(11, "hello", username="Not.Seen.Yet"))
    vendor.comments[FIRST].append(comment(12, "hello", username="another"))
    nights.night()
    assert [row[0] for row in comments(nights) if row not in before] == [str(comment(12)["comment_id"])]


def test_a_dry_run_tells_and_changes_nothing(nights: Nights, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in written(nights) if path.suffix != ".duckdb"}
    rows = comments(nights)
    assert rapup(nights, "erase", "handle", HANDLE, "--dry-run") == 0
    assert capsys.readouterr().out == (
        "would go  2 comments, 1 answer to them cut loose\ndry run: nothing was erased\n"
    )
    assert comments(nights) == rows
    assert nights.stored("SELECT count(*) FROM raw.erased") == [(0,)]
    assert {path: path.read_bytes() for path in written(nights) if path.suffix != ".duckdb"} == before


# --- a comment


def test_one_comment_goes_and_the_answer_to_it_no_longer_names_it(nights: Nights, vendor: Business) -> None:
    assert places(nights, COMMENT_ID) == {"store.duckdb"}
    assert rapup(nights, "erase", "comment", COMMENT_ID) == 0
    assert places(nights, COMMENT_ID) == set()
    assert len(comments(nights)) == 3
    vendor.comments[FIRST][0]["text"] = "changed since"
    nights.night()
    assert len(comments(nights)) == 3
    assert places(nights, COMMENT_ID, "changed since") == set()


# --- a post


def test_a_post_is_gone_from_every_file_and_other_posts_keep_their_figures(
    nights: Nights, pages: None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = figures(nights, KOFIS)
    held = places(nights, KOFIS)
    assert {"store.duckdb", "published.duckdb"} <= held
    assert any(name.startswith("site/") for name in held)
    assert rapup(nights, "erase", "post", LINK) == 0
    told = capsys.readouterr()
    inbox = nights.settings.inbox / "tiktok-kofi" / "2024-02-06" / "Content.csv"
    assert "erased    1 listing of a post, 1 row of figures\n" in told.out
    assert f"look at   a file of yours holds it; delete it, or take it out:\n          {inbox}\n" in told.err
    assert inbox.exists()
    assert places(nights, KOFIS, "Kofi on the bus") == set()
    assert any(KOFIS_OTHER in row for row in before[0])
    assert figures(nights) == before


def test_the_same_export_read_again_does_not_bring_a_post_back(nights: Nights) -> None:
    rapup(nights, "erase", "post", LINK)
    before = nights.stored("SELECT * FROM raw.posts_seen ORDER BY ALL")
    ledger = nights.stored("SELECT * FROM raw.loads ORDER BY ALL")
    ingest(nights)
    assert nights.stored("SELECT * FROM raw.posts_seen ORDER BY ALL") == before
    assert nights.stored("SELECT * FROM raw.loads ORDER BY ALL") == ledger
    newer = (
        kofis_row(KOFIS, "December 20", Time="February 13"),
        kofis_row(KOFIS_OTHER, "January 3", Time="February 13"),
    )
    put(nights, "tiktok-kofi/2024-02-13/Content.csv", content(*newer))
    ingest(nights)
    added = nights.stored("SELECT post_id FROM raw.posts_seen WHERE account = 'kofi'")
    assert added == [(KOFIS_OTHER,), (KOFIS_OTHER,)]


def test_a_post_goes_with_the_comments_below_it(nights: Nights) -> None:
    link = f"https://www.tiktok.com/@lavelle.sings/video/{FIRST}"
    assert rapup(nights, "erase", "post", link) == 0
    assert [row[1] for row in comments(nights)] == [SECOND]
    assert places(nights, FIRST, COMMENT_ID) == set()
    nights.night()
    assert [row[1] for row in comments(nights)] == [SECOND]
    assert places(nights, FIRST) == set()


def test_a_post_that_was_never_read_is_kept_out_all_the_same(
    nights: Nights, capsys: pytest.CaptureFixture[str]
) -> None:
    late = tiktok_id("2024-01-10 12:30:00")
    assert rapup(nights, "erase", "post", f"https://www.tiktok.com/@kofi/video/{late}") == 0
    assert "erased    nothing was stored\n" in capsys.readouterr().out
    put(
        nights,
        "tiktok-kofi/2024-02-13/Content.csv",
        content(kofis_row(late, "January 10", Time="February 13")),
    )
    ingest(nights)
    assert nights.stored("SELECT post_id FROM raw.posts_seen WHERE account = 'kofi' ORDER BY 1") == [
        (KOFIS,),
        (KOFIS_OTHER,),
    ]


def test_files_of_people_that_hold_it_are_named_and_never_changed(
    nights: Nights, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = nights.settings.campaign_file()
    assigned = campaign.with_suffix(".assignments.csv")
    assigned.write_text(f"post_url,topic_id\n{LINK},help\n", encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", f"{LINK}\n" * 100)
    assert KOFIS.encode() not in packed.getvalue()
    zipped = put(nights, "tiktok-kofi/2024-02-06/more.zip", packed.getvalue())
    wide = put(nights, "wide.txt", f"see {LINK}".encode("utf-16"))
    silent = put(nights, "silent.txt", f"9{KOFIS}".encode())
    before = {path: path.read_bytes() for path in (assigned, zipped, wide)}
    assert rapup(nights, "erase", "post", LINK) == 0
    told = capsys.readouterr().err
    assert all(f"          {path}\n" in told for path in before)
    assert str(silent) not in told
    assert {path: path.read_bytes() for path in before} == before


# --- a creator


def test_a_creator_is_gone_with_accounts_pages_and_ledger(
    nights: Nights, pages: None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = figures(nights, "kofi")
    page = nights.settings.site / "creators" / "kofi.html"
    assert page.exists()
    assert {"store.duckdb", "published.duckdb"} <= places(nights, "kofi")
    assert rapup(nights, "erase", "creator", "kofi") == 0
    assert places(nights, "kofi", KOFIS, KOFIS_OTHER) == set()
    assert not page.exists()
    told = capsys.readouterr().err
    assert f"          {nights.settings.inbox / 'tiktok-kofi' / '2024-02-06' / 'Content.csv'}\n" in told
    assert f"look at   tiktok:@kofi: take it out of {nights.settings.campaign_file()}" in told
    assert figures(nights) == before
    assert [len(rows) > 0 for rows in before] == [True, True, True, True]


def test_the_files_of_an_erased_creator_leave_no_trace_when_they_are_read_again(nights: Nights) -> None:
    rapup(nights, "erase", "creator", "kofi")
    before = nights.stored("SELECT * FROM raw.loads ORDER BY ALL")
    put(nights, "tiktok-kofi/2024-02-13/none.csv", b"not a table of any kind")
    ingest(nights)
    ingest(nights)
    nights.build()
    assert nights.stored("SELECT * FROM raw.loads ORDER BY ALL") == before
    assert places(nights, "kofi", KOFIS) == set()


def test_an_erased_account_that_is_still_connected_is_read_in_vain(nights: Nights) -> None:
    assert rapup(nights, "erase", "creator", "lavelle") == 0
    assert list(nights.settings.secrets.glob("tiktok-lavelle*")) == []
    nights.connect("tiktok:@lavelle.sings", SOURCE, user_id="-000lavelle")
    nights.night()
    for path in nights.settings.secrets.glob("tiktok-lavelle*"):
        path.unlink()
    nights.build()
    assert places(nights, "lavelle.sings", FIRST) == set()
    left = {name: nights.stored(f"FROM raw.{name} SELECT DISTINCT load_id") for name in (*TABLES, *LEDGER)}
    kofis = nights.stored("SELECT load_id FROM raw.posts_seen WHERE account = 'kofi' LIMIT 1")
    assert {name for name, loads in left.items() if loads and loads != kofis} == set()
    assert left["posts_seen"] == kofis


def test_an_erased_account_whose_token_is_refused_leaves_no_trace_either(nights: Nights) -> None:
    rapup(nights, "erase", "creator", "lavelle")
    nights.connect(
        "tiktok:@lavelle.sings", SOURCE, access="act.of-another-time", user_id="-000lavelle", can_renew=False
    )
    assert nights.night().reason
    assert nights.stored("FROM raw.pulls") == []


def test_a_capture_of_several_accounts_keeps_its_place_and_the_rows_of_others(nights: Nights) -> None:
    theirs = tiktok("2024-01-05 12:30:00", author={"id": "689", "uniqueId": "kofi", "nickname": "Kofi"})
    other = tiktok("2024-01-06 12:30:00")
    put(nights, "captures/kofi and lavelle.ndjson", ndjson(theirs, other))
    ingest(nights)
    assert places(nights, "kofi and") == {"store.duckdb"}
    figures_before = figures(nights, "kofi")
    assert rapup(nights, "erase", "creator", "kofi") == 0
    assert places(nights, "kofi") == set()
    kept = "SELECT name, file_name, path, rows FROM raw.loads WHERE account IS NULL"
    assert nights.stored(kept) == [("[erased]", "[erased]", "[erased]", 2)]
    assert figures(nights) == figures_before
    assert tiktok_id("2024-01-06 12:30:00") in str(figures_before)
    ingest(nights)
    assert figures(nights) == figures_before
    assert nights.stored(kept) == [("[erased]", "[erased]", "[erased]", 2)]


def test_what_is_said_of_files_read_later_does_not_name_who_was_erased(nights: Nights) -> None:
    """Who is taken out of the campaign file is an account like any other: refusals and notices name those."""
    rapup(nights, "erase", "creator", "kofi")
    file = nights.settings.campaign_file()
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index('[[creator]]\nid = "kofi"')] + ENABLED, encoding="utf-8")
    theirs, another = (
        tiktok("2024-01-05 12:30:00", author={"id": "689", "uniqueId": name, "nickname": "K"})
        for name in ("Kofi", "kofi.other")
    )
    put(nights, "captures/some.ndjson", ndjson(theirs, another, tiktok("2024-01-06 12:30:00")))
    put(nights, "captures/Content.csv", content(kofis_row(KOFIS, "December 20")))
    ingest(nights)
    words = nights.stored(
        "SELECT concat_ws(' ', reason, notice) FROM raw.loads WHERE file_name LIKE 'captures/%'"
    )
    assert sum("[erased]" in text for (text,) in words) == 2
    assert sum("@kofi.other (1)" in text for (text,) in words) == 1
    nights.build()
    assert places(nights, "@kofi ", '@kofi"', "@kofi;", "@kofi (", KOFIS) == set()


def test_what_a_creator_wrote_below_the_posts_of_others_goes_too(nights: Nights, vendor: Business) -> None:
    vendor.comments[FIRST].append(comment(21, "from kofi", username="kofi"))
    nights.night()
    assert len(comments(nights)) == 5
    rapup(nights, "erase", "creator", "kofi")
    assert len(comments(nights)) == 4


def test_an_account_that_the_campaign_no_longer_has_can_be_erased(nights: Nights) -> None:
    file = nights.settings.campaign_file()
    text = file.read_text(encoding="utf-8")
    start = text.index('[[creator]]\nid = "kofi"')
    file.write_text(text[:start] + ENABLED, encoding="utf-8")
    assert rapup(nights, "erase", "creator", "tiktok:@kofi") == 0
    assert places(nights, "kofi", KOFIS) == set()


# --- what can go wrong


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("handle", "two words"), "is no handle"),
        (("comment", "two words"), "is no id of a comment"),
        (("post", "https://example.org/1"), "is no link of a post"),
        (("creator", "nobody"), "is no creator of test.toml (lavelle, kofi) and no account"),
    ],
)
def test_what_names_nothing_is_refused_with_a_line(
    nights: Nights, capsys: pytest.CaptureFixture[str], arguments: tuple[str, str], words: str
) -> None:
    assert rapup(nights, "erase", *arguments) == 2
    assert words in capsys.readouterr().err
    assert nights.stored("SELECT count(*) FROM raw.erased") == [(0,)]


def test_what_is_still_found_is_told_by_file_and_column_with_exit_code_1(
    nights: Nights, capsys: pytest.CaptureFixture[str]
) -> None:
    row = kofis_row(
        KOFIS_OTHER, "January 3", Video_title=f"thank you @{HANDLE} #findhelpearly", Time="February 13"
    )
    put(nights, "tiktok-kofi/2024-02-13/Content.csv", content(row))
    ingest(nights)
    kept = nights.settings.data / "prefect" / "notes.db"
    kept.parent.mkdir()
    kept.write_bytes(b"\0\1x" + HANDLE.encode() + b"y\2")
    assert rapup(nights, "erase", "handle", HANDLE) == 1
    told = capsys.readouterr()
    store = nights.settings.data / "store.duckdb"
    assert f"found     {store}: posts_seen.caption\n" in told.err
    assert f"found     {kept}: stop `rapup serve` and delete that folder\n" in told.err
    assert "it is gone" not in told.out
    assert HANDLE not in told.out + told.err
    assert "thank you" not in told.out + told.err


def test_bytes_that_are_in_no_table_are_found_too(
    nights: Nights, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def leave_bytes(folder: Path) -> None:
        with (folder / "store.duckdb").open("ab") as file:
            file.write(KOFIS.encode())

    monkeypatch.setattr("flows.erase.compact", leave_bytes)
    assert rapup(nights, "erase", "post", LINK) == 1
    store = nights.settings.data / "store.duckdb"
    assert f"found     {store}: in its bytes, in no table\n" in capsys.readouterr().err


def test_leftovers_of_killed_runs_go_too(nights: Nights, pages: None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    data, secret = nights.settings.data, KOFIS.encode()
    quarantine = nights.settings.quarantine
    quarantine.mkdir()
    (data / f"next.{int(done.stdout)}.duckdb").write_bytes(secret)
    (data / ".spill").mkdir(exist_ok=True)
    (data / ".spill" / "x.tmp").write_bytes(secret)
    (nights.settings.site / ".index.html.77").write_bytes(secret)
    (nights.settings.cache / "abc.svg").write_bytes(b"<text>Kofi on the bus</text>")
    (quarantine / "abc.txt").write_bytes(b"/video/" + secret)
    (quarantine / "other.txt").write_bytes(b"/video/")
    assert rapup(nights, "erase", "post", LINK) == 0
    assert places(nights, KOFIS, "Kofi on the bus") == set()
    assert [path.name for path in quarantine.iterdir()] == ["other.txt"]


def test_a_busy_store_is_told_and_nothing_is_erased(nights: Nights) -> None:
    code = (
        "import duckdb, sys\n"
        f"c = duckdb.connect({str(nights.settings.data / 'store.duckdb')!r}, read_only=True)\n"
        "print('open', flush=True)\nsys.stdin.read()\n"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        assert rapup(nights, "erase", "handle", HANDLE) == 75
        reader.communicate("")
    assert len(comments(nights)) == 4


@pytest.mark.parametrize("step", ["compact", "_made_anew"])
def test_an_erasure_that_was_killed_is_finished_by_the_next(nights: Nights, pages: None, step: str) -> None:
    code = (
        "import os, sys\nfrom flows import erase\nfrom flows.cli import main\n"
        f"erase.{step} = lambda *_: os._exit(9)\n"
        f"main(['--data', {str(nights.settings.data)!r}, '--campaign', 'test', 'erase', 'post', {LINK!r}])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert places(nights, KOFIS) != set()
    assert rapup(nights, "erase", "post", LINK) == 0
    assert places(nights, KOFIS) == set()
    assert nights.stored("SELECT count(*) FROM raw.erased") == [(1,)]
