"""Lines, limits and targets as they are drawn: per phase, per week, and by factors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dashboards import charts, figures, judged_figures
from dashboards.chart_parts import Backdrop, Week, milliseconds
from dashboards.control_charts import Line, control, top_with
from models.campaign import Rebase, Spc, Target
from tests.dashboards.charted import FIRST, RATE, charted, weeks

WAVE: list[float | None] = [100.0 + 10 * (n % 3) for n in range(40)]
BACKDROP = Backdrop((FIRST, FIRST + timedelta(7 * 40 - 1)), (), ())


def drawn(
    values: list[float | None],
    spc: Spc | None = None,
    what: figures.Weekly = figures.NEW_VIEWS,
    **columns: Any,
) -> dict[str, Any]:
    rows = charted(weeks(values, measure=what.judged, **columns), FIRST + timedelta(7 * len(values) + 3), spc)
    dots = [
        Week(row["week"], row["value"], True, str(row["value"]), "settled")
        for row in rows
        if row["value"] is not None
    ]
    return charts.spec(judged_figures.drawn(dots, rows, what, BACKDROP))


def lines_of(spec: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """(interpolation, points) of each line over the dots."""
    return [
        (layer["mark"]["interpolate"], spec["datasets"][layer["data"]["name"]])
        for layer in spec["layer"]
        if layer["mark"].get("clip")
    ]


def names_of(spec: dict[str, Any]) -> list[str]:
    layers = [layer for layer in spec["layer"] if layer["encoding"].get("text", {}).get("field") == "name"]
    found = [spec["datasets"][layer["data"]["name"]][0]["name"] for layer in layers]
    return list(dict.fromkeys(found))


def test_a_chart_with_limits_has_a_mean_and_two_level_limits() -> None:
    spec = drawn(WAVE)
    assert [kind for kind, _ in lines_of(spec)] == ["linear"] * 3
    assert names_of(spec) == ["Upper limit 145", "Lower limit 75"]


def test_a_run_chart_has_its_median_and_nothing_else() -> None:
    ((kind, points),) = lines_of(drawn(WAVE[:9]))
    assert (kind, {point["value"] for point in points}) == ("linear", {110.0})


def test_limits_by_views_step_from_week_to_week() -> None:
    spec = drawn(WAVE, what=figures.RATE, views=[1000.0, 4100.0] * 20)
    mean, upper, lower = lines_of(spec)
    assert [kind for kind, _ in (mean, upper, lower)] == ["linear", "step", "step"]
    assert [len(points) for _, points in (mean, upper, lower)] == [2, 40, 40]
    assert upper[1][0]["value"] > upper[1][1]["value"]
    assert names_of(spec) == ["Upper limit", "Lower limit"]


def test_a_limit_below_zero_is_not_drawn() -> None:
    values: list[float | None] = [10.0, 40.0] * 20
    assert len(lines_of(drawn(values))) == 2


def test_each_phase_has_lines_of_its_own_and_the_dots_are_not_joined_across() -> None:
    monday = FIRST + timedelta(7 * 20)
    spec = drawn(WAVE, Spc(rebases=(Rebase(monday, "a new phone"),)))
    starts = {points[0]["day"] for _, points in lines_of(spec)}
    assert starts == {milliseconds(FIRST + timedelta(3)), milliseconds(monday + timedelta(3))}
    assert len(lines_of(spec)) == 6
    assert len(names_of(spec)) == 2  # those of today
    (path,) = (
        layer for layer in spec["layer"] if layer["encoding"].get("detail", {}).get("field") == "phase"
    )
    frame = spec["datasets"][path["data"]["name"]]
    assert [row["phase"] for row in frame[18:22]] == [1, 1, 2, 2]


def test_a_target_is_drawn_over_all_weeks_with_its_name() -> None:
    spec = drawn(WAVE, Spc(targets=(Target("new_views", 300.0),)))
    _, points = lines_of(spec)[-1]
    assert [point["value"] for point in points] == [300.0, 300.0]
    assert "Target 300" in names_of(spec)


def test_skewed_views_are_drawn_by_factors_and_zeros_at_the_foot() -> None:
    values = [*WAVE[:10], 900.0, *WAVE[10:30], 0.0]
    spec = drawn(values, loose=(31,))
    layer = next(layer for layer in spec["layer"] if layer["encoding"].get("y", {}).get("field") == "value")
    scale = layer["encoding"]["y"]["scale"]
    assert scale["type"] == "log"
    frame = next(data for data in spec["datasets"].values() if len(data) == 40)
    assert frame[31]["value"] == scale["domain"][0] > 0
    assert not any(row["is_off"] for row in frame)


def test_a_zero_that_is_judged_keeps_the_plain_scale() -> None:
    spec = drawn([*WAVE[:10], 900.0, *WAVE[10:30], 0.0])
    layer = next(layer for layer in spec["layer"] if layer["encoding"].get("y", {}).get("field") == "value")
    assert "type" not in layer["encoding"]["y"]["scale"]


def test_the_scale_holds_nine_in_ten_of_the_limits() -> None:
    week = date(2024, 1, 1)
    heights = tuple((week + timedelta(7 * n), 20.0 if n < 38 else 900.0) for n in range(40))
    assert top_with(10.0, [Line("limit", heights)]) == 20.0
    assert top_with(10.0, [Line("target", ((week, 50.0),))]) == 50.0
    assert top_with(10.0, []) == 10.0


def test_every_kind_of_chart_is_valid_vega_lite() -> None:
    week = date(2024, 1, 1)
    dots = [Week(week, 5.0, True, "5", "settled"), Week(week + timedelta(7), 7.0, False, "7", "provisional")]
    level = ((week, 6.0), (week + timedelta(7), 6.0))
    steps = ((week, 9.0), (week + timedelta(7), 8.0))
    lines = [
        Line("centre", level),
        Line("limit", steps, "Upper limit"),
        Line("target", level, "Target 6", name_at_end=True),
    ]
    for is_log in (False, True):
        made = control(dots, {week: "high, hoped for"}, lines, BACKDROP, 10.0, is_log=is_log)
        assert made.to_dict(validate=True)["layer"]


def test_the_rate_of_a_run_chart_is_drawn_as_it_is() -> None:
    ((_, points),) = lines_of(drawn(WAVE[:5], what=figures.RATE))
    assert points[0]["value"] == 110.0
    assert figures.RATE.judged == RATE
