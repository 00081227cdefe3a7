"""`rapup topics` from published posts to a file that a person edits in Excel, and back."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from flows import steps
from flows.cli import main
from flows.settings import Settings
from models.campaign import load_campaign
from models.store import PUBLISHED_FILE, STORE_FILE
from tests.builders import CAMPAIGN, Folder, a_post, seen

DAY = "2023-12-01 12:00"
TOPICS = CAMPAIGN.replace(
    'team-a"\naccounts = [', 'team-a"\nhashtags = ["voices"]\nkeywords = ["first"]\naccounts = ['
)


class Topics:
    """A data folder with a campaign file of its own, and what `rapup topics` says of it."""

    def __init__(self, path: Path, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._built = built
        self.file = path / "campaigns" / "test.toml"
        self.file.parent.mkdir()
        self.file.write_text(TOPICS, encoding="utf-8")
        self._capsys = capsys

    @property
    def settings(self) -> Settings:
        return Settings(self.path)

    def publish(self, captions: Mapping[str, str | None], **more: object) -> None:
        """Posts with links, by id, in a folder without any; the same ones are built once for all tests."""
        kept = self._built / sha256(repr((captions, more)).encode()).hexdigest()
        if not kept.exists():
            self.load(captions, **more)
            self.build()
            kept.mkdir()
            for name in (STORE_FILE, PUBLISHED_FILE):
                shutil.copy2(self.path / name, kept)
        shutil.copytree(kept, self.path, dirs_exist_ok=True)

    def load(self, captions: Mapping[str, str | None], account: str = "lavelle", **more: object) -> None:
        posts = [
            a_post(
                id_,
                DAY,
                caption,  # type: ignore[arg-type]
                account=account,
                permalink=f"https://www.tiktok.com/@{account}/video/{id_}",
            )
            | more
            for id_, caption in captions.items()
        ]
        folder = Folder(self.path, load_campaign(self.file))
        folder.load(posts, [seen(id_, DAY, 5, account=account) for id_ in captions], load_id=f"of-{account}")

    def build(self) -> None:
        steps.build(self.settings, load_campaign(self.file))

    def assign(self, *rows: str) -> None:
        """`ID,topic_id,note` for each row."""
        lines = ["post_url,topic_id,note", *(f"https://www.tiktok.com/@lavelle/video/{row}" for row in rows)]
        self.file.with_suffix(".assignments.csv").write_text("\n".join(lines), encoding="utf-8")

    def run(self, *options: str) -> tuple[int, str]:
        self._capsys.readouterr()
        code = main(["--data", str(self.path), "topics", *options])
        told = self._capsys.readouterr()
        return code, told.out + told.err

    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("--json")[1])
        return answer

    def topics(self) -> dict[str, str | None]:
        """The primary topic of every published post."""
        rows = Folder(self.path, load_campaign(self.file)).rows("SELECT post_id, topic_id FROM marts.posts")
        return {str(row["post_id"]): row["topic_id"] for row in rows}  # type: ignore[misc]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what tests publish is kept for the next that publishes the same."""
    return tmp_path_factory.mktemp("built")


@pytest.fixture
def topics(tmp_path: Path, built: Path, capsys: pytest.CaptureFixture[str]) -> Topics:
    return Topics(tmp_path, built, capsys)


def test_posts_in_one_topic_each_need_nobody(topics: Topics) -> None:
    topics.publish({"10001": "#findhelp", "10002": "the app", "10003": "#voices"})
    code, told = topics.run()
    assert code == 0
    assert told.splitlines() == [
        "              by hand  hashtag  keyword  account  no rule  posts",
        "Finding help        0        1        1        0        0      2",
        "Voices              0        1        0        0        0      1",
        "no topic            0        0        0        0        0      0",
        "all posts           0        2        1        0        0      3",
    ]


