from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import ids
from tests.connectors.exports import shortcode, tiktok_id, utc

MOMENT = "2024-01-03 12:30:00"
TIKTOK = f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id(MOMENT)}"
REEL = f"https://www.instagram.com/reel/{shortcode(MOMENT)}/"


def test_a_tiktok_id_tells_when_it_was_made() -> None:
    assert ids.tiktok_epoch_s(tiktok_id(MOMENT)) == utc(MOMENT)


def test_a_shortcode_tells_when_it_was_made() -> None:
    assert ids.instagram_epoch_s(shortcode(MOMENT)) == utc(MOMENT)


def test_the_key_in_a_private_post_s_code_does_not_count() -> None:
    assert ids.instagram_epoch_s(shortcode(MOMENT) + "Zr9-_secretkey") == utc(MOMENT)


@pytest.mark.parametrize("text", ["", "1234", "7.31E+18", "١٢٣٤٥٦٧", "1" * 26])
def test_what_is_no_tiktok_id_has_no_time(text: str) -> None:
    with pytest.raises(ValueError, match="not a tiktok post id"):
        ids.tiktok_epoch_s(text)


def test_what_is_no_shortcode_has_no_time() -> None:
    with pytest.raises(ValueError, match="not an instagram shortcode"):
        ids.instagram_epoch_s("no code!")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (TIKTOK, ("tiktok", tiktok_id(MOMENT))),
        (TIKTOK.replace("video", "photo") + "?lang=en", ("tiktok", tiktok_id(MOMENT))),
        ("tiktok.com/@a_b.c/video/12345/", ("tiktok", "12345")),
        ("HTTPS://M.TikTok.com/@A/Video/12345678901#x", ("tiktok", "12345678901")),
        (REEL, ("instagram", shortcode(MOMENT))),
        (REEL.replace("/reel/", "/reels/"), ("instagram", shortcode(MOMENT))),
        (REEL.replace("/reel/", "/tv/"), ("instagram", shortcode(MOMENT))),
        (REEL.replace("/reel/", "/lavelle/p/") + "?igsh=1", ("instagram", shortcode(MOMENT))),
        (f"https://instagram.com/p/{shortcode(MOMENT)}XYZ123", ("instagram", shortcode(MOMENT))),
        ("https://www.tiktok.com/@lavelle.sings", None),
        ("https://vm.tiktok.com/ZMabcdef/", None),
        ("https://example.org/@a/video/12345", None),
        ("https://www.instagram.com/stories/lavelle/3141592653589793238/", None),
        ("", None),
    ],
)
def test_a_permalink_gives_platform_and_post(url: str, key: tuple[str, str] | None) -> None:
    assert ids.post_key(url) == key


tiktok_ids = st.integers(min_value=utc("2016-01-01 00:00:00") << 32, max_value=2**63 - 1).map(str)
codes = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", min_size=11, max_size=11)
tiktok_urls = st.one_of(
    tiktok_ids.map("https://www.tiktok.com/@a.b/video/{}".format),
    st.from_regex(r"\Ahttps://www\.tiktok\.com/@[a-z.]{0,4}/(video|photo)/[0-9]{3,26}(/|\?x=1)?\Z"),
    st.text(max_size=40),
)
instagram_urls = st.one_of(
    codes.map("https://www.instagram.com/reel/{}/".format),
    st.from_regex(r"\Ahttps://www\.instagram\.com/(p|reel|tv)/[A-Za-z0-9_-]{3,14}(/|\?x=1)?\Z"),
    st.text(max_size=40),
)


@given(st.lists(tiktok_urls, max_size=8), st.sampled_from([1, 30]))
def test_a_column_of_tiktok_links_reads_like_each_of_them(urls: list[str], copies: int) -> None:
    urls = urls * copies  # few links are read one by one, many by what they share
    links = ids.tiktok_links(pa.array(urls, pa.string()))
    assert_same(links, [link if link and link.platform == "tiktok" else None for link in parsed(urls)])


@given(st.lists(instagram_urls, max_size=8), st.sampled_from([1, 30]))
def test_a_column_of_instagram_links_reads_like_each_of_them(urls: list[str], copies: int) -> None:
    urls = urls * copies  # few links are read one by one, many by what they share
    links = ids.instagram_links(pa.array(urls, pa.string()))
    assert_same(links, [link if link and link.platform == "instagram" else None for link in parsed(urls)])


@given(tiktok_ids)
def test_the_canonical_tiktok_link_leads_back(post_id: str) -> None:
    assert ids.post_key(ids.tiktok_permalink("coach.kofi", "photo", post_id)) == ("tiktok", post_id)


@given(codes)
def test_the_canonical_instagram_link_leads_back(code: str) -> None:
    assert ids.post_key(ids.instagram_permalink("p", code)) == ("instagram", code)


def test_canonical_links_of_a_column_have_no_query() -> None:
    links = ids.tiktok_links(pa.array([TIKTOK + "?lang=en", TIKTOK]))
    assert ids.tiktok_permalinks(links).to_pylist() == [TIKTOK, TIKTOK]
    links = ids.instagram_links(pa.array([REEL + "?igsh=1", REEL.replace("/reel/", "/tv/")]))
    assert ids.instagram_permalinks(links).to_pylist() == [REEL, REEL.replace("/reel/", "/p/")]


def parsed(urls: list[str]) -> list[ids.Link | None]:
    return [ids.parse_link(url) for url in urls]


def assert_same(links: ids.Links, expected: list[ids.Link | None]) -> None:
    clock = {"tiktok": ids.tiktok_epoch_s, "instagram": ids.instagram_epoch_s}
    assert links.post_id.to_pylist() == [link and link.post_id for link in expected]
    assert links.handle.to_pylist() == [link and link.handle for link in expected]
    assert links.kind.to_pylist() == [link and link.kind for link in expected]
    assert links.epoch_s.to_pylist() == [link and clock[link.platform](link.post_id) for link in expected]
