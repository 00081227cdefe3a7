"""The tables that Python computes from others: statistics for which portable SQL has no words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from models.audience import audience, target_reach
from models.comment_periods import comment_periods
from models.period_comparisons import period_rates, topic_comparisons
from models.post_rate_ends import post_rate_ends
from models.posting_times import posting_times
from models.spc_measures import spc


@dataclass(frozen=True)
class Computed:
    """A table made of the campaign and of the tables that it reads, in that order."""

    make: Callable[..., pa.Table]
    reads: tuple[str, ...]


COMPUTED: Final[Mapping[str, Computed]] = {
    "spc": Computed(spc, ("spc_weeks", "cfg_run", "spc_breaks")),
    "audience": Computed(audience, ("audience_newest",)),
    "target_reach": Computed(target_reach, ("audience_newest",)),
    "post_rate_ends": Computed(post_rate_ends, ("post_current",)),
    "posting_times": Computed(posting_times, ("timed_posts",)),
    "period_rates": Computed(period_rates, ("compared_posts",)),
    "topic_comparisons": Computed(
        topic_comparisons, ("compared_posts", "topic_periods", "spc", "definition_changes")
    ),
    "comment_periods": Computed(comment_periods, ("comment_counts", "topic_periods")),
}
"""By name; SQL models may read them as any other."""
