"""Comments, from platform to store: no name, no number of a person, no text for longer than told."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.secret import Secret
from flows.check_comments import check_comments
from flows.comments import KEY_FILE, drop_old_texts, keeper, pseudonyms
from flows.connect import connection
from flows.settings import BadSettings, Settings, load_settings
from models.store import open_store
from tests.faults.server import RawServer
from tests.faults.tiktok import Business, comment, item, post_id
from tests.flows.nights import CAMPAIGN, Nights

SOURCE = "tiktok_business_api"
ENABLED = """
[comments]
enabled = true
owner = "Ada"
read_within_hours = 24
approved_on = 2023-11-01
retention_days = 20
"""
HANDLE = "a.very.young.viewer"
WORDS = "call my mum on 07700 900123 or ask @best.friend, she is at mum@example.org"
EVERYTHING = "SELECT author, text, text_key, category FROM raw.comments_seen ORDER BY comment_id, text_key"


@pytest.fixture
def vendor() -> Business:
    comments = [comment(1, WORDS, username=HANDLE), comment(2, "so true", username=HANDLE.upper())]
    below = {post_id(1): comments, post_id(2): [comment(3, "so true", username=HANDLE)]}
    return Business([item(1), item(2)], comments=below)


@pytest.fixture
def nights(vendor: Business, tmp_path: Path) -> Iterator[Nights]:
    with RawServer(vendor) as server:
        opened = Nights(tmp_path / "data", {"TIKTOK_BUSINESS_API_BASE": server.url}, CAMPAIGN + ENABLED)
        opened.connect("tiktok:@lavelle.sings", SOURCE, user_id="-000lavelle")
        yield opened


def files_with(folder: Path, *words: str) -> list[str]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [p.name for p in found if any(word.encode() in p.read_bytes() for word in words)]


def test_nobody_is_named_and_nobody_can_be_reached_by_what_is_stored(nights: Nights) -> None:
    assert nights.night().is_complete
    masked = "call my mum on [number] or ask [name], she is at [e-mail]"
    assert masked in [text for _, text, _, _ in nights.stored(EVERYTHING)]
    private = (HANDLE, HANDLE.upper(), "07700 900123", "best.friend", "mum@example.org")
    assert files_with(nights.settings.data, *private) == []


def test_one_person_has_one_name_below_a_post_and_another_below_the_next(nights: Nights) -> None:
    nights.night()
    rows = nights.stored("SELECT post_id, author FROM raw.comments_seen")
    assert len({author for post, author in rows if post == post_id(1)}) == 1
    assert len({author for _, author in rows}) == 2
    assert all(author and set(author) <= set("0123456789abcdef") and len(author) == 20 for _, author in rows)


def test_the_next_night_stores_only_what_is_new_or_changed(nights: Nights, vendor: Business) -> None:
    nights.night()
    before = nights.stored(EVERYTHING)
    nights.night()
    assert nights.stored(EVERYTHING) == before
    vendor.comments[post_id(2)] = [comment(3, "not true", username=HANDLE), comment(4)]
    nights.night()
    assert len(nights.stored(EVERYTHING)) == len(before) + 2


def test_texts_go_when_their_time_is_over_and_do_not_come_back(nights: Nights) -> None:
    nights.night()
    stored_at = nights.time.at
    kept = nights.stored("SELECT author, text_key, category FROM raw.comments_seen ORDER BY comment_id")
    end = stored_at + timedelta(days=20)
    assert drop_old_texts(nights.settings, nights.campaign, end) == 0
    assert drop_old_texts(nights.settings, nights.campaign, end + timedelta(seconds=1)) == 3
    nights.night()
    assert (
        nights.stored("SELECT author, text_key, category FROM raw.comments_seen ORDER BY comment_id") == kept
    )
    assert nights.stored("SELECT count(text) FROM raw.comments_seen") == [(0,)]
    assert files_with(nights.settings.data, "call my mum on") == []


def test_texts_go_in_time_also_when_comments_are_no_longer_allowed(nights: Nights) -> None:
    nights.night()
    file = nights.settings.campaign_file()
    file.write_text(CAMPAIGN + "[comments]\nenabled = false\nretention_days = 1\n", encoding="utf-8")
    later = nights.time.at + timedelta(days=1, seconds=1)
    assert drop_old_texts(nights.settings, nights.campaign, later) == 3


def test_a_campaign_that_allows_no_comments_stores_none_and_makes_no_key(
    nights: Nights, vendor: Business
) -> None:
    nights.settings.campaign_file().write_text(CAMPAIGN, encoding="utf-8")
    assert nights.night().is_complete
    assert nights.stored(EVERYTHING) == []
    assert not (nights.settings.secrets / KEY_FILE).exists()
    assert check_comments(nights.settings, nights.campaign) == []


@pytest.mark.parametrize(
    ("account", "source", "scope"),
    [
        ("tiktok:@lavelle.sings", SOURCE, "comment.list"),
        ("instagram:@lavelle.sings", "instagram_login_api", "instagram_business_manage_comments"),
        ("instagram:@lavelle.sings", "instagram_graph_api", "instagram_manage_comments"),
        ("tiktok:@lavelle.sings", "tiktok_display_api", None),
    ],
)
def test_an_owner_is_asked_for_comments_only_where_the_campaign_reads_them(
    nights: Nights, account: str, source: str, scope: str | None
) -> None:
    enabled = connection(nights.settings, nights.campaign, account, source).login.scopes
    nights.settings.campaign_file().write_text(CAMPAIGN, encoding="utf-8")
    plain = connection(nights.settings, nights.campaign, account, source).login.scopes
    assert set(enabled) - set(plain) == ({scope} if scope else set())
    assert not [name for name in plain if "comment" in name]


def test_rows_as_a_platform_gives_them_cannot_be_stored(tmp_path: Path, vendor: Business) -> None:
    from connectors.values import to_table  # noqa: PLC0415

    raw = to_table("comments_seen", [{"comment_id": "1", "text": WORDS, "author": HANDLE}])
    with open_store(tmp_path) as store, pytest.raises(ValueError, match="made storable first"):
        store.add_rows("load", {"comments_seen": raw})


def key_of(data: Path, **more: Any) -> bytes:
    return pseudonyms(Settings(data, **more)).key


def test_a_key_is_made_once_for_its_owner_s_eyes_alone(tmp_path: Path) -> None:
    first = key_of(tmp_path)
    path = tmp_path / "secrets" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [KEY_FILE]
    assert key_of(tmp_path) == first
    assert key_of(tmp_path / "other") != first


def test_a_key_in_the_settings_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPUP_PSEUDONYM_KEY", "S3CR3T-and-long-enough")
    settings = load_settings(str(tmp_path), None, tmp_path / "none.env")
    assert pseudonyms(settings).key == b"S3CR3T-and-long-enough"
    assert not (tmp_path / "secrets").exists()
    assert "S3CR3T" not in repr(settings) + repr(pseudonyms(settings))


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="RAPUP_PSEUDONYM_KEY: give it 16 characters or more"):
        key_of(tmp_path, pseudonym_key=Secret("short"))


def test_a_damaged_key_is_refused_and_kept(tmp_path: Path) -> None:
    key_of(tmp_path)
    path = tmp_path / "secrets" / KEY_FILE
    path.write_text("00ff", encoding="ascii")
    with pytest.raises(BadSettings, match="damaged; restore it from its copy"):
        key_of(tmp_path)
    assert path.read_text(encoding="ascii") == "00ff"


@pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")
def test_a_key_that_others_can_read_is_refused_with_the_cure(tmp_path: Path) -> None:
    key_of(tmp_path)
    path = tmp_path / "secrets" / KEY_FILE
    path.chmod(0o644)
    with pytest.raises(BadSettings, match=f"run: chmod 600 {path}"):
        key_of(tmp_path)


def test_check_says_who_reads_how_long_texts_stay_and_where_the_key_is(nights: Nights) -> None:
    (finding,) = check_comments(nights.settings, nights.campaign)
    key = nights.settings.secrets / KEY_FILE
    assert finding.good
    said = "read for Ada, within 24 hours; texts kept 20 days; names replaced under"
    assert finding.words == f"{said} {key}: keep a copy of it elsewhere"
    assert not key.exists()
    key.parent.mkdir(exist_ok=True)
    key.write_text("damaged", encoding="ascii")
    key.chmod(0o600)
    (finding,) = check_comments(nights.settings, nights.campaign)
    assert not finding.good


def test_comments_are_scored_with_the_words_of_the_campaign(nights: Nights) -> None:
    scores = "SELECT DISTINCT category, scored_with FROM raw.comments_seen WHERE text = 'so true'"
    file = nights.settings.campaign_file().with_suffix(".lexicon.csv")
    file.write_text("term,valence\ntrue,-3\n", encoding="utf-8")
    nights.night()
    ((category, scored_with),) = nights.stored(scores)
    assert category == "negative"
    assert "overlay" in str(scored_with)
    assert "no overlay" not in str(scored_with)


def test_a_campaigns_words_that_cannot_be_used_are_told_before_anything_is_read(nights: Nights) -> None:
    file = nights.settings.campaign_file().with_suffix(".lexicon.csv")
    file.write_text("term,valence\ntrue,very\n", encoding="utf-8")
    (finding,) = check_comments(nights.settings, nights.campaign)
    assert not finding.good
    assert "lexicon.csv, row 2: valence 'very' is no number from -4 to 4" in finding.words
    with pytest.raises(BadSettings, match=r"lexicon\.csv, row 2"):
        keeper(nights.settings, nights.campaign)
