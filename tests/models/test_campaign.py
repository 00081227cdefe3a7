# ruff: noqa: E501 (messages are shown whole)
from __future__ import annotations

import dataclasses
import datetime as dt
import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.campaign import (
    Account,
    BadCampaign,
    Campaign,
    Comments,
    Privacy,
    Rebase,
    Spc,
    account_of_folder,
    find_campaign,
    inbox_folders,
    load_campaign,
)
from models.campaign_lines import Lines

RAP_UP = Path(__file__).parents[2] / "data" / "campaigns" / "rap-up.toml"

GOOD = """\
title = "A campaign"
timezone = "Europe/London"
starts = 2023-09-01
ends = 2024-10-06

[target_audience]
description = "Young people"
ages = ["13-17", "65+"]
countries = ["GB"]
goal_share = 0.4

[[period]]
id = "ap1"
name = "One"
starts = 2023-11-08
ends = 2024-02-05

[[period]]
id = "ap2"
name = "Two"
starts = 2024-02-07
ends = 2024-05-06

[[event]]
date = 2023-11-07
name = "Learning session 1"
kind = "session"

[[team]]
id = "early"
name = "Early help"

[[topic]]
id = "help"
name = "Finding help"
team = "early"
hashtags = ["find_help"]
keywords = ["where to get help"]

[[creator]]
id = "amira"
name = "Amira"
kind = "influencer"
accounts = ["tiktok:@Amira.Talks", "instagram:amira"]

[[creator]]
id = "kofi"
name = "Kofi"
kind = "trust"
accounts = ["youtube:@kofi"]
"""


def load(folder: Path, text: str | bytes) -> Campaign:
    path = folder / "rap-up.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_campaign(path)


def refusal(folder: Path, text: str | bytes) -> list[str]:
    """The problems told, without the file's name, which each must begin with."""
    with pytest.raises(BadCampaign) as caught:
        load(folder, text)
    start = f"{folder / 'rap-up.toml'}, "
    lines = str(caught.value).split("\n")
    assert all(re.fullmatch(r"line \d+: [^A-Z].*; .+", line.removeprefix(start)) for line in lines), lines
    return [line.removeprefix(start) for line in lines]


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1, old
    return GOOD.replace(old, new, 1)


def line_of(text: str, mark: str = "#!") -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if mark in line)


@pytest.fixture
def good(tmp_path: Path) -> Campaign:
    return load(tmp_path, GOOD)


# --- what is read ---


def test_the_shipped_campaign_loads() -> None:
    campaign = load_campaign(RAP_UP)
    assert (campaign.name, campaign.title, campaign.timezone.key) == ("rap-up", "RAP-UP", "Europe/London")
    assert [period.id for period in campaign.periods] == ["ap1", "ap2", "ap3"]
    assert campaign.target_audience is not None
    assert campaign.target_audience.goal_share == 0.40
    assert campaign.topics[3].keywords == ("mental health", "santé mentale")
    assert [team.id for team in campaign.teams] == [topic.team for topic in campaign.topics]
    assert (campaign.spc, campaign.privacy, campaign.comments) == (Spc(), Privacy(), Comments())


def test_a_campaign_is_tuples_all_the_way_down_and_cannot_be_changed(good: Campaign) -> None:
    hash(good)
    with pytest.raises(dataclasses.FrozenInstanceError):
        good.title = "another"  # type: ignore[misc]
    assert not hasattr(good, "__dict__")


def test_a_campaign_may_begin_with_four_keys(tmp_path: Path) -> None:
    campaign = load(tmp_path, GOOD[: GOOD.index("[target")])
    assert (campaign.target_audience, campaign.topics, campaign.creators) == (None, (), ())


