from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import BadExport, Context
from connectors.mapped import FileMapping
from connectors.quantities import parse_amount
from flows.mapping_file import load_mappings
from models.campaign import BadCampaign, Campaign, find_campaign, load_campaign
from models.schema import POST_METRICS, POST_OBSERVATIONS, POSTS_SEEN, SOURCE_RANKS
from tests.connectors.exports import (
    BOM,
    CONTENT_HEADER,
    LONDON,
    Inbox,
    Loaded,
    content_row,
    quoted,
    shortcode,
    tiktok_id,
    utc,
)
from tests.connectors.workbooks import excel_workbook

CAMPAIGN = """
title = "Test campaign"
timezone = "Europe/London"
starts = 2023-09-01
ends = 2024-10-06

[[team]]
id = "team-a"
name = "Team A"

[[topic]]
id = "help"
name = "Finding help"
team = "team-a"
hashtags = ["findhelp"]

[[creator]]
id = "kofi"
name = "Kofi"
kind = "influencer"
accounts = ["youtube:@kofi.talks", "tiktok:@kofi.talks", "instagram:@kofi.talks"]
"""
YOUTUBE = """
[[file]]
source = "youtube_studio_table"
columns = ["Content", "Video title", "Video publish time", "Views"]
platform = "youtube"
account = "@kofi.talks"
post_id = "Content"
permalink = "https://www.youtube.com/watch?v={post_id}"
caption = "Video title"
published_at = { column = "Video publish time", format = "%b %d, %Y" }
media_type = "video"
skip = { column = "Content", values = ["Total"] }
[file.metrics]
views = "Views"
likes = "Likes"
comments = "Comments added"
shares = "Shares"
watch_time_total_s = { column = "Watch time (hours)", unit = "hours" }
"""
# As YouTube Studio writes "Table data.csv": the sum of all comes first, times are hours with many digits.
TABLE = (
    *("Content", "Video title", "Video publish time", "Duration", "Views", "Watch time (hours)"),
    *("Likes", "Comments added", "Shares", "Impressions", "Impressions click-through rate (%)"),
)
TOTAL = ("Total", "", "", "", "1500", "88.1234", "120", "9", "30", "12345", "4.56")
VIDEO = (
    *("aB3_dE-fG1h", "Where to get help, early #findhelp", "Feb 3, 2024", "61", "1000", "60.5"),
    *("100", "5", "20", "8000", "5.1"),
)
SUITE = """
[[file]]
source = "suite_posts"
columns = ["Date", "Network", "Link"]
platform = { column = "Network", words = { "TikTok Video" = "tiktok", "IG" = "instagram" } }
account = { column = "Profile", words = { "Kofi Talks" = "kofi.talks" } }
link = "Link"
caption = "Post"
published_at = { column = "Date", format = "%d/%m/%Y %H:%M", timezone = "America/New_York" }
media_type = { column = "Type", words = { "Clip" = "video" } }
observed_on = { column = "Read", format = "%Y-%m-%d" }
decimal = ","
[file.metrics]
views = { column = "Impressions", unit = "1.2K" }
likes = "Reactions"
watch_time_avg_s = { column = "Watched", unit = "h:mm:ss" }
completion_rate = { column = "Finished", unit = "percent" }
duration_s = { column = "Length", unit = "minutes" }
"""
SUITE_TABLE = (
    *("Date", "Network", "Profile", "Link", "Post", "Type", "Read"),
    *("Impressions", "Reactions", "Watched", "Finished", "Length"),
)


def suite_cells(**cells: str) -> list[str]:
    row = {
        "Date": "03/01/2024 07:31",
        "Network": "TikTok Video",
        "Profile": "Kofi Talks",
        "Link": f"https://www.tiktok.com/@kofi.talks/video/{tiktok_id('2024-01-03 12:30:00')}",
        "Post": "Hello",
        "Type": "Clip",
        "Read": "2024-02-06",
        "Impressions": "12,4K",
        "Reactions": "1.200",
        "Watched": "0:12",
        "Finished": "38,5 %",
        "Length": "0,5",
    }
    return list((row | cells).values())


