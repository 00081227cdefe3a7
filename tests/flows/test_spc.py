"""`rapup spc` as a person and a program meet it: good files, bad files, tables, rows, pictures."""

from __future__ import annotations

import csv
import io
import json
import struct
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.dated_csv import read_dated
from models.spc import BadSeries

PTD = Path(__file__).parents[1] / "reference" / "spc" / "ptd"
TODAY = date(2024, 6, 1)
KEYS = ["facet", "date", "value", "phase", "mean", "lpl", "upl", "cause", "point_type"]

Write = Callable[..., Path]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str | bytes, name: str = "series.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main(["spc", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def weekly(values: list[float | str], facet: str = "") -> list[str]:
    days = [date(2024, 1, 1) + timedelta(7 * n) for n in range(len(values))]
    return [f"{day},{value}{facet and ','}{facet}" for day, value in zip(days, values, strict=True)]


def series(values: list[float | str]) -> str:
    return "\n".join(["date,value", *weekly(values)]) + "\n"


def reference(write: Write, case: str) -> tuple[Path, list[dict[str, str]]]:
    with (PTD / f"{case}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [f"{row['facet']},{row['x']},{row['y']}" for row in rows]
    return write("\n".join(["facet,date,value", *lines])), rows


def test_json_rows_are_those_of_nhsrplotthedots(write: Write, run: Run) -> None:
    path, expected = reference(write, "ae_six_trusts_facets")
    code, out, _ = run(path, "--direction", "decrease", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [list(row) for row in rows] == [KEYS] * 144
    for row, told in zip(rows, expected, strict=True):
        assert (row["facet"], row["date"], row["phase"]) == (told["facet"], told["x"], 1)
        assert (row["cause"], row["point_type"]) == (told["special_cause_type"], told["point_type"])
        assert [row["mean"], row["lpl"], row["upl"]] == pytest.approx(
            [float(told[name]) for name in ("mean", "lpl", "upl")], rel=1e-9
        )


def test_csv_rows_are_the_json_rows(write: Write, run: Run) -> None:
    path = write(series([1, 2, "", 4, 3]))
    rows = json.loads(run(path, "--format", "json")[1])
    told = list(csv.DictReader(io.StringIO(run(path, "--format", "csv")[1])))
    assert told == [{key: "" if value is None else str(value) for key, value in row.items()} for row in rows]
    assert [row["facet"] for row in rows] == [None] * 5
    assert rows[2]["value"] is rows[2]["cause"] is None
    assert rows[2]["mean"] == 2.5


def test_the_table_says_it_in_words(write: Write, run: Run) -> None:
    path, _ = reference(write, "ae_rrk_full")
    code, out, err = run(path, "--direction", "decrease", "--rebase", "2018-06-15", "--target", "3000")
    lines = out.splitlines()
    assert code == 0
    assert (
        lines[0]
        == "XmR chart; decrease is good; limits from all points of each phase, moving ranges screened"
    )
    assert "27      1,703  873.1  2,532" in lines[2]
    assert "9       8,647  -      -" in lines[3]
    assert lines[3].endswith("too few points to judge")
    assert lines[4:] == [
        "signal    no facet, 2017-01-01: concern (Above UCL)",
        "signal    no facet, 2017-02-01 to 2017-09-01, 8 points: improvement (7 Points Below CL)",
    ]
    assert (
        err
        == "notice    series 'no facet': no row of 2018-06-15: the phase starts at the next one, 2018-07-01\n"
    )


def test_the_table_judges_the_latest_point_and_the_target(write: Write, run: Run) -> None:
    path = write(series([1, 2] * 10))
    out = run(path, "--direction", "increase", "--target", "9")[1].splitlines()
    assert "target 9.000" in out[1]
    assert "common cause  consistently missed" in out[2]
    assert "consistently met" in run(path, "--direction", "decrease", "--target", "9")[1]
    assert "met or missed by chance" in run(path, "--direction", "decrease", "--target", "1.5")[1]
    assert "met" not in run(path, "--target", "9")[1]


def test_the_table_warns_of_what_overstates_signals(write: Write, run: Run) -> None:
    assert "neighbours resemble each other (0.85)" in run(write(series(list(range(20)))))[1]
    skewed = write(series([1, 2, 1, 2, 1, 40] * 3))
    assert "skewed values: use --log10" in run(skewed)[1]
    assert "skewed" not in run(skewed, "--log10")[1]
    assert "skewed values: use --chart run" in run(write(series([0, 2, 1, 2, 1, 40] * 3)))[1]


def test_programs_get_the_same_warnings_beside_the_rows(write: Write, run: Run) -> None:
    code, out, err = run(write(series([1, 2, 3])), "--format", "json")
    assert (code, len(json.loads(out))) == (0, 3)
    assert err == "notice    phase 1: too few points to judge\n"


def test_a_run_chart_keeps_the_keys_and_tells_its_rules_beside_the_rows(write: Write, run: Run) -> None:
    path = write(series([1] * 8 + [5, 9] * 6 + [3]))
    _, out, err = run(path, "--chart", "run", "--format", "json")
    assert err == "notice    phase 1: longest run 8 (at most 7), crossings 2 (at least 4): a signal\n"
    rows = json.loads(out)
    assert [list(row) for row in rows] == [KEYS] * 21
    assert {(r["mean"], r["lpl"], r["upl"], r["cause"], r["point_type"]) for r in rows} == {
        (5, None, None, None, None)
    }
    out = run(path, "--chart", "run")[1]
    assert "8 (at most 7)" in out
    assert "yes" in out
    assert "too few points to judge" in run(write(series([1, 2, 3])), "--chart", "run")[1]
    assert "too few points off the median to judge" in run(write(series([4] * 20)), "--chart", "run")[1]


def test_options_reach_the_chart(write: Write, run: Run) -> None:
    path = write(series([1, 2, 1, 2, 10, *[1, 2] * 6, 1]))
    screened, kept = (
        json.loads(run(path, *more, "--format", "json")[1])[0]["upl"] for more in ([], ["--no-screen"])
    )
    assert (screened, kept) == pytest.approx((4.604444444, 6.951502636))
    fixed = json.loads(run(path, "--baseline", "12", "--format", "json")[1])
    assert fixed[0]["mean"] == pytest.approx(26 / 12)
    logs = json.loads(run(path, "--log10", "--format", "json")[1])
    assert logs[0]["mean"] == pytest.approx(float((2**8 * 10) ** (1 / 18)))


def test_a_phase_may_begin_before_platforms_were_there(write: Write, run: Run) -> None:
    path = write("date,value\n1987-01-05,1\n1988-01-04,2\n1989-01-02,4\n")
    code, out, _ = run(path, "--rebase", "1988-01-04", "--format", "json")
    assert (code, [row["phase"] for row in json.loads(out)]) == (0, [1, 2, 2])


def test_rows_need_no_order_and_columns_none_either(write: Write) -> None:
    text = "Note;VALUE ;Facet;Date\nx;1,5;b;2024-01-08\n;2;b;2024-01-01\n\n;;a;2024-01-01\n"
    told = read_dated(write(text), TODAY)
    assert [(s.facet, [str(d) for d in s.dates], s.values) for s in told.series] == [
        ("b", ["2024-01-01", "2024-01-08"], (2.0, 1.5)),
        ("a", ["2024-01-01"], (None,)),
    ]
    assert told.notices == ("columns left out: 'note'",)


@pytest.mark.parametrize(
    "raw",
    [
        "date,value,facet\n2024-01-01,1.5,Zoë\n".encode(),
        "\ufeffdate,value,facet\r\n2024-01-01,1.5,Zoë\r\n".encode(),
        "date;value;facet\n2024-01-01;1,5;Zoë\n".encode("cp1252"),
        "date\tvalue\tfacet\n2024-01-01\t1.5\tZoë".encode(),
        '"date","value","facet"\n"2024-01-01","+1.5e0","Zoë",\n'.encode(),
        "\n\ndate,value,facet\n2024-01-01,1.5,Zoë\n,,\n".encode(),
    ],
)
def test_files_as_spreadsheets_save_them(write: Write, raw: bytes) -> None:
    (one,) = read_dated(write(raw), TODAY).series
    assert (one.facet, one.values) == ("Zoë", (1.5,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "row 1: no columns date and value"),
        ("day,count\n2024-01-01,1\n", "row 1: no columns date and value among 'day, count'; name them so"),
        ("date,value,Value\n", "row 1: column value is there twice; rename"),
        ("date,value\n", "no rows below the header; add"),
        (
            "date,value\n2024-01-01,1\n01/02/2024,2\n",
            "row 3, column date: 01/02/2024 may be day first or month first",
        ),
        ("date,value\n2024-02-30,1\n", "row 2, column date: 2024-02-30 is no day of the calendar"),
        ("date,value\n0204-02-03,1\n", "row 2, column date: 0204-02-03 is not between 1900 and 2100"),
        ("date,value\nJan 2024,1\n", "row 2, column date: 'Jan 2024' is not a day; write it like 2024-02-06"),
        ("date,value\n,1\n", "row 2, column date: '' is not a day"),
        ('date,value\n2024-01-01,"1,234"\n', "row 2, column value: '1,234' may have a mark for thousands"),
        ("date,value\n2024-01-01,1 234\n", "row 2, column value: '1 234' may have a mark for thousands"),
        ("date,value\n2024-01-01,1'234.5\n", "may have a mark for thousands"),
        ("date;value\n2024-01-01;1.234\n", "may have a mark for thousands"),
        ("date;value\n2024-01-01;1.234,5\n", "may have a mark for thousands"),
        (
            "date;value\n2024-01-01;1,5\n2024-01-02;1.5\n",
            "row 3, column value: '1.5' is not a number here",
        ),
        (
            'date,value\n2024-01-01,"1,5"\n',
            "'1,5' is not a number here; write it with a point",
        ),
        ("date,value\n2024-01-01,1,5\n", "row 2: 3 cells where the header has 2"),
        ("date,value,facet\n2024-01-01,1\n", "row 2: 2 cells where the header has 3"),
        ("date,value\n2024-01-01,45%\n", "row 2, column value: '45%' has a unit; leave out the %"),
        ("date,value\n2024-01-01,n/a\n", "or leave the cell empty"),
        ("date,value\n2024-01-01,nan\n", "'nan' is not a number"),
        ("date,value\n2024-01-01,inf\n", "'inf' is not a number"),
        ("date,value\n2024-01-01,\u0661\u0662\n", "is not a number"),
        ("date,value\n2024-01-01,1e300\n", "too large to be exact"),
        ("date,value,facet\n2024-01-01,1,\n", "row 2, column facet: empty; name the series"),
        ('date,value\n2024-01-01,"1\n', "row 2: quotes that do not close"),
        (b"PK\x03\x04rest", "an excel workbook; open it in Excel and save it as csv"),
        ("date,value\n".encode("utf-16"), "neither utf-8 nor windows-1252"),
        (b"date,value\n\x81\x8d", "neither utf-8 nor windows-1252"),
        (
            "date,value\n2024-01-01,1\n2024-01-08,2\n2024-01-01,3\n",
            "rows 2 and 4, column date: 2024-01-01 is there twice; keep one of the two rows",
        ),
        (
            "date,value,facet\n2024-01-01,1,a\n2024-01-01,2,b\n2024-01-01,3,b\n",
            "rows 3 and 4, column date: 2024-01-01 is there twice in series 'b'",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_line_with_row_and_cure(
    write: Write, run: Run, text: str | bytes, words: str
) -> None:
    path = write(text)
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert err.startswith(f"rapup: {path}")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--baseline", "11"], "a baseline of 11 rows is too short; use 12 or more"),
        (
            ["--rebase", "2023-12-31"],
            "outside the data; use a date from 2024-01-01 to 2024-01-15",
        ),
        (["--target", "nan"], "not a number"),
        (["--log10"], "2024-01-08: 0 has no logarithm; use a run chart"),
        (["--chart", "run", "--log10"], "leave out one of"),
        (["--png", "no/such/folder/a.png"], "no such file or directory"),
    ],
)
def test_bad_options_are_refused_in_one_line(write: Write, run: Run, options: list[str], words: str) -> None:
    code, out, err = run(write(series([1, 0, 3])), *options)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1


def test_a_missing_file_is_named(tmp_path: Path, run: Run) -> None:
    code, _, err = run(tmp_path / "none.csv")
    assert code == 2
    assert "none.csv: no such file or directory" in err


def test_a_series_that_cannot_be_rebased_is_named(write: Write, run: Run) -> None:
    lines = ["date,value,facet", *weekly([1, 2, 3], "a"), *weekly([1], "b")]
    assert (
        ", series 'b': rebase 2024-01-08 is outside the data"
        in run(write("\n".join(lines)), "--rebase", "2024-01-08")[2]
    )


def test_a_constant_series_is_common_cause(write: Write, run: Run) -> None:
    rows = json.loads(run(write(series([4] * 15)), "--format", "json")[1])
    assert {(r["mean"], r["lpl"], r["upl"], r["cause"]) for r in rows} == {(4, 4, 4, "Common Cause")}


def test_one_point_is_not_assessed(write: Write, run: Run) -> None:
    code, out, err = run(write(series([4])), "--format", "json")
    (row,) = json.loads(out)
    assert code == 0
    assert (row["mean"], row["lpl"], row["cause"], row["point_type"]) == (4, None, None, None)
    assert "no limits: they need two neighbouring values" in err


def test_a_gap_between_dates_is_told_and_a_month_is_none() -> None:
    months = [date(2024, n, 1) for n in range(1, 6)]
    assert notices_of(months) == ()
    assert notices_of([*months, date(2024, 9, 1)]) == (
        "1 longer than usual between two dates, first 2024-05-01 and 2024-09-01: treated as neighbours; "
        "for a missing value add a row with an empty value",
    )


def notices_of(days: list[date], path: Path = Path("x.csv")) -> tuple[str, ...]:
    from flows.dated_csv import DatedSeries, _oddities  # noqa: PLC0415

    return tuple(_oddities(DatedSeries(None, tuple(days), (1.0,) * len(days)), date(2030, 1, 1)))


def test_values_of_the_future_are_kept_and_told(write: Write) -> None:
    told = read_dated(write("date,value\n2024-05-31,1\n2024-06-01,2\n2024-06-02,3\n2024-06-03,\n"), TODAY)
    assert told.series[0].values == (1.0, 2.0, 3.0, None)
    assert told.notices == ("1 with a value after today, the last 2024-06-02: kept; check these dates",)


def test_negative_values_are_values(write: Write, run: Run) -> None:
    rows = json.loads(run(write(series([-1, -3, -2])), "--format", "json")[1])
    assert rows[0]["mean"] == -2


def test_names_of_series_cannot_steer_a_terminal(write: Write, run: Run) -> None:
    lines = ["date,value,facet", *weekly([1, 2, 3], "\x1b[31mred"), *weekly([1, 2, 3], "x" * 200)]
    code, out, err = run(write("\n".join(lines)), "--rebase", "2024-01-02")
    assert code == 0
    assert "\x1b" not in out + err
    assert max(map(len, out.splitlines())) < 200


def test_the_file_names_the_row_below_a_blank_line(write: Write) -> None:
    with pytest.raises(BadSeries, match="row 4, column value"):
        read_dated(write("date,value\n2024-01-01,1\n\n2024-01-08,x\n"), TODAY)


def size_of(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_pictures_are_1280_pixels_wide(write: Write, run: Run, tmp_path: Path) -> None:
    png = tmp_path / "a.png"
    lines = [*weekly([1, 2] * 12, "a"), *weekly([7], "one"), *weekly([""], "no")]
    path = write("\n".join(["date,value,facet", *lines]))
    assert run(path, "--direction", "increase", "--target", "2", "--png", png)[0] == 0
    width, height = size_of(png)
    assert width == 1280
    assert height > 900
    big = write(series([1e6, 2e9, 5, 3e12] * 6))
    for more in ([], ["--log10"], ["--chart", "run"], ["--rebase", "2024-02-02,2024-05-05"]):
        assert run(big, *more, "--png", png)[0] == 0
        assert size_of(png)[0] == 1280


def test_too_many_series_make_no_picture(write: Write, run: Run, tmp_path: Path) -> None:
    lines = [line for n in range(13) for line in weekly([1], f"s{n}")]
    code, _, err = run(write("\n".join(["date,value,facet", *lines])), "--png", tmp_path / "a.png")
    assert code == 2
    assert "13 series; a picture holds 12" in err


@pytest.mark.parametrize(("every", "named"), [(7, "%-d %b %Y"), (14, "%-d %b %Y"), (31, "%b %Y")])
def test_a_month_is_named_without_its_day_only_where_it_has_one_dot(every: int, named: str) -> None:
    for values in ([1.0, 2.0] * 20, [1.0]):
        (dots,) = (layer for layer in spec_of(values, every=every)["layer"] if "shape" in layer["encoding"])
        assert dots["encoding"]["x"]["axis"]["format"] == (named if len(values) > 1 else "%-d %b %Y")


def spec_of(values: list[float | None], every: int = 7, **options: Any) -> dict[str, Any]:
    from dashboards.spc_chart import Panel, _panel  # noqa: PLC0415
    from models.spc import Options, xmr  # noqa: PLC0415

    days = [date(2024, 1, 1) + timedelta(every * n) for n in range(len(values))]
    told = Options(**options)
    made: dict[str, Any] = _panel(Panel("x", xmr(days, values, told)), told, 300).to_dict()
    return made


def states_of(spec: dict[str, Any]) -> dict[str, tuple[str, str]]:
    (dots,) = (layer for layer in spec["layer"] if "shape" in layer["encoding"])
    shape, stroke = (dots["encoding"][channel]["scale"] for channel in ("shape", "stroke"))
    return dict(zip(shape["domain"], zip(shape["range"], stroke["range"], strict=True), strict=True))


def test_shape_says_high_or_low_and_colour_good_or_bad() -> None:
    values: list[float | None] = [*[1.0, 2.0] * 10, 50.0, -50.0]
    assert states_of(spec_of(values, direction="increase", baseline=20)) == {
        "Common cause": ("circle", "#768692"),
        "Improvement, high": ("triangle-up", "#005EB8"),
        "Concern, low": ("triangle-down", "#C65A00"),
    }
    assert states_of(spec_of(values, direction="neutral", baseline=20))["Special cause, low"] == (
        "triangle-down",
        "#490092",
    )


def test_a_phase_of_fewer_than_10_values_is_drawn_without_limits_or_verdicts() -> None:
    spec = spec_of([1.0, 2.0, 1.0, 90.0, 1.0])
    assert list(states_of(spec)) == ["Not judged"]
    assert "er limit" not in json.dumps(spec)
    assert "Median 1.000" in json.dumps(spec)


def test_limits_of_few_points_are_called_trial() -> None:
    assert "Upper trial limit" in json.dumps(spec_of([1.0, 2.0] * 9))
    assert "Upper limit" in json.dumps(spec_of([1.0, 2.0] * 10))
