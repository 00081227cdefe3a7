from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.base import BadExport, Refusal
from models.schema import ACCOUNT_DAYS_SEEN, ACCOUNT_METRICS
from tests.connectors.exports import (
    CONTEXT,
    OVERVIEW_HEADER,
    Inbox,
    overview,
    quoted,
    stored_zip,
    utc,
)

MINE = replace(CONTEXT, account="lavelle.sings", exported_on=date(2024, 3, 2))
NAMELESS = replace(CONTEXT, exported_on=None)
LAST = date(2024, 3, 1)


def row(day: date, **cells: str) -> list[str]:
    cells_by_name = dict(
        zip(OVERVIEW_HEADER, [f"{day:%B} {day.day}", "120", "9", "14", "-2", "1"], strict=True)
    )
    return list((cells_by_name | {name.replace("_", " "): text for name, text in cells.items()}).values())


def span(last: date, length: int) -> list[date]:
    return [last - timedelta(n) for n in reversed(range(length))]


def days(last: date, length: int) -> bytes:
    return overview(*(row(day) for day in span(last, length)))


def zip_name(first: date, moment: str, handle: str = "lavelle.sings") -> str:
    return f"Overview_{first}_{utc(moment)}_{handle}.zip"


def dated(rows: Iterable[dict[str, object]]) -> list[object]:
    return [one["day"] for one in rows]


def test_a_day_is_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(overview(row(LAST)), MINE)
    assert loaded.rows("account_days_seen") == [
        {
            "load_id": None,
            "row_no": 1,
            "source": "tiktok_studio_overview",
            "platform": "tiktok",
            "account": "lavelle.sings",
            "day": LAST,
            "observed_at": datetime(2024, 3, 2, 12),
            "observed_s": utc("2024-03-02 12:00:00"),
            "observed_precision": "day",
            **dict.fromkeys(ACCOUNT_METRICS),
            "views": 120,
            "profile_views": 9,
            "likes": 14,
            "comments": -2,
            "shares": 1,
        }
    ]
    assert loaded.batches[0].tables["account_days_seen"].schema == ACCOUNT_DAYS_SEEN
    assert loaded.native_of("views") == "Video Views"
    assert loaded.reason_of("followers") == "not in TikTok's file"


def test_the_name_of_the_zip_gives_account_years_and_day_of_export(inbox: Inbox) -> None:
    dates = span(LAST, 365)
    packed = stored_zip({"Overview.csv": days(LAST, 365)})
    loaded = inbox.read(packed, NAMELESS, zip_name(dates[0], "2024-03-02 09:00:00"))
    assert loaded.reading.account == "lavelle.sings"
    assert dated(loaded.rows("account_days_seen")) == dates
    assert loaded.reading.chosen["exported_on"] == "2024-03-02"
    assert loaded.reading.chosen["exported_on_basis"] == "tiktok's file name"


@pytest.mark.parametrize(
    ("epoch", "exported"),
    [
        ("2024-03-04 23:59:00", "2024-03-04"),
        ("2024-03-05 00:01:00", "2024-03-02"),
        ("2023-12-01 00:00:00", "2024-03-02"),
    ],
)
def test_an_epoch_far_from_the_last_row_is_not_the_export(inbox: Inbox, epoch: str, exported: str) -> None:
    packed = stored_zip({"Overview.csv": days(LAST, 28)})
    loaded = inbox.read(packed, NAMELESS, zip_name(span(LAST, 28)[0], epoch))
    assert loaded.reading.exported_on == date.fromisoformat(exported)


@pytest.mark.parametrize("ending", [" (1).zip", ".zip"])
def test_a_second_download_and_an_unpacked_folder_keep_the_name(inbox: Inbox, ending: str) -> None:
    name = zip_name(span(LAST, 28)[0], "2024-03-02 09:00:00")
    packed = inbox.read(stored_zip({"O.csv": days(LAST, 28)}), NAMELESS, name.replace(".zip", ending))
    folder = inbox.read(days(LAST, 28), NAMELESS, name.replace(".zip", "") + "/Overview.csv")
    assert dated(packed.rows("account_days_seen")) == dated(folder.rows("account_days_seen"))


def test_without_a_name_the_years_are_walked_back_from_the_export(inbox: Inbox) -> None:
    loaded = inbox.read(days(LAST, 365), MINE)
    assert dated(loaded.rows("account_days_seen")) == span(LAST, 365)
    assert loaded.reading.chosen["year_basis"] == "--exported-on"


def test_a_custom_period_may_end_long_before_the_told_export(inbox: Inbox) -> None:
    told = replace(MINE, exported_on=date(2024, 9, 1))
    assert dated(inbox.read(days(LAST, 60), told).rows("account_days_seen")) == span(LAST, 60)


def test_a_zip_s_time_long_after_the_last_row_gives_no_year(inbox: Inbox) -> None:
    untold = replace(MINE, exported_on=None)
    fresh = stored_zip({"Overview.csv": days(LAST, 60)}, (2024, 3, 2, 9, 0, 0))
    assert dated(inbox.read(fresh, untold, "o.zip").rows("account_days_seen")) == span(LAST, 60)
    old = stored_zip({"Overview.csv": days(LAST, 60)}, (2024, 3, 9, 9, 0, 0))
    with pytest.raises(BadExport, match=r"years not known .* say the day of export with --exported-on"):
        inbox.read(old, untold, "o.zip")


