"""TikTok Studio's `FollowerActivity.csv`: how many followers were active in each hour of the last days.

Seven days of 24 rows; hours of the newest day that had not come yet are 0, not empty, and a header
alone means fewer than 100 followers (observed in real exports of 2026). The file does not say in which
time zone its hours are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import Batch, Context, Head, Member, Reading, Refusal
from connectors.columns import Columns, Faults, Vocabulary, extra_notice, find_columns, whole_numbers
from connectors.dates import ShownDay
from connectors.posts import Observed
from connectors.shares import Share, to_table
from connectors.tabular import Sheet, open_sheet
from connectors.tiktok.daily import shown_days, whole_table
from connectors.tiktok.follower_shares import FOLLOWERS, TOO_FEW
from connectors.tiktok.headers import is_kind, position_notice, vocabulary_of
from connectors.tiktok.owner import PLATFORM, owner
from connectors.tiktok.years import Dated, find_years

source: Final = "tiktok_studio_follower_activity"
VOCABULARY: Final = Vocabulary(
    {"date": ("Date",), "hour": ("Hour",), "active": ("Active followers",)}, "not in TikTok's file"
)
_KEYS: Final = frozenset({"hour", "active"})
_MAX_ROWS: Final = 24 * 400
_HOURS: Final = range(24)


def recognises(head: Head) -> bool:
    """Whether the header has the day, the hour and the active followers."""
    return is_kind(head, "FollowerActivity", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """An hour's share of a day's active followers: the mean over the complete days.

    Raises:
        BadExport: whose followers they are, or which days, is not known; or the days do not follow one
            another.
    """
    sheet = open_sheet(member)
    names = vocabulary_of(sheet.header, VOCABULARY)
    columns = find_columns(sheet.header, names, member)
    found = _read_rows(sheet, columns)
    is_empty = not found.days and not found.refused
    account = owner(member, context, is_empty=is_empty)
    numbered = [(number, day.shown) for number, day in enumerate(found.days, start=1)]
    dated = find_years(numbered, member, context)
    complete, notices = _complete(found.days)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=dated.exported.day if dated.exported else None,
        batches=_batches(found, complete, account, dated, context),
        chosen={
            **sheet.chosen(),
            **({"locale": found.locale} if found.locale else {}),
            **dated.chosen(context),
            "hours": "zone not stated in the file",
        },
        notices=(
            *((TOO_FEW,) if is_empty else notices),
            *position_notice(names, VOCABULARY),
            *extra_notice(columns),
            *sheet.notices(),
        ),
    )


@dataclass
class _Day:
    """The active followers of a day by hour."""

    shown: ShownDay
    active: dict[int, int] = field(default_factory=dict)
    row_no: dict[int, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether every hour is known, and anybody was there."""
        return len(self.active) == len(_HOURS) and any(self.active.values())


@dataclass(frozen=True)
class _Hours:
    """The rows of a file, by day."""

    days: list[_Day]
    rows: int
    """How many were understood."""
    refused: tuple[Refusal, ...]
    locale: str | None


def _read_rows(sheet: Sheet, columns: Columns) -> _Hours:
    table = whole_table(sheet, columns, _MAX_ROWS, "hours")
    faults = Faults(table.row_no)
    native = columns.native
    hours = whole_numbers(table.columns["hour"], native["hour"], faults)
    active = whole_numbers(table.columns["active"], native["active"], faults)
    no_hour = pc.fill_null(pc.or_(pc.less(hours, 0), pc.greater(hours, _HOURS[-1])), True)
    faults.add(no_hour, lambda _: f'"{native["hour"]}" is no hour from 0 to 23')
    negative = pc.fill_null(pc.less(active, 0), False)
    faults.add(negative, lambda _: f'"{native["active"]}" is less than 0')
    shown, locale = shown_days(table.columns["date"].to_pylist(), columns, sheet.member)
    faults.add(
        pa.array([day is None for day in shown], pa.bool_()), lambda _: f'no day in "{native["date"]}"'
    )
    kept = faults.kept()
    places = range(len(table.row_no)) if kept is None else kept.to_pylist()
    cells = ((faults.row(at), shown[at], hours[at].as_py(), active[at].as_py()) for at in places)
    refused = tuple(sorted((*table.ragged, *faults.refusals()), key=lambda refusal: refusal.row))
    return _Hours(_by_day(cells), len(places), refused, locale)


def _by_day(cells: Iterator[tuple[int, ShownDay | None, int, int | None]]) -> list[_Day]:
    """In the file's order; an hour that is there twice counts once, as it came first."""
    days: list[_Day] = []
    for row, shown, hour, active in cells:
        if shown is None:
            continue
        if not days or days[-1].shown != shown:
            days.append(_Day(shown))
        if active is not None and hour not in days[-1].active:
            days[-1].active[hour] = active
            days[-1].row_no[hour] = row
    return days


def _complete(days: Sequence[_Day]) -> tuple[list[_Day], tuple[str, ...]]:
    """(the days whose every hour is known, why others are not among them)."""
    complete = [day for day in days if day.is_whole]
    missing = len(days) - len(complete)
    notices = [f"days without all 24 hours left out: {missing}"] if missing else []
    newest = days[-1] if days else None
    if newest in complete and newest.active[_HOURS[-1]] == 0:
        complete.remove(newest)
        reached = max(hour for hour in _HOURS if newest.active[hour])
        notices.append(f"newest day left out: the zeros after its hour {reached} are hours still to come")
    return complete, tuple(notices)


def _batches(
    found: _Hours, days: Sequence[_Day], account: str | None, dated: Dated, context: Context
) -> Iterator[Batch]:
    """One batch: its rows are those of the file, also of days that are left out of the mean."""
    if not days or account is None or dated.exported is None:
        if found.rows or found.refused:
            yield Batch({}, found.rows, found.refused)
        return
    shares = [Share(days[0].row_no[hour], "hour", f"{hour:02}", _mean_share(days, hour)) for hour in _HOURS]
    observed = Observed.at_noon(source, PLATFORM, dated.exported.day, context.timezone)
    table = to_table(shares, FOLLOWERS, account, observed.columns(len(shares)))
    yield Batch({"audience_seen": table}, found.rows, found.refused)


def _mean_share(days: Sequence[_Day], hour: int) -> Decimal:
    parts = (Decimal(day.active[hour]) / sum(day.active.values()) for day in days)
    return sum(parts, Decimal(0)) / len(days)
