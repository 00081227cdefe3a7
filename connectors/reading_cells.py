"""The cells of the sheet into which people write figures: what they say, and why they cannot be so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

import pyarrow as pa

from connectors import ids
from connectors.columns import name_key
from connectors.mapped import COUNTS, SHARES, Unit
from connectors.mapped_posts import other_posts
from connectors.quantities import parse_amount
from connectors.shares import parse_share
from connectors.wording import one_line
from models.schema import POST_METRICS

COLUMNS: Final = ("account", "post link", "read on", "metric or audience bucket", "value", "seen on")
"""As the sheet spells them."""
ACCOUNT, LINK, READ_ON, WHAT, VALUE, SEEN_ON = COLUMNS
_CLOCKED: Final = ("tiktok", "instagram")
DIMENSIONS: Final = ("age", "gender", "country", "city")
METRICS: Final[Mapping[str, str]] = {
    **{metric.replace("_", " "): metric for metric, kind in POST_METRICS.items() if kind == pa.int64()},
    "average watch time": "watch_time_avg_s",
    "total watch time": "watch_time_total_s",
    "watched in full": "completion_rate",
}
"""Canonical metrics by the words for them in the sheet."""
_UNITS: Final[Mapping[str, tuple[Unit, ...]]] = {
    **{metric: COUNTS for metric, kind in POST_METRICS.items() if kind == pa.int64()},
    "watch_time_avg_s": ("seconds", "h:mm:ss"),
    "watch_time_total_s": ("seconds", "h:mm:ss"),
    "completion_rate": SHARES,
}


class BadRow(ValueError):
    """A row that cannot be loaded; the message says why, and what to write instead."""


class Subject(NamedTuple):
    """Whose figure it is: an account's audience, or one post's."""

    platform: str
    account: str
    post_id: str | None
    permalink: str | None
    media_type: str | None
    clock_s: int | None
    """When the post's id was made; None where ids have no clock."""


def as_day(cell: str) -> date:
    """2024-02-06, also with a time, or as British people write it: 06/02/2024.

    Raises:
        BadRow: it is no day.
    """
    for told in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell[:10], told).date()
        except ValueError:
            continue
    raise BadRow(f'"{READ_ON}" is no day: {one_line(cell, 20)}: write 2024-02-06 or 06/02/2024')


def subject_of(platform: str, account: str, cell: str) -> Subject:
    """The post that a link leads to; without a link, the account itself.

    Raises:
        BadRow: it leads to no post of that account.
    """
    if not cell:
        return Subject(platform, account, None, None, None, None)
    if platform not in _CLOCKED:
        post_id = other_posts(pa.array([cell]), pa.array([cell]), None).post_id[0].as_py()
        if post_id is None:
            raise BadRow(f'no id of a post in "{LINK}": {one_line(cell, 60)}: copy the whole address')
        return Subject(platform, account, post_id, None, None, None)
    link = ids.parse_link(cell)
    if link is None or link.platform != platform:
        raise BadRow(
            f'"{LINK}" leads to no {platform} post: {one_line(cell, 60)}:'
            " open it in a browser and copy the long address"
        )
    if link.handle not in ("", account):
        raise BadRow(f'"{LINK}" leads to a post of @{link.handle}, not of @{account}: correct one')
    return _clocked(platform, account, link)


def _clocked(platform: str, account: str, link: ids.Link) -> Subject:
    if platform == "tiktok":
        address = ids.tiktok_permalink(account, link.kind, link.post_id)
        return Subject(platform, account, link.post_id, address, link.kind, ids.tiktok_epoch_s(link.post_id))
    media_type = "reel" if link.kind == "reel" else None
    address = ids.instagram_permalink(link.kind, link.post_id)
    return Subject(platform, account, link.post_id, address, media_type, ids.instagram_epoch_s(link.post_id))


def what_of(cell: str) -> tuple[str | None, str, str]:
    """(metric, "", "") or (None, dimension, bucket).

    Raises:
        BadRow: it is neither.
    """
    key = name_key(cell)
    metric = METRICS.get(key.replace("_", " "))
    if metric:
        return metric, "", ""
    dimension, _, bucket = cell.strip().partition(" ")
    if dimension.lower() not in DIMENSIONS or not bucket.strip():
        raise BadRow(
            f'"{WHAT}" is not known: {one_line(cell, 40)}: write {", ".join(METRICS)},'
            ' or an audience as in "age 18-24", "country GB", "city Sheffield"'
        )
    return None, dimension.lower(), " ".join(bucket.split())


def value_of(cell: str, metric: str | None) -> float:
    """A count, seconds, or for an audience (None) and for rates a share, 0-1.

    Raises:
        BadRow: it is none.
    """
    if metric is None or _UNITS[metric] is SHARES:
        return _share(cell)
    found = (parse_amount(cell, unit) for unit in _UNITS[metric])
    value = next((value for value in found if value is not None and value >= 0), None)
    if value is None:
        raise BadRow(f'"{VALUE}" is no number: {one_line(cell, 20)}: write 12400, 12,400 or 12.4K')
    return value


def _share(cell: str) -> float:
    try:
        share = parse_share(cell)
    except ValueError:
        share = None
    if share is None or cell == "1":  # one per cent, or all of it?
        raise BadRow(f'"{VALUE}" is no share: {one_line(cell, 20)}: write 34% or 0.34')
    return float(share)