def table(header: Sequence[str], *rows: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    file = tmp_path / "test.toml"
    file.write_text(CAMPAIGN, encoding="utf-8")
    return load_campaign(file)


class Mapped:
    """A campaign with a mapping beside its file."""

    def __init__(self, folder: Path, campaign: Campaign) -> None:
        self.file = folder / "test.mapping.toml"
        self.campaign = campaign
        self.inbox = Inbox(folder / "inbox")

    def mappings(self, text: str) -> tuple[FileMapping, ...]:
        self.file.write_text(text, encoding="utf-8")
        return load_mappings(self.file, self.campaign)

    def problems(self, text: str) -> list[str]:
        with pytest.raises(BadCampaign) as caught:
            self.mappings(text)
        return [line.removeprefix(f"{self.file}, ") for line in str(caught.value).splitlines()]

    def context(self, text: str, **options: Any) -> Context:
        known = Context(
            LONDON, self.campaign.handles(), today=date(2024, 10, 7), mappings=self.mappings(text)
        )
        return replace(known, **options)

    def read(
        self, data: bytes, text: str = YOUTUBE, name: str = "2024-02-20/t.csv", **options: Any
    ) -> Loaded:
        return self.inbox.read(data, self.context(text, **options), name)


@pytest.fixture
def mapped(tmp_path: Path, campaign: Campaign) -> Mapped:
    return Mapped(tmp_path, campaign)


# --- reading by a mapping ------------------------------------------------------------------------


def test_a_youtube_table_becomes_canonical_rows(mapped: Mapped) -> None:
    loaded = mapped.read(BOM + table(TABLE, TOTAL, VIDEO))
    same = {
        "load_id": None,
        "row_no": 2,
        "source": "youtube_studio_table",
        "platform": "youtube",
        "account": "kofi.talks",
        "post_id": "aB3_dE-fG1h",
        "observed_at": datetime(2024, 2, 20, 12),
        "observed_s": utc("2024-02-20 12:00:00"),
        "observed_precision": "day",
    }
    counted = {"views": 1000, "likes": 100, "comments": 5, "shares": 20, "watch_time_total_s": 60.5 * 3600}
    assert loaded.metrics == [same | dict.fromkeys(POST_METRICS) | counted]
    assert loaded.posts == [
        same
        | {
            "exporter": "kofi.talks",
            "published_at": datetime(2024, 2, 3, 12),
            "published_s": utc("2024-02-03 12:00:00"),
            "published_basis": "shown date",
            "permalink": "https://www.youtube.com/watch?v=aB3_dE-fG1h",
            "caption": "Where to get help, early #findhelp",
            "media_type": "video",
            "duration_s": None,
            "is_collab": None,
            "is_paid": None,
        }
    ]


def test_the_reading_says_what_was_decided(mapped: Mapped) -> None:
    loaded = mapped.read(table(TABLE, TOTAL, VIDEO))
    reading = loaded.reading
    assert (reading.source, reading.platform, reading.exported_on) == (
        "youtube_studio_table",
        "youtube",
        date(2024, 2, 20),
    )
    assert reading.chosen["exported_on_basis"] == "folder date"
    assert SOURCE_RANKS["export"] < reading.source_rank < SOURCE_RANKS["reading"]
    assert reading.notices[-1] == "rows that the mapping says are no posts: 1"
    assert '"Duration", "Impressions"' in reading.notices[0]
    assert (loaded.native_of("comments"), loaded.reason_of("saves")) == (
        "Comments added",
        "not in the mapping",
    )
    assert loaded.refused == []


def test_tables_have_exactly_the_canonical_columns(mapped: Mapped) -> None:
    (batch,) = mapped.read(table(TABLE, VIDEO)).batches
    assert batch.tables["post_observations"].schema == POST_OBSERVATIONS
    assert batch.tables["posts_seen"].schema == POSTS_SEEN


def test_a_workbook_is_read_by_the_same_mapping(mapped: Mapped) -> None:
    cells: list[Any] = [*VIDEO[:4], 1000, 60.5, 100, 5, 20, 8000, 5.1]
    data = excel_workbook({"Info": [["nothing", "here"]], "Table data": [TABLE, TOTAL, cells]})
    loaded = mapped.read(data, YOUTUBE.replace('media_type = "video"', 'decimal = ","'), "2024-02-20/t.xlsx")
    (numbers,) = loaded.metrics
    assert (numbers["views"], numbers["watch_time_total_s"]) == (1000, 60.5 * 3600)


def test_a_missing_value_is_null_and_a_cell_that_is_no_number_refuses_its_row(mapped: Mapped) -> None:
    rows = [[f"video{n}", *VIDEO[1:]] for n in range(3)]
    rows[1][6], rows[2][6] = "-", "1.000"
    loaded = mapped.read(table(TABLE, *rows))
    assert [row["likes"] for row in loaded.metrics] == [100, None]
    assert [(refusal.row, refusal.reason) for refusal in loaded.refused] == [
        (3, '"Likes" is not in whole numbers: 1.000')
    ]


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (0, "two words", 'no id of a post in "Content"'),
        (0, "x" * 65, 'no id of a post in "Content"'),
        (2, "3 Feb 2024", '"Video publish time" is no day as in the mapping: 3 Feb 2024'),
        (2, "", "no day of publication"),
        (2, "Feb 3, 2031", "published at an impossible time"),
        (2, "Feb 30, 2024", '"Video publish time" is no day as in the mapping: Feb 30, 2024'),
        (5, "1h", '"Watch time (hours)" is not in the mapping\'s unit hours: 1h'),
    ],
)
def test_a_row_that_cannot_be_is_refused(mapped: Mapped, place: int, cell: str, reason: str) -> None:
    bad = list(VIDEO)
    bad[place] = cell
    loaded = mapped.read(table(TABLE, VIDEO, bad))
    assert [(refusal.row, refusal.reason) for refusal in loaded.refused] == [(2, reason)]


