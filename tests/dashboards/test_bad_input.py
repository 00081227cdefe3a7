"""Data that pages do not expect: one post, an endless name, another script, ten thousand posts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.site import render_site
from dashboards.videos import LISTED
from models.store import PUBLISHED_FILE, open_published
from models.store_errors import StoreUnreadable
from tests.dashboards.html import Html, parse
from tests.dashboards.published import invented, published, without_posts
from tests.dashboards.test_pages import PAGES, WEIGHT

LONGEST = ("Växjö " * 34)[:199] + "!"
MOST_ROWS = 1000
TIMES = 100


def with_one_post() -> dict[str, list[dict[str, Any]]]:
    """A campaign of which one post is known, seen once."""
    tables = invented()
    empty = {
        name: [] for name in ("topic_weeks", "topic_periods", "topic_comparisons", "spc", "posting_times")
    }
    return {**tables, **empty, "posts": [{**tables["posts"][0], "views_day_28": None}], "account_weeks": []}


def test_one_post_makes_pages_that_say_what_is_not_known(tmp_path: Path, cache: Path) -> None:
    render_site(published(with_one_post()), tmp_path, cache)
    text = parse(tmp_path / "comms.html").text
    assert "Time of publication: too few videos to tell" in text
    assert "“Finding help early”: 0 posts, new views not known yet." in text
    assert "No week is known yet." in text
    assert not parse(tmp_path / "early-help.html").all("svg")
    assert "1 video known, on TikTok." in parse(tmp_path / "creators" / "lavelle.html").text


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_campaign_without_data_has_a_state_for_each_part(name: str, empty_site: Path) -> None:
    html = parse(empty_site / f"{name}.html")
    assert not html.all("svg")
    assert name != "comms" or "No video has both views and interactions yet." in html.text
    assert name != "comms" or "Time of publication: too few videos to tell" in html.text


def test_a_campaign_without_teams_topics_and_creators_has_its_pages(tmp_path: Path, cache: Path) -> None:
    bare = without_posts()
    for table in ("teams", "topics", "creators", "accounts", "sources", "asks", "periods", "events"):
        bare.change(f"DELETE FROM marts.{table}")  # noqa: S608
    files = render_site(bare, tmp_path, cache)
    assert [file.name for file in files] == ["index.html", "comms.html", "method.html"]
    assert "Nobody has to be asked for anything" in parse(tmp_path / "comms.html").text


def test_a_topics_name_of_two_hundred_characters_is_shown_whole(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    tables["topics"][0]["name"] = LONGEST
    one = {name: tables[name][:1] for name in ("teams", "topics")}
    render_site(published({**tables, **one, "creators": []}), tmp_path, cache)
    assert len(LONGEST) == 200
    for name in ("index", "comms", "early-help"):
        assert LONGEST in parse(tmp_path / f"{name}.html").text


def test_captions_of_every_script_stand_apart_from_the_text_around_them(site: Path) -> None:
    shown = {element.text for element in parse(site / "comms.html").all("bdi")}
    assert "حديث بسيط عن الصحة النفسية في البيت #talkathome" in shown
    assert "Three words my gran never had for this 💛 #talkathome" in shown


def test_a_published_file_of_an_older_version_says_what_to_do(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / PUBLISHED_FILE)) as old:
        old.execute("CREATE SCHEMA marts")
        old.execute("CREATE TABLE marts.campaign AS SELECT 'rap-up' AS name, 'RAP-UP' AS title")
    with (
        pytest.raises(StoreUnreadable, match="built by another version of rapup; run `rapup build`"),
        open_published(tmp_path),
    ):
        pass


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """The campaign with a hundred times the posts."""
    tables = invented()
    known = {"views_day_28": 900, "views_day_28_status": "observed"}
    tables["posts"] = [
        {**post, **known, "post_id": f"{post['post_id']}{n:02d}"}
        for post in tables["posts"]
        for n in range(TIMES)
    ]
    folder = tmp_path_factory.mktemp("crowded")
    render_site(published(tables), folder, cache)
    return folder


def charts(html: Html) -> Iterator[dict[str, Any]]:
    return (json.loads(e.text) for e in html.all("script") if e.attributes.get("type") == "application/json")


def rows(chart: dict[str, Any]) -> int:
    return max(len(values) for values in chart["datasets"].values())


@pytest.mark.parametrize("name", PAGES)
def test_of_a_hundred_times_the_posts_a_page_is_as_light_and_no_chart_has_more_than_1000_rows(
    name: str, crowded: Path
) -> None:
    assert (crowded / f"{name}.html").stat().st_size <= WEIGHT
    assert [n for n in map(rows, charts(parse(crowded / f"{name}.html"))) if n > MOST_ROWS] == []


def test_the_counting_of_rows_sees_the_posts(crowded: Path) -> None:
    most = max(map(rows, charts(parse(crowded / "comms.html"))))
    assert most == LISTED // 2  # two platforms share the marks