def test_the_optional_tables_are_read(tmp_path: Path) -> None:
    campaign = load(
        tmp_path,
        GOOD + "consent_until = 2024-12-31\ncommunities = ['in their words']\nlanguage = 'zh-Hans'\n"
        "[spc]\nbaseline_weeks = 13\nscreen_outliers = false\n"
        "[privacy]\nread_archives = true\nsuppress = 'hes'\n[comments]\nenabled = true\nowner = 'A. Person'\n"
        "read_within_hours = 24\napproved_on = 2023-10-01\nretention_days = 7\n",
    )
    assert campaign.creators[1].consent_until == dt.date(2024, 12, 31)
    assert campaign.creators[1].communities == ("in their words",)
    assert [creator.language for creator in campaign.creators] == ["en-GB", "zh-Hans"]
    assert campaign.spc == Spc(13, screen_outliers=False)
    assert campaign.privacy == Privacy(read_archives=True, suppress="hes")
    assert campaign.comments == Comments(True, "A. Person", 24, dt.date(2023, 10, 1), 7)


def test_an_events_team_and_its_note_are_read(tmp_path: Path) -> None:
    campaign = load(
        tmp_path, changed('kind = "session"', 'kind = "boost"\nteam = "early"\nnote = """a\nb"""')
    )
    assert (campaign.events[0].team, campaign.events[0].note) == ("early", "a\nb")


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path, good: Campaign) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()) == good


def test_a_whole_number_is_a_share_too(tmp_path: Path) -> None:
    audience = load(tmp_path, changed("0.4", "1")).target_audience
    assert audience is not None
    assert audience.goal_share == 1.0


# --- what follows from it ---


def test_handles_are_told_by_platform(good: Campaign) -> None:
    assert good.handles() == {"tiktok": {"amira.talks"}, "instagram": {"amira"}, "youtube": {"kofi"}}


def test_an_account_leads_to_its_creator(good: Campaign) -> None:
    assert good.creator_of("tiktok", "amira.talks") is good.creators[0]
    assert good.creator_of("instagram", "amira.talks") is None


def test_topics_are_told_by_team(good: Campaign) -> None:
    assert good.topics_of("early") == good.topics
    assert good.topics_of("late") == ()


@pytest.mark.parametrize(
    ("day", "period"),
    [((2023, 11, 7), None), ((2023, 11, 8), "ap1"), ((2024, 2, 5), "ap1"), ((2024, 2, 6), None)],
)
def test_both_ends_of_a_period_belong_to_it(
    good: Campaign, day: tuple[int, int, int], period: str | None
) -> None:
    found = good.period_on(dt.date(*day))
    assert (found and found.id) == period


@given(st.from_regex(r"[a-z][a-z0-9]*:@[a-z0-9._-]*[a-z0-9_]", fullmatch=True))
def test_an_account_is_written_as_it_is_read(text: str) -> None:
    assert str(Account.parse(text)) == text
    assert Account.parse(text.upper().replace("@", "")) == Account.parse(text)


@pytest.mark.parametrize(
    "text", ["", "tiktok", "@amira", "tiktok:", "tiktok:@", "tiktok:@a b", "tik-tok:@a", "a:@b/../c", "a:@.."]
)
def test_anything_else_is_no_account(text: str) -> None:
    with pytest.raises(ValueError, match=r'write "platform:@handle"'):
        Account.parse(text)


# --- the inbox ---


def test_every_account_has_an_inbox_folder(good: Campaign) -> None:
    assert inbox_folders(good) == (
        PurePosixPath("amira/tiktok-amira.talks"),
        PurePosixPath("amira/instagram-amira"),
        PurePosixPath("kofi/youtube-kofi"),
    )


@pytest.mark.parametrize(
    ("folder", "account"),
    [
        ("inbox/amira/tiktok-amira.talks/march", "tiktok:@amira.talks"),
        ("inbox/TikTok-Amira.Talks", "tiktok:@amira.talks"),
        ("inbox/@amira.talks", "tiktok:@amira.talks"),
        ("kofi/amira", "instagram:@amira"),
        ("amira/kofi", "youtube:@kofi"),
        ("inbox/somebody", None),
        ("", None),
    ],
)
def test_the_nearest_folder_named_after_an_account_says_whose_a_file_is(
    good: Campaign, folder: str, account: str | None
) -> None:
    found = account_of_folder(PurePosixPath(folder).parts, good)
    assert (str(found) if found else None) == account


def test_every_inbox_folder_leads_back_to_its_account() -> None:
    campaign = load_campaign(RAP_UP)
    found = tuple(account_of_folder(folder.parts, campaign) for folder in inbox_folders(campaign))
    assert found == campaign.accounts()