def test_an_id_that_excel_cut_refuses_the_file(mapped: Mapped) -> None:
    with pytest.raises(BadExport, match='row 1, column "Content"'):
        mapped.read(table(TABLE, ("7.31E+18", *VIDEO[1:])))


def test_rows_of_several_platforms_get_the_ids_that_every_source_gives(mapped: Mapped) -> None:
    code = shortcode("2024-01-03 12:30:10")
    reel = suite_cells(Network="ig", Link=f"https://www.instagram.com/reel/{code}/?utm=x")
    loaded = mapped.read(table(SUITE_TABLE, suite_cells(), reel), SUITE)
    assert loaded.refused == []
    assert loaded.reading.platform == "several"
    assert [(row["platform"], row["post_id"], row["published_basis"]) for row in loaded.posts] == [
        ("tiktok", tiktok_id("2024-01-03 12:30:00"), "id clock"),
        ("instagram", code, "id clock"),
    ]
    assert [row["permalink"] for row in loaded.posts] == [
        suite_cells()[3],
        f"https://www.instagram.com/reel/{code}/",
    ]


def test_units_and_marks_of_another_country_are_understood(mapped: Mapped) -> None:
    loaded = mapped.read(table(SUITE_TABLE, suite_cells()), SUITE)
    (numbers,), (post,) = loaded.metrics, loaded.posts
    named = ("views", "likes", "watch_time_avg_s", "completion_rate")
    assert [numbers[name] for name in named] == [12400, 1200, 12.0, pytest.approx(0.385)]
    assert (post["duration_s"], post["media_type"]) == (30.0, "video")


def test_a_table_with_a_row_for_each_day_of_a_post_is_refused(mapped: Mapped) -> None:
    views = TABLE.index("Views")
    other_day = [*VIDEO[:views], "7", *VIDEO[views + 1 :]]
    with pytest.raises(BadExport, match=r"several rows with different figures for post aB3_dE-fG1h"):
        mapped.read(table(TABLE, VIDEO, other_day), YOUTUBE)
    assert mapped.read(table(TABLE, VIDEO, VIDEO), YOUTUBE).loaded == 2
    refused = mapped.read(table(TABLE, VIDEO, [*VIDEO[:views], "x", *VIDEO[views + 1 :]]), YOUTUBE)
    assert (refused.loaded, len(refused.refused)) == (1, 1)
    same_day = [suite_cells(), suite_cells(Impressions="7")]
    with pytest.raises(BadExport, match="map the row's day as observed_on"):
        mapped.read(table(SUITE_TABLE, *same_day), SUITE, "t.csv")


