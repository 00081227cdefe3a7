"""Rows of the published table `spc`, made by the real code from weekly values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from models.campaign import Spc, load_campaign
from models.spc_measures import spc_table
from models.spc_series import Breaks

Rows = list[dict[str, Any]]
CAMPAIGN = Path(__file__).parents[2] / "data" / "campaigns" / "rap-up.toml"
VIEWS, RATE = "new_views", "interactions_per_1000_views"
FIRST = date(2023, 9, 4)
SCHEMA = pa.schema(
    {
        "measure": pa.string(),
        "facet": pa.string(),
        "week": pa.date32(),
        "value": pa.float64(),
        "views_of_rate": pa.float64(),
        "is_firm": pa.bool_(),
        "is_settled": pa.bool_(),
        "is_sufficient": pa.bool_(),
    }
)


def weeks(
    values: Sequence[float | None],
    views: Sequence[float | None] | None = None,
    loose: Iterable[int] = (),
    first: date = FIRST,
    **columns: Any,
) -> Rows:
    """Rows of `spc_weeks`; those numbered in `loose` are provisional; `columns` replace those of each."""
    return [
        {
            "measure": VIEWS,
            "facet": "topic:help",
            "week": first + timedelta(7 * n),
            "value": value,
            "views_of_rate": views[n] if views else None,
            "is_firm": n not in set(loose),
            "is_settled": True,
            "is_sufficient": True,
            **columns,
        }
        for n, value in enumerate(values)
    ]


def charted(
    rows: Sequence[Mapping[str, object]], as_of: date, spc: Spc | None = None, breaks: Breaks | None = None
) -> Rows:
    """The rows of `spc` in the campaign of the collaborative."""
    campaign = replace(load_campaign(CAMPAIGN), spc=spc or Spc())
    made: Rows = spc_table(pa.Table.from_pylist([*rows], schema=SCHEMA), campaign, as_of, breaks).to_pylist()
    return made
