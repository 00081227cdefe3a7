from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from connectors.zones import as_date, from_wall, local_date, local_days, noon_s
from tests.connectors.exports import LONDON, utc

ZONES = ["Europe/London", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Casablanca"]
seconds = st.integers(utc("2010-01-01 00:00:00"), utc("2035-01-01 00:00:00"))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(st.lists(seconds, min_size=1, max_size=20), zones)
def test_local_days_of_a_column_are_those_of_each_moment(moments: list[int], zone: ZoneInfo) -> None:
    expected = [local_date(moment, zone) for moment in moments]
    assert [as_date(day) for day in local_days(pa.array(moments), zone).to_pylist()] == expected


@given(st.lists(seconds, min_size=1, max_size=20), zones)
def test_a_wall_clock_reading_leads_back_to_its_moment_or_its_double(
    moments: list[int], zone: ZoneInfo
) -> None:
    walls = [wall(moment, zone) for moment in moments]
    found = from_wall(pa.array(walls), zone).to_pylist()
    assert [wall(moment, zone) for moment in found] == walls


def test_columns_may_be_empty_or_without_any_value() -> None:
    assert local_days(pa.array([], pa.int64()), LONDON).to_pylist() == []
    assert local_days(pa.array([None], pa.int64()), LONDON).to_pylist() == [None]


def test_noon_follows_summer_time() -> None:
    assert noon_s(datetime(2024, 7, 1).date(), LONDON) == utc("2024-07-01 11:00:00")
    assert noon_s(datetime(2024, 1, 1).date(), LONDON) == utc("2024-01-01 12:00:00")


def wall(moment: int, zone: ZoneInfo) -> int:
    local = datetime.fromtimestamp(moment, zone)
    return int(local.replace(tzinfo=UTC).timestamp())
