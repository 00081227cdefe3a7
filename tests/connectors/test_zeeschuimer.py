from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors import registry
from connectors.base import BadExport, Context
from connectors.tabular import head_of
from connectors.zeeschuimer import instagram as instagram_kind
from connectors.zeeschuimer import tiktok as tiktok_kind
from connectors.zeeschuimer.capture import ENVELOPE
from connectors.zeeschuimer.fields import Field, Fields
from connectors.zeeschuimer.lines import read_lines
from connectors.zeeschuimer.patient import one_by_one
from connectors.zeeschuimer.quick import Quick, column_of
from models.schema import POST_METRICS, POST_OBSERVATIONS, POSTS_SEEN
from tests.connectors.captures import (
    SEEN,
    comment,
    instagram,
    instagram_graph,
    instagram_partial,
    item,
    ndjson,
    tiktok,
)
from tests.connectors.exports import (
    BOM,
    CONTEXT,
    Inbox,
    Loaded,
    content,
    content_row,
    shortcode,
    tiktok_id,
    utc,
)

MOMENT = "2024-01-03 12:30:00"
CAPTURED = replace(CONTEXT, exported_on=None)
MANY = settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(inbox: Inbox, *items: Any, context: Context = CAPTURED) -> Loaded:
    return inbox.read(ndjson(*items), context, "capture.ndjson")


# --- TikTok --------------------------------------------------------------------------------------


def test_a_captured_post_is_translated_whole(inbox: Inbox) -> None:
    loaded = read(inbox, tiktok())
    same = {
        "load_id": None,
        "row_no": 1,
        "source": "zeeschuimer_tiktok",
        "platform": "tiktok",
        "account": "lavelle.sings",
        "post_id": tiktok_id(MOMENT),
        "observed_at": datetime(2024, 2, 6, 18, 30),
        "observed_s": utc(SEEN),
        "observed_precision": "second",
    }
    counted = {"views": 4510, "likes": 120, "comments": 7, "shares": 3, "saves": 11}
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | counted]
    assert loaded.posts == [
        same
        | {
            "exporter": "lavelle.sings",
            "published_at": datetime(2024, 1, 3, 12, 30),
            "published_s": utc(MOMENT),
            "published_basis": "source",
            "permalink": f"https://www.tiktok.com/@lavelle.sings/video/{tiktok_id(MOMENT)}",
            "caption": "Where to get help #findhelpearly",
            "media_type": "video",
            "duration_s": 31.0,
            "is_collab": None,
            "is_paid": False,
        }
    ]


def test_the_reading_says_what_it_is(inbox: Inbox) -> None:
    loaded = read(inbox, tiktok(), tiktok(seen="2024-02-07 09:00:00"))
    reading = loaded.reading
    assert (reading.source, reading.platform, reading.account) == ("zeeschuimer_tiktok", "tiktok", None)
    assert reading.source_rank == 3
    assert reading.chosen == {"captured": "2024-02-06 18:30 to 2024-02-07 09:00 UTC"}
    assert reading.notices == []
    assert [note.metric for note in reading.metrics] == list(POST_METRICS)
    assert (loaded.native_of("views"), loaded.reason_of("views")) == ("playCount", None)
    assert loaded.reason_of("reach") == "not on the pages that anybody can see"


def test_tables_have_exactly_the_canonical_columns(inbox: Inbox) -> None:
    (batch,) = read(inbox, tiktok()).batches
    assert batch.tables["post_observations"].schema == POST_OBSERVATIONS
    assert batch.tables["posts_seen"].schema == POSTS_SEEN


def test_each_item_is_observed_at_its_own_moment(inbox: Inbox) -> None:
    updated = {**tiktok(), "last_updated": utc("2024-02-08 10:00:00") * 1000}
    loaded = read(inbox, tiktok(), tiktok(seen="2024-02-07 09:00:00"), updated)
    assert [row["observed_at"] for row in loaded.metrics] == [
        datetime(2024, 2, 6, 18, 30),
        datetime(2024, 2, 7, 9),
        datetime(2024, 2, 8, 10),
    ]


