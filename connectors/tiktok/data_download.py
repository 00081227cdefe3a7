"""TikTok's "Download your data": the list of a person's own posts, and nothing else of it.

Observed in real archives of 2024 to 2026: one JSON object whose keys are English in every language and
moved twice; the list is called `VideoList`, and so is the one of all videos watched, which is never
opened. A post has its time in UTC and its likes, but neither an id nor a lasting link, and no other
figure. Read only where the campaign file allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Final

import pyarrow as pa

from connectors.archives import ARCHIVES
from connectors.base import BadExport, Batch, Context, Head, Member, MetricNote, Reading
from connectors.columns import Faults
from connectors.exported import Evidence, ExportDay, check, export_day, first_clue
from connectors.json_lists import BrokenJson, ListReader, Path
from connectors.posts import SOURCE, Observed, ParsedPosts, newest_day, plausible_clocks
from connectors.strict_json import JsonObject, NotStrictJson, parse
from connectors.tiktok.owner import PLATFORM, owner
from connectors.wording import one_line
from models.schema import POST_METRICS

source: Final = "tiktok_data_download"

_ARCHIVE: Final = next(archive for archive in ARCHIVES if archive.title.startswith(PLATFORM))
_FIRST_POSTS: Final = date(2016, 1, 1)
_BATCH: Final = 1000
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)
_PUBLIC: Final = "everyone"
_PAID: Final = "branded content"
_NOT_SAID: Final = frozenset({"", "n/a"})
_NOTES: Final = tuple(
    MetricNote(
        metric, "Likes" if metric == "likes" else None, None if metric == "likes" else "not in the archive"
    )
    for metric in POST_METRICS
)


def recognises(head: Head) -> bool:
    """Whether it is the archive's one JSON file, by its name or its first key."""
    return bool(
        _ARCHIVE.posts.search(head.name) or _ARCHIVE.begins.match(head.data.removeprefix(b"\xef\xbb\xbf"))
    )


def read(member: Member, context: Context) -> Reading:
    """The posts that everyone can see, with their likes on the day of export.

    Raises:
        BadExport: at once, or while batches are drawn.
    """
    account = owner(member, context, is_empty=False) or ""
    posts = _Posts(member, context, account)
    first, rest = posts.first_and_rest()
    if first is None:
        exported = first_clue(member, context)
    else:
        exported = export_day(member, context, Evidence(first.newest))
        rest = chain([first], rest)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day if exported else None,
        batches=_batches(rest, member, context, exported),
        metrics=_NOTES,
        chosen={**(exported.chosen(context) if exported else {}), "published_zone": "UTC"},
        notices=("private archive: only the list of posts was read; delete the file",),
    )


def _batches(
    pieces: Iterator[ParsedPosts], member: Member, context: Context, exported: ExportDay | None
) -> Iterator[Batch]:
    for parsed in pieces:
        if exported is not None:
            check(member, context, Evidence(parsed.newest), exported)
            yield parsed.batch(Observed.at_noon(source, PLATFORM, exported.day, context.timezone))


def _is_wanted(path: Path) -> bool:
    """The list of posts, wherever the layout of the year has it; never what was watched, liked or deleted."""
    return path[-1:] == ("videolist",) and not any("history" in key or "deleted" in key for key in path)


class _Posts:
    """One way through an archive."""

    def __init__(self, member: Member, context: Context, account: str) -> None:
        self._member = member
        self._context = context
        self._account = account
        self._seen: set[int] = set()

    def first_and_rest(self) -> tuple[ParsedPosts | None, Iterator[ParsedPosts]]:
        """The first batch, which has the newest posts, and the others."""
        pieces = self._pieces()
        return next(pieces, None), pieces

    def _pieces(self) -> Iterator[ParsedPosts]:
        reader = ListReader(_is_wanted)
        row = 1
        try:
            with self._member.open() as stream:
                items = map(parse, reader.items(stream))
                while some := list(islice(items, _BATCH)):
                    yield self._parse(some, row)
                    row += len(some)
        except (BrokenJson, NotStrictJson) as error:
            where = one_line(self._member.name)
            raise BadExport(f"damaged json ({error}): {where}: ask for it to be sent again") from None
        if not reader.found:
            raise BadExport(
                f"no list of posts (VideoList) in it: {one_line(self._member.name)}: delete it,"
                f" ask for {_ARCHIVE.ask_for} instead"
            )

    def _parse(self, items: list[JsonObject], row: int) -> ParsedPosts:
        row_no = pa.array(range(row, row + len(items)), pa.int64())
        faults = Faults(row_no)
        times = [_epoch_s(item) for item in items]
        faults.add(pa.array([time is None for time in times]), lambda _: '"Date" is no time')
        hidden = [_word(item, "WhoCanView") not in (_PUBLIC, None) for item in items]
        faults.add(pa.array(hidden), lambda _: "not everyone can see it")
        published_s = plausible_clocks(
            pa.array(times, pa.int64()), _FIRST_POSTS, self._context, faults, "its date cannot be"
        )
        faults.add(pa.array(list(self._repeats(times))), lambda _: "two posts at the same second")
        posts = {
            "row_no": row_no,
            "account": pa.repeat(self._account, len(items)),
            "exporter": pa.repeat(self._account, len(items)),
            "post_id": pa.array([f"archive:{time}" for time in times], pa.string()),
            "published_s": published_s,
            "published_basis": pa.repeat(SOURCE, len(items)),
            "caption": pa.array([_title(item) for item in items], pa.string()),
            "is_paid": pa.array([_is_paid(item) for item in items], pa.bool_()),
        }
        metrics = {"likes": pa.array([_likes(item) for item in items], pa.int64())}
        newest = newest_day(published_s, faults, self._context.timezone)
        return ParsedPosts(posts, metrics, faults, (), newest)

    def _repeats(self, times: Iterable[int | None]) -> Iterator[bool]:
        """Whether a time was there before: posts have no other id."""
        for time in times:
            yield time in self._seen
            if time is not None:
                self._seen.add(time)


def _epoch_s(item: JsonObject) -> int | None:
    text = item.get("Date")
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        return None
    try:
        return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return None


def _word(item: Mapping[str, object], key: str) -> str | None:
    """In lower case; None where the archive says nothing."""
    value = item.get(key)
    return value.strip().casefold() if isinstance(value, str) else None


def _likes(item: JsonObject) -> int | None:
    """Some likes are no number in real archives: not known, not nought."""
    value = item.get("Likes")
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if _COUNT.fullmatch(text) else None


def _is_paid(item: JsonObject) -> bool | None:
    """TikTok's label of a paid partnership; promoting one's own brand is none."""
    word = _word(item, "ContentDisclosure")
    return None if word is None else word == _PAID


def _title(item: JsonObject) -> str | None:
    word = _word(item, "Title")
    return None if word is None or word in _NOT_SAID else " ".join(str(item["Title"]).split())
