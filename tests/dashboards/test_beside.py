"""Files beside the pages: made when asked for, kept while they are what would be made, else gone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pptx import Presentation

from dashboards import deck, paper, powerpoint
from dashboards.beside import framed
from dashboards.blocks import Figure, Table
from dashboards.facts import read_facts
from dashboards.site import render_site
from dashboards.team import team_page
from tests.dashboards.html import parse
from tests.dashboards.published import Published, invented, published

ONE_TEAM = {name: rows[:1] for name, rows in invented().items() if name in {"teams", "topics"}}


@pytest.fixture(scope="module")
def small() -> Published:
    return published({**invented(), **ONE_TEAM, "creators": []})


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small: Published, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    render_site(small, folder, cache, ["pptx", "png"])
    return folder


def names(folder: Path, ending: str) -> set[str]:
    return {path.name for path in folder.rglob(f"*{ending}")}


def test_every_chart_becomes_a_picture_that_its_figure_links_to(made: Path) -> None:
    pictures = names(made, ".png")
    assert {
        "early-help-topic-1-views.png",
        "early-help-videos-chart.png",
        "comms-weeks-tiktok.png",
    } <= pictures
    linked = {e.attributes["href"] for p in made.glob("*.html") for e in parse(p).all("a")}
    assert {link for link in linked if link.endswith(".png")} == pictures
    with Image.open(made / "early-help-topic-1-views.png") as picture:
        assert picture.width == 2000


def test_a_picture_that_stands_alone_says_what_it_shows_and_from_where() -> None:
    figure = Figure(
        "a", "A title " * 20, "What a dot is.", "", Table("t", "", (), ()), "From the exports.", chart={}
    )
    title = framed({"layer": []}, figure)["title"]
    assert " ".join(title["text"]).strip() == figure.title.strip()
    assert title["subtitle"] == ["What a dot is.", "From the exports."]
    assert max(map(len, title["text"])) * 20 * 0.55 <= figure.width


def test_a_deck_has_native_titles_pictures_with_words_and_notes(made: Path, small: Published) -> None:
    facts = read_facts(small)
    slides = deck.slides(facts, team_page(small, facts, facts.teams[0]))
    shown = Presentation(str(made / "early-help.pptx")).slides
    assert [slide.shapes.title.text for slide in shown] == [slide.title for slide in slides]
    drawn = [slide for slide in slides if slide.figure]
    assert len(drawn) == 4
    for slide, wanted in zip(shown, slides, strict=True):
        described = [s._element.xpath("./p:nvPicPr/p:cNvPr")[0].get("descr") for s in pictures(slide)]
        assert described == ([wanted.figure.words] if wanted.figure else [])
        assert "Data as of 12 Apr 2024." in slide.notes_slide.notes_text_frame.text


def pictures(slide: Any) -> list[Any]:
    return [
        shape for shape in slide.shapes if shape.shape_type is not None and "PICTURE" in str(shape.shape_type)
    ]


def test_the_notes_of_a_chart_hold_its_caveats(small: Published) -> None:
    facts = read_facts(small)
    slides = deck.slides(facts, team_page(small, facts, facts.teams[0]))
    weekly = next(slide for slide in slides if slide.figure and slide.figure.id.endswith("views"))
    assert weekly.figure is not None
    for said in (weekly.figure.words, weekly.figure.note, weekly.figure.source, "Learning session 2"):
        assert said in weekly.notes


def test_nothing_on_a_slide_is_outside_it(made: Path) -> None:
    shown = Presentation(str(made / "early-help.pptx"))
    for shape in (shape for slide in shown.slides for shape in slide.shapes):
        assert 0 <= shape.left <= shape.left + shape.width <= shown.slide_width
        assert 0 <= shape.top <= shape.top + shape.height <= shown.slide_height


def test_the_same_slides_are_the_same_bytes(small: Published) -> None:
    facts = read_facts(small)
    slides = deck.slides(facts, team_page(small, facts, facts.teams[0]))
    picture = BytesIO()
    Image.new("RGB", (20, 10)).save(picture, "PNG")
    one, other = (
        powerpoint.written(slides, facts.campaign["as_of"], lambda _: picture.getvalue()) for _ in range(2)
    )
    assert one == other


def test_files_stay_while_they_are_what_would_be_made_and_go_when_they_are_not(
    tmp_path: Path, cache: Path
) -> None:
    small = published({**invented(), **ONE_TEAM, "creators": []})
    site = tmp_path / "site"
    first = render_site(small, site, cache, ["pptx", "png"])
    assert set(render_site(small, site, cache)) == set(first)
    small.change("UPDATE marts.events SET note = 'Another note.' WHERE team_id = 'early-help'")
    left = set(first) - set(render_site(small, site, cache))
    assert {path.name for path in left} == {"early-help.pptx"}
    assert "early-help.pptx" not in (site / "early-help.html").read_text(encoding="utf-8")


def test_nothing_is_made_that_was_not_asked_for(tmp_path: Path, cache: Path) -> None:
    small = published({**invented(), **ONE_TEAM, "creators": []})
    assert {path.suffix for path in render_site(small, tmp_path, cache)} == {".html"}


def test_without_a_browser_a_pdf_is_refused_before_anything_is_drawn(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(paper.NoBrowser, match="apt-get install chromium"):
        render_site(published(), tmp_path / "site", cache, ["pdf"])
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("name", ["chromium", "google-chrome", "msedge"])
def test_a_browser_is_found_under_each_of_its_names(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command(tmp_path / name, "")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert paper.find_browser() == str(tmp_path / name)


def test_a_browser_that_prints_nothing_is_told(tmp_path: Path) -> None:
    browser = command(tmp_path / "chromium", "exit 1")
    with pytest.raises(paper.PrintFailed, match="made no PDF"):
        paper.printed(str(browser), "<p>page</p>")


@pytest.mark.parametrize(("user", "is_told"), [(0, True), (1000, False)])
def test_only_root_prints_outside_the_sandbox(
    user: int, is_told: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    print_itself = (
        f'echo "$@" > {told}; for a in "$@"; do case $a in --print-to-pdf=*) touch "${{a#*=}}";; esac; done'
    )
    browser = command(tmp_path / "chromium", print_itself)
    monkeypatch.setattr("os.geteuid", lambda: user)
    paper.printed(str(browser), "<p>page</p>")
    assert ("--no-sandbox" in told.read_text()) == is_told
    assert "--host-resolver-rules=MAP * ~NOTFOUND" in told.read_text()


def command(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
