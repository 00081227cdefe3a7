from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from connectors.base import Context
from connectors.reading_cells import COLUMNS, METRICS
from models.schema import AUDIENCE_SEEN, POST_METRICS, POST_OBSERVATIONS, POSTS_SEEN
from tests.connectors.exports import CONTEXT, Inbox, Loaded, shortcode, tiktok_id, utc
from tests.connectors.sheets import HEADER, LINK, reading, sheet
from tests.connectors.workbooks import excel_workbook

READ = replace(CONTEXT, exported_on=None)
NOON = {
    "observed_at": datetime(2024, 2, 6, 12),
    "observed_s": utc("2024-02-06 12:00:00"),
    "observed_precision": "day",
}


def read(inbox: Inbox, *rows: list[str], context: Context = READ) -> Loaded:
    return inbox.read(sheet(*rows), context, "readings.csv")


def refusals(loaded: Loaded) -> list[tuple[int, str]]:
    return [(refusal.row, refusal.reason) for refusal in loaded.refused]


def test_a_figure_of_a_post_is_an_observation_and_the_post_is_known(inbox: Inbox) -> None:
    loaded = read(inbox, reading())
    same = {
        "load_id": None,
        "row_no": 2,
        "source": "reading",
        "platform": "tiktok",
        "account": "lavelle.sings",
        "post_id": tiktok_id("2024-01-03 12:30:00"),
        **NOON,
    }
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | {"views": 12400}]
    assert loaded.posts == [
        same
        | {
            "exporter": "lavelle.sings",
            "published_at": datetime(2024, 1, 3, 12, 30),
            "published_s": utc("2024-01-03 12:30:00"),
            "published_basis": "id alone",
            "permalink": LINK,
            "caption": None,
            "media_type": "video",
            "duration_s": None,
            "is_collab": None,
            "is_paid": None,
        }
    ]


def test_the_reading_says_what_it_is(inbox: Inbox) -> None:
    loaded = read(inbox, reading())
    made = loaded.reading
    assert (made.source, made.platform, made.account, made.exported_on) == ("reading", "several", None, None)
    assert (made.source_rank, made.is_diary) == (4, True)
    assert made.chosen["basis"] == "read by a person"
    assert made.notices == []
    assert (loaded.native_of("views"), loaded.reason_of("views")) == ("views", None)
    assert (loaded.native_of("likes"), loaded.reason_of("likes")) == (None, "nobody wrote it into the sheet")


def test_tables_have_exactly_the_canonical_columns(inbox: Inbox) -> None:
    loaded = read(inbox, reading(), reading(what="age 18-24", value="3%"))
    schemas = {name: table.schema for batch in loaded.batches for name, table in batch.tables.items()}
    assert schemas == {
        "post_observations": POST_OBSERVATIONS,
        "posts_seen": POSTS_SEEN,
        "audience_seen": AUDIENCE_SEEN,
    }


def test_an_audience_is_of_a_post_s_viewers_or_of_an_account_s_followers(inbox: Inbox) -> None:
    rows = (
        reading(what="age 18-24", value="34%"),
        reading(what="Country GB", value="0.71"),
        reading(link="", what="city  Sheffield", value="12,5 %"),
    )
    loaded = read(inbox, *rows)
    named = ("subject_type", "subject_id", "population", "dimension", "bucket", "share")
    assert [tuple(row[name] for name in named) for row in loaded.rows("audience_seen")] == [
        ("post", tiktok_id("2024-01-03 12:30:00"), "viewers", "age", "18-24", 0.34),
        ("post", tiktok_id("2024-01-03 12:30:00"), "viewers", "country", "GB", 0.71),
        ("account", "lavelle.sings", "followers", "city", "Sheffield", 0.125),
    ]
    assert len(loaded.posts) == 2
    assert loaded.refused == []


def test_instagram_s_posts_are_known_by_their_shortcode(inbox: Inbox) -> None:
    code = shortcode("2024-01-03 12:30:10")
    row = reading(account="instagram:lavelle.sings", link=f"https://www.instagram.com/reel/{code}/?x=1")
    (post,) = read(inbox, row).posts
    assert (post["post_id"], post["media_type"]) == (code, "reel")
    assert post["permalink"] == f"https://www.instagram.com/reel/{code}/"


@pytest.mark.parametrize("link", ["https://www.youtube.com/watch?v=aB3_dE-fG1h&t=3", "aB3_dE-fG1h"])
def test_on_other_platforms_the_address_names_the_post(inbox: Inbox, link: str) -> None:
    context = replace(READ, accounts={"youtube": frozenset({"kofi.talks"})})
    loaded = read(inbox, reading(account="youtube:@kofi.talks", link=link), context=context)
    assert [row["post_id"] for row in loaded.metrics] == ["aB3_dE-fG1h"]
    assert loaded.posts == []  # nothing in the address says when it was published


