from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards import pages
from dashboards.site import BadPageName, render_site
from tests.dashboards.published import invented, published, without_posts


def test_pages_are_written_only_when_their_bytes_change(tmp_path: Path, cache: Path) -> None:
    campaign = without_posts()
    pages = render_site(campaign, tmp_path, cache)
    teams = ["early-help", "learning-disability", "neurodiversity", "community-wellbeing"]
    assert [page.relative_to(tmp_path).as_posix().removesuffix(".html") for page in pages] == [
        *["index", *teams, "comms", "method"],
        *[f"sheets/{team}" for team in teams],
        *[f"creators/{creator}" for creator in ("lavelle", "amira", "kofi", "trust")],
    ]
    before = {page: page.stat().st_ino for page in pages}
    campaign.change("UPDATE marts.campaign SET built_at = built_at + INTERVAL 1 DAY")
    campaign.change("UPDATE marts.events SET note = 'A poll in class.' WHERE team_id = 'early-help'")
    campaign.change("UPDATE marts.events SET day = DATE '2023-08-30' WHERE team_id = 'early-help'")
    render_site(campaign, tmp_path, cache)
    changed = {page.relative_to(tmp_path).as_posix() for page in pages if page.stat().st_ino != before[page]}
    assert changed == {"index.html", "early-help.html", "sheets/early-help.html"}
    assert {path.suffix for path in tmp_path.rglob("*.*")} == {".html"}


def test_pages_are_the_same_bytes_in_every_run(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    one_team = {**tables, "teams": tables["teams"][:1], "topics": tables["topics"][:1]}
    first = render_site(published(one_team), tmp_path / "first", cache)
    second = render_site(published(one_team), tmp_path / "second", cache)
    assert [page.read_bytes() for page in first] == [page.read_bytes() for page in second]


def test_a_site_that_is_as_it_would_be_made_is_not_made_again(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = without_posts()
    files = render_site(campaign, tmp_path, cache)
    monkeypatch.setattr("dashboards.pages.every_page", lambda *_: pytest.fail("made again"))
    campaign.change("UPDATE marts.campaign SET built_at = built_at + INTERVAL 1 DAY")
    assert render_site(campaign, tmp_path, cache) == files


@pytest.mark.parametrize("change", ["a row", "a page", "a missing page", "more asked for"])
def test_a_site_is_made_again_when_anything_differs(
    change: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = without_posts()
    files = render_site(campaign, tmp_path, cache)
    if change == "a row":
        campaign.change("UPDATE marts.events SET note = 'A poll.' WHERE rank = 1")
    elif change == "a page":
        files[3].write_text("broken")
    elif change == "a missing page":
        files[3].unlink()
    made: list[str] = []
    real = pages.every_page
    monkeypatch.setattr("dashboards.pages.every_page", lambda *a: made.append("again") or real(*a))
    render_site(campaign, tmp_path, cache, ["pptx"] if change == "more asked for" else [])
    assert made == ["again"]


def test_a_chart_that_could_not_be_drawn_is_tried_again(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    small = {**tables, "teams": tables["teams"][:1], "topics": tables["topics"][:1], "creators": []}
    campaign = published(small)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboards.svg._is_harmless", lambda _: False)
        render_site(campaign, tmp_path, cache)
    page = tmp_path / "early-help.html"
    assert "This chart could not be drawn" in page.read_text(encoding="utf-8")
    render_site(campaign, tmp_path, cache)
    assert "This chart could not be drawn" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("team_id", ["index", "Comms", "../up", "", "a b", "con/x"])
def test_a_team_cannot_take_the_name_of_another_page_or_folder(
    team_id: str, tmp_path: Path, cache: Path
) -> None:
    tables = invented()
    teams = [{"team_id": team_id, "name": "A team", "rank": 1}]
    with pytest.raises(BadPageName, match="cannot name a page"):
        render_site(published({**tables, "teams": teams}), tmp_path / "site", cache)
    assert not (tmp_path / "site").exists()


def test_pages_read_only_the_published_schema(tmp_path: Path, cache: Path) -> None:
    campaign = without_posts()
    render_site(campaign, tmp_path, cache)
    assert all("marts." in sql for sql in campaign.asked)
    assert not [sql for sql in campaign.asked if "raw." in sql]


def test_importing_the_site_does_not_import_altair() -> None:
    code = "import sys, dashboards.site; sys.exit('altair' in sys.modules or 'vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
