from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from connectors.base import BadExport, Refusal
from models.schema import POST_METRICS
from tests.connectors.exports import (
    CONTEXT,
    SUITE_HEADER,
    Inbox,
    shortcode,
    suite,
    suite_row,
    utc,
)
from tests.connectors.meta import translated

MOMENT = "2024-01-03 12:30:10"
LATER = "2024-01-04 10:00:00"
PICTURE = ("IG image", "IG reel")
COLLAB = {"Account_username": "famous.friend", "Reach": "", "Follows": "", "Saves": "0"}


def test_a_post_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row()))
    same = {
        "load_id": None,
        "row_no": 1,
        "source": "meta_business_suite_content",
        "platform": "instagram",
        "account": "lavelle.sings",
        "post_id": shortcode(MOMENT),
        "observed_at": datetime(2024, 2, 6, 12),
        "observed_s": utc("2024-02-06 12:00:00"),
        "observed_precision": "day",
    }
    counted = {"views": 900, "reach": 700, "likes": 50, "shares": 4, "follows": 2, "comments": 6, "saves": 8}
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | counted]
    assert loaded.posts == [
        same
        | {
            "exporter": "lavelle.sings",
            "published_at": datetime(2024, 1, 3, 12, 30, 10),
            "published_s": utc(MOMENT),
            "published_basis": "id clock",
            "permalink": f"https://www.instagram.com/reel/{shortcode(MOMENT)}/",
            "caption": "Where to get help",
            "media_type": "reel",
            "duration_s": 31.0,
            "is_collab": False,
            "is_paid": None,
        }
    ]
    assert loaded.reading.account == "lavelle.sings"
    assert loaded.reading.chosen["date_order"] == "MM/DD/YYYY"
    assert loaded.reading.chosen["header_language"] == "en"
    assert loaded.reason_of("reposts") == "not in Meta Business Suite's file"


def test_columns_are_found_by_name_in_any_order(inbox: Inbox) -> None:
    moved = (*SUITE_HEADER[:12], "Likes", "Shares", "Comments", "Saves", "Reach", "Follows")
    kept = tuple(name for name in moved if name not in {"Data comment", "Date", "Saves"})
    first, second = (inbox.read(suite(suite_row(), header=header)) for header in (SUITE_HEADER, kept))
    assert second.metrics[0] | {"saves": 8} == first.metrics[0]
    assert second.reason_of("saves") == 'no column "Saves" in this file'


def test_a_spanish_file_reads_like_the_english_one(inbox: Inbox) -> None:
    loaded = inbox.read(translated("es", suite_row()))
    assert loaded.posts == inbox.read(suite(suite_row())).posts
    assert loaded.reading.chosen["header_language"] == "es"
    assert loaded.native_of("saves") == "Veces guardado"


def test_a_spanish_file_with_an_english_extra_keeps_its_own_views(inbox: Inbox) -> None:
    first, second = translated("es", suite_row()).decode().rstrip().split("\n")
    loaded = inbox.read(f"{first},Views\n{second},77\n".encode())
    assert (loaded.native_of("views"), loaded.metrics[0]["views"]) == ("Visualizaciones", 900)
    assert loaded.reading.notices == ('column "Views" is not known; kept out',)


@pytest.mark.parametrize("name", ["Impressions", "Plays"])
def test_older_words_for_views_keep_their_name(inbox: Inbox, name: str) -> None:
    header = tuple(name if column == "Views" else column for column in SUITE_HEADER)
    loaded = inbox.read(suite(suite_row() | {name: "31"}, header=header))
    assert (loaded.native_of("views"), loaded.metrics[0]["views"]) == (name, 31)


def test_captions_keep_line_ends_and_quotes(inbox: Inbox) -> None:
    text = 'First, "quoted"\n\nsecond line 🌷'
    loaded = inbox.read(suite(suite_row(Description=text), suite_row(LATER)))
    assert [post["caption"] for post in loaded.posts] == [text, "Where to get help"]


def test_thousands_may_have_commas(inbox: Inbox) -> None:
    assert inbox.read(suite(suite_row(Views="12,400"))).metrics[0]["views"] == 12400


