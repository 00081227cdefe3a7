from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import BadExport, Refusal
from connectors.tiktok import content as kind
from models.schema import POST_METRICS, POST_OBSERVATIONS, POSTS_SEEN
from tests.connectors.exports import (
    BOM,
    CONTENT_HEADER,
    CONTEXT,
    EXPORTED,
    LONDON,
    Inbox,
    content,
    content_row,
    quoted,
    stored_zip,
    tiktok_id,
    utc,
)

MOMENT = "2024-01-03 12:30:00"


def link(moment: str = MOMENT, handle: str = "lavelle.sings", kind_of_post: str = "video") -> str:
    return f"https://www.tiktok.com/@{handle}/{kind_of_post}/{tiktok_id(moment)}"


def test_a_post_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(Video_link=link() + "?lang=en")))
    noon = utc("2024-02-06 12:00:00")
    same = {
        "load_id": None,
        "row_no": 1,
        "source": "tiktok_studio_content",
        "platform": "tiktok",
        "account": "lavelle.sings",
        "post_id": tiktok_id(MOMENT),
        "observed_at": datetime(2024, 2, 6, 12),
        "observed_s": noon,
        "observed_precision": "day",
    }
    counted = {"views": 4510, "likes": 120, "comments": 7, "shares": 3}
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | counted]
    assert loaded.posts == [
        same
        | {
            "exporter": "lavelle.sings",
            "published_at": datetime(2024, 1, 3, 12, 30),
            "published_s": utc(MOMENT),
            "published_basis": "id clock",
            "permalink": link(),
            "caption": "Where to get help #findhelpearly",
            "media_type": "video",
            "duration_s": None,
            "is_collab": None,
            "is_paid": None,
        }
    ]


def test_the_reading_says_what_was_decided(inbox: Inbox) -> None:
    reading = inbox.read(content(content_row())).reading
    assert (reading.source, reading.platform, reading.account) == (kind.source, "tiktok", "lavelle.sings")
    assert reading.exported_on == EXPORTED
    assert reading.chosen == {
        "encoding": "utf-8-sig",
        "delimiter": "comma",
        "locale": "en",
        "exported_on": "2024-02-06",
        "exported_on_basis": "--exported-on",
        "timezone": "Europe/London",
    }
    assert reading.notices == ()


def test_tables_have_exactly_the_canonical_columns(inbox: Inbox) -> None:
    (batch,) = inbox.read(content(content_row())).batches
    assert batch.tables["post_observations"].schema == POST_OBSERVATIONS
    assert batch.tables["posts_seen"].schema == POSTS_SEEN


def test_every_metric_has_a_name_or_a_reason(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row()))
    assert [note.metric for note in loaded.reading.metrics] == list(POST_METRICS)
    assert loaded.native_of("views") == "Total views"
    assert loaded.reason_of("views") is None
    assert loaded.reason_of("saves") == "not in TikTok's file"


def test_a_missing_column_is_null_with_its_reason_and_a_new_one_is_named(inbox: Inbox) -> None:
    header = ("Time", "Video link", "POST  TIME", " total Views ", "Add to favorites")
    row = ("February 6", link(), "January 3", "5", "9")
    loaded = inbox.read(quoted(header, [row]))
    assert [loaded.metrics[0][name] for name in ("views", "likes", "saves")] == [5, None, None]
    assert loaded.reason_of("likes") == 'no column "Total likes" in this file'
    assert loaded.posts[0]["caption"] is None
    assert loaded.reading.notices == ('column "Add to favorites" is not known; kept out',)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("undefined", None), ("", None), ("12,400", 12400), ("1 234 567", 1234567), (" 7 ", 7), ("-3", -3)],
)
def test_missing_is_never_zero_and_thousands_may_be_separated(
    inbox: Inbox, cell: str, value: int | None
) -> None:
    loaded = inbox.read(content(content_row(Total_comments=cell), content_row("2024-01-04 10:00:00")))
    assert [row["comments"] for row in loaded.metrics] == [value, 7]


@pytest.mark.parametrize("cell", ["1.2K", "1.234", "0x1F", "12,40", "seven", "9" * 30, "1e3", "٣"])
def test_a_cell_that_is_no_number_refuses_its_row(inbox: Inbox, cell: str) -> None:
    loaded = inbox.read(content(content_row(), content_row("2024-01-04 10:00:00", Total_likes=cell)))
    assert loaded.loaded == 1
    (refusal,) = loaded.refused
    assert refusal.row == 2
    assert refusal.reason.startswith(f'"Total likes" is not a whole number: {cell[:19]}')


