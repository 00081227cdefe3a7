"""Which rows an erasure takes, which it leaves, and what is not let in afterwards."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from models import erasure, schema
from models.erasure import (
    ACCOUNT,
    AUTHOR,
    COMMENT,
    POST,
    Gate,
    Tombstone,
    campaign_without,
    is_of_erased,
    key_of,
)
from models.store import STORE_FILE, open_store
from tests.builders import CAMPAIGN, Folder, a_campaign, a_day, a_post, a_share, everything, seen

NOW = datetime(2024, 3, 1, 12)
AT = "2024-01-04 12:00"
KOFI = Tombstone(ACCOUNT, key_of("tiktok", "kofi"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path))


def post(post_id: str, **more: object) -> dict[str, object]:
    return {**a_post(post_id, "2024-01-03 12:00"), "exporter": more.get("account", "lavelle"), **more}


def a_comment(comment_id: str, post_id: str = "1", **more: object) -> dict[str, object]:
    return {
        "load_id": "comments",
        "row_no": 1,
        "platform": "tiktok",
        "account": "lavelle",
        "post_id": post_id,
        "comment_id": comment_id,
        "text_key": "0",
        **more,
    }


def load_comments(folder: Folder, *rows: dict[str, object]) -> None:
    with open_store(folder.path) as store:
        table = pa.Table.from_pylist(list(rows), schema=schema.COMMENTS_SEEN)
        store.add_rows("comments", {"comments_seen": table})


def erase(
    folder: Folder, *tombstones: Tombstone, loads: Sequence[str] = (), words: Sequence[str] = ()
) -> Counter[str]:
    with open_store(folder.path) as store:
        return store.erase(erasure.steps(tombstones, loads, words, NOW))


def ask(folder: Folder, sql: str) -> list[tuple[object, ...]]:
    connection = duckdb.connect(str(folder.path / STORE_FILE), read_only=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def everything_stored(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    names = (*schema.TABLES, "loads", "load_metrics", "pulls", "erased")
    return {name: ask(folder, f"FROM raw.{name} ORDER BY ALL") for name in names}


def test_the_key_of_a_post_is_a_plain_sha_256_that_anybody_can_compute() -> None:
    assert key_of("tiktok", "é1") == hashlib.sha256("tiktok:é1".encode()).hexdigest()


def test_a_post_is_met_in_every_table_and_its_neighbours_in_none(folder: Folder) -> None:
    both = [post("1"), post("12"), post("1", platform="instagram")]
    rows = [seen("1", AT, 5), seen("12", AT, 6), seen("1", AT, 7, platform="instagram")]
    shares = [
        a_share("gender", "female", 0.4, subject_type="post", subject_id="1"),
        a_share("gender", "female", 0.5, subject_type="account", subject_id="1"),
    ]
    folder.load(both, rows, [a_day("2024-01-04")], shares)
    load_comments(folder, a_comment("c1", "1"), a_comment("c2", "12"))
    met = erase(folder, Tombstone(POST, key_of("tiktok", "1")))
    taken = {"posts_seen": 1, "post_observations": 1, "audience_seen": 1, "comments_seen": 1, "erased": 1}
    assert {table: n for table, n in met.items() if n} == taken
    assert ask(folder, "SELECT platform, post_id FROM raw.posts_seen ORDER BY ALL") == [
        ("instagram", "1"),
        ("tiktok", "12"),
    ]
    assert ask(folder, "SELECT views FROM raw.post_observations ORDER BY 1") == [(6,), (7,)]
    assert ask(folder, "SELECT share FROM raw.audience_seen") == [(0.5,)]
    assert ask(folder, "SELECT comment_id FROM raw.comments_seen") == [("c2",)]


def test_an_account_is_met_by_its_rows_and_by_what_its_export_lists(folder: Folder) -> None:
    posts = [
        post("1"),
        post("2", account="kofi"),
        post("3", exporter="kofi"),
        post("4", platform="instagram"),
    ]
    days = [a_day("2024-01-04"), a_day("2024-01-04", account="kofi")]
    shares = [a_share("gender", "female", 0.4), a_share("gender", "female", 0.5, subject_id="kofi")]
    folder.load(posts, [seen("1", AT, 5), seen("2", AT, 6, account="kofi")], days, shares)
    erase(folder, KOFI)
    assert ask(folder, "SELECT post_id FROM raw.posts_seen ORDER BY 1") == [("1",), ("4",)]
    assert ask(folder, "SELECT views FROM raw.post_observations") == [(5,)]
    assert ask(folder, "SELECT account FROM raw.account_days_seen") == [("lavelle",)]
    assert ask(folder, "SELECT share FROM raw.audience_seen") == [(0.4,)]


def test_rows_that_name_no_account_or_author_are_never_met(folder: Folder) -> None:
    folder.load([post("1", account=None, exporter=None)], [seen("1", AT, 5, account=None)])
    load_comments(folder, a_comment("c1", account=None, author=None))
    tombstones = (KOFI, Tombstone(AUTHOR, "a" * 20), Tombstone(COMMENT, key_of("tiktok", "x")))
    met = erase(folder, *tombstones)
    assert {table: n for table, n in met.items() if n} == {"erased": 3}
    folder.load([post("2", account=None, exporter=None)], [seen("2", AT, 6, account=None)])
    load_comments(folder, a_comment("c2", account=None, author=None))
    assert ask(folder, "SELECT post_id FROM raw.posts_seen ORDER BY 1") == [("1",), ("2",)]
    assert ask(folder, "SELECT views FROM raw.post_observations ORDER BY 1") == [(5,), (6,)]
    assert ask(folder, "SELECT comment_id FROM raw.comments_seen ORDER BY 1") == [("c1",), ("c2",)]


def test_an_author_goes_below_one_post_and_answers_lose_what_they_name(folder: Folder) -> None:
    one, two = "a" * 20, "b" * 20
    answer = a_comment("c3", author=two, parent_id="c1")
    load_comments(folder, a_comment("c1", author=one), a_comment("c2", author=two), answer)
    met = erase(folder, Tombstone(AUTHOR, one))
    assert (met["comments_seen"], met["answers"]) == (1, 1)
    left = [("c2", two, None), ("c3", two, None)]
    assert ask(folder, "SELECT comment_id, author, parent_id FROM raw.comments_seen ORDER BY 1") == left
    late = a_comment("c4", author=two, parent_id="c1"), a_comment("c5", author=two, parent_id="c2")
    load_comments(folder, a_comment("c1", text_key="1"), a_comment("c9", author=one), *late)
    assert ask(folder, "SELECT comment_id, parent_id FROM raw.comments_seen ORDER BY 1") == [
        *(("c2", None), ("c3", None)),
        *(("c4", None), ("c5", "c2")),
    ]


def test_run_again_an_erasure_changes_nothing(folder: Folder) -> None:
    folder.load([post("1")], [seen("1", AT, 5)])
    load_comments(folder, a_comment("c1", author="a" * 20))
    tombstones = (Tombstone(POST, key_of("tiktok", "1")), Tombstone(AUTHOR, "a" * 20))
    erase(folder, *tombstones)
    before = everything_stored(folder)
    assert sum(erase(folder, *tombstones).values()) == 0
    assert everything_stored(folder) == before


def test_an_erasure_that_is_rolled_back_leaves_everything(folder: Folder) -> None:
    folder.load([post("1")], [seen("1", AT, 5)])
    before = everything_stored(folder)
    with open_store(folder.path) as store:
        steps = erasure.steps([Tombstone(POST, key_of("tiktok", "1"))], ["load-001"], ["."], NOW)
        assert store.erase(steps)["posts_seen"] == 1
        store.rollback()
    assert everything_stored(folder) == before
    folder.load([post("1")], load_id="later")
    assert len(ask(folder, "FROM raw.posts_seen")) == 2


def test_whole_loads_go_with_ledger_and_rows_of_others_in_them(folder: Folder) -> None:
    folder.load([post("1")], [seen("1", AT, 5)], load_id="theirs", views_named="Views")
    folder.load([post("1")], [seen("1", AT, 6)], load_id="other", views_named="Views")
    erase(folder, loads=["theirs"])
    stored = everything_stored(folder)
    assert {name: [row[0] for row in rows] for name, rows in stored.items() if rows} == {
        name: ["other"] for name in ("posts_seen", "post_observations", "loads", "load_metrics")
    }


def test_words_of_the_ledger_that_name_it_go_and_the_row_stays(folder: Folder) -> None:
    folder.load([post("1")], [seen("1", AT, 5)], load_id="of kofi")
    folder.load([post("2")], [seen("2", AT, 6)], load_id="of kofis")
    met = erase(folder, words=["(?i)(?:^|[^a-z])KOFI(?:$|[^a-z])"])
    assert met["words"] == 2  # its name and its file's
    names = ask(folder, "SELECT load_id, name, file_name FROM raw.loads ORDER BY 1")
    assert names == [("of kofi", "[erased]", "[erased]"), ("of kofis", "of kofis", "of kofis")]


@pytest.mark.parametrize(
    ("row", "is_theirs"),
    [
        ({"platform": "tiktok", "account": "kofi", "name": "a/b.csv"}, True),
        ({"platform": "instagram", "account": "kofi", "name": "tiktok-kofi/b.csv"}, False),
        ({"platform": None, "account": None, "name": "Kofi A/TikTok-KOFI/2024-02-06/b.csv"}, True),
        ({"platform": None, "account": None, "name": "@kofi/b.zip!c/d.csv"}, True),
        ({"platform": None, "account": None, "name": "kofi/b.csv"}, True),
        ({"platform": "tiktok", "account": None, "name": "tiktok-kofi.b/b.csv"}, False),
        ({"platform": None, "account": None, "name": "2024-02-06/kofi"}, False),
        ({"platform": None, "account": None, "name": None}, False),
        ({"platform": "tiktok", "account": "lavelle", "name": "b.csv"}, False),
    ],
)
def test_a_load_is_an_account_s_by_its_ledger_or_by_its_folder(
    row: dict[str, object], is_theirs: bool
) -> None:
    assert is_of_erased(row, {KOFI.key}) == is_theirs
    assert not is_of_erased(row, set())


def test_the_row_of_a_personal_archive_that_is_the_post_is_found(folder: Folder) -> None:
    folder.load(
        [
            a_post("1", "2024-01-03 12:00:00"),
            a_post("2", "2024-01-03 12:04:00"),
            a_post("archive:a", "2024-01-03 12:00:20"),
            a_post("archive:b", "2024-01-03 12:02:30"),  # within three minutes of both, nearer to the other
            a_post("archive:c", "2024-01-03 11:56:59"),
            a_post("archive:d", "2024-01-03 12:00:10", account="kofi"),
        ]
    )
    with open_store(folder.path) as store:
        assert store.ask(erasure.ARCHIVED_POST, ["tiktok", "1"]) == [("archive:a",)]


def test_a_gate_asks_once_and_changes_nothing_while_nothing_was_erased() -> None:
    asked: list[str] = []

    def nothing(sql: str) -> list[tuple[str, str | None]]:
        asked.append(sql)
        return []

    gate = Gate(nothing)
    rows = duckdb.from_arrow(pa.table({"a": [1]}))
    assert gate.let_in("posts_seen", rows) is rows
    assert gate.let_in("comments_seen", rows) is rows
    assert not gate.is_shut_to({"platform": "tiktok", "account": "kofi"})
    assert len(asked) == 1


def test_words_of_the_ledger_name_an_erased_account_in_no_spelling() -> None:
    gate = Gate(lambda _: [(ACCOUNT, KOFI.key), (POST, None)])
    said = "left out: @KOFI (3), @kofi.b (1), mail kofi@example.org; add tiktok:@kofi."
    row = {"notice": said, "rows": 3, "reason": None}
    kept = "left out: [erased] (3), @kofi.b (1), mail kofi@example.org; add tiktok:[erased]."
    assert gate.unnamed(row) == {"notice": kept, "rows": 3, "reason": None}


def test_what_is_erased_stays_out_in_the_same_run(folder: Folder) -> None:
    folder.load([post("1")])
    with open_store(folder.path) as store:
        row = {"platform": "tiktok", "account": "lavelle", "post_id": "1"}
        again = pa.Table.from_pylist([row], schema=schema.POSTS_SEEN)
        store.add_rows("again", {"posts_seen": again})
        store.commit()
        assert store.ask("SELECT count(*) FROM raw.posts_seen") == [(2,)]
        store.erase(erasure.steps([Tombstone(POST, key_of("tiktok", "1"))], [], [], NOW))
        store.add_rows("later", {"posts_seen": again})
        store.commit()
        assert store.ask("SELECT count(*) FROM raw.posts_seen") == [(0,)]


def test_a_build_publishes_nothing_of_an_erased_account_that_the_campaign_file_still_has(
    folder: Folder,
) -> None:
    folder.load([post("1"), post("2", account="kofi")], [seen("1", AT, 5), seen("2", AT, 6, account="kofi")])
    folder.build()
    assert "kofi" in str(everything(folder))
    erase(folder, KOFI)
    folder.build()
    assert "kofi" not in str(everything(folder)).lower()
    assert folder.row("SELECT views FROM marts.posts")["views"] == 5


def test_a_campaign_keeps_everything_but_the_erased_accounts(tmp_path: Path) -> None:
    spc = '[[spc.target]]\nmeasure = "posts"\nvalue = 2\nfacet = "account:tiktok:kofi"\n'
    campaign = a_campaign(tmp_path, CAMPAIGN + spc)
    assert campaign_without(campaign, set()) is campaign
    assert campaign_without(campaign, {key_of("tiktok", "nobody")}) == campaign
    kept = campaign_without(campaign, {KOFI.key})
    assert [creator.id for creator in kept.creators] == ["lavelle"]
    assert [topic.accounts for topic in kept.topics] == [(), ()]
    assert kept.spc.targets == ()
    some = campaign_without(campaign, {key_of("instagram", "lavelle")})
    assert [str(account) for account in some.creators[0].accounts] == ["tiktok:@lavelle"]
    assert some.spc == campaign.spc
