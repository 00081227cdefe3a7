"""The command line as a person meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cli import COMMANDS, main
from tests.bad_exports import BAD, GOOD, write_bad_exports

ROOT = Path(__file__).parents[2]
HEAVY = ("duckdb", "pyarrow", "pandas", "prefect", "altair", "requests", "babel")


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if f"    {name}" not in told] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: rapup {command}")


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, flows.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_ingest_build_and_render_never_import_prefect(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "cache").symlink_to(cache, target_is_directory=True)  # the Vega bundle takes seconds to make
    code = (
        "import sys\n"
        "from flows.cli import main\n"
        f"base = ['--data', {str(tmp_path)!r}, '--campaign', 'rap-up']\n"
        "for step in (['init', 'rap-up'], ['ingest'], ['build'], ['render']): main([*base, *step])\n"
        "assert 'prefect' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["paint"], "invalid choice: 'paint'"),
        ([], "required: COMMAND"),
        (["ingest", "--exported-on", "6 Feb"], "not a day like 2024-02-06"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    told = capsys.readouterr().err
    assert end.value.code == 2
    assert words in told
    assert told.count("\n") == 1


def test_an_unknown_campaign_cannot_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path), "--campaign", "nowhere", "build"]) == 2
    assert "rap-up" in capsys.readouterr().err


def test_pages_before_anything_was_published_cannot_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--campaign", "rap-up", "render"]) == 2
    assert "run `rapup build` first" in capsys.readouterr().err


def test_init_makes_a_folder_for_every_account_and_says_so_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "init", "rap-up"]) == 0
    assert (tmp_path / "inbox" / "lavelle" / "tiktok-lavelle.sings").is_dir()
    assert main(["--data", str(tmp_path), "init", "rap-up"]) == 0
    assert "RAP-UP: 0 folders made" in capsys.readouterr().out


def test_every_bad_export_is_named_with_a_cure_and_the_good_ones_are_loaded(tmp_path: Path) -> None:
    data = tmp_path / "data"
    write_bad_exports(data / "inbox")
    done = run("--data", str(data), "--campaign", "rap-up", "ingest", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    lines = done.stderr.splitlines()
    for name in BAD:
        (line,) = [line for line in lines if name in line]
        assert line.startswith(("refused   ", "left out  "))
    assert not [line for line in lines if any(name in line for name in GOOD)]
    assert f"read      {len(GOOD) + 1} new files" in done.stdout  # the ragged file's other rows count
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data"]


@pytest.mark.parametrize(
    ("day", "cure"), [("2024-02-30", "is not a day like 2024-02-06"), ("2100-01-01", "has not come yet")]
)
def test_a_day_of_which_nothing_can_be_known_builds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, cure: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--data", str(tmp_path), "build", "--as-of", day])
    assert stopped.value.code == 2
    assert f"'{day}' {cure}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_status_answers_people_and_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = ["--data", str(tmp_path), "--campaign", "rap-up"]
    write_bad_exports(tmp_path / "inbox")
    main([*base, "ingest"])
    main([*base, "build"])
    capsys.readouterr()
    assert main([*base, "status", "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["troubles"]) >= len(BAD)
    assert {source["status"] for source in answer["sources"]} >= {"fresh", "never"}
    main([*base, "status"])
    assert "data as of 2024-02-06" in capsys.readouterr().out


def test_check_looks_at_everything_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ["--data", str(tmp_path), "--campaign", "rap-up"]
    main([*base, "init", "rap-up"])
    assert main([*base, "check"]) == 0
    told = capsys.readouterr().out
    assert [
        word for word in ("data folder", "campaign file", "tokens", "inbox", "store") if word not in told
    ] == []
    assert not (tmp_path / "store.duckdb").exists()


def test_metrics_are_told_with_their_formula(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrics", "--json"]) == 0
    passports = {m["name"]: m for m in json.loads(capsys.readouterr().out)}
    assert passports["engagement_rate"]["formula"] == "interactions / views"
    assert main(["metrics"]) == 0


def test_a_surprise_is_one_line_unless_debug_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("details that nobody needs")

    monkeypatch.setattr("flows.steps.build_models", broken)
    assert main(["--data", str(tmp_path), "--campaign", "rap-up", "build"]) == 2
    told = capsys.readouterr().err
    assert told == "rapup: unexpected ZeroDivisionError; run again with --debug\n"
    assert main(["--data", str(tmp_path), "--campaign", "rap-up", "build", "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_each_problem_of_a_campaign_is_a_line_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = tmp_path / "campaigns" / "mine.toml"
    campaign.parent.mkdir()
    campaign.write_text('title = 1\ntimezone = "Europe/London"\nstarts = 2023-09-01\nfoo = 2\n')
    assert main(["--data", str(tmp_path), "build"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 3
    assert all(line.startswith(f"rapup: {campaign}, line ") for line in told)


def test_a_read_only_folder_is_named_with_its_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["--data", str(tmp_path / "file"), "--campaign", "rap-up", "init", "rap-up"]) == 2
    told = capsys.readouterr().err
    assert str(tmp_path / "file") in told
    assert "check the path and its permissions" in told
