"""Every published case of NHSRplotthedots and, where its files are at hand, of qicharts2."""

from __future__ import annotations

import csv
import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.spc import Chart, Options, xmr
from models.spc_charts import (
    Control,
    c_chart,
    crossings_min,
    i_chart,
    longest_run_max,
    p_chart,
    run_chart,
    runs,
    u_chart,
)

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "reference" / "spc"
QIC = ROOT.parent / "shared" / "reference" / "spc" / "qic"
OF_ANOTHER_FILE = {"ae_rrk_rebase_date_not_in_data": "ae_rrk_rebase_2018-07-01"}
LIMITS = ("mean", "amr", "lpl", "nlpl", "nupl", "upl")
LIMIT_CHARTS = ("run", "i", "c", "u", "up", "p", "pp")

Row = dict[str, str]
Case = dict[str, Any]


def cases_of(folder: Path) -> list[Case]:
    path = folder / "cases.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell: str) -> float:
    return float(cell) if cell not in {"", "NA"} else math.nan


PTD = cases_of(FIXTURES / "ptd")


def rebase_of(case: Case, facet: str) -> tuple[date, ...]:
    told = case["rebase"]
    told = told.get(facet) if isinstance(told, dict) else told
    days = [] if told is None else [told] if isinstance(told, str) else told
    return tuple(date.fromisoformat(day) for day in days)


def charted(case: Case) -> list[tuple[str, Chart, list[Row]]]:
    rows = rows_of(FIXTURES / "ptd" / f"{OF_ANOTHER_FILE.get(case['id'], case['id'])}.csv")
    found = []
    for facet in dict.fromkeys(row["facet"] for row in rows):
        mine = [row for row in rows if row["facet"] == facet]
        options = Options(
            case["improvement_direction"],
            case["screen_outliers"],
            case["fix_after_n_points"],
            rebase_of(case, facet),
            case["target"],
        )
        dates = [date.fromisoformat(row["x"]) for row in mine]
        found.append((facet, xmr(dates, [float(row["y"]) for row in mine], options), mine))
    return found


def test_all_24_cases_are_here() -> None:
    assert len(PTD) == 24


@pytest.mark.parametrize("case", PTD, ids=lambda case: case["id"])
def test_limits_are_those_of_nhsrplotthedots(case: Case) -> None:
    for _, chart, rows in charted(case):
        for point, row in zip(chart.points, rows, strict=True):
            for name in LIMITS:
                assert getattr(point.limits, name) == pytest.approx(float(row[name]), rel=1e-9), name
            assert point.phase == int(row["rebase_group"]) + 1


@pytest.mark.parametrize("case", PTD, ids=lambda case: case["id"])
def test_causes_and_flags_of_every_point_are_those_of_nhsrplotthedots(case: Case) -> None:
    for _, chart, rows in charted(case):
        got = [(p.date.isoformat(), p.cause, p.point_type, p.outside) for p in chart.points]
        expected = [
            (r["x"], r["special_cause_type"], r["point_type"], r["outside_limits"] == "TRUE") for r in rows
        ]
        assert got == expected
        is_special = [p.outside or p.trend or p.two_of_three or p.shift for p in chart.points]
        assert is_special == [r["special_cause_flag"] == "TRUE" for r in rows]


@pytest.mark.parametrize("case", PTD, ids=lambda case: case["id"])
def test_baselines_and_the_latest_verdict_are_those_of_nhsrplotthedots(case: Case) -> None:
    latest = {told["facet"]: told for told in case["latest"]}
    for facet, chart, rows in charted(case):
        last, told = chart.groups[-1], latest[facet]
        assert (last.latest.date.isoformat(), last.assurance) == (told["x"], told["assurance"])
        if case["id"] not in OF_ANOTHER_FILE:
            assert last.latest.point_type == told["point_type"]
        for group in chart.groups:
            mine = [row for row in rows if int(row["rebase_group"]) + 1 == group.phase]
            assert group.n == len(mine) == int(mine[0]["n_in_group"])
            assert group.n_baseline == sum(row["baseline"] == "TRUE" for row in mine)
            assert group.has_icons == (mine[0]["short_group_warning"] == "FALSE")