def test_a_handle_on_two_platforms_is_told_apart_by_the_platform() -> None:
    campaign = load_campaign(RAP_UP)
    instagram = Account("instagram", "lavelle.sings")
    assert account_of_folder(("instagram", "lavelle.sings"), campaign) == instagram
    assert account_of_folder(("lavelle.sings",), campaign, platform="instagram") == instagram
    assert account_of_folder(("lavelle.sings",), campaign) == Account("tiktok", "lavelle.sings")


# --- which file ---


def test_the_only_campaign_needs_no_name(tmp_path: Path) -> None:
    (tmp_path / "one.toml").touch()
    (tmp_path / "one.assignments.csv").touch()
    assert find_campaign(tmp_path, None) == find_campaign(tmp_path, "one") == tmp_path / "one.toml"


def test_several_campaigns_are_named(tmp_path: Path) -> None:
    (tmp_path / "one.toml").touch()
    (tmp_path / "two.toml").touch()
    with pytest.raises(BadCampaign, match="several campaigns; choose one with --campaign: one, two"):
        find_campaign(tmp_path, None)
    with pytest.raises(BadCampaign, match="no campaign 'three'; use --campaign with one of one, two"):
        find_campaign(tmp_path, "three")


def test_a_folder_without_campaigns_says_what_to_put_there(tmp_path: Path) -> None:
    for name in (None, "../x"):
        with pytest.raises(BadCampaign, match="no campaign file here; put one there"):
            find_campaign(tmp_path / "none", name)


# --- what is refused: "#!" marks the line that must be told ---


