"""Small builders: a campaign, rows of raw tables, a data folder that stores them, builds and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.registry import post_key
from models import schema
from models.boosts import boosted_posts
from models.build import BuildReport, ByHand, build
from models.campaign import Campaign, load_campaign
from models.published import TABLES, Table
from models.store import PUBLISHED_FILE, open_published, open_store

Row = dict[str, object]

CAMPAIGN = """
title = "Test campaign"
timezone = "Europe/London"
starts = 2023-09-01
ends = 2024-10-06

[[period]]
id = "ap1"
name = "Action period 1"
starts = 2023-11-08
ends = 2024-02-05

[[period]]
id = "ap2"
name = "Action period 2"
starts = 2024-02-07
ends = 2024-05-06

[[team]]
id = "team-a"
name = "Team A"

[[topic]]
id = "help"
name = "Finding help"
team = "team-a"
hashtags = ["findhelp"]
keywords = ["app", "first appointment"]

[[topic]]
id = "voices"
name = "Voices"
team = "team-a"
accounts = ["tiktok:@kofi"]

[[creator]]
id = "lavelle"
name = "Lavelle"
kind = "influencer"
accounts = ["tiktok:@lavelle", "instagram:@lavelle"]

[[creator]]
id = "kofi"
name = "Kofi"
kind = "influencer"
accounts = ["tiktok:@kofi"]
"""

COMMENTS = """
[comments]
enabled = true
owner = "A. Person"
read_within_hours = 24
approved_on = 2023-10-01
"""
"""To add to a campaign that reads comments."""

NO_ASSIGNMENTS = pa.table(
    {
        "platform": pa.array([], pa.string()),
        "post_id": pa.array([], pa.string()),
        "topic_id": pa.array([], pa.string()),
        "note": pa.array([], pa.string()),
        "row_no": pa.array([], pa.int64()),
    }
)


def utc(text: str) -> datetime:
    """ "2024-02-06 12:00" as an aware moment."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def seconds(text: str) -> int:
    return int(utc(text).timestamp())


def a_campaign(folder: Path, text: str = CAMPAIGN) -> Campaign:
    file = folder / "test.toml"
    file.write_text(text, encoding="utf-8")
    return load_campaign(file)


_CREATOR = """
[[creator]]
id = "{0}"
name = "{0}"
kind = "influencer"
accounts = ["tiktok:@{0}"]
"""


def with_accounts(names: Iterable[str], text: str = CAMPAIGN) -> str:
    """The campaign with an account on TikTok for each name: room for many cases in one store.

    A build takes half a second however little it has to build, so tests that only read share one.
    """
    return text + "".join(map(_CREATOR.format, names))


def a_post(post_id: str, published: str, caption: str = "#findhelp", **more: object) -> Row:
    return {
        "post_id": post_id,
        "at": published,
        "platform": "tiktok",
        "account": "lavelle",
        "exporter": more.get("account", "lavelle"),
        "published_s": seconds(published),
        "published_at": utc(published).replace(tzinfo=None),
        "published_basis": "source",
        "caption": caption,
        "media_type": "video",
        "is_collab": False,
        **more,
    }


def seen(post_id: str, at: str, views: int | None = None, **more: object) -> Row:
    return {"post_id": post_id, "platform": "tiktok", "account": "lavelle", "at": at, "views": views, **more}


def a_day(day: str, exported: str = "2024-06-01 12:00", **more: object) -> Row:
    return {
        "platform": "tiktok",
        "account": "lavelle",
        "day": date.fromisoformat(day),
        "at": exported,
        **more,
    }


def a_share(dimension: str, bucket: str, share: float, at: str = "2024-01-20 12:00", **more: object) -> Row:
    """A bucket of an audience: of Lavelle's followers on TikTok, unless told otherwise."""
    return {
        "platform": "tiktok",
        "account": "lavelle",
        "subject_type": "account",
        "subject_id": "lavelle",
        "population": "followers",
        "dimension": dimension,
        "bucket": bucket,
        "share": share,
        "at": at,
        **more,
    }


