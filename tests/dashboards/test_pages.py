from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from dashboards import words
from dashboards.page import escaped_json
from dashboards.site import render_site
from tests.dashboards.html import parse
from tests.dashboards.published import HOSTILE, invented, published

LINKED = [
    *["index", "early-help", "learning-disability", "neurodiversity", "community-wellbeing"],
    *["comms", "method"],
]
SHEETS = ["sheets/early-help", "sheets/community-wellbeing"]
CREATORS = ["creators/lavelle", "creators/trust"]
PAGES = [*LINKED, *SHEETS, *CREATORS]
WEIGHT = 1_500_000
CLAIMS = re.compile(
    r"\b(improv\w*|best|worst|top performer|because|caused?|thanks to|led to|winner)\b", re.IGNORECASE
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_one_file_that_loads_nothing(name: str, site: Path) -> None:
    html = parse(site / f"{name}.html")
    assert (site / f"{name}.html").stat().st_size <= WEIGHT
    assert not [
        e for e in html.elements if "src" in e.attributes or e.tag in {"link", "iframe", "object", "img"}
    ]
    assert not [e for e in html.elements if "style" in e.attributes]
    assert not [name for e in html.elements for name in e.attributes if name.startswith("on")]
    addresses = [e.attributes["href"] for e in html.elements if "href" in e.attributes]
    assert all(a.startswith("#") or a.endswith(".html") or words.safe_link(a) for a in addresses)


@pytest.mark.parametrize("name", PAGES)
def test_the_policy_allows_these_very_scripts_and_this_style(name: str, site: Path) -> None:
    text = (site / f"{name}.html").read_text(encoding="utf-8")
    policy = next(e.attributes["content"] for e in parse(text).all("meta") if "http-equiv" in e.attributes)
    inline = re.findall(r"<script>(.*?)</script>", text, re.DOTALL) + re.findall(
        r"<style>(.*?)</style>", text, re.DOTALL
    )
    packed = re.findall(r'<script type="text/plain" id="vega">(.*?)</script>', text)
    inline += [gzip.decompress(b64decode(part)).decode() for part in packed]
    hashes = [f"'sha256-{b64encode(hashlib.sha256(part.encode()).digest()).decode()}'" for part in inline]
    may_run = "'none'" if name in SHEETS else "'sha256-"
    assert policy.startswith(f"default-src 'none'; script-src {may_run}")
    assert "unsafe" not in policy
    assert set(hashes) == set(re.findall(r"'sha256-[^']+'", policy))


@pytest.mark.parametrize("name", PAGES)
def test_hostile_text_adds_no_element_of_its_own(name: str, site: Path, hostile_site: Path) -> None:
    clean, hostile = parse(site / f"{name}.html"), parse(hostile_site / f"{name}.html")
    for tag in (
        "script",
        "style",
        "iframe",
        "img",
        "form",
        "input",
        "meta",
        "base",
        "link",
        "svg",
        "textarea",
    ):
        assert len(hostile.all(tag)) == len(clean.all(tag)), tag
    assert not [key for e in hostile.elements for key in e.attributes if key.startswith("on")]
    addresses = [e.attributes["href"] for e in hostile.elements if "href" in e.attributes]
    assert all(a.startswith("#") or a.endswith(".html") for a in addresses)


def test_hostile_captions_are_shown_as_the_text_they_are(hostile_site: Path) -> None:
    seen = [element.text for element in parse(hostile_site / "comms.html").all("bdi")]
    assert {words.caption(text) for text in HOSTILE} <= set(seen)


def test_specs_hold_no_public_text_and_cannot_be_left(hostile_site: Path) -> None:
    for name in PAGES:
        specs = [
            e.text
            for e in parse(hostile_site / f"{name}.html").all("script")
            if e.attributes.get("type") == "application/json"
        ]
        assert not [spec for spec in specs if set(spec) & set("<>&\u2028\u2029")]
        assert not [spec for spec in specs if "onerror" in spec or "desrever" in spec or '"href"' in spec]


def test_escaped_json_holds_no_markup() -> None:
    assert set(str(escaped_json({"x": "".join(HOSTILE)}))).isdisjoint("<>&\u2028\u2029")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_its_day_and_claims_nothing(name: str, site: Path) -> None:
    text = parse(site / f"{name}.html").text
    assert "Data as of 12 Apr 2024" in text
    assert CLAIMS.findall(text) == [] or name == "method"  # which says when such words are said
    assert "nan" not in text.lower().split()
    assert "None" not in text.split()


@pytest.mark.parametrize("name", ["early-help", "comms", "index"])
def test_every_chart_has_words_a_table_and_two_pictures(name: str, site: Path) -> None:
    html = parse(site / f"{name}.html")
    charts = [e for e in html.elements if e.attributes.get("role") == "img"]
    assert charts
    assert all(re.search(r"\d", chart.attributes["aria-label"]) for chart in charts)
    assert len(html.all("svg")) == 2 * len(charts)
    elsewhere = [e for e in html.elements if e.attributes.get("data-csv") == "videos-table"]
    numbers = [e for e in html.all("summary") if e.text == "The numbers of this chart"]
    assert len(numbers) == len(charts) - bool(elsewhere)
    ids = [e.attributes["id"] for e in html.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))