REFUSED = {
    "an unknown key at the top": (
        "title =",
        "titel = 'x' #!\ntitle =",
        "unknown key 'titel' in the file; did you mean 'title'?",
    ),
    "an unknown key in a table": (
        "goal_share",
        "gaol_share = 1 #!\ngoal_share",
        "unknown key 'gaol_share' in [target_audience]; did you mean 'goal_share'?",
    ),
    "an unknown key in one of several tables": (
        'id = "ap2"',
        'id = "ap2"\nzzz = 1 #!',
        "unknown key 'zzz' in [[period]]; remove it, or use one of id, name, starts, ends",
    ),
    "an unknown table": (
        "[[team]]",
        "[[teams]] #!\nid = 1\n[[team]]",
        "unknown key 'teams' in the file; did you mean 'team'?",
    ),
    "a missing key at the top": ('title = "A campaign"', "#!", 'the file has no title; add title = "…"'),
    "a missing key in a table": (
        '[[period]]\nid = "ap2"\nname = "Two"',
        '[[period]] #!\nid = "ap2"',
        '[[period]] has no name; add name = "…"',
    ),
    "a missing date": (
        "[[event]]\ndate = 2023-11-07",
        "[[event]] #!",
        "[[event]] has no date; add date = 2023-11-08",
    ),
    "a missing kind": (
        '[[creator]]\nid = "kofi"\nname = "Kofi"\nkind = "trust"',
        '[[creator]] #!\nid = "kofi"\nname = "Kofi"',
        '[[creator]] has no kind; add kind = "influencer"',
    ),
    "a title that is a number": ('"A campaign"', "7 #!", 'title is a number; write title = "…" in quotes'),
    "a date in quotes": (
        "starts = 2023-09-01",
        'starts = "2023-09-01" #!',
        "starts is text; write starts = 2023-11-08, without quotes",
    ),
    "a date with a time": (
        "date = 2023-11-07",
        "date = 2023-11-07T10:00:00Z #!",
        "date is a date with a time; write date = 2023-11-08, without quotes",
    ),
    "a list that is a text": (
        'countries = ["GB"]',
        'countries = "GB" #!',
        'countries is text; write countries = ["…", "…"]',
    ),
    "a list of numbers": (
        'keywords = ["where to get help"]',
        "keywords = [\n  'a',\n  5, #!\n]",
        'keywords holds a number; write every item as "…" in quotes',
    ),
    "an empty item": (
        'keywords = ["where to get help"]',
        "keywords = [''] #!",
        "an item of keywords is empty; write something, or remove it",
    ),
    "one bracket where two belong": (
        "[[team]]",
        "[team] #!",
        "team is a table; write each one as [[team]], with two brackets",
    ),
    "two brackets where one belongs": (
        "[target_audience]",
        "[[target_audience]] #!",
        "target_audience is a list; write it once, as [target_audience]",
    ),
    "an id used twice among periods": (
        'id = "ap2"',
        'id = "ap1" #!',
        "id 'ap1' is used twice, first in line 12; choose another",
    ),
    "an id used twice among creators": (
        'id = "kofi"',
        'id = "amira" #!',
        "id 'amira' is used twice, first in line 40; choose another",
    ),
    "an id used twice among teams": (
        "[[topic]]",
        '[[team]]\nid = "early" #!\nname = "x"\n[[topic]]',
        "id 'early' is used twice, first in line 29; choose another",
    ),
    "an id used twice among topics": (
        "[[creator]]",
        '[[topic]]\nid = "help" #!\nname = "x"\nteam = "early"\nkeywords = ["x"]\n[[creator]]',
        "id 'help' is used twice, first in line 33; choose another",
    ),
    "an account under two creators": (
        '["youtube:@kofi"]',
        '["youtube:@kofi", "tiktok:@AMIRA.talks"] #!',
        "account tiktok:@amira.talks is listed twice, first under amira; keep one",
    ),
    "an id with capitals": (
        'id = "help"',
        'id = "Help" #!',
        "id 'Help' cannot name a file; use only a-z, 0-9 and hyphens",
    ),
    "an id that begins with a hyphen": (
        'id = "help"',
        'id = "-help" #!',
        "id '-help' cannot name a file; use only a-z, 0-9 and hyphens",
    ),
    "an id that is a path": (
        'id = "help"',
        'id = "../help" #!',
        "id '../help' cannot name a file; use only a-z, 0-9 and hyphens",
    ),
    "overlapping periods": (
        "starts = 2024-02-07",
        "starts = 2024-02-05 #!",
        "period ap2 overlaps ap1; let one end before the other",
    ),
    "a period that ends before it starts": (
        "ends = 2024-05-06",
        "ends = 2024-02-06 #!",
        "period ap2 ends before it starts; correct one of the dates",
    ),
    "a period that begins before the campaign": (
        "starts = 2023-11-08",
        "starts = 2023-08-31 #!",
        "period ap1 starts outside the campaign, on 2023-08-31; correct it, or the campaign's own starts",
    ),
    "a period that ends after the campaign": (
        "ends = 2024-05-06",
        "ends = 2024-10-07 #!",
        "period ap2 ends outside the campaign, on 2024-10-07; correct it, or the campaign's own ends",
    ),
    "a campaign that ends before it starts": (
        "ends = 2024-10-06",
        "ends = 2023-08-31 #!",
        "the campaign ends before it starts; correct one of the dates",
    ),
    "an unknown team in a topic": (
        'team = "early"',
        'team = "erly" #!',
        "unknown team 'erly'; did you mean 'early'?",
    ),
    "an unknown team in an event": (
        'kind = "session"',
        'kind = "session"\nteam = "none" #!',
        "unknown team 'none'; use one of early",
    ),
    "a team where there is none": (
        '[[team]]\nid = "early"\nname = "Early help"\n\n[[topic]]\nid = "help"\nname = "Finding help"\nteam = "early"',
        '[[topic]]\nid = "help"\nname = "Finding help"\nteam = "early" #!',
        "unknown team 'early'; add a [[team]]",
    ),
    "an account without a platform": (
        '["youtube:@kofi"]',
        '["@kofi"] #!',
        'not an account: \'@kofi\'; write "platform:@handle", as in "tiktok:@handle"',
    ),
    "an unreadable account in a topic": (
        'team = "early"',
        'team = "early"\naccounts = [\n"x:@y", # fine\n"amira talks", #!\n]',
        'not an account: \'amira talks\'; write "platform:@handle", as in "tiktok:@handle"',
    ),
    "an unknown kind of event": (
        'kind = "session"',
        'kind = "sesion" #!',
        "unknown kind 'sesion'; did you mean 'session'?",
    ),
    "an unknown kind of creator": (
        'kind = "trust"',
        'kind = "brand" #!',
        "unknown kind 'brand'; use one of influencer, trust",
    ),
    "an unknown time zone": (
        '"Europe/London"',
        '"Europe/Sheffield" #!',
        "unknown timezone 'Europe/Sheffield'; write \"Europe/London\", or another name of the zone database",
    ),
    "a time zone that is a path": (
        '"Europe/London"',
        '"../../etc/passwd" #!',
        "unknown timezone '../../etc/passwd'; write \"Europe/London\", or another name of the zone database",
    ),
    "a continent as time zone": (
        '"Europe/London"',
        '"Europe" #!',
        "unknown timezone 'Europe'; write \"Europe/London\", or another name of the zone database",
    ),
    "a goal in per cent": ("0.4", "40 #!", "goal_share is 40.0; write a share from 0 to 1, 0.40 for 40 %"),
    "a goal that is no number": (
        "0.4",
        "nan #!",
        "goal_share is nan; write a share from 0 to 1, 0.40 for 40 %",
    ),
    "a goal that is true": (
        "0.4",
        "true #!",
        "goal_share is true or false; write goal_share = 0.40 for 40 %",
    ),
    "ages that are none": (
        '["13-17", "65+"]',
        '["13-17", "teens"] #!',
        '\'teens\' is no age band; write it as in "13-17" or "65+"',
    ),
    "ages from high to low": (
        '["13-17", "65+"]',
        '["17-13"] #!',
        '\'17-13\' is no age band; write it as in "13-17" or "65+"',
    ),
    "a country in small letters": (
        '["GB"]',
        '["gb"] #!',
        "'gb' is no country code; write two capital letters, as in \"GB\"",
    ),
    "a language by its name": (
        'kind = "influencer"',
        'kind = "influencer"\nlanguage = "Arabic" #!',
        '\'Arabic\' is no language tag; write it as in "en-GB", "ar" or "zh-Hans"',
    ),
    "the country that no platform knows": (
        '["GB"]',
        '["UK"] #!',
        "'UK' is not what platforms say; write \"GB\"",
    ),
    "a topic without a rule": (
        '[[topic]]\nid = "help"\nname = "Finding help"\nteam = "early"\nhashtags = ["find_help"]\nkeywords = ["where to get help"]',
        '[[topic]] #!\nid = "help"\nname = "Finding help"\nteam = "early"',
        "topic help has no rule, so no post could belong to it; add hashtags, keywords or accounts, or assign posts in rap-up.assignments.csv",
    ),
    "a hashtag with its sign": (
        '["find_help"]',
        '["#find_help"] #!',
        "hashtag '#find_help' has a '#'; write it without",
    ),
    "a hashtag with a space": (
        '["find_help"]',
        '["find help"] #!',
        "hashtag 'find help' has a space; write one word, or make it a keyword",
    ),
    "a hashtag that would end early": (
        '["find_help"]',
        '["find-help"] #!',
        "hashtag 'find-help' would end early; use only letters, digits and underscores",
    ),
    "a keyword without words": (
        '["where to get help"]',
        '["?!"] #!',
        "keyword '?!' has no letter and no digit; write a word, or remove it",
    ),
    "a short baseline": (
        "[[team]]",
        "[spc]\nbaseline_weeks = 11 #!\n[[team]]",
        "baseline_weeks is 11; write 12 or more",
    ),
    "a rebase without a reason": (
        "[[team]]",
        "[[spc.rebase]] #!\ndate = 2024-02-07\n[[team]]",
        '[[spc.rebase]] has no reason; add reason = "…"',
    ),
    "a rebase of an unknown facet": (
        "[[team]]",
        "[[spc.rebase]]\ndate = 2024-02-07\nreason = 'new phone'\nfacet = 'topic:helpp' #!\n[[team]]",
        "unknown facet 'topic:helpp'; did you mean 'topic:help'?",
    ),
    "a rebase outside the campaign": (
        "[[team]]",
        "[[spc.rebase]]\ndate = 2022-02-07 #!\nreason = 'new phone'\n[[team]]",
        "rebase outside the campaign, on 2022-02-07; correct it, or the campaign's own dates",
    ),
    "a target of an unknown measure": (
        "[[team]]",
        "[[spc.target]]\nmeasure = 'views' #!\nvalue = 5\n[[team]]",
        "unknown measure 'views'; did you mean 'new_views'?",
    ),
    "a target of nothing": (
        "[[team]]",
        "[[spc.target]]\nmeasure = 'posts'\nvalue = 0 #!\n[[team]]",
        "value is 0.0; write a number above 0, as in 12.5",
    ),
    "a target that is no number": (
        "[[team]]",
        "[[spc.target]]\nmeasure = 'posts'\nvalue = nan #!\n[[team]]",
        "value is nan; write a number above 0, as in 12.5",
    ),
    "a second target": (
        "[[team]]",
        "[[spc.target]]\nmeasure = 'posts'\nvalue = 1\n[[spc.target]] #!\nmeasure = 'posts'\nvalue = 2\n[[team]]",
        "second target of posts, facet every; keep one",
    ),
    "a target in one bracket": (
        "[[team]]",
        "[spc.target] #!\nmeasure = 'posts'\nvalue = 1\n[[team]]",
        "target is a table; write each one as [[spc.target]], with two brackets",
    ),
    "an unknown key of a rebase": (
        "[[team]]",
        "[[spc.rebase]]\ndate = 2024-02-07\nreason = 'x'\nfacets = 'y' #!\n[[team]]",
        "unknown key 'facets' in [[spc.rebase]]; did you mean 'facet'?",
    ),
    "an unknown rule for small numbers": (
        "[[team]]",
        "[privacy]\nsuppress = 'none' #!\n[[team]]",
        "unknown suppress 'none'; use one of mhsds, hes, lt5",
    ),
    "a flag that is a text": (
        "[[team]]",
        "[privacy]\nread_archives = 'no' #!\n[[team]]",
        "read_archives is text; write read_archives = true or false",
    ),
    "comments kept for no time": (
        "[[team]]",
        "[comments]\nretention_days = 0 #!\n[[team]]",
        "retention_days is 0; write 1 or more",
    ),
    "comments read within no time": (
        "[[team]]",
        "[comments]\nread_within_hours = 0 #!\n[[team]]",
        "read_within_hours is 0; write 1 or more",
    ),
    "comments that nobody answers for": (
        "[[team]]",
        "[comments]\nenabled = true #!\nread_within_hours = 24\napproved_on = 2023-10-01\n[[team]]",
        "comments are enabled without owner; add it, or write enabled = false",
    ),
    "an empty title": ('"A campaign"', '"  " #!', "title is empty; write something, or remove it"),
    "an endless title": ('"A campaign"', f'"{"x" * 201}" #!', "title has 201 characters; keep it to 200"),
    "a title of two lines": (
        '"A campaign"',
        '"a\\nb" #!',
        "title has a line break or a control character; write it on one line",
    ),
    "an endless note": (
        'kind = "session"',
        f'kind = "session"\nnote = "{"x" * 2001}" #!',
        "note has 2001 characters; keep it to 2000",
    ),
}


