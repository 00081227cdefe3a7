"""Posts from the table of any other tool, read by the mapping that a person wrote for it.

TikTok's and Instagram's posts get the ids that all other sources give them, so that one post stays
one. On other platforms the id is the text of a column, or what the post's address says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import SEVERAL, Batch, Context, Head, Member, Reading
from connectors.columns import (
    Columns,
    Faults,
    Vocabulary,
    extra_notice,
    find_columns,
    metric_notes,
    name_key,
    refuse_damaged_ids,
)
from connectors.exported import ExportDay
from connectors.mapped import FileMapping
from connectors.mapped_posts import (
    Links,
    instagram_posts,
    other_posts,
    refuse_contradictions,
    tiktok_posts,
)
from connectors.posts import (
    ID_ALONE,
    ID_CLOCK,
    SOURCE,
    Campaigners,
    Origin,
    ParsedPosts,
    PostsReader,
    moments,
    newest_day,
    plausible_clocks,
)
from connectors.quantities import amounts, moments_of
from connectors.tabular import Rows, open_sheet
from connectors.wording import listed, one_line
from connectors.zones import local_days
from models.schema import POST_METRICS, SOURCE_RANKS

MEDIA_TYPES: Final = ("video", "photo", "reel", "image", "carousel", "story")
_FIRST_POSTS: Final = {"tiktok": date(2016, 1, 1), "instagram": date(2010, 10, 1)}
_FIRST_EVER: Final = date(2000, 1, 1)
_SHOWN: Final = "shown date"


class Fitting(NamedTuple):
    """A mapping for a file, and the sheet of it that is meant (None: it is no workbook)."""

    mapping: FileMapping
    sheet: str | None


def fitting(head: Head, mappings: Iterable[FileMapping]) -> Fitting | None:
    """The mapping for a file that begins so, or None; of several the one that asks for most columns."""
    tables: list[tuple[str | None, tuple[str, ...]]] = [*head.sheets.items()] or [(None, head.header)]
    found = [Fitting(one, sheet) for one in mappings for sheet, header in tables if _fits(one, header)]
    return max(found, key=lambda fit: len(fit.mapping.columns), default=None)


def read(member: Member, context: Context, fit: Fitting) -> Reading:
    """Every post of the campaign's accounts in the table.

    Raises:
        BadExport: at once, or while batches are drawn.
    """
    mapping = fit.mapping
    sheet = open_sheet(member, fit.sheet)
    columns = find_columns(sheet.header, _vocabulary(mapping), member)
    # Cells of a workbook are numbers, whatever the mark that Excel shows in them.
    reader = _Reader(member, context, columns, mapping, mapping.decimal if fit.sheet is None else ".")
    first, pieces = reader.first_of(sheet.rows(columns.at))
    exported = None if "observed" in columns.at else reader.exported(first)
    reader.chosen.update(sheet.chosen())
    notices: list[str] = [*extra_notice(columns), *sheet.notices()]
    return Reading(
        source=mapping.source,
        platform=reader.platform,
        account=None,
        exported_on=exported.day if exported else None,
        batches=reader.all_batches(first, pieces, exported, notices),
        metrics=metric_notes(sheet.header, _vocabulary(mapping), tuple(POST_METRICS)),
        chosen=reader.chosen,
        notices=notices,
        source_rank=SOURCE_RANKS["capture"],  # a copy is believed after what the platform itself exports
        rules=mapping.digest,
    )


def _fits(mapping: FileMapping, header: tuple[str, ...]) -> bool:
    """Whether a file with these columns is meant."""
    return {name_key(name) for name in mapping.columns} <= {name_key(name) for name in header}


@lru_cache(maxsize=64)
def _vocabulary(mapping: FileMapping) -> Vocabulary:
    """The columns by what they mean."""
    lookups = {
        "platform": mapping.platform,
        "account": mapping.account,
        "media_type": mapping.media_type,
    }
    whens = {"published": mapping.published, "observed": mapping.observed}
    named = {
        "post_id": mapping.post_id,
        "link": mapping.link,
        "caption": mapping.caption,
        **{name: lookup.column for name, lookup in lookups.items() if lookup},
        **{name: when.column for name, when in whens.items() if when},
        **{name: quantity.column for name, quantity in mapping.quantities.items()},
        "skip": mapping.skip[0] if mapping.skip else None,
    }
    return Vocabulary({name: (column,) for name, column in named.items() if column}, "not in the mapping")


class _Several(Campaigners):
    """The campaign's accounts on all platforms, for rows that may be of any."""

    def __init__(self, context: Context) -> None:
        super().__init__(SEVERAL, frozenset())
        self._accounts = context.accounts
        self._by_platform: dict[str, Campaigners] = {}

    def refuse_strangers(self, platforms: pa.Array, accounts: pa.Array, faults: Faults) -> None:
        """Refuse rows of accounts outside the campaign."""
        for platform in pc.unique(platforms.drop_null()).to_pylist():
            handles = self._accounts.get(platform, frozenset())
            one = self._by_platform.setdefault(platform, Campaigners(platform, handles))
            one.refuse_others(pc.if_else(pc.equal(platforms, platform), accounts, None), None, faults)
        self.inside = sum(one.inside for one in self._by_platform.values())

    def notices(self) -> tuple[str, ...]:
        """Who was refused, with the number of rows."""
        return tuple(notice for one in self._by_platform.values() for notice in one.notices())

    def insist(self, member: Member) -> None:
        """At the end of a file.

        Raises:
            BadExport: every row was of an account outside the campaign.
        """
        if not self.inside:
            for one in self._by_platform.values():
                one.insist(member)


