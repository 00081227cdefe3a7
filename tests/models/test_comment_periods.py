"""How comments sound, by topic and period: each counted once, few of them hidden, none of them told."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from models import published
from models.comment_disclosure import CATEGORIES, figures, hidden_counts
from models.comment_periods import comment_periods
from models.disclosure import disclose
from tests.builders import CAMPAIGN, COMMENTS, Folder, Row, a_campaign, a_post, said, seconds

EXACT = CAMPAIGN + COMMENTS + "[privacy]\nsuppress = 'lt5'\n"
NOTHING = dict.fromkeys(["scored", "mean_compound", "low", "high", *CATEGORIES, "suppressed"])
HIDDEN = "scored, mean_compound, low, high, positive, neutral, negative, no_words, not_scored"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, a_campaign(tmp_path, CAMPAIGN + COMMENTS))


def some(post_id: str = "11111", **categories: int) -> list[Row]:
    """So many comments of each category below a post."""
    kinds = [kind for kind, number in categories.items() for _ in range(number)]
    return [said(f"{post_id}-{n}", post_id, kind) for n, kind in enumerate(kinds)]


def told(folder: Folder, topic: str = "help", period: str = "ap1") -> Row:
    rows = folder.rows("SELECT * FROM marts.comment_periods")
    (found,) = (row for row in rows if (row["topic_id"], row["period_id"]) == (topic, period))
    return found


def a_post_with(folder: Folder, comments: list[Row], **more: object) -> None:
    folder.load([a_post("11111", "2024-01-01 10:00", **more)], comments=comments)
    folder.build(as_of=date(2024, 6, 1))


def test_each_column_has_its_count_and_the_mean_is_of_those_with_a_score(folder: Folder) -> None:
    a_post_with(folder, some(positive=20, neutral=15, negative=10, no_words=25, not_scored=30))
    assert told(folder) == {
        "topic_id": "help",
        "period_id": "ap1",
        "comments": 100,
        "scored": 45,
        "mean_compound": 0.11,  # (20 * 0.5 - 10 * 0.5) / 45
        "low": None,
        "high": None,
        "positive": 20,
        "neutral": 15,
        "negative": 10,
        "no_words": 25,
        "not_scored": 30,
        "suppressed": None,
    }


def test_every_topic_has_a_row_for_every_period_that_has_begun(folder: Folder) -> None:
    a_post_with(folder, some(positive=1))
    keys = "SELECT topic_id, period_id FROM marts.{} ORDER BY ALL"
    assert folder.rows(keys.format("comment_periods")) == folder.rows(keys.format("topic_periods"))
    assert len(folder.rows(keys.format("comment_periods"))) == 4
    folder.build(as_of=date(2024, 1, 31))
    assert [row["period_id"] for row in folder.rows(keys.format("comment_periods"))] == ["ap1", "ap1"]


def test_without_comments_nothing_is_known_and_nothing_suppressed(folder: Folder) -> None:
    a_post_with(folder, some(positive=30))
    assert told(folder, "voices") == {
        "topic_id": "voices",
        "period_id": "ap1",
        "comments": 0,
        **NOTHING,
    }


def test_a_campaign_with_comments_off_publishes_none_that_it_once_read(folder: Folder) -> None:
    a_post_with(folder, some(positive=30))
    assert told(folder)["comments"] == 30
    folder.campaign = a_campaign(folder.path)
    folder.build()
    assert folder.rows("SELECT * FROM marts.comment_periods") == []


def test_a_hidden_figure_is_named_as_suppressed_and_is_no_zero(folder: Folder) -> None:
    a_post_with(folder, some(positive=20, neutral=15, negative=4, no_words=25, not_scored=30))
    row = told(folder)
    assert (row["negative"], row["suppressed"]) == (None, "negative")
    assert (row["comments"], row["scored"], row["positive"]) == (94, 40, 20)


def test_of_few_comments_the_total_alone_is_told(folder: Folder) -> None:
    a_post_with(folder, some(positive=2, neutral=1))
    row = told(folder)
    assert {name for name, value in row.items() if value is None} == set(HIDDEN.split(", "))
    assert (row["comments"], row["suppressed"]) == (3, HIDDEN)


def test_a_mean_needs_ten_comments_with_a_score(folder: Folder) -> None:
    a_post_with(folder, some(positive=3, neutral=3, negative=3, no_words=50))
    assert (told(folder)["mean_compound"], told(folder)["suppressed"]) == (
        None,
        "mean_compound, low, high, positive, neutral, negative, not_scored",
    )
    folder.load(comments=[said("one more", "11111", "positive")])
    folder.build(as_of=date(2024, 6, 1))
    row = told(folder)
    assert (row["mean_compound"], row["suppressed"]) == (0.05, "positive, neutral, negative, not_scored")
    assert row["low"] is row["high"] is None  # one post: unknown, not suppressed


@pytest.mark.parametrize(("rule", "shown"), [("mhsds", (50, 10)), ("hes", (50, 10)), ("lt5", (49, 11))])
def test_the_campaigns_rule_decides(tmp_path: Path, rule: str, shown: tuple[int, int]) -> None:
    text = f"{CAMPAIGN}{COMMENTS}[privacy]\nsuppress = '{rule}'\n"
    folder = Folder(tmp_path, a_campaign(tmp_path, text))
    a_post_with(folder, some(positive=11, neutral=18, negative=20, no_words=30, not_scored=40))
    row = told(folder)
    assert (row["comments"], row["scored"], row["positive"]) == (119, *shown)


def test_the_account_itself_is_not_counted(folder: Folder) -> None:
    comments = [
        said("1", "11111", is_owner=True),
        said("2", "11111", is_owner=False),
        said("3", "11111", is_owner=None),  # the platform does not say
    ]
    a_post_with(folder, comments)
    assert told(folder)["comments"] == 2


def test_a_comment_that_was_changed_is_counted_once_as_it_is_now(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path, EXACT))
    a_post_with(folder, some(positive=20, neutral=20, negative=20, no_words=20, not_scored=20))
    changed = [
        said("11111-0", "11111", "negative", at="2024-01-22 12:00", text_key="b"),
        said("11111-0", "11111", "neutral", at="2024-01-21 12:00", text_key="a"),
    ]
    folder.load(comments=changed)
    folder.build()
    row = told(folder)
    assert [row[name] for name in ("comments", *CATEGORIES)] == [100, 19, 20, 21, 20, 20]
    folder.build(as_of=date(2024, 1, 21))
    assert [told(folder)[name] for name in CATEGORIES] == [19, 21, 20, 20, 20]
    folder.build(as_of=date(2024, 1, 20))
    assert [told(folder)[name] for name in CATEGORIES] == [20, 20, 20, 20, 20]


def test_of_two_texts_of_one_moment_the_later_row_counts(tmp_path: Path) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path, EXACT))
    rows = some(positive=20, neutral=20, negative=20, no_words=20, not_scored=20)
    a_post_with(folder, [*rows, said("11111-0", "11111", "negative", text_key="other")])
    assert [told(folder)[name] for name in CATEGORIES] == [19, 20, 21, 20, 20]


def test_the_period_is_that_of_the_post(folder: Folder) -> None:
    later = {"published_s": seconds("2024-03-01 10:00"), "at": "2024-03-02 10:00"}
    a_post_with(folder, [said("1", "11111", **later)])
    assert (told(folder)["comments"], told(folder, period="ap2")["comments"]) == (1, 0)


def test_only_posts_that_may_be_published_have_comments_that_count(tmp_path: Path) -> None:
    ended = CAMPAIGN.replace('name = "Kofi"', 'name = "Kofi"\nconsent_until = 2023-12-31')
    for name, text, count in (("before", CAMPAIGN, 1), ("after", ended, 0)):
        (tmp_path / name).mkdir()
        folder = Folder(tmp_path / name, a_campaign(tmp_path / name, text + COMMENTS))
        a_post_with(folder, [said("1", "11111"), said("2", "99999")], caption="", account="kofi")
        assert told(folder, "voices")["comments"] == count


def test_a_post_of_two_topics_is_counted_under_its_first(folder: Folder) -> None:
    a_post_with(
        folder, [said("1", "11111")], account="kofi"
    )  # a hashtag of the one, the account of the other
    assert len(folder.rows("SELECT * FROM marts.post_topics")) == 2
    assert (told(folder)["comments"], told(folder, "voices")["comments"]) == (1, 0)


@pytest.mark.parametrize("category", ["positive", "new", None])
def test_a_category_without_a_score_is_not_scored(tmp_path: Path, category: str | None) -> None:
    folder = Folder(tmp_path, a_campaign(tmp_path, EXACT))
    odd = [said(f"odd-{n}", "11111", str(category)) for n in range(6)]
    odd = [{**row, "category": category, "compound": None} for row in odd]
    a_post_with(folder, [*some(positive=20, neutral=10, negative=10, no_words=10), *odd])
    row = told(folder)
    assert (row["scored"], row["positive"], row["not_scored"], row["mean_compound"]) == (40, 20, 6, 0.12)


# --- the interval --------------------------------------------------------------------------------


def posts_with(folder: Folder, scores: list[list[float]]) -> Row:
    """What is told of posts whose comments have these scores."""
    posts = [a_post(str(10000 + n), f"2024-01-{n + 1:02} 10:00") for n in range(len(scores))]
    comments = [
        said(f"{n}-{at}", str(10000 + n), "positive" if score > 0 else "negative", compound=score)
        for n, below in enumerate(scores)
        for at, score in enumerate(below)
    ]
    folder.load(posts, comments=comments)
    folder.build(as_of=date(2024, 6, 1))
    return told(folder)


def test_the_interval_holds_the_mean_and_is_the_same_in_every_build(folder: Folder) -> None:
    row = posts_with(folder, [[0.1 * n - 0.45] * 10 for n in range(10)])
    assert (row["comments"], row["mean_compound"]) == (100, 0.0)
    assert -0.45 < float(str(row["low"])) < -0.1
    assert 0.1 < float(str(row["high"])) < 0.45
    folder.build(as_of=date(2024, 6, 1))
    assert told(folder) == row


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = [
        {
            "topic_id": "help",
            "period_id": "ap1",
            "platform": "tiktok",
            "post_id": str(n),
            "category": "positive",
            "comments": 5 + 20 * n,
            "compound_10000": (-1) ** n * 10_000 * (5 + 20 * n),
        }
        for n in range(1, 9)
    ]
    rows.append({**rows[0], "category": "no_words", "comments": 20})
    campaign = a_campaign(tmp_path, CAMPAIGN + COMMENTS)
    periods = pa.Table.from_pylist([{"topic_id": "help", "period_id": "ap1"}])
    made = [comment_periods(campaign, pa.Table.from_pylist(r), periods) for r in (rows, rows[::-1])]
    assert made[0].to_pylist() == made[1].to_pylist()
    assert made[0]["low"].null_count == 0


def test_posts_are_drawn_and_not_their_comments(tmp_path: Path) -> None:
    widths = []
    for name, scores in (
        ("mixed", [[-0.5] * 30 + [0.5] * 30] * 9 + [[-0.5] * 29 + [0.5] * 31]),
        ("apart", [[-0.5] * 60] * 5 + [[0.5] * 60] * 5),
    ):
        (tmp_path / name).mkdir()
        row = posts_with(Folder(tmp_path / name, a_campaign(tmp_path / name, CAMPAIGN + COMMENTS)), scores)
        widths.append(float(str(row["high"])) - float(str(row["low"])))
    assert widths[0] < 0.02
    assert widths[1] > 0.5


def test_five_posts_have_a_mean_without_an_interval(folder: Folder) -> None:
    scores = [[0.1 * n - 0.45] * 10 for n in range(6)]
    row = posts_with(folder, scores[1:])
    assert (row["mean_compound"], row["low"], row["high"]) == (-0.15, None, None)
    assert "low" not in str(row["suppressed"])
    folder.load(
        [a_post("20000", "2024-01-20 10:00")],
        comments=[said(f"new-{n}", "20000", "negative", compound=-0.45) for n in range(10)],
    )
    folder.build(as_of=date(2024, 6, 1))
    assert told(folder)["low"] is not None


def test_a_mean_is_told_with_two_decimals(folder: Folder) -> None:
    row = posts_with(folder, [[0.1234, 0.4321, -0.3579, 0.3]] * 5 + [[0.1111, 0.2468, -0.9753]] * 7)
    for name in ("mean_compound", "low", "high"):
        assert row[name] == round(float(str(row[name])), 2)


# --- a second reading ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    """A comment in a load."""

    load_id: str
    row_no: int
    row: Row


POSTS = {
    "11111": ("help", "ap1"),
    "11112": ("help", "ap1"),
    "22222": ("voices", "ap1"),
    "33333": ("help", "ap2"),
    "44444": (None, "ap1"),  # no topic
    "55555": ("help", None),  # between two periods
}


def counted(stored: list[Stored], replaced: str, as_of_s: int) -> dict[tuple[str, str], Counter[str]]:
    """Comments by topic and period: plain loops over plain rows."""
    newest: dict[object, Stored] = {}
    for one in stored:
        at = seconds(str(one.row["at"]))
        if one.load_id == replaced or at > as_of_s:
            continue
        key = one.row["comment_id"]
        known = newest.get(key)
        place = (at, one.load_id, one.row_no)
        if known is None or place > (seconds(str(known.row["at"])), known.load_id, known.row_no):
            newest[key] = one
    found = {(t, p): Counter[str]() for t in ("help", "voices") for p in ("ap1", "ap2")}
    for one in newest.values():
        topic, period = POSTS[str(one.row["post_id"])]
        if topic and period and one.row["is_owner"] is not True:
            found[topic, period][str(one.row["category"])] += 1
    return found


def a_comment(rng: random.Random) -> Row:
    number = rng.randrange(1200)
    return said(
        f"c{number}",
        list(POSTS)[number % len(POSTS)],
        rng.choice(CATEGORIES),
        at=f"2024-05-{rng.randint(1, 9):02} 12:00",
        is_owner=rng.choice([True, False, False, False, None]),
        text_key=f"{rng.getrandbits(80):020x}",
    )


@pytest.mark.parametrize("replaced", ["", "load-b"])
def test_counts_are_those_of_a_second_slow_reading(tmp_path: Path, replaced: str) -> None:
    rng = random.Random(2024)  # noqa: S311 (invented comments, the same ones each time)
    folder = Folder(tmp_path, a_campaign(tmp_path, EXACT))
    loads = {name: [a_comment(rng) for _ in range(900)] for name in ("load-b", "load-a", "load-c")}
    folder.load(
        [
            a_post("11111", "2024-01-01 10:00"),
            a_post("11112", "2024-01-02 10:00"),
            a_post("22222", "2024-01-01 10:00", caption="", account="kofi"),
            a_post("33333", "2024-03-01 10:00"),
            a_post("44444", "2024-01-01 10:00", caption="nothing"),
            a_post("55555", "2024-02-06 10:00"),
        ]
    )
    for name, rows in loads.items():
        folder.load(comments=rows, load_id=name, replaces=(replaced or None) if name == "load-c" else None)
    folder.build(as_of=date(2024, 5, 6))
    stored = [Stored(name, n, row) for name, rows in loads.items() for n, row in enumerate(rows, 1)]
    expected = counted(stored, replaced, seconds("2024-05-06 22:59"))
    assert sum(map(Counter.total, expected.values())) > 300
    for (topic, period), by_category in expected.items():
        row = told(folder, topic, period)
        counts = tuple(by_category[name] for name in CATEGORIES)
        assert row["comments"] == sum(counts)
        if sum(counts):
            hidden = hidden_counts(counts, "lt5")
            for name, count in figures(counts).items():
                assert row[name] == (None if name in hidden else disclose(count, "lt5").value)


# --- privacy -------------------------------------------------------------------------------------


def test_no_text_and_no_pseudonym_is_in_the_published_file(folder: Folder) -> None:
    planted = {"text": "wombat words", "author": "feedfacefeedfacefeed", "text_key": "c0ffeec0ffeec0ffeec0"}
    comments = [said(f"comment-id-{n}", "11111", "positive", **planted) for n in range(30)]
    a_post_with(folder, comments, caption="#findhelp wombat caption")
    assert told(folder)["comments"] == 30
    content = (folder.path / "published.duckdb").read_bytes()
    assert b"wombat caption" in content  # so a planted word would be seen
    for word in (*planted.values(), "comment-id-"):
        assert word.encode() not in content, word
    stored = (folder.path / "store.duckdb").read_bytes()
    assert b"wombat words" in stored


def test_no_published_column_is_of_a_single_comment() -> None:
    names = {column.name for table in published.TABLES for column in table.columns}
    assert not names & {"comment_id", "parent_id", "author", "text", "text_key", "stock_compound", "compound"}