@pytest.mark.parametrize(("old", "new", "told"), REFUSED.values(), ids=REFUSED)
def test_a_broken_rule_is_told_with_its_line_and_cure(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = changed(old, new)
    assert refusal(tmp_path, text) == [f"line {line_of(text)}: {told}"]


def test_control_charts_may_start_anew_and_have_targets(tmp_path: Path) -> None:
    text = changed(
        "[[team]]",
        "[spc]\nbaseline_weeks = 13\n[[spc.rebase]]\ndate = 2024-02-07\nreason = 'new phone'\n"
        "measure = 'new_views'\nfacet = 'topic:help'\n[[spc.target]]\nmeasure = 'posts'\nvalue = 2\n"
        "[[spc.target]]\nmeasure = 'posts'\nvalue = 3.5\nfacet = 'topic:help'\n[[team]]",
    )
    spc = load(tmp_path, text).spc
    assert spc.rebases == (Rebase(dt.date(2024, 2, 7), "new phone", "new_views", "topic:help"),)
    assert spc.target_of("posts", "topic:help") == 3.5
    assert spc.target_of("posts", "topic:other") == 2
    assert spc.target_of("new_views", "topic:help") is None


def test_values_where_tables_belong_are_refused(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[target")] + "event = [\n{}, 1]"
    assert "line 7: event is a list of values; write each one as [[event]], with two brackets" in refusal(
        tmp_path, text
    )


def test_all_problems_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = changed('id = "kofi"', 'id = "K"').replace("0.4", "4").replace('name = "Two"\n', "")
    assert [problem.partition(":")[0] for problem in refusal(tmp_path, text)] == [
        "line 10",
        "line 18",
        "line 46",
    ]


def test_enabled_comments_need_all_three_answers(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, GOOD + "[comments]\nenabled = true\n")) == 3


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_topic_may_live_by_assignments_alone(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"rap-up.assignments.{ending}").touch()
    text = changed('hashtags = ["find_help"]\nkeywords = ["where to get help"]\n', "")
    assert load(tmp_path, text).topics[0].keywords == ()


def test_a_topic_may_follow_an_account_outside_the_campaign(tmp_path: Path) -> None:
    text = changed('hashtags = ["find_help"]', 'accounts = ["tiktok:@somebody"]')
    assert load(tmp_path, text).topics[0].accounts == (Account("tiktok", "somebody"),)


def test_a_team_whose_id_is_missing_makes_no_topic_wrong(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, changed('id = "early"\n', ""))) == 1


# --- files that are not TOML ---


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed("starts = 2023-09-01", "starts = 1 September"), "line 3: not toml: "),
        (changed("starts = 2023-09-01", "starts = 2023-02-30"), "line 3: not toml: invalid date"),
        (GOOD + "[[creator", "line 51: not toml: "),
        (changed('name = "Two"', 'id = "again"'), "line 20: not toml: cannot overwrite a value"),
        ("a = " + "[" * 50_000, "line 1: not toml: "),
        ("a = " + "1" * 5_000, "line 1: not toml: "),
    ],
)
def test_a_syntax_error_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (problem,) = refusal(tmp_path, text)
    assert problem.startswith(told)


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    text = changed('name = "One"', 'name = "Santé"').encode("cp1252")
    assert refusal(tmp_path, text) == ["line 14: not utf-8; save the file with encoding utf-8"]
    assert refusal(tmp_path, GOOD.encode("utf-16"))[0].startswith("line 1: not utf-8")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCampaign, match=r"none\.toml: cannot be read \(No such file"):
        load_campaign(tmp_path / "none.toml")


