from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from models.campaign import load_campaign
from models.posting_times import judge, posting_times

CAMPAIGN = load_campaign(Path(__file__).parents[2] / "data" / "campaigns" / "rap-up.toml")
LONDON = ZoneInfo("Europe/London")
SETS = 300
"""Enough: of every four sets without a cause the naive way names a time in one, so far above one in 20."""
SCHEMA = pa.schema(
    {
        "platform": pa.string(),
        "post_id": pa.string(),
        "account": pa.string(),
        "period_id": pa.string(),
        "published_s": pa.int64(),
        "views_day_28": pa.int64(),
    }
)


def moments(n: int) -> list[datetime]:
    """Moments that fill most parts of the day and all weekdays, in summer time and out of it."""
    first = datetime(2023, 11, 8, 6, 7, 30, tzinfo=LONDON)
    return [first + timedelta(days=2 * k, hours=k * 5 % 17) for k in range(n)]


def posts(views: list[int], when: list[datetime], accounts: int = 3) -> pa.Table:
    rows = [
        {
            "platform": "tiktok",
            "post_id": f"{k:05d}",
            "account": f"account-{k % accounts}",
            "period_id": "ap1" if k < len(views) // 2 else None,
            "published_s": int(moment.timestamp()),
            "views_day_28": value,
        }
        for k, (value, moment) in enumerate(zip(views, when, strict=True))
    ]
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def named(table: pa.Table) -> list[tuple[str, int]]:
    return [(row["dimension"], row["bucket"]) for row in table.to_pylist() if row["is_named"]]


def by_chance(rng: np.random.Generator, kind: str, n: int) -> list[int]:
    """Views that differ between accounts and posts, not between hours."""
    level = np.array([2000.0, 9000.0, 400.0])[np.arange(n) % 3]
    noise = {
        "log-normal": rng.lognormal(0, 1.1, n),
        "heavy tails": rng.pareto(1.2, n) + 0.2,
    }[kind]
    return [int(value) + 1 for value in level * noise]


@pytest.mark.parametrize("kind", ["log-normal", "heavy tails"])
def test_no_time_is_named_when_times_differ_by_chance(kind: str) -> None:
    rng = np.random.default_rng(20231107)
    strata = [k % 3 for k in range(48)]
    groups = [[k for k, m in enumerate(moments(48)) if m.hour // 3 == part] for part in range(2, 8)]
    groups += [[k for k, m in enumerate(moments(48)) if m.isoweekday() == day] for day in range(1, 8)]
    sets = [judge(by_chance(rng, kind, 48), strata, groups) for _ in range(SETS)]
    assert sum(any(effect["is_named"] for effect in effects) for effects in sets) <= 0.05 * SETS


def test_whichever_time_has_the_highest_median_always_leads_by_something() -> None:
    """The simulation is one in which the naive way fails: else it would show nothing."""
    rng = np.random.default_rng(20231107)
    sets = [posting_times(CAMPAIGN, posts(by_chance(rng, "log-normal", 96), moments(96))) for _ in range(50)]
    leads = [max(row["ratio"] or 0 for row in table.to_pylist()) for table in sets]
    assert np.mean([lead > 1.3 for lead in leads]) > 0.9


@pytest.mark.parametrize("kind", ["hours", "weekday"])
def test_a_time_that_gains_far_more_is_named_and_alone(kind: str) -> None:
    rng = np.random.default_rng(3)
    when = moments(96)
    views = [
        value * 6 if (moment.hour // 3 * 3 == 9 if kind == "hours" else moment.isoweekday() == 4) else value
        for value, moment in zip(by_chance(rng, "log-normal", 96), when, strict=True)
    ]
    table = posting_times(CAMPAIGN, posts(views, when))
    assert named(table) == [(kind, 9 if kind == "hours" else 4)]
    best = next(row for row in table.to_pylist() if row["is_named"])
    assert best["low"] > 1
    assert best["low"] < best["ratio"] < best["high"]


def test_an_account_that_posts_late_and_has_more_viewers_makes_no_late_hour() -> None:
    rng = np.random.default_rng(4)
    when = [
        datetime(2023, 11, 8, 9 if k % 2 else 21, 7, tzinfo=LONDON) + timedelta(days=k) for k in range(60)
    ]
    views = [int(v * (1 if k % 2 else 50)) + 1 for k, v in enumerate(rng.lognormal(6, 0.3, 60))]
    table = posting_times(CAMPAIGN, posts(views, when, accounts=2))
    assert named(table) == []
    hours = [row for row in table.to_pylist() if row["dimension"] == "hours"]
    assert [row["ratio"] for row in hours] == [None, None]  # nothing of the same account to stand beside
    assert {row["posts"] for row in hours} == {30}


def test_hours_are_those_of_the_campaigns_zone() -> None:
    summer = [datetime(2024, 7, 1, 17, 30, tzinfo=LONDON) + timedelta(days=k) for k in range(8)]
    table = posting_times(CAMPAIGN, posts([100] * 8, summer)).to_pylist()
    assert [row["bucket"] for row in table if row["dimension"] == "hours"] == [15]
    assert [row["bucket"] for row in table if row["dimension"] == "weekday"] == [1, 2, 3, 4, 5, 6, 7]


def test_a_post_of_which_only_the_day_is_known_has_no_hour() -> None:
    noon = [datetime(2024, 7, 1, 12, tzinfo=LONDON) + timedelta(days=k) for k in range(8)]
    table = posting_times(CAMPAIGN, posts([100] * 8, noon)).to_pylist()
    assert {row["dimension"] for row in table} == {"weekday"}


def test_few_posts_equal_posts_and_none_are_told_without_a_ratio() -> None:
    assert posting_times(CAMPAIGN, posts([], [])).num_rows == 0
    for views in ([100], [5, 9, 200], [70] * 40):
        table = posting_times(CAMPAIGN, posts(views, moments(len(views)))).to_pylist()
        assert {row["ratio"] for row in table} == {None}
        assert not [row for row in table if row["is_named"]]


def test_the_same_posts_in_another_order_give_the_same_rows() -> None:
    rng = np.random.default_rng(5)
    table = posts(by_chance(rng, "log-normal", 60), moments(60))
    turned = table.take(list(reversed(range(60))))
    assert posting_times(CAMPAIGN, turned).equals(posting_times(CAMPAIGN, table))


def test_a_group_of_all_posts_has_nothing_to_be_compared_with() -> None:
    effects = judge([1, 2, 3, 4, 5, 6, 7], ["a"] * 7, [range(7), [0, 1, 2]])
    assert effects[0]["ratio"] is None
    assert effects[1]["ratio"] == pytest.approx((1 * 2 * 3) ** (1 / 3) / (4 * 5 * 6 * 7) ** (1 / 4))
