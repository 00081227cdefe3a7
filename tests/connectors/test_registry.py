from __future__ import annotations

import pytest

from connectors import registry
from connectors.base import BadExport, Export
from connectors.tabular import head_of
from tests.connectors.captures import comment, instagram, ndjson, tiktok
from tests.connectors.downloads import insight, insights
from tests.connectors.exports import (
    BOM,
    CONTEXT,
    FOLLOWER_ACTIVITY_HEADER,
    FOLLOWER_GENDER_HEADER,
    FOLLOWER_HISTORY_HEADER,
    FOLLOWER_TERRITORIES_HEADER,
    VIEWERS_HEADER,
    Inbox,
    content,
    content_row,
    overview,
    quoted,
    suite,
    suite_row,
)
from tests.connectors.meta import CITIES, card, titled
from tests.connectors.sheets import sheet

KINDS = {
    "tiktok_studio_content": content(content_row()),
    "tiktok_studio_overview": overview(["March 1", "1", "1", "1", "1", "1"]),
    "tiktok_studio_viewers": quoted(VIEWERS_HEADER, []),
    "tiktok_studio_follower_history": quoted(FOLLOWER_HISTORY_HEADER, []),
    "tiktok_studio_follower_activity": quoted(FOLLOWER_ACTIVITY_HEADER, []),
    "tiktok_studio_follower_gender": quoted(FOLLOWER_GENDER_HEADER, []),
    "tiktok_studio_follower_territories": quoted(FOLLOWER_TERRITORIES_HEADER, []),
    "meta_business_suite_content": suite(suite_row()),
    "meta_business_suite_days": card("Reach", {"2024-02-01": "431"}),
    "meta_business_suite_audience": titled(CITIES),
    "instagram_data_download": insights(insight("2024-01-03 12:30:10")),
    "zeeschuimer_tiktok": ndjson(tiktok()),
    "zeeschuimer_instagram": ndjson(instagram()),
    "zeeschuimer_tiktok_comments": ndjson(comment(1)),
    "reading": sheet(),
}


@pytest.mark.parametrize("source", KINDS)
def test_a_kind_is_recognised_by_its_header_alone(inbox: Inbox, source: str) -> None:
    export = registry.recognise(head_of(inbox.member(KINDS[source], "any name")))
    assert export is not None
    assert export.source == source


@pytest.mark.parametrize("export", registry.EXPORTS, ids=lambda export: export.source)
def test_no_kind_takes_another_s_files(inbox: Inbox, export: Export) -> None:
    heads = {source: head_of(inbox.member(data, "any name")) for source, data in KINDS.items()}
    taken = [source for source, head in heads.items() if export.recognises(head)]
    assert taken == [source for source in KINDS if source == export.source]


def refusal(inbox: Inbox, data: bytes) -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, CONTEXT, "some/file.csv")
    assert "\n" not in str(caught.value)
    assert "some/file.csv" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (("Post ID", "Page ID", "Page name", "Title", "Permalink", "Reactions"), "facebook page export"),
        (("Page ID", "Page name", "Publish time", "Permalink"), "facebook page export"),
    ],
)
def test_a_known_kind_that_is_not_read_is_named(inbox: Inbox, header: tuple[str, ...], title: str) -> None:
    assert refusal(inbox, quoted(header, [])).startswith(f"{title}: ")


def test_unknown_columns_are_shown_beside_the_nearest_kind_s(inbox: Inbox) -> None:
    text = refusal(inbox, b"Video link,Titolo,Ora\nx,y,z\n")
    assert "columns Video link, Titolo, Ora; tiktok content has Time, Video title, Video link" in text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no table in it"),
        (b"%PDF-1.7\n1 0 obj\n", "no table in it"),
        (b"<!DOCTYPE html>\n<p>a, b</p>\n", "no table in it"),
        (b"Hi mum it is private\nbye\n", "no table in it"),
        (b'[{"a": 1}]', "no table in it"),
        (BOM, "empty file"),
        (b"\n\n", "empty file"),
    ],
)
def test_what_is_no_table_is_refused(inbox: Inbox, data: bytes, reason: str) -> None:
    text = refusal(inbox, data)
    assert text.startswith(reason)
    assert "mum" not in text


@pytest.mark.parametrize("name", ["WhatsApp Chat.txt", "letter", "mail.eml"])
def test_the_first_line_of_a_chat_is_never_shown(inbox: Inbox, name: str) -> None:
    with pytest.raises(BadExport, match="no table in it") as refused:
        inbox.read(b"12/03/2024, 10:00 - Mum: hello, you\n", name=name)
    assert "Mum" not in str(refused.value)


def test_hostile_names_of_columns_stay_on_one_line(inbox: Inbox) -> None:
    names = [f'col\n{n}\x1b[31m"; DROP TABLE' for n in range(40)]
    text = refusal(inbox, quoted(names, []))
    assert text.isprintable()
    assert len(text) < 1200


def test_apis_are_found_by_platform_the_one_of_a_token_in_env_first() -> None:
    assert [api.source for api in registry.apis("tiktok")] == ["tiktok_display_api", "tiktok_business_api"]
    assert registry.apis("instagram")[0].source == "instagram_login_api"
    assert registry.apis("youtube") == ()


def test_assignments_find_posts_by_their_links() -> None:
    assert registry.post_key("https://www.tiktok.com/@a/video/12345") == ("tiktok", "12345")
