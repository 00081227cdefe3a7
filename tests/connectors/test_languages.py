"""Meta Business Suite in other languages: what is data, and what is said when a word is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest

from connectors.base import BadExport
from connectors.instagram import headers
from connectors.instagram.headers import languages
from models.schema import POST_METRICS
from tests.connectors.exports import BOM, CONTEXT, SUITE_HEADER, Inbox, suite, suite_row
from tests.connectors.meta import CITIES, card, titled, translated

KLINGON = """
# Invented: a language that nobody has seen.
[columns]
account = ["Pong"]
publish_time = ["Qaw"]
permalink = ["Daq"]
media_type = ["Segh"]
views = ["Legh"]

[words]
lifetime = ["Reh"]

[media_types]
"Mu'mey" = "reel"

[daily]
reach = ["Ghoq"]

[audience.titles]
viewers = ["Bejwi'"]

[audience.columns]
city = ["Veng"]
share = ["Lo'laH"]
"""
Tables = Callable[[], Iterable[Mapping[str, tuple[str, ...]]]]
READ = [language.name for language in languages() if {"account", "permalink"} <= language.columns.keys()]


def refusal(inbox: Inbox, data: bytes) -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, CONTEXT, "posts.csv")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def renamed(data: bytes, **names: str) -> bytes:
    head, body = data.split(b"\n", 1)
    for old, new in names.items():
        assert old.replace("_", " ").encode() in head
        head = head.replace(old.replace("_", " ").encode(), new.encode())
    return head + b"\n" + body


@pytest.fixture
def klingon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The languages there are, and one file more."""
    folder = tmp_path / "languages"
    folder.mkdir()
    for file in headers.FOLDER.glob("headers_*.toml"):
        copy(file, folder)
    (folder / "headers_tlh.toml").write_text(KLINGON, encoding="utf-8")
    monkeypatch.setattr(headers, "FOLDER", folder)
    headers.languages.cache_clear()
    yield
    headers.languages.cache_clear()


def test_five_languages_are_known_four_of_them_by_their_columns() -> None:
    assert [language.name for language in languages()] == ["en", "es", "fr", "it", "pt-BR"]
    assert READ == ["en", "es", "it", "pt-BR"]


@pytest.mark.parametrize("name", READ)
def test_every_language_reads_like_english(inbox: Inbox, name: str) -> None:
    rows = [
        suite_row(),
        suite_row("2024-01-04 10:00:00", Post_type="IG image"),
        suite_row("2024-01-05 10:00:00"),
    ]
    english, other = inbox.read(suite(*rows)), inbox.read(translated(name, *rows))
    assert (other.posts, other.metrics) == (english.posts, english.metrics)
    assert other.reading.chosen["header_language"] == name
    assert other.reading.notices == ()


def test_every_language_names_columns_that_english_names_too() -> None:
    english, *others = languages()
    assert POST_METRICS.keys() & english.columns.keys() == {
        *("views", "reach", "likes", "comments", "shares", "saves", "follows")
    }
    for other in others:
        assert other.columns.keys() <= english.columns.keys(), other.name
        assert set(other.media_types.values()) <= set(english.media_types.values()), other.name
        assert other.audience_columns.keys() <= english.audience_columns.keys(), other.name


def columns() -> list[Mapping[str, tuple[str, ...]]]:
    return [language.columns for language in languages()]


@pytest.mark.parametrize(
    "tables", [columns, headers.daily_titles, headers.audience_titles, headers.audience_columns]
)
def test_no_word_means_two_things(tables: Tables) -> None:
    meanings: dict[str, set[str]] = {}
    for table in tables():
        for ours, spellings in table.items():
            for one in spellings:
                meanings.setdefault(one.casefold(), set()).add(ours)
    assert [word for word, found in meanings.items() if len(found) > 1] == []


def test_each_language_says_how_its_words_were_learnt() -> None:
    for file in headers.FOLDER.glob("headers_*.toml"):
        beginning = file.read_text(encoding="utf-8").split("[", 1)[0]
        assert "# Meta Business Suite, " in beginning
        assert "earnt from" in beginning or "from a description" in beginning, file.name


def test_french_lifetime_is_known_though_its_columns_are_not(inbox: Inbox) -> None:
    assert inbox.read(suite(suite_row(Date="Global"))).loaded == 1


@pytest.mark.usefixtures("klingon")
def test_a_language_is_one_file_of_data_and_no_code(inbox: Inbox) -> None:
    row = suite_row()
    cells = ["lavelle.sings", row["Publish time"], row["Permalink"], "Mu'mey", "Reh", "900"]
    header = ["Pong", "Qaw", "Daq", "Segh", "Poh", "Legh"]
    loaded = inbox.read(f"{','.join(header)}\n{','.join(cells)}\n".encode())
    assert [loaded.posts[0][name] for name in ("account", "media_type")] == ["lavelle.sings", "reel"]
    assert (loaded.metrics[0]["views"], loaded.native_of("views")) == (900, "Legh")
    assert loaded.reading.chosen["header_language"] == "tlh"
    assert loaded.reading.notices == ('column "Poh" is not known; kept out',)
    assert loaded.reason_of("saves") == 'no column "Saves" in this file'


