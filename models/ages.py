"""The ages at which posts are compared, and how near a reading must be to tell the views at each."""

from __future__ import annotations

from typing import Final, NamedTuple

import pyarrow as pa

_HOUR_S: Final = 3_600
_HOURS_A_DAY: Final = 24
_TOLD_IN_HOURS: Final = 48


class Age(NamedTuple):
    """An age of posts in days after publication."""

    day: int
    window_h: int
    """Views lie on the line between two readings, one on either side, that are both so near."""
    needs_second: bool
    """A reading dated by its day alone is no evidence."""
    compares: bool
    """Action periods may be compared at it."""

    @property
    def within(self) -> str:
        """The window in words."""
        hours = self.window_h
        return f"{hours} hours" if hours < _TOLD_IN_HOURS else f"{hours // _HOURS_A_DAY} days"

    @property
    def words(self) -> str:
        """The age in words."""
        return f"{self.day} day{'' if self.day == 1 else 's'}"


AGES: Final = (
    # Half of all views a post ever gets may come on its first day, most of them in a few hours: a line
    # over more than a day would be a guess. It takes two readings a day.
    Age(1, 12, needs_second=True, compares=False),
    # The curve has begun to flatten, and a reading a day is never more than 24 hours away.
    Age(3, 24, needs_second=True, compares=False),
    # A reading a day, one of them missed.
    Age(7, 36, needs_second=True, compares=True),
    # A file a week, one of them missed: by then the curve is nearly flat.
    Age(28, 14 * _HOURS_A_DAY, needs_second=False, compares=True),
)


def ages_table() -> pa.Table:
    """`cfg_ages`, youngest first."""
    schema = pa.schema(
        {
            "age_day": pa.int64(),
            "window_s": pa.int64(),
            "needs_second": pa.bool_(),
            "compares": pa.bool_(),
            "within": pa.string(),
        }
    )
    rows = [
        {
            "age_day": age.day,
            "window_s": age.window_h * _HOUR_S,
            "needs_second": age.needs_second,
            "compares": age.compares,
            "within": age.within,
        }
        for age in AGES
    ]
    return pa.Table.from_pylist(rows, schema=schema)
