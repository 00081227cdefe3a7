from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dashboards import words
from dashboards.site import BadPageName, render_site
from tests.dashboards.html import parse
from tests.dashboards.published import Published, invented, published

LAVELLE = "creators/lavelle.html"


def test_a_creator_sees_their_own_videos_and_nobody_elses(site: Path, campaign: Published) -> None:
    own = campaign.query("SELECT post_id, creator_id FROM marts.posts")
    shown = {
        figure.attributes["data-row"].split("/")[2]
        for figure in parse(site / LAVELLE).figures()
        if figure.attributes["data-row"].startswith("posts/")
    }
    assert shown == set(own[own["creator_id"] == "lavelle"]["post_id"])


@pytest.mark.parametrize("name", ["Amira", "Coach Kofi", "Steel City Minds"])
def test_a_creators_page_names_no_other_creator(name: str, site: Path) -> None:
    assert name not in parse(site / LAVELLE).text


def test_a_creators_page_judges_nothing_and_names_no_goal(site: Path) -> None:
    text = parse(site / LAVELLE).text
    assert "Reaches goal" in parse(site / "early-help.html").text
    assert "goal" not in text.lower()
    assert "aims at" not in text
    assert not [said for said in ("signal", "usual variation", "Upper limit", "improved") if said in text]


def test_no_page_links_to_a_creators_page_and_it_links_to_none(site: Path) -> None:
    linked = {
        e.attributes["href"]
        for path in site.rglob("*.html")
        for e in parse(path).elements
        if "href" in e.attributes
    }
    assert not [address for address in linked if "creators" in address or "lavelle.html" in address]
    own = [e.attributes["href"] for e in parse(site / LAVELLE).elements if "href" in e.attributes]
    assert not [address for address in own if address.endswith(".html")]


def test_an_accounts_weeks_say_that_they_are_of_all_its_videos(site: Path) -> None:
    html = parse(site / LAVELLE)
    assert "also videos outside RAP-UP" in html.text
    assert "in the week of 1 Apr 2024" in html.text
    assert "5 days of 7 known" in html.text
    assert "No weeks are known of Instagram @lavelle.sings" in html.text
    assert "account_weeks/tiktok/lavelle.sings/2023-07-10" in {
        figure.attributes["data-row"] for figure in html.figures()
    }


def test_what_came_is_listed_with_its_day_and_what_was_left_out(site: Path) -> None:
    text = parse(site / LAVELLE).text
    assert text.index("8 Apr 2024") < text.index("1 Apr 2024", text.index("8 Apr 2024"))
    assert "row 7: the post time is no date" in text
    assert "lavelle/tiktok-lavelle.sings/" not in text  # a path says where the files are kept


def test_whom_to_tell_is_the_campaigns_contact_or_the_person_who_asks(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    assert "Tell the person who asks you for your files." in rendered(tables, tmp_path / "none", cache)
    tables["campaign"][0]["contact"] = "Sam, Thursdays at the youth centre"
    assert "Sam, Thursdays at the youth centre" in rendered(tables, tmp_path / "some", cache)


def test_a_creator_reads_until_when_they_agreed(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    assert "No last day was agreed." in rendered(tables, tmp_path / "none", cache)
    tables["creators"][0]["consent_until"] = date(2024, 12, 31)
    assert "You agreed until 31 Dec 2024." in rendered(tables, tmp_path / "some", cache)


def test_a_creator_of_whom_nothing_came_reads_so(empty_site: Path) -> None:
    text = parse(empty_site / LAVELLE).text
    assert "No video is known yet." in text
    assert "Nothing has come yet." in text
    assert words.ETHNICITY in text


def test_a_creators_id_must_name_a_file(tmp_path: Path, cache: Path) -> None:
    tables = invented()
    tables["creators"][0]["creator_id"] = "../lavelle"
    with pytest.raises(BadPageName, match="its id cannot name a page"):
        render_site(published(tables), tmp_path / "site", cache)


def rendered(tables: dict[str, list[dict[str, object]]], folder: Path, cache: Path) -> str:
    """The page of the first creator, of a campaign without anything to draw."""
    bare = {**tables, **{name: [] for name in ("teams", "topics", "posts", "topic_weeks", "spc")}}
    render_site(published({**bare, "account_weeks": []}), folder, cache)
    return parse(folder / LAVELLE).text