@pytest.mark.parametrize(
    ("what", "value", "metric", "number"),
    [
        ("Views", "12,400", "views", 12400),
        ("views", "12.4K", "views", 12400),
        ("likes", "0", "likes", 0),
        ("profile_visits", "7", "profile_visits", 7),
        ("average watch time", "0:12", "watch_time_avg_s", 12.0),
        ("average watch time", "7.5", "watch_time_avg_s", 7.5),
        ("watched in full", "38%", "completion_rate", 0.38),
    ],
)
def test_figures_as_screens_show_them(
    inbox: Inbox, what: str, value: str, metric: str, number: float
) -> None:
    (row,) = read(inbox, reading(what=what, value=value)).metrics
    assert row[metric] == number


@pytest.mark.parametrize("day", ["2024-02-06", "06/02/2024", "2024-02-06 18:30:00"])
def test_days_are_read_as_british_people_write_them(inbox: Inbox, day: str) -> None:
    (row,) = read(inbox, reading(day=day)).metrics
    assert row["observed_at"] == datetime(2024, 2, 6, 12)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"account": "tiktok:@x.y"}, '"account" is no account of the campaign: tiktok:@x.y: write it as in'),
        ({"account": "@lavelle.sings"}, '"account" is no account of the campaign: @lavelle.sings'),
        ({"link": "https://vm.tiktok.com/ZM8abc/"}, '"post link" leads to no tiktok post: https://vm.tiktok'),
        (
            {"link": LINK.replace("lavelle.sings", "coach.kofi")},
            '"post link" leads to a post of @coach.kofi, not of @lavelle.sings: correct one',
        ),
        (
            {"link": "https://www.tiktok.com/@lavelle.sings/video/" + "9" * 25},
            '"post link" leads to a post that',
        ),
        ({"link": ""}, '"post link" is empty: views is of one post; only an audience is of an account'),
        ({"day": "13/13/2024"}, '"read on" is no day: 13/13/2024: write 2024-02-06 or 06/02/2024'),
        ({"day": "2031-01-01"}, '"read on" lies in the future: 2031-01-01'),
        ({"day": "2024-01-01"}, '"read on" is 2024-01-01, before the post was made'),
        ({"what": "stars"}, '"metric or audience bucket" is not known: stars: write views, '),
        ({"what": "city"}, '"metric or audience bucket" is not known: city'),
        ({"value": ""}, '"value" is no number: : write 12400, 12,400 or 12.4K'),
        ({"value": "-3"}, '"value" is no number: -3'),
        ({"value": "1.2345"}, '"value" is no number: 1.2345'),
        ({"what": "age 18-24", "value": "34"}, '"value" is no share: 34: write 34% or 0.34'),
        ({"what": "age 18-24", "value": "1"}, '"value" is no share: 1: write 34% or 0.34'),
        ({"what": "age 18-24", "value": "134%"}, '"value" is no share: 134%'),
    ],
)
def test_a_bad_row_is_refused_with_its_cure_and_the_rest_is_loaded(
    inbox: Inbox, changed: dict[str, Any], reason: str
) -> None:
    loaded = read(inbox, reading(), reading("2024-01-04 10:00:00") if not changed else reading(**changed))
    assert loaded.loaded == 1
    ((row, told),) = refusals(loaded)
    assert row == 3  # as a spreadsheet counts: the header is row 1
    assert told.startswith(reason)


def test_two_values_of_one_day_are_never_both_believed(inbox: Inbox) -> None:
    loaded = read(
        inbox, reading(), reading(value="12,400"), reading(value="13000"), reading(day="2024-02-07")
    )
    assert [row["row_no"] for row in loaded.metrics] == [2, 3, 5]
    assert refusals(loaded) == [(4, "row 2 gives another value of the same day: correct one of them")]


def test_a_sheet_that_nobody_has_written_in_is_a_load_of_no_rows(inbox: Inbox) -> None:
    loaded = read(inbox)
    assert (loaded.loaded, loaded.refused, loaded.reading.notices) == (0, [], [])


def test_rows_that_do_not_say_where_they_were_seen_are_counted(inbox: Inbox) -> None:
    loaded = read(inbox, reading(seen=""), reading(what="likes"))
    assert loaded.reading.notices == ['rows that do not say where the figure was seen ("seen on"): 1']


def test_the_sheet_is_found_in_a_workbook_and_its_dates_and_shares_are_numbers(inbox: Inbox) -> None:
    row = ["tiktok:@lavelle.sings", LINK, (45328, 2), "views", 12400, "phone"]
    share = ["tiktok:@lavelle.sings", "", (45328, 2), "age 18-24", 0.34, "phone"]
    data = excel_workbook({"How": [["One figure in each row."]], "Readings": [HEADER, row, share]})
    loaded = inbox.read(data, READ, "readings.xlsx")
    assert [(row["views"], row["observed_at"]) for row in loaded.metrics] == [
        (12400, datetime(2024, 2, 6, 12))
    ]
    assert [row["share"] for row in loaded.rows("audience_seen")] == [0.34]
    assert loaded.reading.notices == []


def test_columns_may_stand_in_any_order(inbox: Inbox) -> None:
    order = [5, 4, 3, 2, 1, 0]
    data = sheet([reading()[n] for n in order], header=[HEADER[n] for n in order])
    assert [row["views"] for row in inbox.read(data, READ, "readings.csv").metrics] == [12400]


def test_every_word_in_the_drop_down_is_a_metric() -> None:
    assert set(METRICS.values()) <= set(POST_METRICS)
    assert COLUMNS == HEADER
