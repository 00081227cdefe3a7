"""The contract of the published file: every table of schema `marts`, its columns, what they mean.

The builder casts to these types and this order, the data dictionary is written from these
words, and readers (pages, R, BI tools) may rely on both. Times are UTC, rates 0-1, NULL = not known.
"""

from __future__ import annotations

from typing import Final

from models import (
    published_audience,
    published_campaign,
    published_comments,
    published_posts,
    published_sources,
    published_weeks,
)
from models.published_table import Column, Table

__all__ = ["BY_NAME", "TABLES", "Column", "Table"]

TABLES: Final[tuple[Table, ...]] = (
    *published_campaign.TABLES,
    *published_posts.TABLES,
    *published_weeks.TABLES,
    *published_audience.TABLES,
    *published_comments.TABLES,
    *published_sources.TABLES,
)

BY_NAME: Final[dict[str, Table]] = {table.name: table for table in TABLES}
