"""Rows of an audience from an API's lists of buckets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from connectors.shares import exceed_the_whole

FEWEST: Final = 100
"""Platforms tell nothing of a smaller audience (TikTok, Instagram)."""


def audience_rows(
    origin: Mapping[str, object],
    subject: tuple[str, str, str],
    dimension: str,
    entries: Iterable[tuple[Any, Any]],
    reasons: list[str],
) -> list[dict[str, object]]:
    """Rows of `audience_seen` for one dimension of a subject: (type, id, population).

    `entries` are buckets with their shares, 0-1. Shares that are none are left out, each with a
    reason; those that add up to more than the whole are left out together.
    """
    shares: dict[str, float] = {}
    for bucket, share in entries:
        if not isinstance(bucket, str) or not bucket.strip() or bucket in shares:
            reasons.append(f"a bucket by {dimension} without a name, or one twice: left out")
        elif isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            reasons.append(f"a share by {dimension} is not between 0 and 1: left out")
        else:
            shares[bucket] = float(share)
    if exceed_the_whole(Decimal(str(share)) for share in shares.values()):
        reasons.append(f"shares by {dimension} add up to more than the whole: left out")
        return []
    subject_type, subject_id, population = subject
    same = {"subject_type": subject_type, "subject_id": subject_id, "population": population}
    return [
        {**origin, **same, "dimension": dimension, "bucket": bucket, "share": share}
        for bucket, share in shares.items()
    ]
