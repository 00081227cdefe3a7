"""What a build costs over a long history: posts read once a day for a year, through the real store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models import schema
from models.campaign import load_campaign
from models.store import open_store

ROOT = Path(__file__).parents[1]
CREATORS = 40
POSTS = 5_000
READINGS = 360
"""Of each post, a day apart: 1.8 million observations."""

_DAY_S = 86_400
_FIRST_S = int(datetime.fromisoformat("2023-09-01T12:00:00+00:00").timestamp())
_YEAR = 400
"""Days over which the posts were published."""
_METRICS = ("views", "likes", "comments", "shares")

Numbers = npt.NDArray[np.int64]


def write_data(folder: Path, posts: int) -> None:
    """A data folder with a campaign of `CREATORS` more creators, and a store of `READINGS` times `posts`."""
    (folder / "campaigns").mkdir(parents=True)
    file = folder / "campaigns" / "bench.toml"
    file.write_text((ROOT / "data/campaigns/rap-up.toml").read_text(encoding="utf-8") + _creators())
    accounts = [account for creator in load_campaign(file).creators for account in creator.accounts]
    published = np.sort(np.random.default_rng(1).integers(0, _YEAR * _DAY_S, posts)) + _FIRST_S
    owners = np.arange(posts) % len(accounts)
    with open_store(folder) as store:
        for number, account in enumerate(accounts):
            mine = np.flatnonzero(owners == number)
            origin = {
                "source": f"{account.platform}_display_api",
                "platform": account.platform,
                "account": account.handle,
            }
            for load_id, moment, tables in _loads(mine, published, origin):
                store.add_rows(load_id, tables)
                store.finish_load(_ledger(load_id, moment, origin), _notes(load_id))


def _creators() -> str:
    return "".join(
        f"""
[[creator]]
id = "bench-{n}"
name = "Bench {n}"
kind = "influencer"
accounts = ["tiktok:@bench.{n}"]
"""
        for n in range(CREATORS)
    )


def _loads(
    mine: Numbers, published: Numbers, origin: dict[str, str]
) -> Iterator[tuple[str, int, dict[str, pa.Table]]]:
    """The daily walks of an account: its posts up to a year old; a post's row when it is first seen."""
    for day in range(1, _YEAR + READINGS + 1):
        moment = _FIRST_S + day * _DAY_S
        age = (moment - published[mine]) // _DAY_S
        young = (moment > published[mine]) & (age < READINGS)
        if not young.any():
            continue
        tables = {"post_observations": _observations(mine[young], age[young], moment, origin)}
        if (age == 0).any():
            tables["posts_seen"] = _posts(mine[young & (age == 0)], published, moment, origin)
        yield f"{origin['platform']}-{origin['account']}-{day:04}", moment, tables


def _observations(posts: Numbers, age: Numbers, moment: int, origin: dict[str, str]) -> pa.Table:
    views = (1000 + posts * 7919 % 99_991) * (age + 1) // (age + 6)
    counters = dict(zip(_METRICS, (views, views // 20, views // 300, views // 100), strict=True))
    return _conform("post_observations", posts, moment, origin, counters)


def _posts(posts: Numbers, published: Numbers, moment: int, origin: dict[str, str]) -> pa.Table:
    tags = np.array(["#findhelpearly", "#seetheperson", "#mybrainworks", "#talkathome"])
    columns = {
        "published_s": published[posts],
        "published_basis": pa.repeat("source", len(posts)),
        "caption": pa.array(tags[posts // 7 % len(tags)]),
        "exporter": pa.repeat(origin["account"], len(posts)),
    }
    return _conform("posts_seen", posts, moment, origin, columns)


def _conform(
    name: str, posts: Numbers, moment: int, origin: dict[str, str], columns: dict[str, Numbers]
) -> pa.Table:
    count = len(posts)
    shared = {key: pa.repeat(value, count) for key, value in origin.items()}
    shared |= {
        "observed_s": pa.repeat(moment, count),
        "observed_at": pa.repeat(pa.scalar(schema.from_epoch(moment), schema.TIMESTAMP), count),
        "observed_precision": pa.repeat("second", count),
        "row_no": pa.array(np.arange(1, count + 1)),
        "post_id": pa.array(7_000_000_000_000_000_000 + posts).cast(pa.string()),
    }
    return schema.conform(shared | {key: pa.array(column) for key, column in columns.items()}, name)


def _ledger(load_id: str, moment: int, origin: dict[str, str]) -> dict[str, object]:
    return origin | {
        "load_id": load_id,
        "source_rank": schema.SOURCE_RANKS["api"],
        "loaded_at": schema.from_epoch(moment),
        "rows": 1,
        "refused": 0,
    }


def _notes(load_id: str) -> list[dict[str, object]]:
    return [
        {"load_id": load_id, "metric": metric, "native_name": f"{metric[:-1]}_count"} for metric in _METRICS
    ]


if __name__ == "__main__":
    write_data(Path(sys.argv[1]), int(sys.argv[2]))
