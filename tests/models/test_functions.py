"""The named functions of the models, in DuckDB's words, against Python's calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from models.functions import define_functions
from models.store import open_store, open_workshop
from tests.builders import CAMPAIGN, a_campaign, seconds

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Casablanca")
"""Among them: half an hour's change, a quarter of an hour from UTC, changes about Ramadan."""
AS_OF = "2024-10-06 12:00"


def days_of(folder: Path, zone: str, moments: list[int]) -> list[object]:
    campaign = a_campaign(folder, CAMPAIGN.replace("Europe/London", zone))
    with open_store(folder):
        pass
    with open_workshop(folder) as workshop:
        define_functions(workshop, campaign, seconds(AS_OF))
        workshop.put("moments", pa.table({"s": moments}))
        return list(workshop.column("SELECT local_date(s) FROM moments").to_pylist())


@pytest.mark.parametrize("zone", ZONES)
def test_a_moment_has_the_day_that_the_wall_calendar_of_the_zone_shows(tmp_path: Path, zone: str) -> None:
    campaign_and_around = range(seconds("2022-01-01 00:00"), seconds("2026-01-01 00:00"), 1_799)
    moments = [-1, 0, *campaign_and_around, seconds("2026-07-01 23:30")]
    expected = [datetime.fromtimestamp(moment, ZoneInfo(zone)).date() for moment in moments]
    assert days_of(tmp_path, zone, moments) == expected


@pytest.mark.parametrize("zone", ZONES)
def test_the_day_turns_in_the_second_of_midnight_also_when_clocks_are_changed(
    tmp_path: Path, zone: str
) -> None:
    first = datetime(2023, 8, 30, tzinfo=ZoneInfo(zone))
    midnights = [
        int((first.replace(tzinfo=None) + timedelta(days=n)).replace(tzinfo=ZoneInfo(zone)).timestamp())
        for n in range(420)
    ]
    moments = [midnight + second for midnight in midnights for second in (-1, 0)]
    expected = [datetime.fromtimestamp(moment, UTC).astimezone(ZoneInfo(zone)).date() for moment in moments]
    assert days_of(tmp_path, zone, moments) == expected


def test_no_moment_has_no_day(tmp_path: Path) -> None:
    with open_store(tmp_path):
        pass
    with open_workshop(tmp_path) as workshop:
        define_functions(workshop, a_campaign(tmp_path), seconds(AS_OF))
        assert workshop.value("SELECT local_date(NULL)") is None
