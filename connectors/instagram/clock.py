"""`Publish time` of Meta Business Suite: US Pacific time, month or day first.

Over 205 rows of two accounts in Asia, read as Pacific time with its daylight saving, 204 lie within
30 minutes of the shortcode's clock (observed in real exports); Meta documents no zone.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from connectors.zones import from_wall, local_days

PACIFIC: Final = ZoneInfo("America/Los_Angeles")
MONTH_FIRST: Final = "MM/DD/YYYY"
DAY_FIRST: Final = "DD/MM/YYYY"
_FORMATS: Final = {MONTH_FIRST: "%m/%d/%Y %H:%M", DAY_FIRST: "%d/%m/%Y %H:%M"}
_DAY_S: Final = 86_400
_EARLIEST_S: Final = 1_262_304_000  # 2010, the year of the first post
_LATEST_S: Final = 4_102_444_800  # 2100


class TwoOrders(ValueError):
    """Some values can only be month first, others only day first."""


def date_order(cells: pa.Array, clock_s: pa.Array) -> str:
    """MONTH_FIRST or DAY_FIRST, from values above 12, else from what lies nearer to the ids' clocks.

    Raises:
        TwoOrders: the values contradict each other.
    """
    month_first, day_first = (_wall(cells, order) for order in (MONTH_FIRST, DAY_FIRST))
    only_month = pc.any(pc.and_(pc.is_valid(month_first), pc.is_null(day_first))).as_py()
    only_day = pc.any(pc.and_(pc.is_valid(day_first), pc.is_null(month_first))).as_py()
    if only_month and only_day:
        raise TwoOrders
    if only_month or only_day:
        return DAY_FIRST if only_day else MONTH_FIRST
    nearer = _near(day_first, clock_s) > _near(month_first, clock_s)
    return DAY_FIRST if nearer else MONTH_FIRST


def shown_seconds(cells: pa.Array, order: str) -> pa.Array:
    """Unix seconds (int64) of the shown times; NULL where a cell is no time in that order."""
    return from_wall(_wall(cells, order), PACIFIC)


def same_day(one_s: pa.Array, other_s: pa.Array) -> pa.Array:
    """Whether two moments are on one Pacific day; NULL where one is not known."""
    return pc.equal(local_days(one_s, PACIFIC), local_days(other_s, PACIFIC))


def _near(wall_s: pa.Array, clock_s: pa.Array) -> int:
    """How many shown times lie within two days of the id's clock, whatever the zone."""
    apart = pc.abs(pc.subtract(wall_s, clock_s))
    return int(pc.less(apart, 2 * _DAY_S).true_count)


def _wall(cells: pa.Array, order: str) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(cells)
    wall_s = pc.strptime(trimmed, format=_FORMATS[order], unit="s", error_is_null=True).cast(pa.int64())
    possible = pc.and_(pc.greater(wall_s, _EARLIEST_S), pc.less(wall_s, _LATEST_S))
    return pc.if_else(possible, wall_s, None)
