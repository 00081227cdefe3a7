"""Local days of moments and moments of local days, for whole columns.

Zone rules come from Python's `zoneinfo`, so that every machine uses the same ones. A zone is asked
once per year for the moments at which it changes its offset; between two of them all rows are alike.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from connectors.spans import span

DAY_S = 86_400
_DAY_0 = date(1970, 1, 1).toordinal()


def noon_s(day: date, zone: ZoneInfo) -> int:
    """Unix seconds of 12:00 of `day` in `zone`: the moment of a source that gives a date only."""
    return int(datetime.combine(day, time(12), zone).timestamp())


def local_date(epoch_s: int, zone: ZoneInfo) -> date:
    """The day in `zone` at `epoch_s`."""
    return datetime.fromtimestamp(epoch_s, zone).date()


def local_days(epoch_s: pa.Array, zone: ZoneInfo) -> pa.Array:
    """The days in `zone` of Unix seconds (int64, within the years 1 to 9999), as days since 1970 (int64)."""
    return pc.divide(pc.add(epoch_s, _shifts(epoch_s, zone)), DAY_S)


def as_date(days: int) -> date:
    """One of those days."""
    return date.fromordinal(_DAY_0 + days)


def from_wall(wall_s: pa.Array, zone: ZoneInfo) -> pa.Array:
    """Unix seconds of wall-clock readings in `zone`, given as seconds since 1970-01-01 00:00 there.

    Near a change of the clock a reading may mean two moments, or none: one within the hour is given.
    """
    near_s = pc.subtract(wall_s, _shifts(wall_s, zone))
    return pc.subtract(wall_s, _shifts(near_s, zone))


def _shifts(epoch_s: pa.Array, zone: ZoneInfo) -> pa.Array | pa.Scalar:
    """Seconds to add for local time: one number when all rows are between two changes."""
    ends = span(epoch_s)
    if ends is None:
        return pa.scalar(0, pa.int64())
    first, last = ends
    shifts: pa.Array | pa.Scalar = pa.scalar(_shift_at(first, zone), pa.int64())
    years = range(_year(first), _year(last) + 1)
    for moment, shift in (change for year in years for change in _changes(zone, year)):
        if first < moment <= last:
            shifts = pc.if_else(pc.greater_equal(epoch_s, moment), pa.scalar(shift, pa.int64()), shifts)
    return shifts


@lru_cache(maxsize=512)
def _changes(zone: ZoneInfo, year: int) -> tuple[tuple[int, int], ...]:
    """(moment, shift from then on) of every change of `zone` in a UTC year."""
    start = int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
    days = range(start, start + 366 * DAY_S, DAY_S)
    found = (_change_within(day, zone) for day in days if _year(day) == year)
    return tuple((moment, _shift_at(moment, zone)) for moment in found if moment is not None)


def _change_within(day_s: int, zone: ZoneInfo) -> int | None:
    """The first second of the day from `day_s` on, or of the next, at which the shift is another."""
    before, low, high = _shift_at(day_s, zone), day_s, day_s + DAY_S
    if _shift_at(high, zone) == before:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _shift_at(middle, zone) == before else (low, middle)
    return high


def _year(epoch_s: int) -> int:
    return datetime.fromtimestamp(epoch_s, UTC).year


def _shift_at(epoch_s: int, zone: ZoneInfo) -> int:
    shift = datetime.fromtimestamp(epoch_s, zone).utcoffset()
    return int(shift.total_seconds()) if shift is not None else 0