def test_a_post_without_a_topic_is_named_with_its_link_and_reason(topics: Topics) -> None:
    topics.publish({"10001": "Ginger tea"})
    code, told = topics.run()
    assert code == 1
    assert "\n1 post matches no rule, so no topic counts it\n" in told
    assert "    @lavelle, TikTok, 1 Dec 2023: “Ginger tea”\n" in told
    assert "        https://www.tiktok.com/@lavelle/video/10001\n" in told
    assert "suggestion: none; it shares no telling word with the posts on any topic" in told


def test_a_suggestion_names_the_words_and_their_numbers(topics: Topics) -> None:
    doctors = {f"2000{n}": f"#findhelp at the doctor {n}" for n in range(9)}
    others = {f"3000{n}": f"#voices at home {n}" for n in range(9)}
    topics.publish({**doctors, **others, "10001": "Doctor!", "10002": "so it is #findhelpp"})
    told = topics.run()[1]
    assert (
        "suggestion: Finding help, because “doctor” is in 9 of 9 captions on it and in 0 of 9 others" in told
    )
    assert "suggestion: Finding help, because #findhelpp is nearly #findhelp" in told


def test_a_post_in_several_topics_is_told_with_the_rule_that_decides(topics: Topics) -> None:
    topics.publish({"10001": "#voices in an app", "10002": "first, the app"})
    code, told = topics.run()
    assert code == 1
    assert "2 posts match several topics; only the first counts each" in told
    assert (
        "counted under Voices (hashtag #voices), not under Finding help (keyword “app”): "
        "hashtags go before keywords"
    ) in told
    assert (
        "counted under Finding help (keyword “app”), not under Voices (keyword “first”): "
        "the topic that comes first in the campaign file"
    ) in told


def test_every_post_is_counted_once(topics: Topics) -> None:
    captions = ["#findhelp", "#findhelp #voices", "app", "tea", "", "#voices", "first app"]
    topics.load({f"1000{n}": caption for n, caption in enumerate(captions)})
    topics.load({f"2000{n}": caption for n, caption in enumerate(captions)}, "kofi")
    topics.assign("10000,,", "10003,voices,", "10001,voices,", "10001,help,")
    topics.build()
    answer = topics.answer()
    assert answer["posts"] == 14 == sum(row["posts"] for row in answer["counts"])
    one = {(row["topic_id"], row["rule"]): row["posts"] for row in answer["counts"]}
    assert one[None, "assignment"] == 1
    assert one["voices", "assignment"] == 2
    assert one["voices", "account"] == 2  # kofi's two posts that nothing else matches
    assert one[None, "no rule"] == 1
    published = list(topics.topics().values())
    for topic in (None, "help", "voices"):
        assert sum(n for (id_, _), n in one.items() if id_ == topic) == published.count(topic)
    last = topics.run()[1].split("all posts")[1].split("\n")[0].split()
    assert [int(cell) for cell in last] == [3, 4, 4, 2, 1, 14]


def test_what_a_person_decided_needs_nobody_again(topics: Topics) -> None:
    topics.publish({"10001": "tea", "10002": "#voices #findhelp", "10003": "first app"})
    topics.assign("10001,,", "10002,voices,", "10003,help,", "10003,voices,")
    assert topics.run()[0] == 0


def test_a_long_list_is_cut_for_people_and_whole_for_programs(topics: Topics) -> None:
    topics.publish({str(10_000 + n): f"tea {n}" for n in range(33)})
    told = topics.run()[1]
    assert told.count("https://") == 30
    assert "    and 3 more: --json" in told
    assert len(topics.answer()["unmatched"]) == 33


def test_captions_cannot_steer_the_terminal(topics: Topics) -> None:
    topics.publish({"10001": "\x1b[2J\x07tea\nnext line"})
    told = topics.run()[1]
    assert "\x1b" not in told
    assert "tea next line”" in told


def test_rules_and_assignments_count_at_once_and_the_build_is_asked_for(topics: Topics) -> None:
    topics.publish({"10001": "tea", "10002": "#voices"})
    topics.assign("10001,help,")
    code, told = topics.run()
    assert code == 0
    assert (
        "1 post will move: rules or assignments have changed since the last build; run `rapup build`" in told
    )
    topics.build()
    assert "will move" not in topics.run()[1]