# --- where things are written ---


TRICKY = '''\
# [x]
title = "a # b" # c
long = """
[no]
k = "1""""
[[t]]   # x
id = 'x#'
list = [ # [[
  "a]", # b
  [1,
   2],
  {a = 1, b = [3]},

  "]",
]
[[t]]
"q.r" . z = 2023-01-01
[t.sub]
y = 1
[[t.deep]]
[[t.deep]]
inline = {a = "b]", c = 1}
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("long",), 3),
        (("t",), 6),
        (("t", 0), 6),
        (("t", 0, "id"), 7),
        (("t", 0, "list", 0), 9),
        (("t", 0, "list", 1, 1), 10),
        (("t", 0, "list", 2, "b"), 12),
        (("t", 0, "list", 3), 14),
        (("t", 1), 16),
        (("t", 1, "q.r", "z"), 17),
        (("t", 1, "sub", "y"), 19),
        (("t", 1, "deep", 1), 21),
        (("t", 1, "deep", 1, "inline", "c"), 22),
        (("nowhere",), 1),
    ],
)
def test_lines_are_found_past_strings_comments_and_brackets(path: tuple[str | int, ...], line: int) -> None:
    tomllib.loads(TRICKY)
    assert Lines(TRICKY).of(path) == line


@given(st.lists(st.text(alphabet="a\"'#[]\n=,\\ {}é", max_size=8), min_size=1, max_size=6))
def test_the_line_of_a_key_is_known_whatever_the_values_before_it_hold(values: list[str]) -> None:
    quoted = [re.sub(r'["\\]', r"\\\g<0>", value) for value in values]
    text = "".join(f'key{n} = """\n{value}"""\n' for n, value in enumerate(quoted))
    assert tomllib.loads(text) == {f"key{n}": value for n, value in enumerate(values)}
    lines = Lines(text)
    for n in range(len(values)):
        assert text.splitlines()[lines.of((f"key{n}",)) - 1].startswith(f"key{n} =")
