from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connectors.base import BadExport
from tests.connectors.exports import CONTEXT, Inbox, content, content_row, stored_zip, suite, suite_row

UNTOLD = replace(CONTEXT, exported_on=None)
FILE = content(content_row("2024-02-03 10:00:00"))
LATE = "2024-09-01 10:00:00"


def found(inbox: Inbox, data: bytes, name: str, modified: str = LATE) -> tuple[str, str]:
    chosen = inbox.read(data, UNTOLD, name, modified=modified).reading.chosen
    return chosen["exported_on"], chosen["exported_on_basis"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lavelle/2024-02-06/Content.csv", ("2024-02-06", "folder date")),
        ("2024-02-06/old 2023-01-01/2024-02-05/Content.csv", ("2024-02-05", "folder date")),
        ("2023-01-01/Content 2024-02-06.csv", ("2024-02-06", "file name date")),
        ("2023-11-08_2024-02-06/Content.csv", ("2024-02-06", "folder date")),
        (
            "Overview_2023-11-08_1707240600_lavelle.sings/2024-02-06/Content.csv",
            ("2024-02-06", "folder date"),
        ),
    ],
)
def test_the_innermost_iso_date_in_a_name_counts(inbox: Inbox, name: str, expected: tuple[str, str]) -> None:
    assert found(inbox, FILE, name) == expected


def test_what_a_person_said_wins_over_every_name(inbox: Inbox) -> None:
    told = replace(CONTEXT, exported_on=date(2024, 2, 6))
    chosen = inbox.read(FILE, told, "2023-01-01/Content.csv").reading.chosen
    assert (chosen["exported_on"], chosen["exported_on_basis"]) == ("2024-02-06", "--exported-on")


def test_a_zip_member_knows_its_own_time(inbox: Inbox) -> None:
    packed = stored_zip({"Content.csv": FILE}, (2024, 2, 6, 23, 59, 58))
    assert found(inbox, packed, "Content_lavelle.sings.zip") == ("2024-02-06", "zip member's time")


def test_a_date_in_the_zip_s_name_comes_before_the_member_s_time(inbox: Inbox) -> None:
    packed = stored_zip({"Content.csv": FILE}, (2024, 7, 6, 23, 59, 58))
    assert found(inbox, packed, "2024-02-06 lavelle.zip") == ("2024-02-06", "file name date")


def test_the_file_s_time_counts_when_it_soon_follows_the_newest_post(inbox: Inbox) -> None:
    assert found(inbox, FILE, "Content.csv", "2024-02-06 19:00:00") == ("2024-02-06", "file's time")


@pytest.mark.parametrize("modified", [LATE, "2024-02-18 12:00:00", "2024-02-02 12:00:00"])
def test_the_time_of_a_copy_is_not_believed(inbox: Inbox, modified: str) -> None:
    with pytest.raises(
        BadExport, match=r"day of export not known: Content\.csv: say the day with --exported"
    ):
        found(inbox, FILE, "Content.csv", modified)


@pytest.mark.parametrize(
    ("day", "doubt"),
    [
        (date(2024, 2, 8), r'is not the day in its "Time" column \(02-06\).*check --exported-on'),
        (date(2024, 2, 1), "is before the newest day in it, 2024-02-03"),
        (date(2024, 10, 9), "lies in the future"),
    ],
)
def test_a_day_that_the_rows_contradict_is_refused(inbox: Inbox, day: date, doubt: str) -> None:
    with pytest.raises(BadExport, match=doubt):
        inbox.read(FILE, replace(CONTEXT, exported_on=day))


@pytest.mark.parametrize("day", [date(2024, 2, 5), date(2024, 2, 6), date(2024, 2, 7), date(2025, 2, 6)])
def test_a_day_of_tolerance_bridges_zones(inbox: Inbox, day: date) -> None:
    context = replace(CONTEXT, exported_on=day, today=None)
    assert inbox.read(FILE, context).reading.exported_on == day


def test_a_wrong_folder_date_asks_for_the_day(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"2024-03-01 \(folder date\).*say the day with --exported-on"):
        found(inbox, FILE, "2024-03-01/Content.csv")


def test_the_period_in_meta_s_name_is_a_lower_bound_and_no_more(inbox: Inbox) -> None:
    data = suite(suite_row("2024-02-03 10:00:00"))
    name = "Nov-08-2023_Feb-05-2024_1804378027238054.csv"
    assert found(inbox, data, f"2024-02-06/{name}") == ("2024-02-06", "folder date")
    with pytest.raises(BadExport, match="day of export not known"):
        found(inbox, data, name)
    with pytest.raises(BadExport, match="is before the end of its period, 2024-02-05"):
        found(inbox, data, f"2024-02-03/{name}")


def test_a_name_that_only_looks_like_meta_s_says_nothing(inbox: Inbox) -> None:
    data = suite(suite_row("2024-02-03 10:00:00"))
    for name in ("Nov-08-2023_Xyz-05-2024_18.csv", "Nov-08-2023_Feb-31-2024_18.csv"):
        assert found(inbox, data, f"2024-02-03/{name}") == ("2024-02-03", "folder date")


def test_an_impossible_date_in_a_name_says_nothing(inbox: Inbox) -> None:
    assert found(inbox, FILE, "2024-02-06/Content 2024-13-45.csv") == ("2024-02-06", "folder date")