def test_a_collab_of_the_exporter_is_kept_with_its_true_owner(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(), suite_row(LATER, **COLLAB)))
    collab = loaded.posts[1]
    assert (collab["account"], collab["exporter"], collab["is_collab"]) == (
        "famous.friend",
        "lavelle.sings",
        True,
    )
    assert [loaded.metrics[1][name] for name in ("reach", "follows", "saves", "likes")] == [
        None,
        None,
        None,
        50,
    ]
    assert loaded.refused == []
    assert loaded.reading.account == "lavelle.sings"
    assert loaded.native_of("saves") == "Saves"
    assert loaded.reason_of("saves") == "the 0 on posts of other accounts is no count: only the owner sees it"


def test_a_collab_alone_is_kept_when_the_exporter_is_told(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(**COLLAB)), replace(CONTEXT, account="amira.talks"))
    assert (loaded.posts[0]["account"], loaded.posts[0]["exporter"]) == ("famous.friend", "amira.talks")
    with pytest.raises(BadExport, match=r'add "instagram:@famous\.friend" to a creator'):
        inbox.read(suite(suite_row(**COLLAB)))


def test_two_accounts_of_the_campaign_keep_their_own_rows(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(), suite_row(LATER, Account_username="Amira.Talks")))
    assert [post["exporter"] for post in loaded.posts] == ["lavelle.sings", "amira.talks"]
    assert [post["is_collab"] for post in loaded.posts] == [False, False]
    assert loaded.reading.account is None


def test_rows_of_other_accounts_are_refused_and_named(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(), suite_row(LATER, Account_username="x.y")))
    assert loaded.refused == [Refusal(2, "@x.y is not an account of the campaign")]
    assert loaded.reading.notices == ("rows of accounts outside the campaign left out: @x.y (1)",)


def test_without_reach_and_follows_a_collab_cannot_be_told(inbox: Inbox) -> None:
    header = tuple(name for name in SUITE_HEADER if name not in {"Reach", "Follows"})
    assert inbox.read(suite(suite_row(), header=header)).posts[0]["is_collab"] is None


@pytest.mark.parametrize(
    ("word", "kind", "duration"),
    [("IG image", "image", None), ("IG carousel", "carousel", None), ("IG reel", "reel", 0.0)],
)
def test_the_zero_seconds_of_a_picture_are_no_duration(
    inbox: Inbox, word: str, kind: str, duration: float | None
) -> None:
    row = suite_row(**{"Post_type": word, "Duration (sec)": "0"})
    post = inbox.read(suite(row)).posts[0]
    assert (post["media_type"], post["duration_s"]) == (kind, duration)


def test_why_a_picture_has_no_duration_is_kept(inbox: Inbox) -> None:
    still, reel = (
        inbox.read(suite(suite_row(Post_type=word, **{"Duration (sec)": "0"}))) for word in PICTURE
    )
    assert still.reading.chosen["duration_s"] == "the 0 of pictures is no duration"
    assert "duration_s" not in reel.reading.chosen


def test_the_zero_saves_of_an_own_post_are_a_count(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(Saves="0")))
    assert (loaded.metrics[0]["saves"], loaded.reason_of("saves")) == (0, None)


def test_a_zero_of_saves_that_nobody_could_see_is_null_whoever_exported(inbox: Inbox) -> None:
    unseen = {"Reach": "", "Follows": "", "Saves": "0"}
    loaded = inbox.read(suite(suite_row(**unseen)))
    assert (loaded.metrics[0]["saves"], loaded.posts[0]["is_collab"]) == (None, None)


def test_an_unknown_post_type_is_named_and_the_link_asked(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(Post_type="Rouleau IG")))
    assert loaded.posts[0]["media_type"] == "reel"
    assert loaded.reading.notices == (
        "post types not known: Rouleau IG; add them under [media_types]"
        " in connectors/instagram/headers_en.toml",
    )