def test_a_day_in_the_row_is_the_moment_of_observation(mapped: Mapped) -> None:
    rows = [suite_cells(), suite_cells(Read="2024-02-13"), suite_cells(Read="")]
    loaded = mapped.read(table(SUITE_TABLE, *rows), SUITE, "t.csv")
    assert [row["observed_at"] for row in loaded.metrics] == [
        datetime(2024, 2, 6, 12),
        datetime(2024, 2, 13, 12),
    ]
    assert [refusal.reason for refusal in loaded.refused] == ['no day in "Read"']
    assert loaded.reading.exported_on is None


def test_a_shown_time_in_another_zone_wins_when_the_id_was_made_on_another_day(mapped: Mapped) -> None:
    (post,) = mapped.read(table(SUITE_TABLE, suite_cells(Date="05/01/2024 20:00")), SUITE).posts
    there = datetime(2024, 1, 5, 20, tzinfo=ZoneInfo("America/New_York"))
    assert (post["published_s"], post["published_basis"]) == (int(there.timestamp()), "source")


def test_strangers_and_unknown_platforms_are_refused_by_name(mapped: Mapped) -> None:
    strange = suite_cells(Profile="Somebody", Link=suite_cells()[3].replace("kofi.talks", "somebody"))
    rows = [suite_cells(), strange, suite_cells(Network="Myspace"), suite_cells(Type="Song")]
    loaded = mapped.read(table(SUITE_TABLE, *rows), SUITE)
    assert [refusal.reason for refusal in loaded.refused] == [
        "@somebody is not an account of the campaign",
        'no platform of the campaign in "Network": Myspace',
    ]
    assert loaded.reading.notices[-2:] == [
        "rows of accounts outside the campaign left out: @somebody (1)",
        "post types not known: Song",
    ]


@pytest.mark.parametrize("observed", ["", 'observed_on = { column = "Read", format = "%Y-%m-%d" }\n'])
def test_a_table_of_strangers_alone_is_refused_with_the_line_to_add(mapped: Mapped, observed: str) -> None:
    text = SUITE.replace('observed_on = { column = "Read", format = "%Y-%m-%d" }\n', observed)
    strange = suite_cells(Profile="Somebody")
    with pytest.raises(
        BadExport, match=r'no campaign account: @somebody; add "tiktok:@somebody" to a creator'
    ):
        mapped.read(table(SUITE_TABLE, strange), text)


def test_an_account_that_no_mapping_names_is_told_by_folder_or_link(mapped: Mapped) -> None:
    text = YOUTUBE.replace('account = "@kofi.talks"\n', "")
    assert mapped.read(table(TABLE, VIDEO), text, account="kofi.talks").posts[0]["account"] == "kofi.talks"
    loaded = mapped.read(table(TABLE, VIDEO), text)
    assert [refusal.reason for refusal in loaded.refused] == [
        "account not known: say it in the mapping, with --account, or by a folder's name"
    ]


def test_on_other_platforms_the_address_names_the_post(mapped: Mapped) -> None:
    text = YOUTUBE.replace('post_id = "Content"', 'link = "Content"')
    rows = [
        ("https://www.youtube.com/watch?v=aB3_dE-fG1h&t=3", *VIDEO[1:]),
        ("https://youtu.be/zz_-1", *VIDEO[1:]),
    ]
    loaded = mapped.read(table(TABLE, *rows), text)
    assert [row["post_id"] for row in loaded.posts] == ["aB3_dE-fG1h", "zz_-1"]
    assert loaded.posts[0]["permalink"] == rows[0][0]


def test_what_a_person_wrote_comes_before_what_is_known_of_such_files(mapped: Mapped) -> None:
    text = """
[[file]]
source = "our_own_reading"
columns = ["Time", "Video link", "Total views"]
platform = "tiktok"
link = "Video link"
[file.metrics]
views = "Total views"
"""
    link = f"https://www.tiktok.com/@kofi.talks/video/{tiktok_id('2024-01-03 12:30:00')}"
    loaded = mapped.read(quoted(CONTENT_HEADER, [content_row(Video_link=link)]), text)
    assert loaded.reading.source == "our_own_reading"
    assert loaded.posts[0]["published_basis"] == "id alone"