def test_rows_for_posts_that_are_not_published_are_named(topics: Topics) -> None:
    topics.publish({"10001": "#voices"})
    topics.assign("10001,help,", "99999,help,", "88888,,")
    code, told = topics.run()
    assert code == 0
    assert "test.assignments.csv, rows 3 and 4: no such post is published" in told


def test_before_anything_is_published_it_cannot_start(topics: Topics) -> None:
    code, told = topics.run()
    assert code == 2
    assert "run `rapup build` first" in told


# --- agreement -----------------------------------------------------------------------------------


def test_rules_are_compared_with_the_labels_of_people(topics: Topics) -> None:
    topics.publish(
        {
            "10001": "#findhelp",  # both help
            "10002": "#voices app",  # both voices, although several match
            "10003": "app",  # by hand voices
            "10004": "tea",  # both no topic
            "10005": "#voices",  # nobody said
        }
    )
    topics.assign("10001,help,", "10002,voices,", "10003,voices,", "10004,,")
    found = topics.answer()["agreement"]
    assert (found["posts"], found["agreed"], found["share"]) == (4, 3, 0.75)
    assert (found["low"], found["high"]) == (pytest.approx(0.301, abs=1e-3), pytest.approx(0.954, abs=1e-3))
    # By chance: help 1/4 * 2/4, voices 2/4 * 1/4, none 1/4 * 1/4.
    assert found["kappa"] == pytest.approx((0.75 - 0.3125) / (1 - 0.3125))
    assert [post["post_id"] for post in found["disagreements"]] == ["10003"]
    told = topics.run()[1]
    assert (
        "4 posts were assigned by hand. The rules alone agree on 3: 75.0 % (95 % interval 30.1 % to 95.4 %); "
        "Cohen's kappa 0.64."
    ) in told
    assert "1 post that the rules alone would count elsewhere" in told
    assert "by hand: Voices; by the rules: Finding help (keyword “app”)" in told


def test_without_labels_no_agreement_is_told(topics: Topics) -> None:
    topics.publish({"10001": "#findhelp"})
    assert "by hand." not in topics.run()[1]
    assert topics.answer()["agreement"]["posts"] == 0


# --- the file ------------------------------------------------------------------------------------

OPEN = {
    "10001": "tea #findhelpp",
    "10002": "#voices app",
    "10003": "tea 🍵",
    "10004": "tea",
    "10005": "#voices",
}
"""All but the last need a person."""


def cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_the_file_has_a_row_for_every_post_that_needs_a_person(topics: Topics) -> None:
    topics.publish(OPEN)
    code, told = topics.run("--write")
    file = topics.file.with_suffix(".assignments.csv")
    assert code == 1
    assert f"wrote     {file}: open it in Excel; a row decides nothing until its ? is gone" in told
    assert file.read_bytes().startswith(b'\xef\xbb\xbf"post_url","topic_id","note","caption","how_to"\r\n')
    assert [(row["post_url"][-5:], row["topic_id"], row["note"]) for row in cells(file)] == [
        ("10001", "?help", "suggested: #findhelpp is nearly #findhelp, check"),
        ("10003", "?", "no suggestion"),
        ("10004", "?", "no suggestion"),
        ("10002", "?voices", "matched: voices by hashtag #voices; help by keyword “app”, check"),
    ]
    assert [row["how_to"] for row in cells(file)[:2]] == [
        "decides nothing yet: take the ? away to agree, or write one of help, voices instead, "
        "or empty the cell for no topic",
        "decides nothing yet: write one of help, voices instead, or empty the cell for no topic",
    ]


