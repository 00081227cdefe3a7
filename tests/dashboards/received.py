"""Invented rows of what came from whom: account weeks, the sources' own names, files in order of time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import sin
from typing import Any

Rows = list[dict[str, Any]]


def account_weeks() -> Rows:
    """Forty weeks of one account, the last of them incomplete."""
    return [
        {
            "platform": "tiktok",
            "account": "lavelle.sings",
            "creator_id": "lavelle",
            "week": date(2023, 7, 10) + timedelta(7 * n),
            "views": int(9000 + 2500 * sin(n)),
            "interactions": None if n == 3 else 410 + n,
            "engagement_rate": None if n == 3 else (410 + n) / int(9000 + 2500 * sin(n)),
            "days": 5 if n == 39 else 7,
            "is_complete": n < 39,
        }
        for n in range(40)
    ]


def source_metrics() -> Rows:
    """What two sources give under which name, and what they do not."""
    given = [
        ("tiktok", "lavelle.sings", "tiktok_studio_content", "views", "Total views", None),
        ("tiktok", "lavelle.sings", "tiktok_studio_content", "likes", "Total likes", None),
        ("tiktok", "lavelle.sings", "tiktok_studio_content", "saves", None, "not in TikTok's file"),
        ("tiktok", "lavelle.sings", "tiktok_studio_content", "reach", None, "not in TikTok's file"),
        ("instagram", "amira.talks", "meta_business_suite_content", "views", "Vues", None),
        ("instagram", "amira.talks", "meta_business_suite_content", "saves", "Saves", "0 is no count"),
    ]
    names = ("platform", "account", "source", "metric", "native_name", "null_reason")
    return [dict(zip(names, values, strict=True)) for values in given]


def loads() -> Rows:
    """Files of one creator: read, partly read."""
    shared = {"platform": "tiktok", "account": "lavelle.sings", "source": "tiktok_studio_content"}
    return [
        {
            **shared,
            "load_id": f"w{n}",
            "name": f"lavelle/tiktok-lavelle.sings/{day}/Content.csv",
            "exported_on": day,
            "loaded_at": datetime(2024, 4, 12, 8),
            "rows": 15 - n,
            "refused": n,
            "reason": "row 7: the post time is no date" if n else None,
        }
        for n, day in enumerate([date(2024, 4, 8), date(2024, 4, 1)])
    ]


def posting_times() -> Rows:
    """Two parts of the day and three weekdays, one with too few posts; none stands out."""
    names = ("dimension", "bucket", "posts", "median_views", "ratio", "low", "high", "is_named")
    told = [
        ("hours", 15, 30, 2100.0, 0.91, 0.62, 1.35, False),
        ("hours", 18, 28, 2300.5, 1.12, 0.8, 1.6, False),
        ("weekday", 1, 24, 2000.0, 0.96, 0.63, 1.4, False),
        ("weekday", 4, 31, 2500.0, 1.3, 0.9, 1.9, False),
        ("weekday", 7, 3, 900.0, None, None, None, False),
    ]
    return [dict(zip(names, values, strict=True)) for values in told]