def said(comment_id: str, post_id: str, category: str = "not_scored", **more: object) -> Row:
    """A comment below a post, as it is stored: scored, its author a pseudonym."""
    compound = {"positive": 0.5, "neutral": 0.0, "negative": -0.5}.get(category)
    return {
        "platform": "tiktok",
        "account": "lavelle",
        "post_id": post_id,
        "at": "2024-01-20 12:00",
        "comment_id": comment_id,
        "is_owner": False,
        "author": "0123456789abcdef0123",
        "text": "invented words",
        "text_key": "abcdef0123456789abcd",
        "stock_compound": compound,
        "compound": compound,
        "category": category,
        "scored_with": "a test",
        **more,
    }


class Folder:
    """A data folder in a test."""

    def __init__(self, path: Path, campaign: Campaign) -> None:
        self.path = path
        self.campaign = campaign
        self._loads = 0

    def load(  # noqa: PLR0913 (a load is described by what it holds)
        self,
        posts: Sequence[Row] = (),
        observations: Sequence[Row] = (),
        days: Sequence[Row] = (),
        audience: Sequence[Row] = (),
        comments: Sequence[Row] = (),
        *,
        source: str = "tiktok_display_api",
        rank: str = "api",
        precision: str = "second",
        load_id: str | None = None,
        replaces: str | None = None,
        views_named: str | None = None,
    ) -> str:
        """One load of the given rows, which may say what it calls views; returns its id."""
        self._loads += 1
        name = load_id or f"load-{self._loads:03}"
        tables = {
            "posts_seen": list(posts),
            "post_observations": list(observations),
            "account_days_seen": list(days),
            "audience_seen": list(audience),
            "comments_seen": list(comments),
        }
        with open_store(self.path) as store:
            for table, rows in tables.items():
                if rows:
                    store.add_rows(name, {table: _raw(rows, schema.TABLES[table], source, precision)})
            ledger = {
                "load_id": name,
                "source": source,
                "source_rank": schema.SOURCE_RANKS[rank],
                "platform": "tiktok",
                "name": name,
                "file_name": name,
                "path": "",
                "file_sha256": name,
                "sha256": name,
                "loaded_at": datetime(2024, 6, 1),
                "rows": len(observations) + len(days),
                "refused": 0,
                "replaces": replaces,
                "options": "",
            }
            named = {"load_id": name, "metric": "views", "native_name": views_named, "null_reason": None}
            store.finish_load(ledger, [named] if views_named else [])
        return name

    def build(self, assignments: pa.Table = NO_ASSIGNMENTS, as_of: date | None = None) -> BuildReport:
        told = ByHand(assignments, boosted_posts(self.campaign, post_key))
        return build(self.path, self.campaign, told, "test", as_of)

    def rows(self, sql: str) -> list[dict[str, object]]:
        """Rows of a SELECT over the published file: plain values, for frames cost more than the query."""
        with duckdb.connect(str(self.path / PUBLISHED_FILE), read_only=True) as published:
            found = published.execute(sql)
            names = [name for name, *_ in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def row(self, sql: str) -> dict[str, object]:
        (only,) = self.rows(sql)
        return only


def _raw(rows: Sequence[Row], table: pa.Schema, source: str, precision: str) -> pa.Table:
    full = []
    for number, row in enumerate(rows, 1):
        at = str(row["at"])
        moment = {
            "source": source,
            "row_no": number,
            "observed_s": seconds(at),
            "observed_at": utc(at).replace(tzinfo=None),
            "observed_precision": precision,
        }
        full.append({**moment, **{k: v for k, v in row.items() if k != "at"}})
    return pa.Table.from_pylist(full, schema=table)


def everything(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all published tables, but for the moment of the build."""
    with open_published(folder.path) as published:
        return {
            table.name: published.rows(f"SELECT {_told(table)} FROM marts.{table.name}")  # noqa: S608
            for table in TABLES
        }


def _told(table: Table) -> str:
    return ", ".join(column.name for column in table.columns if column.name != "built_at")


@contextmanager
def a_folder(path: Path, text: str = CAMPAIGN) -> Iterator[Folder]:
    yield Folder(path, a_campaign(path, text))
