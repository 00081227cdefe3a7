"""TikTok Studio's `Content.csv`: lifetime totals of an account's top posts.

Columns, date spelling and the meaning of the totals were observed in real exports of 2026: eight
columns with English names, days without a year in the phone's language, 5 to 15 rows however many
posts there are. A post that is not listed is therefore not a deleted one.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ids
from connectors.base import BadExport, Context, Head, Member, Reading
from connectors.columns import (
    Columns,
    Faults,
    Vocabulary,
    extra_notice,
    find_columns,
    metric_notes,
    on_one_line,
    refuse_damaged_ids,
    whole_numbers,
)
from connectors.dates import DayReader, ShownDay, UnreadableDay, nearest_date
from connectors.posts import ID_CLOCK, ParsedPosts, PostsReader, newest_day, plausible_clocks
from connectors.spans import FEW
from connectors.tabular import Rows, open_sheet
from connectors.tiktok.headers import (
    IN_ENGLISH,
    is_kind,
    position_notice,
    refuse_wrong_places,
    vocabulary_of,
)
from connectors.wording import one_line
from connectors.zones import as_date, local_date, local_days, noon_s
from models.schema import POST_METRICS

source: Final = "tiktok_studio_content"
PLATFORM: Final = "tiktok"
VOCABULARY: Final = Vocabulary(
    {
        "time": ("Time",),
        "caption": ("Video title",),
        "link": ("Video link",),
        "post_time": ("Post time",),
        "likes": ("Total likes",),
        "comments": ("Total comments",),
        "shares": ("Total shares",),
        "views": ("Total views",),
    },
    "not in TikTok's file",
)
_KEYS: Final = frozenset({"link"})
_REPETITIVE: Final = frozenset({"time", "post_time"})
_FIRST_POSTS: Final = date(2016, 1, 1)  # the app is from September 2016
_SHOWN: Final = "shown date"


def recognises(head: Head) -> bool:
    """Whether the header has the link and at least two more of the columns."""
    return is_kind(head, "Content", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """Every listed post, as of the day of export.

    Raises:
        BadExport: at once, or while batches are drawn.
    """
    sheet = open_sheet(member)
    names = vocabulary_of(sheet.header, VOCABULARY)
    columns = find_columns(sheet.header, names, member)
    reader = _Reader(member, context, columns)
    first, pieces = reader.first_of(sheet.rows(columns.at, _REPETITIVE))
    if first:
        refuse_wrong_places(names, VOCABULARY, first.metrics, member)
    exported = reader.exported(first)
    reader.chosen.update(sheet.chosen())
    return Reading(
        source=source,
        platform=PLATFORM,
        account=reader.only_account(),
        exported_on=exported.day if exported else None,
        batches=reader.batches(first, pieces, exported),
        metrics=metric_notes(sheet.header, names, tuple(POST_METRICS)),
        chosen=reader.chosen,
        notices=(
            *position_notice(names, VOCABULARY),
            *extra_notice(columns),
            *reader.notices(),
            *sheet.notices(),
        ),
    )


class _Reader(PostsReader):
    """One way through a file, and what it learns on it."""

    source = source
    platform = PLATFORM

    def __init__(self, member: Member, context: Context, columns: Columns) -> None:
        super().__init__(member, context, columns)
        self._days = DayReader()
        self._accounts: set[str] = set()

    def parse(self, rows: Rows) -> ParsedPosts:
        """Take the cells apart; rows that cannot be are refused, each with its reason."""
        faults = Faults(rows.row_no)
        links = self._links(rows, faults)
        epoch_s = plausible_clocks(links.epoch_s, _FIRST_POSTS, self.context, faults)
        links = links._replace(epoch_s=epoch_s)
        self.campaigners.refuse_others(links.handle, None, faults)
        metrics = {
            name: whole_numbers(rows.columns[name], self.columns.native[name], faults)
            for name in POST_METRICS
            if name in rows.columns
        }
        self._look_at_time(rows)
        newest = newest_day(links.epoch_s, faults, self.context.timezone)
        return ParsedPosts(self._posts(rows, links), metrics, faults, rows.ragged, newest)

    def only_account(self) -> str | None:
        """The campaign's account that the links name, if it is one."""
        inside = self._accounts & self.campaigners.handles
        return next(iter(inside)) if len(inside) == 1 else None

    def notices(self) -> tuple[str, ...]:
        """What a person should know: other accounts, and a folder that names another one."""
        told, links = self.context.account, self.only_account()
        other = told is not None and links is not None and told != links
        wrong_folder = (f"the folder or --account says @{told}, the links say @{links}",) if other else ()
        return (*self.campaigners.notices(), *wrong_folder)

    def _posts(self, rows: Rows, links: ids.Links) -> dict[str, pa.Array]:
        published_s, basis = self._published(rows, links)
        posts = {
            "row_no": rows.row_no,
            "account": links.handle,
            "exporter": links.handle,
            "post_id": links.post_id,
            "published_s": published_s,
            "published_basis": basis,
            "permalink": ids.tiktok_permalinks(links),
            "media_type": links.kind,
        }
        if "caption" in rows.columns:
            posts["caption"] = on_one_line(rows.columns["caption"])
        return posts

    def _links(self, rows: Rows, faults: Faults) -> ids.Links:
        cells, native = rows.columns["link"], self.columns.native["link"]
        links = ids.tiktok_links(cells)
        handles = set(pc.unique(links.handle).to_pylist())
        self._accounts |= handles
        if handles & {"", None}:
            refuse_damaged_ids(cells, native, faults, self.member)
            bad = pc.or_(pc.is_null(links.post_id), pc.equal(pc.fill_null(links.handle, ""), ""))
            faults.add(bad, lambda _: f'no link to a tiktok post in "{native}"')
        return links

    def _look_at_time(self, rows: Rows) -> None:
        """The day of export as shown is the same in every row."""
        if "time" not in rows.columns:
            return
        values = rows.columns["time"].dictionary.to_pylist()
        shown = {day for day in (self.shown, *self._read_days(values, "time")) if day}
        if len(shown) > 1:
            native = self.columns.native["time"]
            raise BadExport(
                f'column "{native}" holds several days of export: {one_line(self.member.name)}:'
                " load each export as its own file"
            )
        self.shown = next(iter(shown), None)

    def _read_days(self, values: list[str], name: str) -> list[ShownDay | None]:
        try:
            days = self._days.read(values)
        except UnreadableDay as error:
            raise BadExport(
                f'day "{one_line(str(error), 30)}" in column "{self.columns.native[name]}" is in no known'
                f" language: {one_line(self.member.name)}: {IN_ENGLISH}"
            ) from None
        if self._days.locale:
            self.chosen["locale"] = self._days.locale
        return days

    def _published(self, rows: Rows, links: ids.Links) -> tuple[pa.Array, pa.Array]:
        """(Unix seconds, basis): the id's clock on the day that is shown, else noon of that day."""
        if "post_time" not in rows.columns:
            return links.epoch_s, pa.repeat(ID_CLOCK, len(links.epoch_s))
        cells = rows.columns["post_time"]
        shown = self._read_days(cells.dictionary.to_pylist(), "post_time")
        noon = self._noons(cells.indices, shown, links.epoch_s)
        if noon.null_count == len(noon):
            return links.epoch_s, pa.repeat(ID_CLOCK, len(links.epoch_s))
        return pc.coalesce(noon, links.epoch_s), pc.if_else(pc.is_valid(noon), _SHOWN, ID_CLOCK)

    def _noons(self, at: pa.Array, shown: list[ShownDay | None], epoch_s: pa.Array) -> pa.Array:
        """Noon of the day that a row shows (`shown[at]`), NULL where the id's clock agrees with it."""
        zone = self.context.timezone
        if len(at) <= FEW:
            clocked = [None if second is None else local_date(second, zone) for second in epoch_s.to_pylist()]
            pairs = zip(at.to_pylist(), clocked, strict=True)
            return pa.array([self._noon(shown[day], clock) for day, clock in pairs], pa.int64())
        days = local_days(epoch_s, zone).dictionary_encode()
        dates = [as_date(day) for day in days.dictionary.to_pylist()]
        width = max(len(dates), 1)  # a pair is one number: shown day and clock's day
        coded = pc.add(pc.multiply(at, width), days.indices).dictionary_encode()
        split = (divmod(pair, width) for pair in coded.dictionary.to_pylist())
        noons = [self._noon(shown[day], dates[clock]) for day, clock in split]
        return pa.array(noons, pa.int64()).take(coded.indices)

    def _noon(self, day: ShownDay | None, clock: date | None) -> int | None:
        if day is None or clock is None or nearest_date(day, clock) == clock:
            return None
        return noon_s(nearest_date(day, clock), self.context.timezone)
