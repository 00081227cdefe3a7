"""Meta Business Suite's content export: lifetime totals of Instagram posts.

Observed in real exports of 2026: columns in changing order and in the language of the screen,
several accounts in one file, captions with line ends, and posts of other accounts that the
exporting one co-authored. Those have no reach and no follows, and a false zero of saves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors import ids
from connectors.base import BadExport, Context, Head, Member, MetricNote, Reading
from connectors.columns import (
    Columns,
    Faults,
    extra_notice,
    find_columns,
    metric_notes,
    name_key,
    refuse_damaged_ids,
    whole_numbers,
)
from connectors.instagram import clock
from connectors.instagram.headers import (
    data_file,
    language_of,
    languages,
    lifetime_words,
    media_types,
    vocabulary_of,
)
from connectors.instagram.unknown_words import KEYS
from connectors.posts import ID_CLOCK, ParsedPosts, PostsReader, newest_day, plausible_clocks
from connectors.tabular import Rows, open_sheet
from connectors.wording import EXPORT_AGAIN, listed, one_line
from models.schema import POST_METRICS

source: Final = "meta_business_suite_content"
PLATFORM: Final = "instagram"
EXPECTED: Final = tuple(names[0] for names in languages()[0].columns.values())
_FIRST_POSTS: Final = date(2010, 10, 1)
_SOURCE: Final = "source"
_REPETITIVE: Final = frozenset({"account", "media_type", "period"})
_FALSE_ZERO: Final = "the 0 on posts of other accounts is no count: only the owner sees it"
_STILL: Final = pa.array(["image", "carousel"])


def recognises(head: Head) -> bool:
    """Whether the header has, in one language, the account, the link and the time of posts."""
    return vocabulary_of(head.header).knows(head.header) >= {*KEYS}


def read(member: Member, context: Context) -> Reading:
    """Every post of the file, as of the day of export.

    Raises:
        BadExport: at once, or while batches are drawn.
    """
    sheet = open_sheet(member)
    vocabulary = vocabulary_of(sheet.header)
    columns = find_columns(sheet.header, vocabulary, member)
    reader = _Reader(member, context, columns)
    reader.chosen.update({**sheet.chosen(), "header_language": language_of(sheet.header).name})
    first, pieces = reader.first_of(sheet.rows(columns.at, _REPETITIVE))
    exported = reader.exported(first)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=reader.exporter,
        exported_on=exported.day if exported else None,
        batches=reader.batches(first, pieces, exported),
        metrics=reader.notes(metric_notes(sheet.header, vocabulary, tuple(POST_METRICS))),
        chosen=reader.chosen,
        notices=(*extra_notice(columns), *reader.notices(), *sheet.notices()),
    )


class _Reader(PostsReader):
    """One way through a file, and what it learns on it."""

    source = source
    platform = PLATFORM

    def __init__(self, member: Member, context: Context, columns: Columns) -> None:
        super().__init__(member, context, columns)
        told = context.account
        self.exporter = told if told in self.campaigners.handles else None
        """The account whose export this is; None when the file holds several."""
        self._owners: set[str] = set()
        self._order: str | None = None
        self._unknown_types: set[str] = set()
        self._has_false_zeros = False

    def parse(self, rows: Rows) -> ParsedPosts:
        """Take the cells apart; rows that cannot be are refused, each with its reason."""
        faults = Faults(rows.row_no)
        self._refuse_daily(rows)
        links = self._links(rows, faults)
        epoch_s = plausible_clocks(links.epoch_s, _FIRST_POSTS, self.context, faults)
        links = links._replace(epoch_s=epoch_s)
        accounts = _per_value(rows.columns["account"], lambda name: name.strip().removeprefix("@").lower())
        metrics = self._metrics(rows, faults)
        collab = self._collab(accounts, metrics)
        allowed = collab if self.exporter else None
        self.campaigners.refuse_others(accounts, allowed, faults)
        if "saves" in metrics:
            unseen = pc.coalesce(collab, _unseen(metrics, len(accounts)))
            metrics["saves"] = self._without_false_zeros(metrics["saves"], unseen)
        posts = self._posts(rows, links, accounts, collab, faults)
        newest = newest_day(links.epoch_s, faults, self.context.timezone)
        return ParsedPosts(posts, metrics, faults, rows.ragged, newest)

    def notices(self) -> tuple[str, ...]:
        """What a person should know: other accounts, words that we do not know."""
        place = f"[media_types] in {data_file(self.chosen['header_language'])}"
        words = f"post types not known: {listed(sorted(self._unknown_types))}; add them under {place}"
        return (*self.campaigners.notices(), *((words,) if self._unknown_types else ()))

    def notes(self, notes: tuple[MetricNote, ...]) -> tuple[MetricNote, ...]:
        """The metrics' notes, with why saves are missing from some of the first rows."""
        if not self._has_false_zeros:
            return notes
        return tuple(replace(n, null_reason=_FALSE_ZERO) if n.metric == "saves" else n for n in notes)

    def _without_false_zeros(self, saves: pa.Array, unseen: pa.Array) -> pa.Array:
        false_zero = pc.fill_null(pc.and_(unseen, pc.equal(saves, 0)), False)
        self._has_false_zeros |= bool(pc.any(false_zero).as_py())
        return pc.if_else(false_zero, None, saves)

    def _posts(
        self, rows: Rows, links: ids.Links, accounts: pa.Array, collab: pa.Array, faults: Faults
    ) -> dict[str, pa.Array]:
        published_s, basis = self._published(rows, links, faults)
        media_type = self._media_type(rows, links)
        posts = {
            "row_no": rows.row_no,
            "account": accounts,
            "exporter": self._exporters(accounts, collab),
            "post_id": links.post_id,
            "published_s": published_s,
            "published_basis": basis,
            "permalink": ids.instagram_permalinks(links),
            "media_type": media_type,
            "is_collab": collab,
        }
        if "caption" in rows.columns:
            posts["caption"] = rows.columns["caption"]
        if "duration_s" in rows.columns:
            posts["duration_s"] = self._duration(rows, media_type, faults)
        return posts

    def _links(self, rows: Rows, faults: Faults) -> ids.Links:
        for name in ("post_id", "permalink"):
            if name in rows.columns:
                refuse_damaged_ids(rows.columns[name], self.columns.native[name], faults, self.member)
        links = ids.instagram_links(rows.columns["permalink"])
        native = self.columns.native["permalink"]
        story = pc.match_substring(rows.columns["permalink"], "/stories/")
        faults.add(story, lambda _: "a story: posts and reels alone are read")
        faults.add(pc.is_null(links.post_id), lambda _: f'no link to an instagram post in "{native}"')
        return links

    def _metrics(self, rows: Rows, faults: Faults) -> dict[str, pa.Array]:
        return {
            name: whole_numbers(rows.columns[name], self.columns.native[name], faults)
            for name in POST_METRICS
            if name in rows.columns
        }

    def _collab(self, accounts: pa.Array, metrics: dict[str, pa.Array]) -> pa.Array:
        """Whether a row is another account's post that the exporter co-authored; NULL: cannot be told.

        Only the owner sees reach and follows. Who has rows with reach is an owner here.
        """
        if "reach" in metrics:
            self._owners |= set(pc.unique(accounts.filter(pc.is_valid(metrics["reach"]))).to_pylist())
        ours = self._owners & self.campaigners.handles
        if self.exporter is None and len(ours) == 1:
            self.exporter = next(iter(ours))
        owners = self._owners | ({self.exporter} if self.exporter else set())
        if not owners:
            return pa.nulls(len(accounts), pa.bool_())
        return pc.and_(
            _unseen(metrics, len(accounts)),
            pc.invert(pc.is_in(accounts, pa.array(sorted(owners), pa.string()))),
        )

    def _exporters(self, accounts: pa.Array, collab: pa.Array) -> pa.Array:
        exporter = pa.scalar(self.exporter, pa.string())
        return pc.if_else(pc.fill_null(collab, False), exporter, accounts)

    def _refuse_daily(self, rows: Rows) -> None:
        """Only totals since publication are read.

        Raises:
            BadExport: `Date` holds days.
        """
        if "period" not in rows.columns:
            return
        words = {name_key(word) for word in rows.columns["period"].dictionary.to_pylist()}
        for word in sorted(words - lifetime_words() - {""}):
            if any(character.isdigit() for character in word):
                raise BadExport(
                    f'figures by day ("{self.columns.native["period"]}" is {one_line(word, 30)}):'
                    f" {one_line(self.member.name)}: export the content again as Lifetime"
                )

    def _published(self, rows: Rows, links: ids.Links, faults: Faults) -> tuple[pa.Array, pa.Array]:
        """(Unix seconds, basis): the shortcode clock if on the shown Pacific day, else the shown time."""
        cells, native = rows.columns["publish_time"], self.columns.native["publish_time"]
        if self._order is None:
            self._order = self._date_order(cells, links)
            self.chosen |= {"date_order": self._order, "publish_time_zone": clock.PACIFIC.key}
        shown = clock.shown_seconds(cells, self._order)
        unread = pc.and_(pc.is_null(shown), pc.not_equal(pc.utf8_trim_whitespace(cells), ""))
        faults.add(
            unread, lambda at: f'"{native}" is not {self._order} HH:MM: {one_line(cells[at].as_py(), 30)}'
        )
        agrees = pc.fill_null(clock.same_day(shown, links.epoch_s), True)
        return pc.if_else(agrees, links.epoch_s, shown), pc.if_else(agrees, ID_CLOCK, _SOURCE)

    def _date_order(self, cells: pa.Array, links: ids.Links) -> str:
        try:
            return clock.date_order(cells, links.epoch_s)
        except clock.TwoOrders:
            raise BadExport(
                f'days and months in two orders in "{self.columns.native["publish_time"]}":'
                f" {one_line(self.member.name)}: {EXPORT_AGAIN}"
            ) from None

    def _media_type(self, rows: Rows, links: ids.Links) -> pa.Array:
        """The word of the file, else what the link says of reels."""
        by_link = pc.if_else(pc.equal(links.kind, "reel"), "reel", pa.scalar(None, pa.string()))
        if "media_type" not in rows.columns:
            return by_link
        known = media_types()
        words = rows.columns["media_type"]
        self._unknown_types |= {w for w in words.dictionary.to_pylist() if w and name_key(w) not in known}
        return pc.coalesce(_per_value(words, lambda word: known.get(name_key(word))), by_link)

    def _duration(self, rows: Rows, media_type: pa.Array, faults: Faults) -> pa.Array:
        """Seconds; the 0 of pictures is no duration."""
        seconds = whole_numbers(rows.columns["duration_s"], self.columns.native["duration_s"], faults)
        still = pc.fill_null(pc.and_(pc.equal(seconds, 0), pc.is_in(media_type, _STILL)), False)
        if pc.any(still).as_py():
            self.chosen["duration_s"] = "the 0 of pictures is no duration"
        return pc.if_else(still, None, seconds).cast(pa.float64())


def _unseen(metrics: dict[str, pa.Array], length: int) -> pa.Array:
    """Whether a row lacks all that only the owner sees; NULL: the file has no such column."""
    private = [metrics[name] for name in ("reach", "follows") if name in metrics]
    blank = pa.array([True] * length, pa.bool_()) if private else pa.nulls(length, pa.bool_())
    for column in private:
        blank = pc.and_(blank, pc.is_null(column))
    return blank


def _per_value(cells: pa.Array, function: Callable[[str], str | None]) -> pa.Array:
    """A function of every distinct value of a dictionary column (→ string)."""
    return pa.array(map(function, cells.dictionary.to_pylist()), pa.string()).take(cells.indices)