def test_the_overview_keeps_the_order_of_the_campaign_and_defines_its_measures(site: Path) -> None:
    text = parse(site / "index.html").text
    teams = text[text.index("The teams") :]
    names = ["Early help team", "Learning disability team", "Neurodiversity team", "Community wellbeing team"]
    assert sorted(names, key=teams.index) == names
    assert words.ETHNICITY in text
    assert "Engagement rate" in text
    assert "Beside Action period 1: views per post at 28 days: no change beyond usual variation" in text


def test_a_firm_word_stands_only_where_the_published_verdict_has_it(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    row = tables["topic_comparisons"][2]
    row |= {"verdict": "improved", "sentence": "Views per post at 28 days improved: so it is."}
    render_site(published(tables), tmp_path, cache)
    team_id = row["team_id"]
    pages = {*PAGES, f"sheets/{team_id}"} - {"method"}
    claiming = {name for name in pages if CLAIMS.search(parse(tmp_path / f"{name}.html").text)}
    assert claiming == {team_id, f"sheets/{team_id}", "comms", "index"}


def test_shares_of_the_target_audience_stand_with_their_bounds_and_their_day(site: Path) -> None:
    text = parse(site / "early-help.html").text
    assert "Followers of Lavelle on TikTok" in text
    assert "Reaches goal" in text
    assert "12 Apr 2024, typed in by a person" in text
    assert words.ETHNICITY in text


def test_a_message_names_the_clicks_and_the_file(site: Path) -> None:
    text = parse(site / "comms.html").text
    assert "Hello Steel City Minds," in text
    assert "Overview → Download data → 365 days → CSV" in text
    assert "Content → Download data → 365 days → CSV" in text
    assert "a picture cannot be read: ask for the CSV of the same page" in text
    assert words.TOP_LIST in text


@pytest.mark.parametrize("name", PAGES)
def test_pages_without_any_post_say_so(name: str, empty_site: Path) -> None:
    html = parse(empty_site / f"{name}.html")
    assert not html.all("svg")
    assert "No action period has begun yet" in html.text or name in {"index", "method", *CREATORS}
    assert not [e for e in html.figures() if e.attributes["data-value"] not in {"", "0"}]


def test_a_team_with_a_single_post_has_a_page(site: Path) -> None:
    text = parse(site / "community-wellbeing.html").text
    assert "No post on “Talking about mental health at home” published in Action period 2" in text
    assert "No week to show yet: no post of this topic is known." in text
    assert "fewer than 80 % of the posts have a reading" in text