@pytest.mark.usefixtures("klingon")
def test_titles_of_small_tables_are_data_too(inbox: Inbox) -> None:
    mine = replace(CONTEXT, account="lavelle.sings")
    daily = inbox.read(card("Ghoq", {"2024-02-01": "7"}), mine)
    audience = inbox.read(titled(("bejwi\u2019", ("Veng", "Lo'laH"), CITIES[2])), mine)
    assert [row["reach"] for row in daily.rows("account_days_seen")] == [7]
    seen = [(row["population"], row["bucket"], row["share"]) for row in audience.rows("audience_seen")]
    assert seen == [("viewers", "Sheffield", 0.177), ("viewers", "London, England", 0.053)]


@pytest.mark.usefixtures("klingon")
def test_a_made_up_language_leaves_the_others_as_they_were(inbox: Inbox) -> None:
    assert inbox.read(translated("es", suite_row())).reading.chosen["header_language"] == "es"


def test_a_renamed_metric_is_null_and_the_new_name_is_told(inbox: Inbox) -> None:
    loaded = inbox.read(renamed(suite(suite_row()), Saves="Bookmarks"))
    assert loaded.metrics[0]["saves"] is None
    assert loaded.reason_of("saves") == 'no column "Saves" in this file'
    assert loaded.reading.notices == ('column "Bookmarks" is not known; kept out',)


def test_a_renamed_link_is_refused_with_the_line_that_cures_it(inbox: Inbox) -> None:
    assert refusal(inbox, renamed(suite(suite_row()), Permalink="Address")) == (
        "instagram content without a known name for permalink: columns Post ID, Account ID, Account username,"
        " Account name, Description, Duration (sec), Publish time, Address, Post type, Data comment, Date,"
        " Views, Reach, Likes, Shares, Follows, Comments, Saves; known are Post ID, Account ID,"
        " Account username, Account name, Description, Duration (sec), Publish time, Permalink, Post type,"
        " Data comment, Date, Views, Reach, Likes, Shares, Follows, Comments, Saves: posts.csv:"
        ' add permalink = ["Address"] under [columns] in connectors/instagram/headers_en.toml'
    )


def test_the_line_names_the_file_of_the_header_s_language(inbox: Inbox) -> None:
    data = translated("pt-BR", suite_row()).replace("Horário de publicação".encode(), b"Hora")
    assert refusal(inbox, data).endswith(
        ': posts.csv: add publish_time = ["Hora"] under [columns] in connectors/instagram/headers_pt-BR.toml'
    )


@pytest.mark.parametrize("shared", ["Spalte 10", "Data"])
def test_a_header_in_an_unknown_language_is_told_by_its_cells(inbox: Inbox, shared: str) -> None:
    names = [f"Spalte {n}" for n in range(len(SUITE_HEADER))]
    names[10] = shared  # a word that Portuguese has too makes no Portuguese file
    body = suite(suite_row()).split(b"\n", 1)[1]
    text = refusal(inbox, BOM + ",".join(names).encode() + b"\n" + body)
    assert text.startswith(
        "instagram content without a known name for account, publish_time, permalink: columns Sp"
    )
    assert text.endswith(
        ": posts.csv: set Meta Business Suite to English and export it again, or"
        ' add account = ["Spalte 2"], publish_time = ["Spalte 6"], permalink = ["Spalte 7"] under'
        " [columns] in connectors/instagram/headers_xx.toml (xx: a new file for its language)"
    )


def test_a_known_header_without_rows_asks_for_the_name_it_cannot_guess(inbox: Inbox) -> None:
    text = refusal(inbox, renamed(suite(), Permalink="Address"))
    assert 'add permalink = ["…"] under [columns]' in text


def test_a_facebook_page_in_any_language_is_refused_by_name(inbox: Inbox) -> None:
    header = (
        "Identificador de la publicación,Identificador de la página,Título,Descripción,Duración (segundos)"
    )
    row = "1221,1000,Lavelle,Hola,12,01/05/2024 09:30,https://www.facebook.com/1,Fotos"
    data = f"{header},Hora de publicación,Enlace permanente,Tipo de publicación\n{row}\n".encode()
    assert refusal(inbox, data) == "facebook page export: posts.csv: export the Instagram account's content"


def test_another_table_with_links_to_instagram_is_not_taken_for_meta_s(inbox: Inbox) -> None:
    data = b"Date,Permalink,Views,Reach,Likes,Comments\n2024-01-05,https://www.instagram.com/p/abc/,1,2,3,4\n"
    assert refusal(inbox, data).startswith("kind of file not known: columns Date, Permalink")
