from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dashboards.site import BadTeamId, render_site
from tests.dashboards.published import invented, published, without_posts


def test_pages_are_written_only_when_their_bytes_change(tmp_path: Path, cache: Path) -> None:
    campaign = without_posts()
    pages = render_site(campaign, tmp_path, cache)
    assert [page.name for page in pages] == [
        "index.html",
        "early-help.html",
        "learning-disability.html",
        "neurodiversity.html",
        "community-wellbeing.html",
        "comms.html",
    ]
    before = {page: page.stat().st_ino for page in pages}
    campaign.change("UPDATE marts.campaign SET built_at = built_at + INTERVAL 1 DAY")
    campaign.change("UPDATE marts.events SET note = 'A poll in class.' WHERE team_id = 'early-help'")
    campaign.change("UPDATE marts.events SET day = DATE '2023-08-30' WHERE team_id = 'early-help'")
    render_site(campaign, tmp_path, cache)
    changed = {page.name for page in pages if page.stat().st_ino != before[page]}
    assert changed == {"index.html", "early-help.html"}
    assert {path.suffix for path in tmp_path.iterdir()} == {".html"}


def test_pages_are_the_same_bytes_in_every_run(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    one_team = {**tables, "teams": tables["teams"][:1], "topics": tables["topics"][:1]}
    first = render_site(published(one_team), tmp_path / "first", cache)
    second = render_site(published(one_team), tmp_path / "second", cache)
    assert [page.read_bytes() for page in first] == [page.read_bytes() for page in second]


@pytest.mark.parametrize("team_id", ["index", "Comms", "../up", "", "a b", "con/x"])
def test_a_team_cannot_take_the_name_of_another_page_or_folder(
    team_id: str, tmp_path: Path, cache: Path
) -> None:
    tables = invented()
    teams = [{"team_id": team_id, "name": "A team", "rank": 1}]
    with pytest.raises(BadTeamId, match="cannot name a page"):
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
