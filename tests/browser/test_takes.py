"""What a person takes along: an image for slides, numbers as CSV, one printed A4."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, Page

from dashboards import paper
from dashboards.facts import read_facts
from dashboards.kept import Kept
from dashboards.page import PageWriter
from dashboards.sheet import sheet_page
from dashboards.svg import Artist
from tests.browser.conftest import Open
from tests.dashboards.published import TEAMS, Published, invented, published

pytestmark = pytest.mark.browser

FIGURE = "#topic-1-views"


def saved(page: Page, button: str) -> Download:
    with page.expect_download() as waiting:
        page.locator(button).click()
    return waiting.value


def rows_of(download: Download) -> list[list[str]]:
    text = Path(download.path()).read_text(encoding="utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_chart_is_saved_as_an_image_with_its_title_under_the_policy(
    width: int, site: Path, open_page: Open
) -> None:
    with open_page(site / "early-help.html", width) as visit:
        download = saved(visit.page, f"{FIGURE} [data-image]")
        assert download.suggested_filename == "early-help-topic-1-views.png"
        drawn = visit.page.evaluate(f"document.querySelector('{FIGURE} .wide svg').viewBox.baseVal.height")
        with Image.open(download.path()) as image:
            assert image.width == 2000
            assert image.height > 2 * drawn + 100  # room for the words around the chart
            colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 20) or []}
        assert (0x00, 0x5E, 0xB8) in colours  # a signal's blue: the chart itself is in it
        assert visit.said == []


def test_the_numbers_of_a_chart_are_saved_exactly(site: Path, open_page: Open, campaign: Published) -> None:
    with open_page(site / "early-help.html") as visit:
        rows = rows_of(saved(visit.page, f"{FIGURE} [data-csv]"))
        assert visit.said == []
    weeks = campaign.query(
        "SELECT views_new FROM marts.topic_weeks WHERE topic_id = 'finding-help' AND platform = 'all'"
        " ORDER BY week"
    )
    known = [str(int(value)) for value in weeks["views_new"].dropna()]
    assert rows[0][:2] == ["Week of", "New views a week"]
    assert [row[1] for row in rows[1:] if row[1]] == known
    assert [row[1] for row in rows[1:]].count("") == len(weeks) - len(known)  # not known is empty, not 0


def test_a_filtered_table_is_saved_as_it_is_shown(site: Path, open_page: Open) -> None:
    with open_page(site / "comms.html", fragment="#platform=instagram&creator=lavelle") as visit:
        rows = rows_of(saved(visit.page, ".videos [data-csv]"))
    column = rows[0].index("Platform")
    assert {row[column] for row in rows[1:]} == {"Instagram"}
    assert {row[rows[0].index("Creator")] for row in rows[1:]} == {"Lavelle"}


def test_a_saved_caption_is_no_formula(poisoned_site: Path, open_page: Open) -> None:
    with open_page(poisoned_site / "comms.html") as visit:
        rows = rows_of(saved(visit.page, ".videos [data-csv]"))
    cells = [cell for row in rows for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if re.match(r"[=+@\t]", cell)]


def test_every_sheet_is_one_a4(site: Path, open_page: Open) -> None:
    with open_page(site / "sheets" / "early-help.html") as visit:
        for team, *_ in TEAMS:
            visit.page.goto((site / "sheets" / f"{team}.html").as_uri())
            assert pages(visit.page.pdf(prefer_css_page_size=True)) == [(595, 842)], team


def test_a_sheet_of_much_text_is_one_a4_with_room_to_write(
    tmp_path: Path, cache: Path, open_page: Open
) -> None:
    tables = invented()
    for table, column in (("events", "note"), ("events", "name"), ("topics", "name"), ("creators", "name")):
        for row in tables[table]:
            row[column] = f"{row[column]} and more words " * 5
    for post in tables["posts"]:
        post["caption"] = "a caption of many words " * 20
    crowded = published(tables)
    facts = read_facts(crowded)
    with Artist(Kept(cache)) as artist:
        writer = PageWriter(facts, artist, "")
        html = writer.html(sheet_page(crowded, facts, facts.teams[0]), ())
    file = tmp_path / "sheet.html"
    file.write_text(html, encoding="utf-8")
    with open_page(file) as visit:
        assert len(pages(visit.page.pdf(prefer_css_page_size=True))) == 1


def test_on_an_ordinary_sheet_there_is_room_to_write(site: Path, open_page: Open) -> None:
    with open_page(site / "sheets" / "early-help.html", 703) as visit:
        visit.page.emulate_media(media="print")
        height = visit.page.locator(".space").evaluate("e => e.getBoundingClientRect().height")
        bottom = visit.page.locator(".space").evaluate("e => e.getBoundingClientRect().bottom")
        footer = visit.page.locator("footer").evaluate("e => e.getBoundingClientRect().top")
        assert height >= 24 / 25.4 * 96
        assert bottom <= footer


def pages(pdf: bytes) -> list[tuple[int, int]]:
    """The sizes of a PDF's pages, in points."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type /Page\b", pdf))
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_the_browser_of_this_computer_prints_a_page(site: Path) -> None:
    html = (site / "sheets" / "early-help.html").read_text(encoding="utf-8")
    assert pages(paper.printed(paper.find_browser(), html)) == [(595, 842)]
