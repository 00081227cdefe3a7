from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards import charts
from dashboards.facts import Facts, read_facts
from dashboards.posting_times import posting_times, title
from tests.dashboards.html import parse
from tests.dashboards.published import Published, published


@pytest.fixture(scope="module")
def facts() -> Facts:
    return read_facts(published())


def named(facts: Facts, bucket: int, ratio: float) -> Facts:
    rows = [
        {**row, "is_named": True, "ratio": ratio, "low": ratio / 1.2, "high": ratio * 2}
        if row["bucket"] == bucket
        else row
        for row in facts.posting_times
    ]
    return replace(facts, posting_times=tuple(rows))


def test_where_no_time_stands_out_the_page_says_so_plainly(site: Path) -> None:
    html = parse(site / "comms.html")
    assert "Time of publication: the data cannot tell; no time stands out beyond chance" in html.text
    chart = next(e for e in html.elements if e.attributes.get("data-spec") == "times-chart-spec")
    assert "Thursday 1.30 (0.90 to 1.90)" in chart.attributes["aria-label"]


@pytest.mark.parametrize(("bucket", "when"), [(18, "from 18:00 to 21:00"), (4, "of Thursdays")])
def test_a_time_that_stands_out_is_named_with_what_it_is_at_least(
    bucket: int, when: str, facts: Facts
) -> None:
    said = posting_times(named(facts, bucket, 2.4)).title
    assert said == f"Time of publication: videos {when} had 2.40 times the views of others (at least 2.00)"


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 50)), max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_time_is_named_exactly_when_a_published_row_is(rows: list[tuple[bool, float]]) -> None:
    told: list[Any] = [
        {"dimension": "weekday", "bucket": n % 7 + 1, "ratio": r, "low": r / 2, "is_named": flag}
        for n, (flag, r) in enumerate(rows)
    ]
    said = title(told)
    assert ("times the views" in said) == any(flag for flag, _ in rows)
    assert ("cannot tell" in said) == (bool(rows) and not any(flag for flag, _ in rows))
    assert ("too few" in said) == (not rows)


def test_too_few_videos_have_a_designed_state(facts: Facts) -> None:
    few = tuple(row for row in facts.posting_times if row["ratio"] is None)
    figure = posting_times(replace(facts, posting_times=few))
    assert figure.title == "Time of publication: too few videos to tell"
    assert figure.chart is None
    assert "a time needs 6 videos" in figure.empty
    assert len(figure.table.records) == 1


def test_the_chart_is_drawn_and_valid_with_ends_far_apart() -> None:
    rows = [("Monday", 1.0, 0.001, 40.0), ("15:00 to 18:00", 3.0, 2.0, 4.0)]
    alt.LayerChart.from_dict(charts.intervals(rows).to_dict())


def test_every_time_has_a_row_in_the_table(site: Path, campaign: Published) -> None:
    shown = {
        figure.attributes["data-row"]
        for figure in parse(site / "comms.html").figures()
        if figure.attributes["data-row"].startswith("posting_times/")
    }
    rows = campaign.query("SELECT dimension, bucket FROM marts.posting_times")
    assert shown == {f"posting_times/{d}/{b}" for d, b in rows.itertuples(index=False)}
