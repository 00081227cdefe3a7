from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dashboards import charts
from dashboards.chart_parts import Backdrop, Week, _firsts, scale_top

MONDAY = date(2024, 1, 1)
BACKDROP = Backdrop(
    (MONDAY, date(2024, 3, 31)),
    (("Action period 1", date(2023, 11, 8), date(2024, 2, 5)), ("Later", date(2024, 6, 1), date(2024, 7, 1))),
    ((1, date(2024, 2, 6)), (2, date(2024, 2, 12)), (3, date(2024, 3, 20))),
)


def week(n: int, value: float | None, *, is_firm: bool = True) -> Week:
    return Week(MONDAY + timedelta(7 * n), value, is_firm, str(value), "settled")


def rows(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    """The rows of the first dataset that has a column."""
    return next(rows for rows in spec["datasets"].values() if rows and column in rows[0])


def test_unknown_weeks_break_the_line_and_provisional_ones_stand_apart() -> None:
    spec = charts.spec(
        charts.weekly([week(0, 10.0), week(2, 5.0, is_firm=False), week(3, 7.0)], BACKDROP, 10.0)
    )
    line = next(data for data in spec["datasets"].values() if len(data) == 13)
    assert [row["firm"] for row in line[:4]] == [10.0, None, None, 7.0]
    assert [row["open"] for row in line[:4]] == [None, None, 5.0, None]


def test_every_layer_has_the_same_scales() -> None:
    spec = charts.spec(charts.weekly([week(0, 10.0), week(1, -4.0)], BACKDROP, 10.0))
    channels = [layer["encoding"] for layer in spec["layer"]]
    times = [e["x"]["scale"] for e in channels]
    values = [e["y"]["scale"] for e in channels if e.get("y", {}).get("field") in {"firm", "open", "value"}]
    assert all(scale == times[0] for scale in times)
    assert all(scale == values[0] for scale in values)
    assert values[0]["domain"][0] == -4.0


def test_time_is_utc_and_needs_no_evaluation_of_dates() -> None:
    scale = charts.spec(charts.weekly([week(0, 1.0)], BACKDROP, 10.0))["layer"][0]["encoding"]["x"]["scale"]
    assert scale["type"] == "utc"
    assert scale["domainMin"] == {"expr": "1704067200000"}


def test_periods_are_cut_to_the_days_shown() -> None:
    spec = charts.spec(charts.weekly([week(0, 1.0)], BACKDROP, 10.0))
    assert [(row["day"], row["name"]) for row in rows(spec, "until")] == [(1704067200000, "Action\nperiod 1")]


def test_events_that_would_touch_stand_in_lanes() -> None:
    spec = charts.spec(charts.weekly([week(0, 1.0)], BACKDROP, 10.0))
    assert [(row["number"], row["lane"]) for row in rows(spec, "lane")] == [
        ("1", -16),
        ("2", -38),
        ("3", -16),
    ]


@pytest.mark.parametrize(("months", "labels"), [(3, 3), (7, 7), (12, 6), (14, 7), (20, 7), (40, 7)])
def test_months_are_labelled_with_room_for_a_phone_and_every_january(months: int, labels: int) -> None:
    last = date(2023 + months // 12, months % 12 + 1, 1) - timedelta(1)
    found = _firsts((date(2023, 1, 1), last))
    assert len(found) == labels
    assert {day.year for day in found if day.month == 1} == set(range(2023, last.year + 1))


def test_the_fields_of_every_chart_are_our_own() -> None:
    spec = charts.spec(charts.weekly([week(0, 1.0)], BACKDROP, 10.0))
    for layer in spec["layer"]:
        assert {"href", "url"}.isdisjoint(layer["encoding"])
        assert layer["mark"]["type"] not in {"image", "geoshape"}


def test_every_chart_is_valid_vega_lite() -> None:
    weeks = [week(0, 1.0), week(1, 2.0, is_firm=False)]
    drawn = [
        charts.weekly(weeks[:1], BACKDROP, 10.0),
        charts.bars([("TikTok", 2.0, "2")]),
        charts.small(weeks[:1], BACKDROP, 10.0),
    ]
    assert all(chart.to_dict(validate=True)["layer"] for chart in drawn)


def test_the_scale_holds_the_highest_value_unless_it_would_flatten_all_others() -> None:
    assert scale_top([]) == 0
    assert scale_top([3.0, 900.0]) == 900
    assert scale_top([*range(1, 41), 100.0]) == 100
    assert scale_top([*[10.0] * 40, 500.0]) == 20
    assert scale_top([0.0] * 40 + [7.0]) == 7


def test_a_week_above_the_scale_is_marked_with_its_figure() -> None:
    spec = charts.spec(charts.weekly([week(0, 900.0), week(1, 12.0), week(2, 5.0)], BACKDROP, 10.0))
    line = next(data for data in spec["datasets"].values() if len(data) == 13)
    assert [(row["firm"], row["is_off"]) for row in line[:3]] == [(10.0, True), (10.0, True), (5.0, False)]
    figures = [layer for layer in spec["layer"] if layer["encoding"].get("text", {}).get("field") == "Figure"]
    assert [row["Figure"] for row in spec["datasets"][figures[0]["data"]["name"]]] == ["900.0"]