def test_a_phase_date_between_rows_snaps_to_the_next_row() -> None:  # D2
    (case,) = (case for case in PTD if case["id"] == "ae_rrk_rebase_date_not_in_data")
    ((_, chart, _),) = charted(case)
    assert chart.snapped == ((date(2018, 6, 15), date(2018, 7, 1)),)


@pytest.mark.parametrize("row", rows_of(FIXTURES / "anhoej_limits.csv"), ids=lambda row: row["n_useful"])
def test_anhoejs_limits(row: Row) -> None:
    n = int(row["n_useful"])
    assert longest_run_max(n) == int(row["longest_run_max"])
    assert crossings_min(n) == int(row["n_crossings_min"])


# What follows compares with files under the GPL that stay outside this repository.
needs_qic = pytest.mark.skipif(
    not QIC.exists(), reason=f"{QIC}: the GPL-3 reference files of qicharts2 are not committed and not here"
)


@needs_qic
@pytest.mark.parametrize("case", cases_of(QIC), ids=lambda case: case["id"])
def test_runs_are_those_of_qicharts2(case: Case) -> None:
    rows = rows_of(QIC / f"{case['id']}.csv")
    for part in case["parts"]:
        mine = [r for r in rows if int(r["part"]) == part["part"] and r["include"] == "TRUE"]
        found = runs(np.array([number(r["y"]) for r in mine]), np.array([number(r["cl"]) for r in mine]))
        names = ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
        assert [getattr(found, name) for name in names] == [part[name] for name in names]
        assert found.signal == part["runs_signal"]


@needs_qic
@pytest.mark.parametrize(
    "case", [c for c in cases_of(QIC) if c["chart"] in LIMIT_CHARTS], ids=lambda case: case["id"]
)
def test_limits_are_those_of_qicharts2(case: Case) -> None:
    rows = rows_of(QIC / f"{case['id']}.csv")
    for part in case["parts"]:
        mine = [row for row in rows if int(row["part"]) == part["part"]]
        y, centre, lower, upper = (
            np.array([number(row[name]) for row in mine]) for name in ("y", "cl", "lcl", "ucl")
        )
        if case["chart"] == "run":
            dates = [date.fromordinal(n + 1) for n in range(len(y))]
            chart = run_chart(dates, y.tolist(), Options(baseline=case["freeze"]))
            assert chart.groups[0].median == pytest.approx(centre[0], rel=1e-9)
            continue
        drawn, times = control(case, mine, y), 1 if case["chart"] == "i" else case["multiply"]
        assert np.full(len(y), drawn.centre) * times == pytest.approx(centre, rel=1e-9)
        assert drawn.lower * times == pytest.approx(lower, rel=1e-9, abs=1e-12)
        assert drawn.upper * times == pytest.approx(upper, rel=1e-9)
        beyond = (y > drawn.upper * times) | (y < drawn.lower * times)
        assert beyond.tolist() == [row["sigma_signal"] == "TRUE" for row in mine]


def control(case: Case, rows: list[Row], y: np.ndarray[Any, np.dtype[np.float64]]) -> Control:
    baseline = np.array([row["baseline"] == row["include"] == "TRUE" for row in rows])
    counts, sizes = (np.array([number(row[n]) for row in rows]) for n in ("numerator", "denominator"))
    screen, prime = case["screen_moving_ranges"], case["chart"].endswith("p") and len(case["chart"]) == 2
    if case["chart"] == "i":
        return i_chart(y, baseline, screen=screen)
    if case["chart"] == "c":
        return c_chart(y, baseline)
    draw = u_chart if case["chart"].startswith("u") else p_chart
    return draw(counts, sizes, baseline, prime=prime, screen=screen)
