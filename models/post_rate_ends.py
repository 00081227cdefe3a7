"""Table `post_rate_ends`: what a post's rate is at least, to order lists by."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.campaign import Campaign
from models.rankings import ranking_lower_ends

ENDS: Final = pa.schema(
    {"platform": pa.string(), "post_id": pa.string(), "engagement_rate_low": pa.float64()}
)


def post_rate_ends(_: Campaign, current: pa.Table) -> pa.Table:
    """From rows of `post_current`: posts of a platform are judged among themselves."""
    rated = current.filter(pc.is_valid(current["engagement_rate"]))
    return pa.concat_tables(
        [ENDS.empty_table(), *(_ends(rated, name) for name in rated["platform"].unique().to_pylist())]
    )


def _ends(rated: pa.Table, platform: str) -> pa.Table:
    posts = rated.filter(pc.equal(rated["platform"], platform)).sort_by("post_id")
    views = posts["views_of_rate"].to_numpy().astype(np.float64)
    interactions = np.round(posts["engagement_rate"].to_numpy() * views)
    ends = pa.array(ranking_lower_ends(interactions, views))
    return pa.Table.from_arrays([posts["platform"], posts["post_id"], ends], schema=ENDS)