def test_exact_counters_come_before_shown_ones_and_a_missing_one_is_null(inbox: Inbox) -> None:
    stats = {"playCount": "4600", "diggCount": -1}
    loaded = read(inbox, tiktok(statsV2={"playCount": "4599"}, stats=stats), tiktok(stats=None))
    assert [row["views"] for row in loaded.metrics] == [4599, None]
    assert [row["likes"] for row in loaded.metrics] == [None, None]


def test_a_metric_that_no_item_has_is_told_with_its_reason(inbox: Inbox) -> None:
    loaded = read(inbox, tiktok(stats={"playCount": 5}))
    assert loaded.reason_of("saves") == 'no "collectCount" in these captures'


def test_an_author_may_be_a_plain_handle_even_in_the_same_file(inbox: Inbox) -> None:
    items = [
        tiktok(),
        tiktok("2024-01-04 10:00:00", author="Coach.Kofi"),
        tiktok(createTime=str(utc(MOMENT))),
    ]
    loaded = read(inbox, *items)
    assert [row["account"] for row in loaded.posts] == ["lavelle.sings", "coach.kofi", "lavelle.sings"]
    assert {row["published_basis"] for row in loaded.posts} == {"source"}


def test_photo_posts_say_so(inbox: Inbox) -> None:
    photo = tiktok(imagePost={"images": [{"imageURL": {}}], "title": ""}, video={"duration": 0})
    (post,) = read(inbox, photo).posts
    assert (post["media_type"], post["duration_s"]) == ("photo", None)
    assert post["permalink"] == f"https://www.tiktok.com/@lavelle.sings/photo/{tiktok_id(MOMENT)}"


@pytest.mark.parametrize(
    ("told", "paid"), [({"isAd": True}, True), ({"adAuthorization": True}, True), ({}, False)]
)
def test_advertising_is_kept_as_such(inbox: Inbox, told: dict[str, bool], paid: bool) -> None:
    assert read(inbox, tiktok(**told)).posts[0]["is_paid"] is paid


def test_a_time_that_cannot_be_gives_way_to_the_id_s_clock(inbox: Inbox) -> None:
    (post,) = read(inbox, tiktok(createTime=5)).posts
    assert (post["published_s"], post["published_basis"]) == (utc(MOMENT), "id alone")


def test_an_id_that_is_a_number_keeps_all_its_digits(inbox: Inbox) -> None:
    (post,) = read(inbox, tiktok(id=int(tiktok_id(MOMENT)) + 1)).posts
    assert post["post_id"] == str(int(tiktok_id(MOMENT)) + 1)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a":', "not JSON"),
        (b"[1]", "not an object"),
        (b"null", "not an object"),
        (b'{"data":{}}{"data":{}}', "not JSON"),
        (b'{"timestamp_collected":1,"timestamp_collected":2}', "a key occurs twice"),
        (b'{"timestamp_collected":NaN}', "NaN or Infinity"),
        (b'{"timestamp_collected":1e999}', "a number is too large"),
        (b'{"timestamp_collected":99999999999999999999}', "timestamp_collected is too large"),
        (b'{"timestamp_collected":"1"}', "timestamp_collected is not a whole number"),
        (b'{"data":[]}', "data is not an object"),
        (b'{"data":{"desc":5}}', "data.desc is not text"),
        (b'{"data":{"desc":"\xff"}}', "not UTF-8"),
        (b'{"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_a_bad_line_is_refused_by_its_number_and_the_others_are_loaded(
    inbox: Inbox, line: bytes, reason: str
) -> None:
    data = ndjson(tiktok()) + b"\r\n" + line + b"\n" + ndjson(tiktok("2024-01-04 10:00:00"))
    loaded = inbox.read(data, CAPTURED, "capture.ndjson")
    assert [row["row_no"] for row in loaded.posts] == [1, 4]
    assert [(refusal.row, refusal.reason) for refusal in loaded.refused] == [(3, reason)]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (tiktok(id="abc"), "no id or author of a tiktok post"),
        (tiktok(author=None), "no id or author of a tiktok post"),
        (tiktok(id="12345"), "the post's id says a time at which it cannot have been made"),
        (tiktok(stats={"diggCount": "1.2K"}), '"diggCount" is not a whole number: 1.2K'),
        ({**tiktok(), "timestamp_collected": None}, "no timestamp_collected"),
        (
            tiktok(seen="2023-12-01 10:00:00"),
            "captured before the post was made: the computer's clock was wrong",
        ),
        (tiktok(seen="2031-01-01 10:00:00"), "captured at a time that cannot be: clock wrong"),
        ({**tiktok(), "source_platform": "x.com"}, "not of tiktok.com: x.com"),
    ],
)
def test_an_item_that_cannot_be_believed_is_refused(inbox: Inbox, changed: Any, reason: str) -> None:
    loaded = read(inbox, tiktok("2024-01-04 10:00:00"), changed)
    assert [(refusal.row, refusal.reason) for refusal in loaded.refused] == [(2, reason)]