def test_of_two_mappings_the_one_that_asks_for_more_columns_is_taken(mapped: Mapped) -> None:
    wide = YOUTUBE.replace('"Views"]', '"Views", "Likes"]').replace("youtube_studio_table", "wide_table")
    assert mapped.read(table(TABLE, VIDEO), YOUTUBE + wide).reading.source == "wide_table"


def test_other_rules_make_another_load_and_the_same_ones_do_not(mapped: Mapped) -> None:
    (first,), (again,) = mapped.mappings(YOUTUBE), mapped.mappings(YOUTUBE + "\n# a note\n")
    (other,) = mapped.mappings(YOUTUBE.replace('likes = "Likes"', 'likes = "Shares"'))
    assert first.digest == again.digest != other.digest


@pytest.mark.parametrize(
    ("cell", "unit", "decimal", "amount"),
    [
        ("1,234,567", "count", ".", 1234567),
        ("1 234", "count", ".", 1234),
        ("1.234", "count", ",", 1234),
        ("1.234", "count", ".", None),
        ("12", "count", ".", 12),
        ("-3", "count", ".", -3),
        ("9" * 400, "count", ".", None),
        ("1.2K", "count", ".", None),
        ("1.2K", "1.2K", ".", 1200),
        ("3M", "1.2K", ".", 3_000_000),
        ("1.2", "1.2K", ".", None),
        ("2.5", "minutes", ".", 150.0),
        ("1:02:03", "h:mm:ss", ".", 3723.0),
        ("45%", "percent", ".", 0.45),
        ("45", "percent", ".", 0.45),
        ("0.45", "share", ".", 0.45),
        ("145", "percent", ".", None),
        ("nan", "seconds", ".", None),
        ("٣", "count", ".", None),
    ],
)
def test_amounts_in_every_unit(cell: str, unit: Any, decimal: str, amount: float | None) -> None:
    assert parse_amount(cell, unit, decimal) == amount


YOUTUBE_ROWS = [[f"video{n}", *VIDEO[1:]] for n in range(6)]
SUITE_ROWS = [
    suite_cells(Link=f"https://www.tiktok.com/@kofi.talks/video/{int(tiktok_id('2024-01-03 12:30:00')) + n}")
    for n in range(6)
]
cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [*VIDEO, *suite_cells(), "Total", "-", "1.2K", "9" * 30, "7.31E+18", "0:99", "100%", "-1"]
    ),
)