def test_the_file_decides_nothing_until_a_person_edits_it(topics: Topics) -> None:
    topics.publish(OPEN)
    before = topics.topics()
    topics.run("--write")
    topics.build()
    rules = {"10001": None, "10002": "voices", "10003": None, "10004": None, "10005": "voices"}
    assert topics.topics() == before == rules
    answer = topics.answer()
    assert answer["agreement"]["posts"] == 0
    assert len(answer["unmatched"]) == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_what_a_person_decides_in_excel_counts_at_the_next_build(
    topics: Topics, encoding: str, delimiter: str
) -> None:
    topics.publish(OPEN)
    topics.run("--write")
    file = topics.file.with_suffix(".assignments.csv")
    rows = {row["post_url"][-5:]: row for row in cells(file)}
    rows["10001"]["topic_id"] = rows["10001"]["topic_id"].removeprefix("?")  # agreed
    rows["10002"]["topic_id"] = "help"  # another one
    rows["10003"]["topic_id"] = ""  # no topic; 10004 stays undecided
    with file.open("w", encoding=encoding, newline="", errors="replace") as opened:
        writer = csv.DictWriter(opened, [*rows["10001"]], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows.values())
    topics.build()
    decided = {"10001": "help", "10002": "help", "10003": None, "10004": None, "10005": "voices"}
    assert topics.topics() == decided
    assert [post["post_id"] for post in topics.answer()["unmatched"]] == ["10004"]


def test_a_persons_file_is_never_overwritten(topics: Topics) -> None:
    topics.publish({"10001": "tea", "10002": "tea again"})
    topics.assign("10002,help,")
    theirs = topics.file.with_suffix(".assignments.csv").read_bytes()
    topics.run("--write")
    assert topics.file.with_suffix(".assignments.csv").read_bytes() == theirs
    suggested = topics.file.with_suffix(".assignments.suggested.csv")
    assert [row["post_url"][-5:] for row in cells(suggested)] == ["10001"]
    suggested.write_text("edited")
    code, told = topics.run("--write")
    assert code == 2
    assert f"{suggested}: already there and perhaps edited; move or delete it, then run this again" in told
    assert suggested.read_text() == "edited"


def test_beside_a_workbook_the_file_is_a_suggestion_too(topics: Topics) -> None:
    import openpyxl  # noqa: PLC0415 (beside its only use)

    topics.publish({"10001": "tea", "10002": "tea again"})
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["post_url", "topic_id"])
    sheet.append(["https://www.tiktok.com/@lavelle/video/10002", "help"])
    book.save(topics.file.with_suffix(".assignments.xlsx"))
    topics.run("--write")
    assert not topics.file.with_suffix(".assignments.csv").exists()
    assert len(cells(topics.file.with_suffix(".assignments.suggested.csv"))) == 1
    topics.build()
    assert topics.topics() == {"10001": None, "10002": "help"}


def test_nothing_is_written_when_nothing_is_open(topics: Topics) -> None:
    topics.publish({"10001": "#voices"})
    code, told = topics.run("--write")
    assert code == 0
    assert "wrote" not in told
    assert not topics.file.with_suffix(".assignments.csv").exists()


def test_no_caption_becomes_a_formula(topics: Topics) -> None:
    starts = ["=", "+", "-", "@", "\t="]
    topics.publish({f"1000{n}": f"{start}HYPERLINK(0)" for n, start in enumerate(starts)})
    topics.run("--write")
    captions = [row["caption"] for row in cells(topics.file.with_suffix(".assignments.csv"))]
    assert captions == [f"'{start.strip()}HYPERLINK(0)" for start in starts]


@pytest.mark.parametrize(
    ("link", "shown"),
    [(None, "no link known"), ("https://www.tiktok.com/@lavelle/video/99999", "video/99999")],
)
def test_a_post_whose_link_does_not_lead_to_it_is_told_but_has_no_row(
    topics: Topics, link: str | None, shown: str
) -> None:
    topics.publish({"10001": "tea"}, permalink=link)
    code, told = topics.run("--write")
    assert code == 1
    assert shown in told
    assert not topics.file.with_suffix(".assignments.csv").exists()