def test_an_emoji_that_was_cut_in_half_does_not_cost_the_post(inbox: Inbox) -> None:
    data = ndjson(tiktok(desc="help @@")).replace(b"@@", b"\\ud83d")
    (post,) = inbox.read(data, CAPTURED, "capture.ndjson").posts
    assert post["caption"] == "help \N{REPLACEMENT CHARACTER}"


def test_captions_come_on_one_line(inbox: Inbox) -> None:
    assert read(inbox, tiktok(desc="one\r\ntwo")).posts[0]["caption"] == "one two"


def test_a_byte_order_mark_and_a_missing_last_line_end_are_nothing(inbox: Inbox) -> None:
    data = BOM + ndjson(tiktok(), tiktok("2024-01-04 10:00:00")).rstrip()
    assert inbox.read(data, CAPTURED, "capture.ndjson").loaded == 2


def test_accounts_outside_the_campaign_are_counted_named_and_left_out(inbox: Inbox) -> None:
    stranger = tiktok(author={"uniqueId": "x.y"})
    loaded = read(inbox, stranger, tiktok(), stranger, tiktok(author={"uniqueId": "coach.kofi"}))
    assert [row["account"] for row in loaded.posts] == ["lavelle.sings", "coach.kofi"]
    assert loaded.refused == []
    assert loaded.reading.notices == ["rows of accounts outside the campaign left out: @x.y (2)"]


def test_a_capture_of_strangers_alone_is_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"no campaign account: @x\.y"):
        read(inbox, tiktok(author={"uniqueId": "x.y"}))


def test_a_large_capture_streams_in_batches_and_keeps_its_line_numbers(inbox: Inbox) -> None:
    line = ndjson(tiktok(music={"title": "x" * 400}))
    data = line * 25_000 + b"{}\n" + line
    loaded = inbox.read(data, CAPTURED, "capture.ndjson")
    assert len(loaded.batches) == 2
    assert [row["row_no"] for row in loaded.posts] == [*range(1, 25_001), 25_002]
    assert [refusal.row for refusal in loaded.refused] == [25_001]


def test_a_line_without_end_is_refused(inbox: Inbox) -> None:
    data = ndjson(tiktok()) + b'{"desc":"' + b"x" * (1 << 25)
    with pytest.raises(BadExport, match="a line without end"):
        inbox.read(data, CAPTURED, "capture.ndjson")


words = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30).map(str.strip)
counts = st.integers(0, 10**9)


