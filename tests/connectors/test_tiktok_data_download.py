"""TikTok's "Download your data" in its three layouts: kept out, or its list of posts and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from connectors import intake
from connectors.base import BadExport, Refusal
from tests.connectors.exports import CONTEXT, Inbox, Loaded, content, content_row, stored_zip, utc

CANARY = "a private word"
EXPORTED = date(2024, 3, 2)
ALLOWED = replace(CONTEXT, account="lavelle.sings", exported_on=EXPORTED, read_archives=True)

Post = Mapping[str, str]


def post(when: str = "2024-01-03 12:30:00", **cells: str) -> Post:
    return {
        "Date": when,
        "Link": "https://example.org/media/1?signature=abc",
        "Likes": "120",
        "WhoCanView": "Everyone",
        "AllowComments": "Yes",
        "ContentDisclosure": "",
        "Title": "N/A",
    } | cells


WATCHED = {"VideoList": [{"Date": "2024-01-01 08:00:00", "Link": f"https://example.org/{CANARY}"}]}
MESSAGES = {"ChatHistory": {f"Chat History with {CANARY}:": [{"Content": f'"VideoList": [{{ {CANARY}'}]}}


def layout_2024(posts: object) -> object:
    return {
        "Activity": {"Video Browsing History": WATCHED, "Like List": {"ItemFavoriteList": None}},
        "Direct Messages": MESSAGES,
        "Video": {"Videos": {"VideoList": posts}, "RecentlyDeletedPosts": {"PostList": [post(Title=CANARY)]}},
    }


def layout_2025(posts: object) -> object:
    return {
        "Profile": {"Profile Info": {"ProfileMap": {"userName": CANARY, "likesReceived": "None"}}},
        "Post": {
            "Recently Deleted Posts": {"PostList": None, "VideoList": [post(Title=CANARY)]},
            "Posts": {"VideoList": posts},
        },
        "Your Activity": {"Watch History": WATCHED, "Follower": {"FansList": []}},
    }


def layout_2026(posts: object) -> object:
    return {
        "Likes and Favorites": {"Like List": {"App": 1, "ItemFavoriteList": [{"date": CANARY}]}},
        "Watch History": WATCHED,
        "post": {"posts": {"App": 1, "videolist": posts}},
        "Direct Message": MESSAGES,
    }


LAYOUTS = [layout_2024, layout_2025, layout_2026]


def packed(content: object, name: str = "user_data_tiktok.json") -> bytes:
    others = {"Posts.txt": CANARY.encode(), "media/photo.jpg": CANARY.encode()}
    return stored_zip(
        {name: json.dumps(content, ensure_ascii=False).encode(), **others}, (2024, 3, 2, 9, 0, 0)
    )


def read(inbox: Inbox, content: object, name: str = "user_data_tiktok.json") -> Loaded:
    return inbox.read(json.dumps(content).encode(), ALLOWED, name)


def stored(loaded: Loaded) -> str:
    return repr([batch.tables for batch in loaded.batches]) + repr(loaded.reading) + repr(loaded.posts)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_its_posts_and_no_other_word(inbox: Inbox, layout: object) -> None:
    assert callable(layout)
    loaded = read(inbox, layout([post(), post("2023-12-24 18:00:00", Likes="7")]))
    assert [(row["post_id"], row["likes"], row["views"]) for row in loaded.metrics] == [
        (f"archive:{utc('2024-01-03 12:30:00')}", 120, None),
        (f"archive:{utc('2023-12-24 18:00:00')}", 7, None),
    ]
    first = loaded.posts[0]
    assert (first["published_s"], first["published_basis"]) == (utc("2024-01-03 12:30:00"), "source")
    assert (first["source"], first["account"]) == ("tiktok_data_download", "lavelle.sings")
    assert (first["permalink"], first["caption"]) == (None, None)
    assert (loaded.native_of("likes"), loaded.reason_of("views")) == ("Likes", "not in the archive")
    assert CANARY not in stored(loaded)
    assert "signature" not in stored(loaded)


def test_of_the_zip_nothing_but_the_list_is_a_member(inbox: Inbox) -> None:
    data = packed(layout_2026([post()]))
    path = inbox.put(data, "TikTok_Data.zip")
    members = list(intake.open_members(path, "TikTok_Data.zip", read_archives=True))
    assert [member.name for member in members] == ["TikTok_Data.zip!user_data_tiktok.json"]
    with pytest.raises(
        BadExport, match=r"private archive \(tiktok data download\): TikTok_Data\.zip: delete it"
    ):
        list(intake.open_members(path, "TikTok_Data.zip"))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "user_data_tiktok.json",
            "x/user_data.json",
            "user_data_tiktok (1).json",
            "TikTok/Watch History.txt",
        ),
        *("TikTok/Activity/Like List.txt", "Posts.txt", "Direct Messages.txt", "Login History.txt"),
    ],
)
def test_without_permission_every_part_is_refused_with_what_to_ask_for(inbox: Inbox, name: str) -> None:
    with pytest.raises(BadExport) as caught:
        inbox.read(b"Date: 2024-01-01\nLink: x\n", name=name)
    assert str(caught.value) == (
        f"private archive (tiktok data download): {name}: delete it,"
        " ask for Analytics > Download in TikTok Studio instead"
    )


@pytest.mark.parametrize("layout", LAYOUTS[:2])
def test_another_name_hides_no_archive(inbox: Inbox, layout: object) -> None:
    assert callable(layout)
    data = json.dumps(layout([post()]), indent=1).encode()
    with pytest.raises(BadExport, match="private archive"):
        inbox.read(data, replace(ALLOWED, read_archives=False), "mine.json")
    assert inbox.read(data, ALLOWED, "mine.json").loaded == 1


def test_the_text_variant_is_not_read_even_with_permission(inbox: Inbox) -> None:
    data = stored_zip({"TikTok/Posts.txt": b"Date: 2024-01-01\nLink: x\n", "TikTok/Watch History.txt": b""})
    path = inbox.put(data, "a.zip")
    with pytest.raises(BadExport, match="without a list of posts as json"):
        list(intake.open_members(path, "a.zip", read_archives=True))


def test_posts_that_not_everyone_can_see_are_left_out_with_the_reason(inbox: Inbox) -> None:
    posts = [
        post(WhoCanView="Only You"),
        post("2024-01-04 10:00:00"),
        post("2024-01-05 10:00:00", WhoCanView=""),
    ]
    loaded = read(inbox, layout_2026(posts))
    assert loaded.loaded == 1
    assert loaded.refused == [Refusal(1, "not everyone can see it"), Refusal(3, "not everyone can see it")]


@pytest.mark.parametrize(
    ("cells", "is_paid"),
    [
        ({"ContentDisclosure": "Branded Content"}, True),
        ({"ContentDisclosure": "Your Brand"}, False),
        ({"ContentDisclosure": ""}, False),
    ],
)
def test_a_paid_partnership_is_known_by_its_label(inbox: Inbox, cells: dict[str, str], is_paid: bool) -> None:
    assert read(inbox, layout_2025([post(**cells)])).posts[0]["is_paid"] is is_paid


def test_without_a_label_nobody_knows(inbox: Inbox) -> None:
    bare = {"Date": "2024-01-03 12:30:00", "Link": "x", "Likes": "N/A"}
    loaded = read(inbox, layout_2024([bare]))
    assert (loaded.posts[0]["is_paid"], loaded.metrics[0]["likes"]) == (None, None)


def test_a_title_is_the_caption_on_one_line(inbox: Inbox) -> None:
    assert read(inbox, layout_2025([post(Title="Where to get help\n#findhelp")])).posts[0]["caption"] == (
        "Where to get help #findhelp"
    )


@pytest.mark.parametrize(
    ("when", "reason"),
    [
        ("03/01/2024", '"Date" is no time'),
        ("2024-13-01 00:00:00", '"Date" is no time'),
        ("2015-12-31 00:00:00", "its date cannot be"),
        ("2031-01-01 00:00:00", "its date cannot be"),
        ("2024-01-01 10:00:00", "two posts at the same second"),
    ],
)
def test_a_post_without_a_usable_time_is_refused_with_its_row(inbox: Inbox, when: str, reason: str) -> None:
    loaded = read(inbox, layout_2025([post("2024-01-01 10:00:00"), post(when)]))
    assert (loaded.loaded, loaded.refused) == (1, [Refusal(2, reason)])


@pytest.mark.parametrize("posts", [[], None])
def test_a_list_of_nothing_is_an_empty_load(inbox: Inbox, posts: object) -> None:
    loaded = inbox.read(
        json.dumps(layout_2025(posts)).encode(), replace(ALLOWED, exported_on=None), "user_data_tiktok.json"
    )
    assert loaded.batches == []


def test_a_layout_without_the_list_is_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"no list of posts \(VideoList\) in it"):
        read(inbox, {"Your Activity": {"Watch History": WATCHED}, "Post": {"Posts": {"List": []}}})


def test_a_download_that_was_cut_off_is_refused(inbox: Inbox) -> None:
    data = json.dumps(
        layout_2025([post(f"2024-01-01 10:{n // 60:02}:{n % 60:02}") for n in range(1200)])
    ).encode()
    with pytest.raises(BadExport, match=r"damaged json \(it ends too early\)"):
        inbox.read(data[:-5], ALLOWED, "user_data_tiktok.json")


def test_a_post_with_a_key_twice_is_refused(inbox: Inbox) -> None:
    data = json.dumps(layout_2025([post()])).replace('"Likes": "120"', '"Likes": "120", "Likes": "9"')
    with pytest.raises(BadExport, match=r"damaged json \(a key occurs twice\)"):
        inbox.read(data.encode(), ALLOWED, "user_data_tiktok.json")


def test_thousands_of_posts_come_in_batches_with_their_numbers(inbox: Inbox) -> None:
    posts = [post(f"2024-01-{1 + n // 1000:02} 10:{n % 1000 // 60:02}:{n % 60:02}") for n in range(2500)]
    loaded = read(inbox, layout_2026(posts))
    assert [batch.rows for batch in loaded.batches] == [1000, 1000, 500]
    assert [row["row_no"] for row in loaded.metrics] == list(range(1, 2501))


def test_an_account_must_be_said(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="account not known"):
        inbox.read(
            json.dumps(layout_2025([post()])).encode(), replace(ALLOWED, account=None), "user_data.json"
        )


def test_the_time_of_the_member_is_the_day_of_export(inbox: Inbox) -> None:
    untold = replace(ALLOWED, exported_on=None)
    assert inbox.read(packed(layout_2025([post()])), untold, "a.zip").reading.exported_on == EXPORTED


@pytest.mark.parametrize(
    ("name", "data", "is_private"),
    [
        ("TikTok_Data.zip", packed(layout_2025([post()])), True),
        ("user_data.json", b"", True),
        ("mine.json", json.dumps(layout_2025([post()])).encode(), True),
        ("Content.csv", content(content_row()), False),
        ("Content.zip", stored_zip({"Content.csv": content(content_row())}), False),
        ("broken.zip", packed(layout_2025([post()]))[:90], False),
        ("empty.zip", b"", False),
    ],
)
def test_an_archive_is_told_from_an_export_without_reading_it(
    inbox: Inbox, name: str, data: bytes, is_private: bool
) -> None:
    assert intake.is_private_archive(inbox.put(data, name), name) is is_private


def test_a_file_that_is_gone_is_no_archive(inbox: Inbox) -> None:
    assert not intake.is_private_archive(inbox.folder / "gone.zip", "gone.zip")
