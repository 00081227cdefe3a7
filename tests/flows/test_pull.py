"""The API door: `rapup pull` against servers on loopback, night after night."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboards.api_reads import reads_table
from flows.cli import main
from models.store import open_published
from tests.connectors.server import DisplayServer
from tests.faults.server import Fault, RawServer, Reply, Request, answers
from tests.faults.tiktok import Display, post_id, video
from tests.flows.nights import CAMPAIGN, Nights

ROOT = Path(__file__).parents[2]
CANARY = "S3CR3T-7c1f-canary"
ACCOUNT = "tiktok:@lavelle.sings"
SOURCE = "tiktok_display_api"
DOWN = [answers(503)] * 5
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


def pull(data: Path, *options: str) -> int:
    return main(["--data", str(data), "--campaign", "rap-up", "pull", *options])


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


# --- the command


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
    assert "pulled    tiktok:@lavelle.sings: 2 rows from tiktok_display_api; 2 pages, 2 requests" in told.out
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


def test_an_address_that_is_not_the_platforms_cannot_start(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIKTOK_API_BASE", "https://elsewhere.example")
    assert pull(data) == 2
    assert "see TIKTOK_API_BASE in .env" in capsys.readouterr().err


# --- night after night


@pytest.fixture
def world() -> Display:
    return Display([video(n) for n in range(50)])


@pytest.fixture
def server(world: Display) -> Iterator[RawServer]:
    with RawServer(world) as running:
        yield running


@pytest.fixture
def nights(server: RawServer, tmp_path: Path) -> Nights:
    found = Nights(tmp_path / "data", {"TIKTOK_API_BASE": server.url})
    found.connect(ACCOUNT, SOURCE)
    return found


def stored_posts(nights: Nights) -> list[str]:
    return sorted(row[0] for row in nights.stored("SELECT post_id FROM raw.posts_seen"))


ALL_FIFTY = sorted(post_id(n) for n in range(50))


def test_every_page_is_stored_with_its_cursor_before_the_next_is_asked_for(
    nights: Nights, server: RawServer, world: Display
) -> None:
    server.faults = [None, None, None, *DOWN]
    result = nights.night()
    assert (result.rows, result.pages, result.is_complete) == (41, 3, False)
    ((cursor, is_complete, pages, posts),) = nights.stored(
        "SELECT cursor, is_complete, pages, posts FROM raw.pulls"
    )
    assert (int(cursor), is_complete, pages, posts) == (video(39)["create_time"] * 1000, False, 3, 40)
    assert nights.stored("SELECT rows FROM raw.loads") == [(41,)]


def test_a_night_that_stopped_half_way_is_gone_on_with_and_nothing_is_lost_or_doubled(
    nights: Nights, server: RawServer
) -> None:
    server.faults = [None, None, *DOWN]
    first = nights.night()
    assert (first.pages, first.retries, first.is_complete) == (2, 4, False)
    assert "run `rapup pull` again later" in str(first.reason)
    nights.time.at += timedelta(hours=-22)
    second = nights.night()
    assert (second.reason, second.is_complete) == (None, True)
    assert stored_posts(nights) == ALL_FIFTY
    walks = nights.stored("SELECT DISTINCT started_s FROM raw.pulls")
    assert len(walks) == 1
    first_cursor = next(r.json()["cursor"] for r in server.seen if "cursor" in r.json())
    assert [r.json().get("cursor") for r in server.seen if r.path == "/v2/video/list/"].count(None) == 1
    assert first_cursor == video(19)["create_time"] * 1000


def test_the_night_after_goes_on_and_then_begins_anew(nights: Nights, server: RawServer) -> None:
    server.faults = [None, None, *DOWN]
    nights.night()
    result = nights.night()
    assert (result.reason, result.is_complete) == (None, True)
    assert nights.stored("SELECT count(*) FROM raw.pulls WHERE is_complete") == [(2,)]
    assert set(stored_posts(nights)) == set(ALL_FIFTY)


def test_later_nights_read_a_month_and_every_week_a_year(nights: Nights, server: RawServer) -> None:
    nights.night()
    asked = []
    for _ in range(8):
        before = len(server.seen)
        assert nights.night().is_complete
        asked.append(len(server.seen) - before - 1)
    # Fifty posts, one a day: a month is two pages, a year is all three.
    assert asked == [2, 2, 2, 2, 2, 2, 3, 2]


def test_a_pull_again_in_the_same_night_adds_observations_and_no_post(nights: Nights) -> None:
    nights.night()
    nights.time.at += timedelta(minutes=5)
    nights.pull()
    nights.build()
    assert nights.published("SELECT count(*), count(DISTINCT post_id) FROM marts.posts") == [(50, 50)]


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_told_to_end_stores_its_page_and_says_so(
    told: signal.Signals, tmp_path: Path, server: RawServer, nights: Nights
) -> None:
    command = [sys.executable, "-m", "flows.cli", "--data", str(nights.settings.data), "pull"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TIKTOK_API_BASE": server.url}
    quick = server.world

    def slow_from_the_third(request: Request) -> Reply:
        if len(server.seen) > 2:
            time.sleep(1.5)  # the signal comes while a reply is awaited, however busy the machine is
        return quick(request)

    server.world = slow_from_the_third
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while len(server.seen) < 3 and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(told)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "rapup: interrupted; what was committed stays, run it again to go on\n"
    ((cursor, stopped),) = nights.stored("SELECT cursor, stopped FROM raw.pulls")
    assert int(cursor) in {video(n)["create_time"] * 1000 for n in (19, 39)}  # the end of a whole page
    assert "the run was interrupted" in stopped


def test_a_killed_run_leaves_whole_pages_and_the_next_one_goes_on(
    tmp_path: Path, server: RawServer, nights: Nights
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TIKTOK_API_BASE": server.url,
        "RAPUP_TIKTOK_CLIENT_KEY": "app-key",
    }
    command = [sys.executable, "-m", "flows.cli", "--data", str(nights.settings.data), "pull"]
    for stop_at in (2, 3, 2):
        server.latency_s = 0.3
        before = len(server.seen)
        process = subprocess.Popen(command, cwd=tmp_path, env=environment)
        while len(server.seen) - before < stop_at and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for (posts,), (pages,) in zip(
            nights.stored("SELECT count(*) FROM raw.posts_seen"),
            nights.stored("SELECT coalesce(sum(pages - 1), 0) FROM raw.pulls WHERE pages > 0"),
            strict=True,
        ):
            assert posts in (20 * pages, 50)
    server.latency_s = 0
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(stored_posts(nights)) == set(ALL_FIFTY)
    assert nights.stored("SELECT bool_or(is_complete) FROM raw.pulls") == [(True,)]


# --- what is gone


def gone(nights: Nights) -> dict[object, object]:
    nights.build()
    return dict(nights.published("SELECT post_id, gone_at FROM marts.posts WHERE gone_at IS NOT NULL"))


def test_a_post_that_is_no_longer_listed_is_gone_and_its_figures_stay(nights: Nights, world: Display) -> None:
    nights.night()
    del world.videos[3]
    nights.night()
    assert gone(nights) == {post_id(3): nights.time.at.replace(tzinfo=None)}
    assert nights.published("SELECT views, likes FROM marts.posts WHERE gone_at IS NOT NULL") == [(103, 20)]
    first_missed = nights.time.at
    nights.night()
    assert gone(nights) == {post_id(3): first_missed.replace(tzinfo=None)}


def test_a_post_that_comes_back_is_not_gone(nights: Nights, world: Display) -> None:
    nights.night()
    hidden = world.videos.pop(3)
    nights.night()
    world.videos.append(hidden)
    nights.night()
    assert gone(nights) == {}


def test_posts_before_the_window_are_not_missed(nights: Nights, world: Display) -> None:
    nights.night()
    world.videos = [v for v in world.videos if v["id"] not in {post_id(45), post_id(3)}]
    nights.night()
    assert list(gone(nights)) == [post_id(3)]
    for _ in range(6):
        nights.night()
    assert set(gone(nights)) == {post_id(3), post_id(45)}  # the year was read again


def test_a_list_that_was_not_read_to_its_end_proves_nothing(
    nights: Nights, world: Display, server: RawServer
) -> None:
    nights.night()
    del world.videos[3]
    server.faults = [None, None, *DOWN]
    assert nights.night().reason
    assert gone(nights) == {}


def test_a_list_without_any_post_proves_nothing(nights: Nights, world: Display) -> None:
    nights.night()
    world.videos.clear()
    assert nights.night().is_complete
    assert gone(nights) == {}


def test_a_walk_of_two_nights_does_not_miss_what_its_first_night_saw(
    nights: Nights, server: RawServer
) -> None:
    nights.night()
    nights.time.at += timedelta(days=7)
    server.faults = [None, None, *DOWN]
    nights.night()
    nights.time.at += timedelta(hours=-22)
    assert nights.night().is_complete
    assert gone(nights) == {}


def test_a_post_that_an_export_still_lists_is_not_gone(nights: Nights, world: Display) -> None:
    nights.night()
    del world.videos[3]
    nights.night()
    folder = nights.settings.data / "inbox" / "lavelle" / "tiktok-lavelle.sings" / "2023-12-20"
    folder.mkdir(parents=True)
    link = f"https://www.tiktok.com/@lavelle.sings/video/{post_id(3)}"
    (folder / "Content.csv").write_text(
        '"Time","Video title","Video link","Post time",'
        '"Total likes","Total comments","Total shares","Total views"\n'
        f'"December 20","x","{link}","November 28","1","1","1","1"\n',
        encoding="utf-8-sig",
    )
    assert main(["--data", str(nights.settings.data), "ingest"]) == 0
    assert gone(nights) == {}


# --- tokens, accounts, time


def test_a_token_that_dies_on_the_way_is_renewed_once_and_the_walk_goes_on(
    nights: Nights, server: RawServer, world: Display
) -> None:
    rejected = answers(401, {"data": {}, "error": {"code": "access_token_invalid", "message": ""}})
    server.faults = [None, None, rejected]
    result = nights.night()
    assert (result.reason, result.is_complete, world.tokens.renewals) == (None, True, 1)
    assert stored_posts(nights) == ALL_FIFTY


def test_a_week_before_a_permission_ends_every_night_says_so(nights: Nights) -> None:
    ends_s = int(nights.time.at.timestamp()) + 9 * 86_400
    nights.connect(ACCOUNT, SOURCE, refresh_expires_s=ends_s)
    assert nights.night().notices == ()
    nights.time.at += timedelta(days=1)
    assert nights.night().notices == (
        "its token ends on 2023-12-11: run `rapup connect tiktok:@lavelle.sings`",
    )


def test_without_tokens_nothing_that_speaks_to_a_network_is_even_loaded(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from flows.cli import main\n"
        f"main(['--data', {str(tmp_path)!r}, '--campaign', 'rap-up', 'pull'])\n"
        "assert 'requests' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


def test_a_token_that_cannot_be_renewed_is_told_with_its_cure(nights: Nights, server: RawServer) -> None:
    rejected = answers(401, {"data": {}, "error": {"code": "access_token_invalid", "message": ""}})
    server.faults = [rejected, answers(400, {"error": "invalid_grant"})]
    result = nights.night()
    assert "run `rapup connect tiktok:@lavelle.sings`" in str(result.reason)
    nights.build()
    assert nights.published("SELECT stopped IS NOT NULL, rows FROM marts.pulls") == [(True, 0)]


def test_accounts_are_read_at_once_and_the_failure_of_one_harms_no_other(
    nights: Nights, server: RawServer, world: Display
) -> None:
    kofi = Display([video(n) for n in range(60, 65)], username="kofi")
    kofi.tokens.access = "act.S3CR3T-kofi"
    worlds = {"Bearer act.S3CR3T-kofi": kofi}
    together: list[int] = []
    server.latency_s = 0.1

    def both(request: Request) -> Reply:
        together.append(1)
        return worlds.get(request.headers.get("authorization", ""), world)(request)

    server.world = both
    nights.connect("tiktok:@kofi", SOURCE, "act.S3CR3T-kofi", refresh=None, can_renew=False)
    first, second = nights.pull()
    assert (first.rows, second.rows) == (51, 6)
    worlds.clear()
    first, second = nights.pull()
    assert (first.reason, first.is_complete) == (None, True)
    assert second.reason


def test_a_missing_permission_is_told_with_the_command_that_asks_for_it(
    nights: Nights, server: RawServer
) -> None:
    missing = {"data": {}, "error": {"code": "scope_not_authorized"}}
    server.faults = [None, answers(401, missing)]
    assert "all of video.list" in (reason := str(nights.night().reason))
    assert reason.endswith("run `rapup connect tiktok:@lavelle.sings`")


def test_a_creator_whose_consent_has_ended_is_not_read(server: RawServer, tmp_path: Path) -> None:
    ended = CAMPAIGN.replace('name = "Lavelle"', 'name = "Lavelle"\nconsent_until = 2023-12-01')
    nights = Nights(tmp_path / "data", {"TIKTOK_API_BASE": server.url}, ended)
    nights.connect(ACCOUNT, SOURCE)
    assert nights.pull() == []
    assert server.seen == []


def test_a_run_ends_in_time_and_the_next_goes_on(nights: Nights, server: RawServer) -> None:
    slow = [None, None, *[answers(429, Retry_After="119")] * 4, None]

    def minutes(request: Request) -> Reply:
        nights.time.at += timedelta(hours=2)
        return world_of(request)

    world_of = server.world
    server.world = minutes
    server.faults = slow
    result = nights.night()
    assert "the time of this run is over" in str(result.reason)
    server.world = world_of
    nights.time.at += timedelta(hours=-22)
    assert nights.night().is_complete
    assert stored_posts(nights) == ALL_FIFTY


def test_what_it_cost_and_why_it_stopped_is_in_the_status(
    nights: Nights, server: RawServer, capsys: pytest.CaptureFixture[str]
) -> None:
    usage = '{"call_count": 20, "total_time": 3, "total_cputime": 1}'
    server.faults = [None, answers(429, Retry_After="30", X_App_Usage=usage), None, None, *DOWN]
    nights.night()
    nights.build()
    assert main(["--data", str(nights.settings.data), "status"]) == 1
    told = capsys.readouterr()
    assert (
        "tiktok:@lavelle.sings tiktok_display_api: 2023-12-03 01:30, not read to its end; 9 requests,"
        " 3 pages, 41 rows; 5 tried again; waited"
    ) in told.out
    assert "80% of the quota left" in told.out
    assert "look at   tiktok:@lavelle.sings: tiktok_display_api: http" in told.err
    with open_published(nights.settings.data) as published:
        table = reads_table(published)
    assert table is not None
    account, through, read, newest, cost, left_out = (cell.text for cell in table.records[0].cells)
    assert (account, through) == ("TikTok @lavelle.sings", "TikTok, read directly")
    assert (read, newest) == ("3 Dec 2023, not to its end", "3 Dec 2023")
    assert re.fullmatch(
        r"9 requests, 3 pages and 41 rows; 5 requests made again; waited \d+ seconds; 80.% of the quota left",
        cost,
    )
    assert "run `rapup pull` again later" in left_out


def test_a_field_that_tiktok_renamed_is_told_and_left_empty(nights: Nights, world: Display) -> None:
    for one in world.videos:
        del one["share_count"]
    result = nights.night()
    assert result.notices == ("no post has share_count: TikTok may have renamed it; left empty",)
    nights.build()
    assert nights.published("SELECT count(shares) FROM marts.posts") == [(0,)]
    assert nights.published("SELECT skipped FROM marts.pulls") == [(result.notices[0],)]


# --- whatever the order


def columns_of_posts(nights: Nights) -> list[tuple[object, ...]]:
    return nights.stored(
        "SELECT p.post_id, p.account, published_s, permalink, caption, duration_s, views, likes"
        " FROM raw.posts_seen AS p JOIN raw.post_observations AS o USING (load_id, post_id) ORDER BY ALL"
    )


@pytest.fixture
def straight(tmp_path: Path) -> list[tuple[object, ...]]:
    with RawServer(Display([video(n) for n in range(12)])) as server:
        nights = Nights(tmp_path / "straight", {"TIKTOK_API_BASE": server.url})
        nights.connect(ACCOUNT, SOURCE)
        nights.night()
    return columns_of_posts(nights)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)
@given(order=st.permutations(range(4)), twice=st.sampled_from([None, 0, 1, 2, 3]))
def test_pages_in_any_order_or_twice_give_the_same_rows(
    order: list[int],
    twice: int | None,
    straight: list[tuple[object, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    pages = [[video(n) for n in range(start, start + 3)] for start in (0, 3, 6, 9)]
    shown = [pages[at] for at in order] + ([] if twice is None else [pages[twice]])
    faults: list[Fault | None] = [None]
    for at, page in enumerate(shown):
        data = {"videos": page, "cursor": 1000 - at, "has_more": at + 1 < len(shown)}
        faults.append(answers(200, {"data": data, "error": {"code": "ok"}}))
    with RawServer(Display()) as server:
        server.faults = faults
        nights = Nights(tmp_path_factory.mktemp("data"), {"TIKTOK_API_BASE": server.url})
        nights.connect(ACCOUNT, SOURCE)
        assert nights.night().is_complete
    assert columns_of_posts(nights) == straight