def test_a_row_with_a_missing_cell_is_refused_by_its_number(inbox: Inbox) -> None:
    rows = [content_row(), content_row()[:-1], content_row("2024-01-05 10:00:00")]
    loaded = inbox.read(content(*rows))
    assert [row["row_no"] for row in loaded.posts] == [1, 3]
    assert loaded.refused == [Refusal(2, "7 cells, not 8")]


def test_a_row_without_a_link_is_refused(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(), content_row(Video_link="https://example.org/x"), [""] * 8))
    assert [(refusal.row, refusal.reason) for refusal in loaded.refused] == [
        (2, 'no link to a tiktok post in "Video link"'),
        (3, 'no link to a tiktok post in "Video link"'),
    ]


@pytest.mark.parametrize("post_id", ["12345", "9" * 19, "9" * 25, tiktok_id("2024-10-20 00:00:00")])
def test_an_id_from_an_impossible_time_is_refused(inbox: Inbox, post_id: str) -> None:
    bad = content_row(Video_link=f"https://www.tiktok.com/@lavelle.sings/video/{post_id}")
    loaded = inbox.read(content(content_row(), bad))
    assert [refusal.row for refusal in loaded.refused] == [2]


@pytest.mark.parametrize("cell", ["7.31E+18", "7,31E+18", "########"])
def test_an_id_that_excel_cut_refuses_the_file(inbox: Inbox, cell: str) -> None:
    with pytest.raises(BadExport, match=r'row 2, column "Video link".* do not open it in Excel'):
        inbox.read(content(content_row(), content_row(Video_link=cell)))


def test_captions_come_on_one_line(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(Video_title='He said "hi"\r\nand, well\n\nleft')))
    assert loaded.posts[0]["caption"] == 'He said "hi" and, well left'


def test_photo_posts_say_so(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(Video_link=link(kind_of_post="photo"))))
    assert (loaded.posts[0]["media_type"], loaded.posts[0]["permalink"]) == (
        "photo",
        link(kind_of_post="photo"),
    )


def test_a_post_just_after_midnight_in_summer_keeps_its_id_clock(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row("2023-09-09 23:30:00", Post_time="September 10")))
    assert (loaded.posts[0]["published_s"], loaded.posts[0]["published_basis"]) == (
        utc("2023-09-09 23:30:00"),
        "id clock",
    )


def test_a_scheduled_post_is_published_at_noon_of_the_shown_date(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row("2023-12-30 09:00:00", Post_time="January 3")))
    assert loaded.posts[0]["published_at"] == datetime(2024, 1, 3, 12)
    assert loaded.posts[0]["published_basis"] == "shown date"


def test_an_empty_post_time_leaves_the_id_clock(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(Post_time="")))
    assert (loaded.posts[0]["published_s"], loaded.posts[0]["published_basis"]) == (utc(MOMENT), "id clock")


def test_days_are_read_in_the_language_of_the_phone(inbox: Inbox) -> None:
    loaded = inbox.read(content(content_row(Time="6 février", Post_time="3 janvier")))
    assert loaded.reading.chosen["locale"] == "fr"
    assert loaded.posts[0]["published_basis"] == "id clock"


def test_days_that_excel_rewrote_refuse_the_file(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r'day "03-Jan" in column "Post time" is in no known language'):
        inbox.read(content(content_row(Post_time="03-Jan")))


def test_several_handles_keep_their_own_account(inbox: Inbox) -> None:
    rows = [content_row(), content_row("2024-01-04 10:00:00")]
    rows[1][2] = link("2024-01-04 10:00:00", "Coach.Kofi")
    loaded = inbox.read(content(*rows))
    assert [row["account"] for row in loaded.posts] == ["lavelle.sings", "coach.kofi"]
    assert loaded.reading.account is None


def test_rows_of_others_are_refused_counted_and_named(inbox: Inbox) -> None:
    rows = [content_row(), *(content_row(Video_link=link(handle="x.y")) for _ in range(2))]
    loaded = inbox.read(content(*rows))
    assert loaded.loaded == 1
    assert {refusal.reason for refusal in loaded.refused} == {"@x.y is not an account of the campaign"}
    assert loaded.reading.notices == ("rows of accounts outside the campaign left out: @x.y (2)",)


def test_a_file_of_others_is_refused_with_the_line_to_add(inbox: Inbox) -> None:
    data = content(content_row(Video_link=link(handle="x.y")))
    line = r'no campaign account: @x\.y; add "tiktok:@x\.y" to a creator in the campaign file: Content\.csv'
    with pytest.raises(BadExport, match=line):
        inbox.read(data, replace(CONTEXT, exported_on=None, today=None))


