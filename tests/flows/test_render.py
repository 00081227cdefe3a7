from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboards.kept import Kept
from dashboards.svg import Artist
from flows.cli import CANNOT_START, DONE, main

CAMPAIGN = """
title = "A campaign"
timezone = "Europe/London"
starts = 2023-09-01
ends = 2024-10-06
contact = "Sam, Thursdays at the youth centre"

[[team]]
id = "early-help"
name = "Early help team"

[[topic]]
id = "finding-help"
name = "Finding help early"
team = "early-help"
hashtags = ["findhelpearly"]

[[creator]]
id = "lavelle"
name = "Lavelle"
kind = "influencer"
accounts = ["tiktok:@lavelle.sings"]
consent_until = {until}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """A data folder with a published file and the Vega bundle, both made once.

    Nothing else of earlier runs is in its cache: a deck that was kept would be put in place again.
    """
    data = tmp_path_factory.mktemp("built")
    with_consent(data, "2999-12-31")
    rapup(data, "build")
    with Artist(Kept(cache)) as artist:
        artist.bundle()
    (data / "cache").mkdir()
    for file in cache.glob("vega-*.js"):
        shutil.copy2(file, data / "cache")
    return data


@pytest.fixture
def data(built: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return shutil.copytree(built, tmp_path / "data")


def with_consent(data: Path, until: str) -> None:
    (data / "campaigns").mkdir(exist_ok=True)
    (data / "campaigns" / "one.toml").write_text(CAMPAIGN.format(until=until), encoding="utf-8")


def rapup(data: Path, *arguments: str) -> int:
    return main(["--data", str(data), *arguments])


def test_a_creators_page_disappears_with_their_consent(data: Path) -> None:
    assert rapup(data, "render") == DONE
    page = data / "site" / "creators" / "lavelle.html"
    text = page.read_text(encoding="utf-8")
    assert "You agreed until 31 Dec 2999." in text
    assert "Sam, Thursdays at the youth centre" in text
    with_consent(data, "2024-01-01")
    rapup(data, "build")
    assert rapup(data, "render") == DONE
    assert not page.exists()
    assert (data / "site" / "sheets" / "early-help.html").exists()


def test_files_that_are_not_of_the_site_any_more_go_and_others_stay(data: Path) -> None:
    site = data / "site"
    (site / "sheets").mkdir(parents=True)
    for name in ("gone.html", "gone.pdf", "sheets/gone.html", "early-help.pptx", "notes.txt"):
        (site / name).write_text("old")
    assert rapup(data, "render") == DONE
    assert {path.name for path in site.rglob("*") if "gone" in path.name or path.suffix == ".pptx"} == set()
    assert (site / "notes.txt").exists()


def test_a_deck_is_made_on_request_and_told(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rapup(data, "render", "--pptx") == DONE
    assert "drew      6 pages, 1 deck" in capsys.readouterr().out
    assert (data / "site" / "early-help.pptx").exists()


def test_a_pdf_without_a_browser_is_one_line_and_exit_code_2(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(data))
    assert rapup(data, "render", "--pdf") == CANNOT_START
    told = capsys.readouterr().err
    assert told.startswith("rapup: no browser that can print to PDF")
    assert told.count("\n") == 1


def test_an_id_that_names_no_page_is_one_line_and_exit_code_2(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = data / "campaigns" / "one.toml"
    file.write_text(file.read_text().replace('"early-help"', '"method"'))
    rapup(data, "build")
    assert rapup(data, "render") == CANNOT_START
    assert "team 'method': its id cannot name a page" in capsys.readouterr().err