@pytest.mark.parametrize("moment", ["2024-03-09 20:00:00", "2024-03-12 20:00:00", "2023-11-05 10:30:00"])
def test_the_shown_time_is_pacific_with_daylight_saving(inbox: Inbox, moment: str) -> None:
    context = replace(CONTEXT, exported_on=datetime(2024, 3, 20).date())
    scheduled = suite_row(moment) | {
        "Permalink": f"https://www.instagram.com/p/{shortcode('2023-11-01 10:00:00')}/"
    }
    post = inbox.read(suite(scheduled), context).posts[0]
    assert (post["published_s"], post["published_basis"]) == (utc(moment), "source")


def test_a_day_above_12_tells_the_order_of_dates(inbox: Inbox) -> None:
    british = suite_row("2024-01-23 20:00:00", Publish_time="23/01/2024 12:00")
    early = suite_row("2024-01-04 20:00:00", Publish_time="04/01/2024 12:00")
    loaded = inbox.read(suite(early, british))
    assert loaded.reading.chosen["date_order"] == "DD/MM/YYYY"
    assert [post["published_basis"] for post in loaded.posts] == ["id clock", "id clock"]


@pytest.mark.parametrize(
    ("shown", "order"), [("04/01/2024 12:00", "DD/MM/YYYY"), ("01/04/2024 12:00", "MM/DD/YYYY")]
)
def test_else_the_shortcode_s_clock_tells_it(inbox: Inbox, shown: str, order: str) -> None:
    loaded = inbox.read(suite(suite_row("2024-01-04 20:00:00", Publish_time=shown)))
    assert loaded.reading.chosen["date_order"] == order
    assert loaded.posts[0]["published_basis"] == "id clock"


def test_two_orders_in_one_file_are_refused(inbox: Inbox) -> None:
    rows = [suite_row(Publish_time="23/01/2024 12:00"), suite_row(Publish_time="01/23/2024 12:00")]
    with pytest.raises(BadExport, match='days and months in two orders in "Publish time"'):
        inbox.read(suite(*rows))


@pytest.mark.parametrize("cell", ["soon", "45296", "01/02/0001 00:00", "01/02/9999 00:00"])
def test_a_time_that_is_none_refuses_its_row(inbox: Inbox, cell: str) -> None:
    loaded = inbox.read(suite(suite_row(), suite_row(LATER, Publish_time=cell)))
    assert loaded.refused == [Refusal(2, f'"Publish time" is not MM/DD/YYYY HH:MM: {cell}')]


def test_an_empty_time_leaves_the_shortcode_s_clock(inbox: Inbox) -> None:
    assert inbox.read(suite(suite_row(Publish_time=""))).posts[0]["published_s"] == utc(MOMENT)


def test_the_daily_variant_is_refused_with_the_cure(inbox: Inbox) -> None:
    with pytest.raises(
        BadExport, match=r'figures by day \("Date" is 01/03/2024\).*export the content again as Lifetime'
    ):
        inbox.read(suite(suite_row(Date="01/03/2024")))


@pytest.mark.parametrize("word", ["Lifetime", "Total", "global", ""])
def test_words_for_since_publication_are_known(inbox: Inbox, word: str) -> None:
    assert inbox.read(suite(suite_row(Date=word))).loaded == 1


def test_a_post_id_that_excel_cut_refuses_the_file(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r'row 2, column "Post ID": 1\.80438E\+16 is an id that Excel cut'):
        inbox.read(suite(suite_row(), suite_row(LATER, Post_ID="1.80438E+16")))


def test_a_story_has_no_shortcode_and_is_refused(inbox: Inbox) -> None:
    story = suite_row(LATER, Permalink="https://www.instagram.com/stories/lavelle/3141592653589793238")
    loaded = inbox.read(suite(suite_row(), story))
    assert loaded.refused == [Refusal(2, "a story: posts and reels alone are read")]


def test_a_row_without_a_link_is_refused(inbox: Inbox) -> None:
    loaded = inbox.read(suite(suite_row(), suite_row(LATER, Permalink="")))
    assert loaded.refused == [Refusal(2, 'no link to an instagram post in "Permalink"')]


def test_a_header_alone_is_a_load_of_no_posts(inbox: Inbox) -> None:
    assert inbox.read(suite()).batches == []
