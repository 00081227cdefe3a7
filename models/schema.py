"""The canonical raw tables: what every source is translated into, and nothing else.

One row says what one source reported at one moment. Ids are text, times are UTC, every
timestamp has its epoch seconds beside it (``*_s``), and NULL means "this source did not say".
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pyarrow as pa

TIMESTAMP: Final = pa.timestamp("us")  # naive, UTC by contract: no client needs a zone library

# Counters of a post, as totals since publication. Seconds and shares (0-1) where the name says so.
POST_METRICS: Final[dict[str, pa.DataType]] = {
    "views": pa.int64(),
    "reach": pa.int64(),
    "likes": pa.int64(),
    "comments": pa.int64(),
    "shares": pa.int64(),
    "saves": pa.int64(),
    "reposts": pa.int64(),
    "follows": pa.int64(),
    "profile_visits": pa.int64(),
    "link_clicks": pa.int64(),
    "watch_time_total_s": pa.float64(),
    "watch_time_avg_s": pa.float64(),
    "completion_rate": pa.float64(),
    "skip_rate": pa.float64(),
}

# What an account did on one day, in the platform's own day.
ACCOUNT_METRICS: Final[dict[str, pa.DataType]] = {
    "followers": pa.int64(),
    "views": pa.int64(),
    "profile_views": pa.int64(),
    "likes": pa.int64(),
    "comments": pa.int64(),
    "shares": pa.int64(),
    "viewers_total": pa.int64(),
    "viewers_new": pa.int64(),
    "viewers_returning": pa.int64(),
    "reach": pa.int64(),
    "interactions": pa.int64(),  # likes, comments, shares, saves and more, as Instagram counts them
    "follows": pa.int64(),  # new ones of the day, those who left not taken off
    "link_clicks": pa.int64(),
}

# Every row of every table names the load it came with and its row in the file (1 = first data
# row): together they are a total order, so that no deduplication ever depends on luck.
_ORIGIN: Final[dict[str, pa.DataType]] = {
    "load_id": pa.string(),
    "row_no": pa.int64(),
    "source": pa.string(),
    "platform": pa.string(),
    "account": pa.string(),  # handle of the true owner: lower case, without "@"
}
_MOMENT: Final[dict[str, pa.DataType]] = {
    "observed_at": TIMESTAMP,
    "observed_s": pa.int64(),
    "observed_precision": pa.string(),  # "second", or "day": then 12:00 in the campaign's zone
}

POST_OBSERVATIONS: Final = pa.schema({**_ORIGIN, "post_id": pa.string(), **_MOMENT, **POST_METRICS})

POSTS_SEEN: Final = pa.schema(
    {
        **_ORIGIN,
        "post_id": pa.string(),
        **_MOMENT,
        "exporter": pa.string(),  # handle of the account whose export lists the post
        "published_at": TIMESTAMP,
        "published_s": pa.int64(),
        "published_basis": pa.string(),  # "source" (a full time) | "id clock" | "shown date" | "id alone"
        "permalink": pa.string(),
        "caption": pa.string(),
        "media_type": pa.string(),  # video | photo | reel | image | carousel | story
        "duration_s": pa.float64(),
        "is_collab": pa.bool_(),
        "is_paid": pa.bool_(),
    }
)

ACCOUNT_DAYS_SEEN: Final = pa.schema({**_ORIGIN, "day": pa.date32(), **_MOMENT, **ACCOUNT_METRICS})

AUDIENCE_SEEN: Final = pa.schema(
    {
        **_ORIGIN,
        **_MOMENT,
        "subject_type": pa.string(),  # post | account
        "subject_id": pa.string(),
        "population": pa.string(),  # whose shares these are: followers | viewers
        "dimension": pa.string(),  # age | gender | country | city | hour
        "bucket": pa.string(),
        "share": pa.float64(),  # 0-1
    }
)

# Comments below the campaign's posts, only while its file says so. A connector gives `author` as the
# platform writes it and the whole `text`; `models.comments` turns both into what may be stored and adds
# the columns from `text_key` on. A row is stored once, and again only when its text was changed.
COMMENTS_SEEN: Final = pa.schema(
    {
        **_ORIGIN,
        "post_id": pa.string(),
        **_MOMENT,
        "comment_id": pa.string(),
        "parent_id": pa.string(),  # the comment that this one answers; NULL = none
        "published_at": TIMESTAMP,
        "published_s": pa.int64(),
        "is_owner": pa.bool_(),  # written by the account itself; NULL = the platform does not say
        "author": pa.string(),  # a pseudonym of 20 hex digits, another for each post; NULL = not named
        "text": pa.string(),  # names, addresses and numbers masked; NULL once `retention_days` are over
        "text_key": pa.string(),  # of the masked text, under the same key: tells whether it was changed
        "stock_compound": pa.float64(),  # VADER's own score, -1 to 1; NULL = not scored
        "compound": pa.float64(),  # the same after normalising and the campaign's own words
        "category": pa.string(),  # positive | neutral | negative | no_words | not_scored
        "scored_with": pa.string(),  # versions of scorer, normalising and words
    }
)

# What a person asked to be erased, as hashes: an old export read again must not bring it back.
ERASED: Final = pa.schema(
    {
        "kind": pa.string(),  # author | comment | post | account
        "key": pa.string(),  # author: the pseudonym; else SHA-256 of what names it, as hex
        "erased_at": TIMESTAMP,
    }
)

LOAD_METRICS: Final = pa.schema(
    {
        "load_id": pa.string(),
        "metric": pa.string(),
        "native_name": pa.string(),  # the platform's own word: "Total views"
        "null_reason": pa.string(),  # why the column is empty, NULL when it is not
    }
)

# The ledger. `rows` counts rows loaded, `refused` rows (or, for a refused file, files) left out;
# `chosen` is a JSON object of everything that was decided on the way in (encoding, delimiter,
# locale, year, time zone, date order, the basis of `exported_on`); `notice` is what a person
# should know about a load that went well.
LOADS: Final = pa.schema(
    {
        "load_id": pa.string(),
        "source": pa.string(),
        "source_rank": pa.int64(),  # SOURCE_RANKS: who is believed when two report the same moment
        "platform": pa.string(),
        "account": pa.string(),
        "name": pa.string(),  # path below the inbox, with the ZIP member after "!"
        "file_name": pa.string(),  # the same without the member
        "path": pa.string(),  # where the file lay when it was loaded
        "file_sha256": pa.string(),
        "sha256": pa.string(),  # of the member's bytes
        "exported_on": pa.date32(),
        "loaded_at": TIMESTAMP,
        "rows": pa.int64(),
        "refused": pa.int64(),
        "reason": pa.string(),
        "notice": pa.string(),
        "chosen": pa.string(),
        "replaces": pa.string(),
        "first_day": pa.date32(),  # of the posts or days in it
        "last_day": pa.date32(),
        "options": pa.string(),  # what the person said on the command line
    }
)

# One attempt to read an account through an API. A walk that stopped half-way is gone on with by the
# next attempt: both have the same `started_s`, and it is complete only when its last page was read.
PULLS: Final = pa.schema(
    {
        "load_id": pa.string(),  # of the attempt's rows
        "source": pa.string(),
        "platform": pa.string(),
        "account": pa.string(),
        "started_s": pa.int64(),
        "ended_s": pa.int64(),
        "since_s": pa.int64(),  # posts published since are wanted; NULL = all
        "cursor": pa.string(),  # where the next attempt goes on; NULL = at the beginning
        "is_complete": pa.bool_(),
        "posts": pa.int64(),
        "requests": pa.int64(),
        "pages": pa.int64(),
        "retries": pa.int64(),
        "waited_s": pa.float64(),
        "quota_used": pa.float64(),  # 0-1; NULL = the platform does not say
        "stopped": pa.string(),  # why it ended before its last page
        "skipped": pa.string(),  # what the platform did not give, and why
        "not_given": pa.string(),  # the same for the next attempt: JSON, metrics by kind of post
    }
)

SOURCE_RANKS: Final = {"api": 1, "export": 2, "capture": 3, "reading": 4}
"""Who is believed when two sources report the same moment: the lowest rank."""

TABLES: Final[dict[str, pa.Schema]] = {
    "post_observations": POST_OBSERVATIONS,
    "posts_seen": POSTS_SEEN,
    "account_days_seen": ACCOUNT_DAYS_SEEN,
    "audience_seen": AUDIENCE_SEEN,
    "comments_seen": COMMENTS_SEEN,
}
"""The tables that a connector fills; the store itself writes the others."""


def to_epoch(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware moment."""
    return int(moment.timestamp())


def from_epoch(seconds: int) -> datetime:
    """The naive UTC moment that the tables hold."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def timestamps(epoch_s: pa.Array) -> pa.Array:
    """The same for a column of whole seconds (int64), in the type of the tables."""
    return epoch_s.view(pa.timestamp("s")).cast(TIMESTAMP)


_FIELDS: Final = {name: {field.name: field.type for field in table} for name, table in TABLES.items()}


def conform(columns: dict[str, pa.Array | pa.ChunkedArray], name: str) -> pa.Table:
    """Rows of the table called `name`: columns cast, the ones not given filled with NULL.

    Raises:
        KeyError: `columns` names a column that the table does not have.
    """
    fields = _FIELDS[name]
    unknown = columns.keys() - fields.keys()
    if unknown:
        raise KeyError(f"not in the canonical schema: {', '.join(sorted(unknown))}")
    length = len(next(iter(columns.values())))
    given = ((columns.get(column), kind) for column, kind in fields.items())
    arrays = [
        pa.nulls(length, kind) if column is None else column if column.type == kind else column.cast(kind)
        for column, kind in given
    ]
    return pa.Table.from_arrays(arrays, schema=TABLES[name])