@pytest.mark.parametrize("name", ["Period 1 2024-03-09/Overview.csv", "Overview 2024-03-09.csv"])
def test_a_day_in_a_name_long_after_the_last_row_gives_no_year(inbox: Inbox, name: str) -> None:
    untold = replace(MINE, exported_on=None)
    with pytest.raises(BadExport, match=r"years not known .* is long after the last row"):
        inbox.read(days(LAST, 60), untold, name)
    same_week = inbox.read(days(LAST, 60), untold, name.replace("03-09", "03-04"))
    assert dated(same_week.rows("account_days_seen")) == span(LAST, 60)


def test_without_any_clue_the_years_are_asked_for(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="years not known"):
        inbox.read(days(LAST, 60), replace(MINE, exported_on=None))


def test_a_name_whose_date_is_not_the_first_row_s_is_not_used(inbox: Inbox) -> None:
    name = zip_name(date(2023, 5, 5), "2024-03-02 09:00:00").replace(".zip", "/Overview.csv")
    with pytest.raises(BadExport, match="years not known"):
        inbox.read(days(LAST, 28), NAMELESS, name)
    told = replace(NAMELESS, exported_on=date(2024, 3, 2))
    assert dated(inbox.read(days(LAST, 28), told, name).rows("account_days_seen")) == span(LAST, 28)


def test_a_gap_is_refused_with_its_row(inbox: Inbox) -> None:
    dates = span(LAST, 10)
    data = overview(*(row(day) for day in (*dates[:4], *dates[5:])))
    with pytest.raises(BadExport, match=r"days not one after the other: row 1 shows 02-21, not 2024-02-22"):
        inbox.read(data, MINE)


def test_a_wrong_year_is_noticed_by_the_29th_of_february(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="days not one after the other"):
        inbox.read(days(LAST, 28), replace(MINE, exported_on=date(2023, 3, 2)))


def test_refused_rows_leave_holes_and_the_others_keep_their_days(inbox: Inbox) -> None:
    dates = span(LAST, 5)
    rows = [row(day) for day in dates]
    rows[1], rows[2], rows[3] = rows[1][:-1], row(dates[2], Likes="many"), row(dates[3], Date="")
    loaded = inbox.read(overview(*rows), MINE)
    assert dated(loaded.rows("account_days_seen")) == [dates[0], dates[4]]
    assert loaded.refused == [
        Refusal(2, "5 cells, not 6"),
        Refusal(3, '"Likes" is not a whole number: many'),
        Refusal(4, 'no day in "Date"'),
    ]


def test_undefined_is_null(inbox: Inbox) -> None:
    loaded = inbox.read(overview(row(LAST, Video_Views="undefined", Shares="")), MINE)
    (day,) = loaded.rows("account_days_seen")
    assert (day["views"], day["shares"], day["likes"]) == (None, None, 14)


def test_two_claims_about_the_account_are_refused(inbox: Inbox) -> None:
    packed = stored_zip({"Overview.csv": days(LAST, 28)})
    name = zip_name(span(LAST, 28)[0], "2024-03-02 09:00:00", "coach.kofi")
    with pytest.raises(BadExport, match=r"says @lavelle\.sings, the file's name @coach\.kofi"):
        inbox.read(packed, MINE, name)


def test_an_unknown_account_is_asked_for(inbox: Inbox) -> None:
    with pytest.raises(
        BadExport, match=r"account not known: Content\.csv: say it with --account, or use a folder"
    ):
        inbox.read(days(LAST, 28), replace(MINE, account=None))


def test_an_account_outside_the_campaign_is_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r'no campaign account: @x; add "tiktok:@x" to a creator'):
        inbox.read(days(LAST, 28), replace(MINE, account="x"))


def test_a_header_alone_is_a_load_of_no_days(inbox: Inbox) -> None:
    loaded = inbox.read(quoted(OVERVIEW_HEADER, []), NAMELESS)
    assert (loaded.batches, loaded.reading.account) == ([], None)


def test_ragged_rows_alone_are_a_load_of_refusals(inbox: Inbox) -> None:
    assert inbox.read(quoted(OVERVIEW_HEADER, [["x"]]), MINE).refused == [Refusal(1, "1 cells, not 6")]


def test_a_file_of_too_many_days_is_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match="more than 4000 days"):
        inbox.read(days(LAST, 4001), MINE)


def test_a_missing_column_is_null_with_its_reason(inbox: Inbox) -> None:
    loaded = inbox.read(
        quoted(("date", "VIDEO VIEWS", "likes", "Reposts"), [["March 1", "5", "2", "1"]]), MINE
    )
    assert loaded.reason_of("shares") == 'no column "Shares" in this file'
    assert loaded.reading.notices == ('column "Reposts" is not known; kept out',)


def test_days_in_an_unknown_language_are_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r'day "01/03" in column "Date" is in no known language.*English'):
        inbox.read(overview(row(LAST, Date="01/03")), MINE)


@given(st.dates(date(2022, 9, 1), date(2024, 9, 30)), st.integers(1, 365))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_range_gets_its_years_back(inbox: Inbox, last: date, length: int) -> None:
    dates = span(last, length)
    by_export = inbox.read(days(last, length), replace(MINE, exported_on=last + timedelta(2)))
    name = zip_name(dates[0], f"{last + timedelta(1)} 09:00:00")
    by_name = inbox.read(stored_zip({"Overview.csv": days(last, length)}), NAMELESS, name)
    assert dated(by_export.rows("account_days_seen")) == dates
    assert dated(by_name.rows("account_days_seen")) == dates
