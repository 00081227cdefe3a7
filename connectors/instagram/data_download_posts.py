"""The posts of Instagram's data download: the list of them, and the figures of past insights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import Batch, Context, Member, MetricNote, Reading
from connectors.columns import Faults, whole_numbers
from connectors.exported import Evidence, export_day
from connectors.instagram.data_download_json import Item, as_list, labelled, text_of, whole
from connectors.instagram.labels import Labels, choose, plain_thousands
from connectors.instagram.owner import PLATFORM, owner
from connectors.posts import SOURCE, Observed, ParsedPosts, newest_day, plausible_clocks
from connectors.wording import one_line
from models.schema import POST_METRICS

_FIRST_POSTS: Final = date(2010, 10, 1)
_WITH_FIGURES: Final = frozenset({"posts", "reels"})
_OF_REELS: Final = frozenset({"reels", "list of reels"})
_STILL: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic"})
_NOT_POSSIBLE: Final = "made at a time at which it cannot have been made"
_SECONDS: Final = r"^[0-9]{1,6}(\.[0-9]{1,6})?$"


@dataclass(frozen=True)
class _Post:
    """A post of either list, before its figures are understood."""

    item: Item
    media_type: str | None


def read(source: str, part: str, values: Sequence[Any], member: Member, context: Context) -> Reading:
    """The posts in `values`, as of the day of the download; `part` says which list it is.

    Raises:
        BadExport: whose they are or when they were downloaded is not known.
    """
    account = owner(member, context)
    posts = [_post(number, value, part) for number, value in enumerate(values, start=1)]
    seen = dict.fromkeys(label for post in posts for label in post.item.labels)
    labels = choose(part, seen)
    parsed = _parsed(posts, labels, account, context)
    exported = export_day(member, context, Evidence(parsed.newest))
    batch = parsed.batch(Observed.at_noon(source, PLATFORM, exported.day, context.timezone))
    if part not in _WITH_FIGURES:
        batch = Batch({"posts_seen": batch.tables["posts_seen"]}, batch.rows, batch.refused)
    return Reading(
        source=source,
        platform=PLATFORM,
        account=account,
        exported_on=exported.day,
        batches=iter([batch]),
        metrics=_notes(labels, list(seen), part),
        chosen={"part": part, "labels_language": labels.language, **exported.chosen(context)},
        notices=labels.notices(seen),
    )


def _post(number: int, value: Any, part: str) -> _Post:
    if not isinstance(value, dict):
        return _Post(Item(number, {}, None, None), None)
    if part in _WITH_FIGURES:
        return _Post(labelled(number, value), "reel" if part in _OF_REELS else None)
    media = [one for one in as_list(value.get("media", [])) if isinstance(one, dict)]
    return _Post(_listed(number, value, media), "reel" if part in _OF_REELS else _media_type(media))


def _listed(number: int, value: Mapping[str, Any], media: Sequence[Mapping[str, Any]]) -> Item:
    """A post of the list: the words of one picture stand with it, those of several with the post."""
    first = media[0] if media else {}
    inner, outer = text_of(first.get("title")), text_of(value.get("title"))
    title = inner or outer if len(media) == 1 else outer or inner
    moment = whole(value.get("creation_timestamp")) or whole(first.get("creation_timestamp"))
    return Item(number, {}, moment, title)


def _media_type(media: Sequence[Mapping[str, Any]]) -> str | None:
    """Whether a video was a reel the list does not say."""
    if len(media) > 1:
        return "carousel"
    uri = media[0].get("uri") if media else None
    return "image" if isinstance(uri, str) and PurePosixPath(uri).suffix.lower() in _STILL else None


def _parsed(posts: Sequence[_Post], labels: Labels, account: str, context: Context) -> ParsedPosts:
    faults = Faults(pa.array([post.item.number for post in posts], pa.int64()))
    epoch_s = pa.array([post.item.epoch_s for post in posts], pa.int64())
    faults.add(pc.is_null(epoch_s), lambda _: "no time of publication")
    epoch_s = plausible_clocks(epoch_s, _FIRST_POSTS, context, faults, _NOT_POSSIBLE)
    _refuse_twins(epoch_s, faults)
    cells = _by_meaning(posts, labels)
    columns = {
        "row_no": pa.array([post.item.number for post in posts], pa.int64()),
        "account": pa.repeat(account, len(posts)),
        "exporter": pa.repeat(account, len(posts)),
        "post_id": pc.binary_join_element_wise("archive", epoch_s.cast(pa.string()), ":"),
        "published_s": epoch_s,
        "published_basis": pa.repeat(SOURCE, len(posts)),
        "caption": _captions(posts, cells),
        "media_type": pa.array([post.media_type for post in posts], pa.string()),
    }
    durations = _durations(cells, faults)
    if durations is not None:
        columns["duration_s"] = durations
    metrics = {
        name: whole_numbers(plain_thousands(cells[name], labels), name, faults)
        for name in POST_METRICS
        if name in cells
    }
    return ParsedPosts(columns, metrics, faults, (), newest_day(epoch_s, faults, context.timezone))


def _refuse_twins(epoch_s: pa.Array, faults: Faults) -> None:
    """The second is all that tells posts of a download apart."""
    seen: set[int] = set()
    twins = []
    for moment in epoch_s.to_pylist():
        twins.append(moment is not None and moment in seen)
        seen.add(moment)
    faults.add(pa.array(twins, pa.bool_()), lambda _: "another post of the same second")


def _by_meaning(posts: Sequence[_Post], labels: Labels) -> dict[str, pa.Array]:
    """The cells of every label that means something to us, "" where a post has none."""
    rows = [
        {ours: value for label, value in post.item.labels.items() if (ours := labels.meaning(label))}
        for post in posts
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: pa.array([row.get(name, "") for row in rows], pa.string()) for name in names}


def _captions(posts: Sequence[_Post], cells: Mapping[str, pa.Array]) -> pa.Array:
    told = cells["caption"].to_pylist() if "caption" in cells else [""] * len(posts)
    return pa.array([text or post.item.title for text, post in zip(told, posts, strict=True)], pa.string())


def _durations(cells: Mapping[str, pa.Array], faults: Faults) -> pa.Array | None:
    texts = cells.get("duration_s")
    if texts is None:
        return None
    trimmed = pc.utf8_trim_whitespace(texts)
    good, missing = pc.match_substring_regex(trimmed, _SECONDS), pc.is_in(trimmed, pa.array(["", "--"]))
    faults.add(
        pc.invert(pc.or_(good, missing)),
        lambda at: f"duration is no number of seconds: {one_line(texts[at].as_py(), 20)}",
    )
    return pc.if_else(good, trimmed, None).cast(pa.float64())


def _notes(labels: Labels, seen: Sequence[str], part: str) -> tuple[MetricNote, ...]:
    if part not in _WITH_FIGURES:
        return tuple(
            MetricNote(metric, None, f"not in the {part} of a data download") for metric in POST_METRICS
        )
    native = {ours: label for label in reversed(seen) if (ours := labels.meaning(label))}
    return tuple(
        MetricNote(metric, native.get(metric), None if metric in native else "no label for it in this file")
        for metric in POST_METRICS
    )
