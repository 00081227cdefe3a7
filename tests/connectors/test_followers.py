"""`FollowerActivity`, `FollowerGender`, `FollowerTopTerritories`: who follows, and when they are there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors import intake, registry
from connectors.base import BadExport, Refusal
from tests.connectors.exports import (
    CONTEXT,
    FOLLOWER_ACTIVITY_HEADER,
    FOLLOWER_GENDER_HEADER,
    FOLLOWER_HISTORY_HEADER,
    FOLLOWER_TERRITORIES_HEADER,
    Inbox,
    Loaded,
    quoted,
    stored_zip,
)
from tests.connectors.workbooks import tiktok_workbook

LAST = date(2024, 3, 2)
MINE = replace(CONTEXT, account="lavelle.sings", exported_on=LAST)
TERRITORIES = [["GB", "0.713"], ["JM", "0.0871"], ["Others", "0.1999"]]


def hours(day: date, active: Sequence[int | str]) -> list[list[str]]:
    return [[f"{day:%B} {day.day}", str(hour), str(count)] for hour, count in enumerate(active)]


def activity(*days: Sequence[int | str]) -> bytes:
    """Days up to 2 March, each with its hours."""
    dates = [LAST - timedelta(n) for n in reversed(range(len(days)))]
    rows = [row for day, active in zip(dates, days, strict=True) for row in hours(day, active)]
    return quoted(FOLLOWER_ACTIVITY_HEADER, rows)


def shares(loaded: Loaded) -> dict[str, float]:
    return {row["bucket"]: row["share"] for row in loaded.rows("audience_seen")}


def test_shares_of_followers_are_translated_whole(inbox: Inbox) -> None:
    loaded = inbox.read(quoted(FOLLOWER_TERRITORIES_HEADER, TERRITORIES), MINE)
    first, *_ = loaded.rows("audience_seen")
    wanted = (
        "source",
        "row_no",
        "account",
        "subject_type",
        "subject_id",
        "population",
        "dimension",
        "bucket",
    )
    assert [first[name] for name in wanted] == [
        *("tiktok_studio_follower_territories", 1, "lavelle.sings"),
        *("account", "lavelle.sings", "followers", "country", "GB"),
    ]
    assert (first["share"], first["observed_precision"]) == (0.713, "day")
    assert shares(loaded) == {"GB": 0.713, "JM": 0.0871, "Others": 0.1999}


@pytest.mark.parametrize("cell", ["0.613", "61.3%", "61,3 %", "0,613", " 61.3 % "])
def test_fractions_and_percentages_are_both_shares(inbox: Inbox, cell: str) -> None:
    loaded = inbox.read(quoted(FOLLOWER_GENDER_HEADER, [["Female", cell], ["Male", "undefined"]]), MINE)
    assert shares(loaded) == {"Female": 0.613, "Male": None}
    assert loaded.rows("audience_seen")[0]["dimension"] == "gender"


def test_what_is_no_share_is_refused_with_its_row(inbox: Inbox) -> None:
    rows = [
        ["Female", "61 in 100"],
        ["Male", "x"],
        ["", "0.1"],
        ["Other", "0.2"],
        ["Other", "0.1"],
        ["Third", "-0.1"],
    ]
    loaded = inbox.read(quoted(FOLLOWER_GENDER_HEADER, rows), MINE)
    assert shares(loaded) == {"Other": 0.2}
    assert loaded.refused[0] == Refusal(1, '"Distribution" is no share from 0 to 1: 61 in 100')
    assert loaded.refused[3] == Refusal(5, "without a name, or there twice: Other")
    assert [refusal.row for refusal in loaded.refused] == [1, 2, 3, 5, 6]


@pytest.mark.parametrize("cell", ["61", "1.5", "61,2"])
def test_beside_a_percentage_without_its_sign_no_number_is_a_fraction(inbox: Inbox, cell: str) -> None:
    with pytest.raises(BadExport, match=f'"Distribution" is {cell}, more than 1 and without %'):
        inbox.read(quoted(FOLLOWER_GENDER_HEADER, [["Other", "0.5"], ["Female", cell]]), MINE)


@pytest.mark.parametrize("cell", ["120%", "1e-1", "0.5.5", "٠٫٥", "50 percent"])
def test_more_than_all_and_other_spellings_are_no_share(inbox: Inbox, cell: str) -> None:
    assert len(inbox.read(quoted(FOLLOWER_GENDER_HEADER, [["Female", cell]]), MINE).refused) == 1


def test_shares_of_more_than_one_whole_are_refused(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match='"Distribution" adds up to more than 1'):
        inbox.read(quoted(FOLLOWER_GENDER_HEADER, [["Female", "0.7"], ["Male", "0.4"]]), MINE)


@pytest.mark.parametrize(
    "header", [FOLLOWER_GENDER_HEADER, FOLLOWER_TERRITORIES_HEADER, FOLLOWER_ACTIVITY_HEADER]
)
def test_a_header_alone_is_an_empty_load_with_its_reason(inbox: Inbox, header: tuple[str, ...]) -> None:
    loaded = inbox.read(quoted(header, []), replace(CONTEXT, exported_on=None))
    assert (loaded.batches, loaded.reading.exported_on) == ([], None)
    assert loaded.reading.notices == ("no rows: TikTok gives these from 100 followers on",)


def test_the_day_of_shares_is_asked_for(inbox: Inbox) -> None:
    with pytest.raises(BadExport, match=r"day of export not known: .*--exported-on"):
        inbox.read(quoted(FOLLOWER_GENDER_HEADER, [["Female", "0.7"]]), replace(MINE, exported_on=None))


def test_an_hour_has_its_mean_share_of_a_whole_day(inbox: Inbox) -> None:
    first = [10] * 24
    second = [0] * 12 + [20] * 11 + [80]
    loaded = inbox.read(activity(first, second, [5] * 10 + [0] * 14), MINE)
    found = shares(loaded)
    assert list(found) == [f"{hour:02}" for hour in range(24)]
    assert found["00"] == pytest.approx((1 / 24 + 0) / 2)
    assert found["23"] == pytest.approx((1 / 24 + 80 / 300) / 2)
    assert sum(found.values()) == pytest.approx(1)
    assert loaded.reading.notices == (
        "newest day left out: the zeros after its hour 9 are hours still to come",
    )
    assert loaded.reading.chosen["hours"] == "zone not stated in the file"


def test_a_newest_day_that_is_over_counts(inbox: Inbox) -> None:
    loaded = inbox.read(activity([10] * 24, [0] * 23 + [10]), MINE)
    assert shares(loaded)["23"] == pytest.approx((1 / 24 + 1) / 2)
    assert loaded.reading.notices == ()


def test_days_with_missing_hours_or_nobody_do_not_count(inbox: Inbox) -> None:
    loaded = inbox.read(activity([0] * 24, ["undefined"] * 24, [9] * 20, [1] * 24), MINE)
    assert shares(loaded)["07"] == pytest.approx(1 / 24)
    assert loaded.reading.notices == ("days without all 24 hours left out: 3",)


def test_without_a_whole_day_nothing_is_said(inbox: Inbox) -> None:
    loaded = inbox.read(activity([1] * 10 + [0] * 14), MINE)
    assert (loaded.rows("audience_seen"), loaded.loaded) == ([], 24)
    assert loaded.reading.notices != ()


def test_bad_rows_of_hours_are_refused_and_their_day_with_them(inbox: Inbox) -> None:
    rows = [*hours(LAST, [1] * 24), ["March 2", "24", "1"], ["March 2", "x", "1"], ["", "1", "1"]]
    rows[5][2] = "-4"
    loaded = inbox.read(quoted(FOLLOWER_ACTIVITY_HEADER, [*rows, ["March 2"]]), MINE)
    assert [refusal.row for refusal in loaded.refused] == [6, 25, 26, 27, 28]
    assert shares(loaded) == {}


def test_an_hour_that_is_there_twice_counts_as_it_came_first(inbox: Inbox) -> None:
    rows = [*hours(LAST, [1] * 24), ["March 2", "3", "99"]]
    assert shares(inbox.read(quoted(FOLLOWER_ACTIVITY_HEADER, rows), MINE))["03"] == pytest.approx(1 / 24)


def test_days_of_hours_must_follow_one_another(inbox: Inbox) -> None:
    rows = [*hours(LAST - timedelta(2), [1] * 24), *hours(LAST, [1] * 24)]
    with pytest.raises(BadExport, match="days not one after the other"):
        inbox.read(quoted(FOLLOWER_ACTIVITY_HEADER, rows), MINE)


def test_a_zip_of_followers_gives_a_load_for_each_of_its_files(inbox: Inbox) -> None:
    packed = stored_zip(
        {
            "Followers_lavelle.sings/FollowerHistory.csv": quoted(
                FOLLOWER_HISTORY_HEADER, [["March 1", "801", "0"], ["March 2", "802", "1"]]
            ),
            "Followers_lavelle.sings/FollowerActivity.csv": activity([1] * 24, [2] * 24),
            "Followers_lavelle.sings/FollowerGender.xlsx": tiktok_workbook(
                [FOLLOWER_GENDER_HEADER, ["Female", "0.6"], ["Male", "0.4"]], "FollowerGender"
            ),
            "Followers_lavelle.sings/FollowerTopTerritories.csv": quoted(
                FOLLOWER_TERRITORIES_HEADER, TERRITORIES
            ),
        },
        (2024, 3, 3, 9, 0, 0),
    )
    name = "Followers_lavelle.sings.zip"
    context = replace(CONTEXT, exported_on=None)
    members = list(intake.open_members(inbox.put(packed, name), name))
    loaded = [Loaded(r := registry.read(member, context), list(r.batches)) for member in members]
    assert [(one.reading.source.removeprefix("tiktok_studio_follower_"), one.loaded) for one in loaded] == [
        *(("history", 2), ("activity", 48), ("gender", 2), ("territories", 3))
    ]
    assert {one.reading.account for one in loaded} == {"lavelle.sings"}
    assert {one.reading.exported_on for one in loaded} == {date(2024, 3, 3)}
