from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.dates import (
    LOCALES,
    DayReader,
    NotConsecutive,
    ShownDay,
    UnreadableDay,
    day_key,
    day_table,
    latest_date,
    nearest_date,
    read_days,
    walk_from_first,
    walk_from_last,
)

LEAP_DAYS = [date(2024, 1, 1) + timedelta(n) for n in range(366)]
days = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("text", "month", "day", "locale"),
    [
        ("August 31", 8, 31, "en"),
        ("31 August", 8, 31, "en_GB"),
        ("8 de marzo", 3, 8, "es"),
        ("30 Μαΐου", 5, 30, "el"),
        ("11 septembre", 9, 11, "fr"),
        ("1er septembre", 9, 1, "fr"),
        ("3月8日", 3, 8, "ja"),
        ("8 марта", 3, 8, "ru"),
        ("27 listopada", 11, 27, "pl"),
        ("27. listopada", 10, 27, "hr"),
        ("٨ مارس", 3, 8, "ar"),
        ("  AUGUST\u00a031 ", 8, 31, "en"),
        ("2024-08-31", 8, 31, "iso"),
    ],
)
def test_a_day_is_read_in_the_language_of_the_phone(text: str, month: int, day: int, locale: str) -> None:
    found, chosen = read_days([text])
    shown = found[text]
    assert shown is not None
    assert (shown.month, shown.day, chosen) == (month, day, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_day_of_every_language_reads_as_itself(locale: str) -> None:
    spelt = spellings(locale)
    assert sorted(spelt) == [ShownDay(day.month, day.day) for day in LEAP_DAYS]
    for shown, texts in spelt.items():
        assert set(read_days(texts, (locale,))[0].values()) == {shown}


def test_no_string_means_two_days_in_two_languages() -> None:
    meanings: dict[str, set[ShownDay]] = {}
    for locale in LOCALES:
        for key, shown in day_table(locale).items():
            meanings.setdefault(key, set()).add(shown)
    assert {key for key, shown in meanings.items() if len(shown) > 1} == set()


@given(st.sampled_from(LOCALES), st.lists(st.sampled_from(LEAP_DAYS), min_size=1, max_size=20))
def test_a_whole_column_reads_whatever_language_is_found(locale: str, column: list[date]) -> None:
    texts = [spellings(locale)[ShownDay(day.month, day.day)][0] for day in column]
    found, _ = read_days(texts)
    assert [found[text] for text in texts] == [ShownDay(day.month, day.day) for day in column]


def test_english_files_need_no_other_table() -> None:
    day_table.cache_clear()
    read_days(["August 31", "May 1"])
    assert day_table.cache_info().currsize == 1


def test_two_languages_in_one_file_are_refused_with_the_odd_one() -> None:
    with pytest.raises(UnreadableDay, match=r"11 septembre"):
        read_days(["August 31", "May 3", "11 septembre"])


@pytest.mark.parametrize(
    "text", ["31-Aug", "45168", "August 32", "February 30", "1.2K", "2024-13-01", "#####"]
)
def test_what_excel_makes_of_days_is_not_read(text: str) -> None:
    with pytest.raises(UnreadableDay):
        read_days([text])


def test_empty_and_undefined_are_no_days() -> None:
    assert read_days(["", " ", "undefined"]) == ({"": None, " ": None, "undefined": None}, None)


def test_a_later_piece_of_a_file_may_settle_the_language() -> None:
    reader = DayReader(("en", "pl", "hr"))
    assert reader.read([""]) == [None]
    assert reader.locale is None
    assert reader.read(["27. listopada"]) == [ShownDay(10, 27)]
    assert reader.locale == "hr"
    with pytest.raises(UnreadableDay):
        reader.read(["27 listopada"])


@given(days, st.integers(-180, 180))
def test_the_nearest_year_is_found_within_half_a_year(day: date, apart: int) -> None:
    if (day.month, day.day) != (2, 29):
        assert nearest_date(ShownDay(day.month, day.day), day + timedelta(apart)) == day


def test_the_29th_of_february_falls_in_a_leap_year() -> None:
    assert nearest_date(ShownDay(2, 29), date(2023, 3, 1)) == date(2024, 2, 29)
    assert latest_date(ShownDay(2, 29), date(2023, 3, 1)) == date(2020, 2, 29)


@given(days)
def test_the_latest_year_is_never_after(until: date) -> None:
    for shown in (ShownDay(12, 31), ShownDay(1, 1), ShownDay(until.month, until.day)):
        found = latest_date(shown, until)
        assert found <= until
        assert (found.month, found.day) == (shown.month, shown.day)


def test_a_year_that_is_shown_wins() -> None:
    assert nearest_date(ShownDay(2, 6, 2021), date(2024, 2, 6)) == date(2021, 2, 6)
    assert latest_date(ShownDay(2, 6, 2021), date(2024, 2, 6)) == date(2021, 2, 6)


@given(days, st.integers(1, 800))
def test_consecutive_days_get_their_years_from_either_end(first: date, length: int) -> None:
    dates = [first + timedelta(n) for n in range(length)]
    rows = [(row, ShownDay(day.month, day.day)) for row, day in enumerate(dates, start=1)]
    assert walk_from_first(rows, first) == dates
    assert walk_from_last(rows, dates[-1]) == dates
    holes = [row for row in rows if row[0] % 7 != 3]  # refused rows leave holes, not errors
    assert walk_from_first(holes, first) == [dates[row - 1] for row, _ in holes]


@given(st.integers(2016, 2030))
def test_a_wrong_year_around_february_is_noticed(year: int) -> None:
    leap = date(2024, 1, 1)
    rows = [(n + 1, ShownDay(d.month, d.day)) for n in range(90) for d in [leap + timedelta(n)]]
    if year % 4:
        with pytest.raises(NotConsecutive, match=r"row 60 shows 02-29, not \d{4}-03-01"):
            walk_from_first(rows, date(year, 1, 1))
    else:
        assert walk_from_first(rows, date(year, 1, 1))[59] == date(year, 2, 29)


def test_a_gap_is_refused_with_its_row() -> None:
    with pytest.raises(NotConsecutive, match="row 2 shows 02-08, not 2024-02-07"):
        walk_from_first([(1, ShownDay(2, 6)), (2, ShownDay(2, 8))], date(2024, 2, 6))


def test_no_rows_are_no_days() -> None:
    assert walk_from_last([], date(2024, 2, 6)) == []


def test_direction_marks_and_wide_digits_do_not_matter() -> None:
    assert day_key("\u200f３月８日") == day_key("3月8日")


@cache
def spellings(locale: str) -> dict[ShownDay, list[str]]:
    found: dict[ShownDay, list[str]] = {}
    for key, shown in day_table(locale).items():
        found.setdefault(shown, []).append(key)
    return found