def test_a_large_file_of_others_is_refused_at_its_end(inbox: Inbox) -> None:
    rows = [content_row(Video_link=link(handle="x.y"), Video_title="x" * 900)] * 6000
    with pytest.raises(BadExport, match="no campaign account"):
        inbox.read(content(*rows))


def test_the_one_row_of_ours_may_come_late_in_a_large_file(inbox: Inbox) -> None:
    rows = [content_row(Video_link=link(handle="x.y"), Video_title="x" * 900)] * 6000
    loaded = inbox.read(content(*rows, content_row()))
    assert (loaded.loaded, len(loaded.refused), loaded.posts[0]["row_no"]) == (1, 6000, 6001)


def test_a_folder_of_another_account_is_worth_a_notice(inbox: Inbox) -> None:
    reading = inbox.read(content(content_row()), replace(CONTEXT, account="coach.kofi")).reading
    assert reading.account == "lavelle.sings"
    assert "says @coach.kofi, the links say @lavelle.sings" in reading.notices[0]


def test_a_header_alone_is_a_load_of_no_posts(inbox: Inbox) -> None:
    loaded = inbox.read(quoted(CONTENT_HEADER, []))
    assert (loaded.batches, loaded.reading.exported_on) == ([], EXPORTED)
    loaded = inbox.read(quoted(CONTENT_HEADER, []), replace(CONTEXT, exported_on=None))
    assert loaded.reading.exported_on is None


def test_a_file_of_ragged_rows_alone_is_a_load_of_refusals(inbox: Inbox) -> None:
    loaded = inbox.read(quoted(CONTENT_HEADER, [["x"]]))
    assert (loaded.loaded, loaded.refused) == (0, [Refusal(1, "1 cells, not 8")])


def test_two_exports_pasted_together_are_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="several days of export"):
        inbox.read(content(content_row(), content_row(Time="February 7")))


def test_a_column_that_is_there_twice_is_refused(inbox: Inbox) -> None:
    data = quoted((*CONTENT_HEADER, "total VIEWS"), [[*content_row(), "9"]])
    with pytest.raises(BadExport, match='column "total VIEWS" is there twice'):
        inbox.read(data)


def test_a_file_resaved_by_excel_with_semicolons_is_read_and_told(inbox: Inbox) -> None:
    lines = [";".join(CONTENT_HEADER), ";".join(content_row(Video_title="café"))]
    loaded = inbox.read("\r\n".join(lines).encode("cp1252"))
    assert loaded.posts[0]["caption"] == "café"
    assert loaded.reading.chosen["encoding"] == "cp1252"
    assert loaded.reading.notices == ("not UTF-8: read as Windows-1252; check the accents",)


def test_the_zip_of_tiktok_reads_like_the_file_in_it(inbox: Inbox) -> None:
    plain = inbox.read(content(content_row()))
    packed = inbox.read(stored_zip({"Content.csv": content(content_row())}), name="Content_lavelle.sings.zip")
    assert packed.metrics == plain.metrics


def test_a_newer_post_in_a_later_batch_contradicts_the_day_of_export(inbox: Inbox) -> None:
    rows = [content_row(Video_title="x" * 900)] * 6000
    newer = content_row("2024-03-03 10:00:00")
    with pytest.raises(BadExport, match="is before the newest day in it"):
        inbox.read(content(*rows, newer))


@given(st.datetimes(datetime(2023, 9, 1), datetime(2024, 2, 4)), st.integers(-3, 3))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_publication_is_the_id_clock_or_noon_of_the_shown_date(
    inbox: Inbox, moment: datetime, apart: int
) -> None:
    made = moment.replace(microsecond=0, tzinfo=UTC)
    shown = (made.astimezone(LONDON) + timedelta(apart)).date()
    row = content_row(f"{made:%Y-%m-%d %H:%M:%S}", Post_time=f"{shown:%B} {shown.day}")
    (post,) = inbox.read(content(row)).posts
    noon = datetime.combine(shown, time(12), LONDON)
    expected = (noon, "shown date") if apart else (made, "id clock")
    assert (post["published_s"], post["published_basis"]) == (int(expected[0].timestamp()), expected[1])


def test_a_byte_order_mark_is_no_part_of_the_first_name(inbox: Inbox) -> None:
    assert inbox.read(BOM + content(content_row()).removeprefix(BOM)).loaded == 1
