"""The named functions that the SELECTs of `models/*.sql` call; every engine has its own words for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from models.campaign import Campaign
from models.readers import Workshop

_DAY_0: Final = date(1970, 1, 1)
_DAY: Final = timedelta(days=1)
_STEP_S: Final = 1_800  # clocks are changed at full and half hours of UTC


def define_functions(workshop: Workshop, campaign: Campaign, as_of_s: int) -> None:
    """Make `local_date`, `days_between` and `utc_timestamp` callable in a build on DuckDB."""
    day = _local_date(workshop, campaign, as_of_s)
    workshop.execute(f"CREATE TEMP MACRO local_date(epoch_s) AS {day}")
    workshop.execute(
        "CREATE TEMP MACRO days_between(first_day, last_day) AS date_diff('day', first_day, last_day)"
    )
    workshop.execute("CREATE TEMP MACRO utc_timestamp(epoch_s) AS timezone('UTC', to_timestamp(epoch_s))")


def _local_date(workshop: Workshop, campaign: Campaign, as_of_s: int) -> str:
    """The day of a moment in the campaign's zone, as an expression in `epoch_s`.

    From the campaign's start to now, the shifts of its clocks are looked up once and become arithmetic;
    for other moments a calendar is asked, which costs ten times as much.
    """
    zone = str(campaign.timezone)  # a key of the zone database: no quote can be in it
    calendar = f"CAST(timezone('{zone}', to_timestamp(epoch_s)) AS DATE)"
    first_s, last_s = (campaign.starts - _DAY_0) // _DAY * 86_400, as_of_s + 86_400
    branches = [f"WHEN epoch_s >= {last_s} THEN {calendar}"]
    branches += [
        f"WHEN epoch_s >= {from_s} THEN DATE '1970-01-01' + CAST((epoch_s + {shift_s}) // 86400 AS INTEGER)"
        for from_s, shift_s in _shifts(workshop, zone, first_s, last_s)
    ]
    return f"CASE {' '.join(branches)} ELSE {calendar} END"


def _shifts(workshop: Workshop, zone: str, first_s: int, last_s: int) -> list[tuple[int, int]]:
    """(moment, seconds to add to UTC from then on) from `first_s` to `last_s`, newest first."""
    wall_s = f"epoch(timezone('{zone}', to_timestamp(s)))"
    moments = f"FROM range({first_s}, {last_s}, {_STEP_S}) AS moments(s)"
    shifts = (
        f"SELECT s, CAST({wall_s} - s AS BIGINT) AS shift, lag(shift) OVER (ORDER BY s) AS before {moments}"
    )
    found = workshop.table(
        f"SELECT s, shift FROM ({shifts}) WHERE shift IS DISTINCT FROM before ORDER BY s DESC"
    )
    return list(zip(found["s"].to_pylist(), found["shift"].to_pylist(), strict=True))