@given(
    st.datetimes(datetime(2023, 9, 1), datetime(2024, 2, 6)),
    st.tuples(counts, counts, counts, counts),
    words,
    st.booleans(),
)
@MANY
def test_a_post_is_the_same_by_capture_and_by_tiktok_s_own_file(
    inbox: Inbox, moment: datetime, numbers: tuple[int, int, int, int], caption: str, as_text: bool
) -> None:
    made = f"{moment:%Y-%m-%d %H:%M:%S}"
    likes, comments, shares, views = numbers
    stats = {"diggCount": likes, "commentCount": comments, "shareCount": shares, "playCount": views}
    shown = {key: str(value) for key, value in stats.items()} if as_text else stats
    captured = read(inbox, tiktok(made, seen="2024-02-06 12:00:00", desc=caption, stats=shown))
    columns = zip(("Total_likes", "Total_comments", "Total_shares", "Total_views"), numbers, strict=True)
    local = moment.replace(tzinfo=UTC).astimezone(CONTEXT.timezone)
    row = content_row(
        made,
        Video_title=caption,
        Post_time=f"{local:%B} {local.day}",
        **{name: str(number) for name, number in columns},
    )
    exported = inbox.read(content(row))
    of_source = {"source", "observed_precision", "published_basis", "duration_s", "is_paid", "saves"}
    for one, other in ((captured.posts, exported.posts), (captured.metrics, exported.metrics)):
        assert [_without(row, of_source) for row in one] == [_without(row, of_source) for row in other]


def _without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


# --- Instagram -----------------------------------------------------------------------------------


def test_a_captured_reel_is_translated_whole(inbox: Inbox) -> None:
    loaded = read(inbox, instagram())
    (post,), (numbers,) = loaded.posts, loaded.metrics
    assert post["permalink"] == f"https://www.instagram.com/reel/{shortcode('2024-01-03 12:30:10')}/"
    described = ("account", "post_id", "caption", "media_type", "duration_s", "is_collab", "is_paid")
    assert [post[name] for name in described] == [
        *("lavelle.sings", shortcode("2024-01-03 12:30:10"), "Where to get help", "reel", 31.5, False, False)
    ]
    assert (post["published_at"], post["published_basis"]) == (datetime(2024, 1, 3, 12, 30, 10), "source")
    counted = ("views", "likes", "comments", "reposts", "shares")
    assert [numbers[name] for name in counted] == [900, 50, 6, 2, None]
    assert loaded.reading.source == "zeeschuimer_instagram"


def test_the_older_layout_gives_the_same_values(inbox: Inbox) -> None:
    older, newer = read(inbox, instagram_graph()), read(inbox, instagram())
    differing = {"reposts", "duration_s", "is_collab", "is_paid"}
    assert [_without(row, differing) for row in older.metrics] == [
        _without(row, differing) for row in newer.metrics
    ]
    assert [_without(row, differing) for row in older.posts] == [
        _without(row, differing) for row in newer.posts
    ]


def test_a_partial_item_gives_what_it_has_and_no_zero(inbox: Inbox) -> None:
    loaded = read(inbox, instagram(), instagram_partial(seen="2024-02-09 10:00:00"))
    later = loaded.metrics[1]
    assert [later[name] for name in POST_METRICS] == [None] * len(POST_METRICS)
    assert loaded.posts[1]["published_basis"] == "id alone"
    assert loaded.posts[1]["caption"] is None
    assert loaded.reading.notices == [
        "partial captures, in which what is missing leaves earlier figures as they are: 1"
    ]


def test_hidden_likes_are_null_and_the_stub_is_not_read(inbox: Inbox) -> None:
    hidden = instagram(like_and_view_counts_disabled=True, like_count=3, play_count=3)
    loaded = read(inbox, hidden)
    assert (loaded.metrics[0]["likes"], loaded.metrics[0]["views"]) == (None, None)
    assert loaded.reason_of("likes") == "hidden by the account"
    loaded = read(inbox, hidden, instagram("2024-01-04 10:00:00"))
    assert [row["likes"] for row in loaded.metrics] == [None, 50]
    assert loaded.reason_of("likes") is None
    assert loaded.reading.notices == ["captures whose likes the account hides, left empty: 1"]