@given(
    st.sampled_from([(YOUTUBE, TABLE, YOUTUBE_ROWS), (SUITE, SUITE_TABLE, SUITE_ROWS)]),
    st.lists(st.dictionaries(st.integers(0, 11), cells, max_size=5), max_size=5),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cells_hold_every_row_is_loaded_refused_or_skipped(
    mapped: Mapped, kind: tuple[str, Sequence[str], list[list[str]]], changes: list[dict[int, str]]
) -> None:
    text, header, (good, *others) = kind
    rows = [
        [change.get(at, cell) for at, cell in enumerate(row)]
        for change, row in zip(changes, others, strict=False)
    ]
    skipped = sum(row[0].strip().lower() == "total" for row in rows) if text is YOUTUBE else 0
    try:
        loaded = mapped.read(table(header, good, *rows).replace(b"\x00", b""), text)
    except BadExport:  # an id that went through a spreadsheet, or nobody of the campaign
        return
    assert loaded.loaded + len(loaded.refused) + skipped == len(rows) + 1
    assert all(tbl.num_rows == batch.rows for batch in loaded.batches for tbl in batch.tables.values())


# --- the file itself ------------------------------------------------------------------------------


def test_without_a_mapping_there_is_none(tmp_path: Path, campaign: Campaign) -> None:
    assert load_mappings(tmp_path / "test.mapping.toml", campaign) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[[file]]", "[[fil]]", "line 2: unknown key 'fil' in the file; did you mean 'file'?"),
        (
            '"youtube_studio_table"',
            '"YouTube"',
            "line 3: source 'YouTube' is no name; use 3 to 40 of a-z, 0-9 and _, a letter first",
        ),
        (
            '"youtube_studio_table"',
            '"tiktok_studio_content"',
            "line 3: source 'tiktok_studio_content' is a kind that is read anyway; choose another name",
        ),
        (
            'columns = ["Content", "Video title", "Video publish time", "Views"]',
            'columns = ["Content"]',
            "line 2: too few",
        ),
        (
            '"youtube"',
            '"youtub"',
            "line 5: platform 'youtub': no account of the campaign is there; did you mean 'youtube'?",
        ),
        (
            '"@kofi.talks"',
            '"@kofi.talk"',
            "line 6: account '@kofi.talk': no account of the campaign; did you mean",
        ),
        ('post_id = "Content"\n', "", "line 2: no post_id and no link; add one"),
        ("{post_id}", "id", "line 8: permalink 'https://www.youtube.com/watch?v=id' is no address of a post"),
        (
            "https://www.youtube.com",
            "javascript:x",
            "line 8: permalink 'javascript:x/watch?v={post_id}' is no address",
        ),
        ('"%b %d, %Y"', '"%b %d"', "line 10: format '%b %d' does not tell a day; write it as in"),
        ('"%b %d, %Y"', '"DD/MM/YYYY"', "line 10: format 'DD/MM/YYYY' does not tell a day"),
        ('"%b %d, %Y" }', '"%b %d, %Y", timezone = "London" }', "line 10: unknown timezone 'London'"),
        (
            'published_at = { column = "Video publish time", format = "%b %d, %Y" }\n',
            "",
            "line 2: no published_at; add",
        ),
        ('"video"', '"vidoe"', "line 11: media_type 'vidoe': not known; did you mean 'video'?"),
        ('values = ["Total"]', "values = []", "line 12: no values; add values"),
        ("likes =", "like =", "line 15: unknown metric 'like'; did you mean 'likes'?"),
        (
            'unit = "hours"',
            'unit = "days"',
            "line 18: unknown unit 'days'; use one of seconds, minutes, hours, h:mm:ss",
        ),
        (
            'unit = "hours"',
            'uint = "hours"',
            "line 18: unknown key 'uint' in [watch_time_total_s]; did you mean 'unit'?",
        ),
        (
            'platform = "youtube"',
            'platform = "instagram"',
            "line 2: instagram posts are known by their address only",
        ),
        ("[[file]]", "", "line 3: unknown key 'source' in the file"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_with_line_and_cure(
    mapped: Mapped, old: str, new: str, problem: str
) -> None:
    assert old in YOUTUBE
    assert any(line.startswith(problem) for line in mapped.problems(YOUTUBE.replace(old, new, 1)))


def test_a_mapping_without_metrics_or_with_one_source_twice_is_refused(mapped: Mapped) -> None:
    bare = YOUTUBE.partition("[file.metrics]")[0]
    assert mapped.problems(bare) == [
        'line 2: no metrics; add a table [file.metrics] with views = "…" and others'
    ]
    assert mapped.problems(YOUTUBE + YOUTUBE) == [
        "line 21: source 'youtube_studio_table' is used twice; choose another"
    ]
    assert mapped.problems("") == ["line 1: no [[file]] in it; describe one file, or remove the mapping"]


def test_words_of_a_column_are_checked_too(mapped: Mapped) -> None:
    assert mapped.problems(SUITE.replace('"IG" = "instagram"', '"IG" = "insta"')) == [
        "line 5: 'IG' = 'insta': no account of the campaign is there; did you mean 'instagram'?"
    ]


def test_a_mapping_is_no_campaign(tmp_path: Path, mapped: Mapped) -> None:
    mapped.mappings(YOUTUBE)
    assert find_campaign(tmp_path, None) == tmp_path / "test.toml"


def test_the_example_in_the_docs_reads_a_youtube_table(mapped: Mapped) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "exports" / "other-suites.md").read_text(encoding="utf-8")
    example = guide.partition("```toml\n")[2].partition("```")[0].replace("@handle", "@kofi.talks")
    loaded = mapped.read(table(TABLE, TOTAL, VIDEO), example)
    assert [(row["post_id"], row["views"]) for row in loaded.metrics] == [("aB3_dE-fG1h", 1000)]
    assert all(f"`{metric}`" in guide for metric in POST_METRICS)
