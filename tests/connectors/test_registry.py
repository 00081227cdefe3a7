from __future__ import annotations

import pytest

from connectors import registry
from connectors.base import BadExport, Export
from tests.connectors.exports import (
    BOM,
    CONTEXT,
    Inbox,
    content,
    content_row,
    overview,
    quoted,
    suite,
    suite_row,
)

KINDS = {
    "tiktok_studio_content": content(content_row()),
    "tiktok_studio_overview": overview(["March 1", "1", "1", "1", "1", "1"]),
    "meta_business_suite_content": suite(suite_row()),
}


@pytest.mark.parametrize("source", KINDS)
def test_a_kind_is_recognised_by_its_header_alone(source: str) -> None:
    export = registry.recognise(KINDS[source])
    assert export is not None
    assert export.source == source


@pytest.mark.parametrize("export", registry.EXPORTS, ids=lambda export: export.source)
def test_no_kind_takes_another_s_files(export: Export) -> None:
    assert [source for source, data in KINDS.items() if export.recognises(data)] == [export.source]


def refusal(inbox: Inbox, data: bytes) -> str:
    with pytest.raises(BadExport) as caught:
        inbox.read(data, CONTEXT, "some/file.csv")
    assert "\n" not in str(caught.value)
    assert "some/file.csv" in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("header", "title"),
    [
        (("Date", "Total Viewers", "New Viewers", "Returning Viewers"), "tiktok viewers by day"),
        (("Date", "Followers", "Difference in followers from previous day"), "tiktok followers by day"),
        (("Date", "Hour", "Active followers"), "tiktok follower activity"),
        (("Gender", "Distribution"), "tiktok followers by gender"),
        (("Top territories", "Distribution"), "tiktok followers by territory"),
        (("Post ID", "Page ID", "Page name", "Title", "Permalink", "Reactions"), "facebook page export"),
        (("Page ID", "Page name", "Publish time", "Permalink"), "facebook page export"),
    ],
)
def test_a_known_kind_that_is_not_read_is_named(inbox: Inbox, header: tuple[str, ...], title: str) -> None:
    assert refusal(inbox, quoted(header, [])).startswith(f"{title}: ")


def test_meta_s_daily_figures_are_named(inbox: Inbox) -> None:
    daily = 'sep=,\n"Reach"\n"Date","Primary"\n"2026-03-08T00:00:00","431"\n\n'.encode("utf-16")
    assert refusal(inbox, daily).startswith("daily figures of one metric (meta): ")


def test_unknown_columns_are_shown_beside_the_nearest_kind_s(inbox: Inbox) -> None:
    text = refusal(inbox, b"Video link,Titolo,Ora\nx,y,z\n")
    assert "columns Video link, Titolo, Ora; tiktok content has Time, Video title, Video link" in text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not a text file"),
        (BOM, "empty file"),
        (b"\n\n", "empty file"),
    ],
)
def test_what_is_no_table_is_refused(inbox: Inbox, data: bytes, reason: str) -> None:
    assert refusal(inbox, data).startswith(reason)


def test_hostile_names_of_columns_stay_on_one_line(inbox: Inbox) -> None:
    names = [f'col\n{n}\x1b[31m"; DROP TABLE' for n in range(40)]
    text = refusal(inbox, quoted(names, []))
    assert text.isprintable()
    assert len(text) < 1200


def test_apis_are_found_by_platform_and_name() -> None:
    api = registry.api_of("tiktok")
    assert api is not None
    assert type(registry.api_of("tiktok", api.source)) is type(api)
    assert registry.api_of("tiktok", "other") is None
    assert registry.api_of("instagram") is None


def test_assignments_find_posts_by_their_links() -> None:
    assert registry.post_key("https://www.tiktok.com/@a/video/12345") == ("tiktok", "12345")