def test_views_that_the_page_does_not_give_are_told(inbox: Inbox) -> None:
    loaded = read(inbox, instagram(play_count=None))
    assert loaded.reason_of("views") == 'no "play_count" in these captures'


def test_a_collab_of_an_outsider_counts_for_the_campaign_s_coauthor(inbox: Inbox) -> None:
    others = {"username": "Out.Sider"}
    collab = instagram(user=others, coauthor_producers=[{"username": "amira.talks"}, {"username": "z"}])
    loaded = read(inbox, instagram(coauthor_producers=None), collab, instagram(user=others))
    assert [(row["account"], row["exporter"], row["is_collab"]) for row in loaded.posts] == [
        ("lavelle.sings", "lavelle.sings", None),
        ("out.sider", "amira.talks", True),
    ]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"media_type": 1, "product_type": "feed"}, "image"),
        ({"media_type": 8, "product_type": "carousel_container"}, "carousel"),
        ({"media_type": 2, "product_type": "feed"}, "video"),
        ({"media_type": 2, "product_type": "clips"}, "reel"),
        ({"media_type": None, "product_type": None}, None),
    ],
)
def test_instagram_s_kinds_of_post(inbox: Inbox, data: dict[str, Any], kind: str | None) -> None:
    (post,) = read(inbox, instagram(**data)).posts
    assert post["media_type"] == kind
    assert ("/reel/" if kind == "reel" else "/p/") in post["permalink"]


def test_an_advertisement_is_no_post(inbox: Inbox) -> None:
    loaded = read(inbox, instagram(), instagram(product_type="ad"))
    assert [refusal.reason for refusal in loaded.refused] == ["an advertisement, not a post"]


# --- comments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enabled", "why"), [(False, "comments are off"), (True, "this version only counts them")]
)
def test_comments_are_counted_and_not_read(inbox: Inbox, enabled: bool, why: str) -> None:
    context = replace(CAPTURED, comments=enabled)
    loaded = read(inbox, comment(1), comment(2), comment(2), context=context)
    assert loaded.reading.source == "zeeschuimer_tiktok_comments"
    assert loaded.reading.notices == [f"2 comments seen, not read: {why}"]
    assert [dict(batch.tables) for batch in loaded.batches] == [{}]
    assert (loaded.loaded, loaded.refused) == (0, [])


# --- how lines are read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (ndjson(tiktok()), "zeeschuimer_tiktok"),
        (ndjson(instagram()), "zeeschuimer_instagram"),
        (ndjson(comment(1)), "zeeschuimer_tiktok_comments"),
        (ndjson(item({"id": "1"}, "x.com")), None),
        (b'{"text":"\\"source_platform\\":\\"tiktok.com\\" \\"timestamp_collected\\""}', None),
    ],
)
def test_a_capture_is_known_by_what_it_says_of_itself(inbox: Inbox, data: bytes, source: str | None) -> None:
    export = registry.recognise(head_of(inbox.member(data, "a.ndjson")))
    assert (export and export.source) == source


def test_a_capture_of_another_platform_is_refused_by_its_name(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"capture of x\.com: a\.ndjson: only posts on tiktok\.com and"):
        inbox.read(ndjson(item({"id": "1"}, "x.com")), CAPTURED, "a.ndjson")