class _Reader(PostsReader):
    """One way through a file, and what it learns on it."""

    def __init__(
        self, member: Member, context: Context, columns: Columns, mapping: FileMapping, decimal: str
    ) -> None:
        self.source = mapping.source
        self.platform = mapping.platform.fixed or SEVERAL
        super().__init__(member, context, columns)
        self.mapping = mapping
        self.decimal = decimal
        self.several = self.campaigners = _Several(context)
        self._skipped = 0
        self._unknown_types: set[str] = set()

    def parse(self, all_rows: Rows) -> ParsedPosts:
        """Take the cells apart; rows that cannot be are refused, each with its reason."""
        rows = self._without_skipped(all_rows)
        faults = Faults(rows.row_no)
        platforms = self._platforms(rows, faults)
        links = self._links(rows, platforms, faults)
        accounts = self._accounts(rows, links, faults)
        self.several.refuse_strangers(platforms, accounts, faults)
        posts = {
            "row_no": rows.row_no,
            "platform": platforms,
            "account": accounts,
            "exporter": accounts,
            "post_id": links.post_id,
            "permalink": links.permalink,
            **self._published(rows, links.epoch_s, faults),
            **self._described(rows),
            **self._observed(rows, faults),
        }
        numbers = {
            name: amounts(rows.columns[name], quantity, self.decimal, faults)
            for name, quantity in self.mapping.quantities.items()
            if name in rows.columns
        }
        if "duration_s" in numbers:
            posts["duration_s"] = numbers.pop("duration_s")
        newest = newest_day(posts["published_s"], faults, self.context.timezone)
        parsed = ParsedPosts(posts, numbers, faults, rows.ragged, newest)
        refuse_contradictions(parsed, self.member)
        return parsed

    def all_batches(
        self,
        first: ParsedPosts | None,
        rest: Iterator[ParsedPosts],
        exported: ExportDay | None,
        notices: list[str],
    ) -> Iterator[Batch]:
        """Canonical rows; `notices` grows at the end.

        Raises:
            BadExport: while batches are drawn.
        """
        if exported:
            yield from self.batches(first, rest, exported)
        elif first:
            for parsed in chain([first], rest):
                yield parsed.batch(Origin(self.source, self.platform))
            self.campaigners.insist(self.member)
        notices += self.campaigners.notices()
        if self._skipped:
            notices.append(f"rows that the mapping says are no posts: {self._skipped}")
        if self._unknown_types:
            notices.append(f"post types not known: {listed(sorted(self._unknown_types))}")

    def _without_skipped(self, rows: Rows) -> Rows:
        if self.mapping.skip is None or "skip" not in rows.columns:
            return rows
        skipped = _looked_up(rows.columns["skip"], dict.fromkeys(self.mapping.skip[1], "yes"))
        kept = pc.is_null(skipped)
        self._skipped += len(kept) - kept.true_count
        return Rows(
            rows.row_no.filter(kept),
            {name: column.filter(kept) for name, column in rows.columns.items()},
            rows.ragged,
        )

    def _platforms(self, rows: Rows, faults: Faults) -> pa.Array:
        lookup = self.mapping.platform
        if lookup.fixed:
            return pa.array([lookup.fixed] * len(rows.row_no), pa.string())
        cells = self._cells(rows, "platform")
        platforms = _looked_up(
            cells, lookup.words, lambda word: word if word in self.context.accounts else None
        )
        faults.add(
            pc.is_null(platforms),
            lambda at: f'no platform of the campaign in "{lookup.column}": {one_line(cells[at].as_py(), 30)}',
        )
        return platforms

    def _accounts(self, rows: Rows, links: Links, faults: Faults) -> pa.Array:
        """What the mapping says, else the link, else the folder or --account."""
        lookup = self.mapping.account
        told = pa.scalar(lookup.fixed if lookup and lookup.fixed else None, pa.string())
        if lookup and lookup.column:
            told = _looked_up(self._cells(rows, "account"), lookup.words, _handle)
        accounts = pc.coalesce(told, links.handle, pa.scalar(self.context.account, pa.string()))
        faults.add(
            pc.is_null(accounts),
            lambda _: "account not known: say it in the mapping, with --account, or by a folder's name",
        )
        return accounts

    def _links(self, rows: Rows, platforms: pa.Array, faults: Faults) -> Links:
        for name in {"post_id", "link"} & rows.columns.keys():
            refuse_damaged_ids(rows.columns[name], self.columns.native[name], faults, self.member)
        given = {name: pc.utf8_trim_whitespace(self._cells(rows, name)) for name in ("post_id", "link")}
        links = other_posts(given["post_id"], given["link"], self.mapping.permalink)
        for platform, read_links in (("tiktok", tiktok_posts), ("instagram", instagram_posts)):
            here = pc.fill_null(pc.equal(platforms, platform), False)
            if here.true_count:
                theirs = read_links(given["post_id"], given["link"])
                clock = plausible_clocks(
                    pc.if_else(here, theirs.epoch_s, None), _FIRST_POSTS[platform], self.context, faults
                )
                theirs = theirs._replace(epoch_s=clock)
                links = Links(*(pc.if_else(here, new, old) for new, old in zip(theirs, links, strict=True)))
        named = " or ".join(f'"{column}"' for column in (self.mapping.post_id, self.mapping.link) if column)
        faults.add(pc.is_null(links.post_id), lambda _: f"no id of a post in {named}")
        return links

    def _published(self, rows: Rows, clock_s: pa.Array, faults: Faults) -> dict[str, pa.Array]:
        """The id's clock on the day that is shown, else what is shown."""
        zone = self.context.timezone
        shown, is_full = pa.nulls(len(clock_s), pa.int64()), False
        if self.mapping.published and "published" in rows.columns:
            when = self.mapping.published
            shown = moments_of(rows.columns["published"], when, zone, faults)
            shown = plausible_clocks(
                shown, _FIRST_EVER, self.context, faults, "published at an impossible time"
            )
            is_full = when.has_time
        same_day = pc.equal(local_days(shown, zone), local_days(clock_s, zone))
        by_clock = pc.and_(pc.is_valid(clock_s), pc.fill_null(same_day, True))
        published_s = pc.if_else(by_clock, clock_s, shown)
        faults.add(pc.is_null(published_s), lambda _: "no day of publication")
        by_id = pc.if_else(pc.is_valid(shown), ID_CLOCK, ID_ALONE)
        basis = pc.if_else(by_clock, by_id, SOURCE if is_full else _SHOWN)
        return {"published_s": published_s, "published_basis": basis}

    def _observed(self, rows: Rows, faults: Faults) -> dict[str, pa.Array]:
        """When the row says of which day its numbers are."""
        when = self.mapping.observed
        if when is None or "observed" not in rows.columns:
            return {}
        epoch_s = moments_of(rows.columns["observed"], when, self.context.timezone, faults)
        faults.add(pc.is_null(epoch_s), lambda _: f'no day in "{when.column}"')
        epoch_s = plausible_clocks(
            epoch_s, _FIRST_EVER, self.context, faults, "observed at an impossible time"
        )
        return moments(epoch_s, "second" if when.has_time else "day")

    def _described(self, rows: Rows) -> dict[str, pa.Array]:
        described = {"caption": rows.columns["caption"]} if "caption" in rows.columns else {}
        lookup = self.mapping.media_type
        if lookup and lookup.fixed:
            described["media_type"] = pa.array([lookup.fixed] * len(rows.row_no), pa.string())
        elif lookup:
            cells = self._cells(rows, "media_type")
            described["media_type"] = _looked_up(
                cells, lookup.words, lambda word: word if word in MEDIA_TYPES else None
            )
            unknown = cells.filter(pc.is_null(described["media_type"]))
            self._unknown_types |= set(pc.unique(unknown).to_pylist()) - {""}
        return described

    def _cells(self, rows: Rows, name: str) -> pa.Array:
        """A column, empty where the file has none."""
        return rows.columns.get(name, pa.array([""] * len(rows.row_no), pa.string()))


def _handle(word: str) -> str | None:
    return word.removeprefix("@") or None


def _looked_up(
    cells: pa.Array, words: Mapping[str, str], other: Callable[[str], str | None] = lambda _: None
) -> pa.Array:
    """Our word for each cell; `other` is asked for those that the mapping does not list."""
    distinct = cells.dictionary_encode()
    keys = [name_key(cell) for cell in distinct.dictionary.to_pylist()]
    return pa.array([words.get(key) or other(key) for key in keys], pa.string()).take(distinct.indices)