ALL_FIELDS: dict[str, Fields] = {
    "tiktok": {**ENVELOPE, **tiktok_kind._Reader.fields},
    "instagram": {**ENVELOPE, **instagram_kind._Reader.fields},
}
PIECES = [
    *(b"null", b"-1", b"1e3", b"9" * 30, b"{}", b"[]", b'"x"', b"true", b"\\ud83d", b"\xff", b"{", b"}"),
    *(b"[null]", b",", b":", b'"', b"\\", b"\n", b"\r", b"\x00", b"12.0", b"01", b'"author":"kofi",'),
    *(b'"stats":5,', b'"code":null,', b'"coauthor_producers":[{"username":"a"},null],', b"\n\n", b"null\n"),
]
REFUSED_ONLY_ALONE = {"a key occurs twice", "NaN or Infinity", "a number is too large", "not UTF-8"}
"""In parts of an object that nobody asked for, the quick way does not look for these."""


@given(st.sampled_from([*ALL_FIELDS]), st.data())
@settings(MANY, max_examples=300)
def test_both_ways_of_reading_lines_give_the_same_values(platform: str, draw: st.DataObject) -> None:
    items = {"tiktok": [tiktok()], "instagram": [instagram(), instagram_graph(), instagram_partial()]}
    block = ndjson(*draw.draw(st.lists(st.sampled_from(items[platform]), min_size=1, max_size=3)))
    for _ in range(draw.draw(st.integers(0, 2))):
        at = draw.draw(st.sampled_from([n for n, byte in enumerate(block) if byte in b':,{}"']))
        block = block[: at + 1] + draw.draw(st.sampled_from(PIECES)) + block[at + 1 :]
    fields = ALL_FIELDS[platform]
    table = Quick(fields).read(block, block.count(b"\n") + (not block.endswith(b"\n")))
    numbers, columns, refused = one_by_one(block, 1, fields)
    if table is None:
        return
    assert {refusal.reason for refusal in refused} <= REFUSED_ONLY_ALONE
    kept = [number - 1 for number in numbers.to_pylist()]
    for name, field in fields.items():
        assert column_of(table, field).take(kept).to_pylist() == columns[name].to_pylist(), name


@pytest.mark.parametrize(
    "block", [b"null\n{}\n", b"null", b" null\n{}\n", b"\n{}\n", b"[1]\n", b"{}\n\n{}\n"]
)
def test_what_would_harm_the_quick_way_is_left_to_the_patient_one(block: bytes) -> None:
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    assert Quick(ALL_FIELDS["tiktok"]).read(block, lines) is None


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999"])
def test_no_number_without_end_becomes_a_duration(inbox: Inbox, number: bytes) -> None:
    data = ndjson(instagram(), instagram()).replace(b"31.5", number, 1)
    loaded = inbox.read(data, CAPTURED, "capture.ndjson")
    assert [row["duration_s"] for row in loaded.posts] == [31.5]
    assert [refusal.row for refusal in loaded.refused] == [1]


def test_one_text_among_numbers_does_not_change_the_others(inbox: Inbox) -> None:
    fields: Fields = {
        "n": Field(("n",), "either"),
        "there": Field(("o",), "there"),
        "x": Field(("x",), "number"),
    }
    rows = [{"n": 1, "x": 1}, {"n": "2", "o": {}}, {"n": None, "x": 0.5}, {"n": 2**70}]
    member = inbox.member("\n".join(map(json.dumps, rows)).encode(), "a.ndjson")
    (lines,) = read_lines(member, fields)
    assert lines.columns["n"].to_pylist() == ["1", "2", None, str(2**70)]
    assert lines.columns["there"].to_pylist() == [False, True, False, False]
    assert lines.columns["x"].to_pylist() == [1.0, None, 0.5, None]


def test_a_capture_on_the_day_of_publication_is_kept(inbox: Inbox) -> None:
    made = datetime(2024, 2, 6, 18, 0, tzinfo=UTC)
    loaded = read(
        inbox, tiktok(f"{made:%Y-%m-%d %H:%M:%S}", seen=f"{made - timedelta(minutes=5):%Y-%m-%d %H:%M:%S}")
    )
    assert loaded.loaded == 1
