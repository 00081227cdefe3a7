"""One function for each kind of table in a campaign file: its keys, and what each may hold."""

from __future__ import annotations

import re
import zoneinfo
from typing import Final

from models.campaign_file import Table, shown
from models.campaign_types import (
    CREATOR_KINDS,
    DEFAULT_RETENTION_DAYS,
    EVENT_KINDS,
    EVERY,
    SPC_MEASURES,
    SUPPRESS_RULES,
    Account,
    Comments,
    Creator,
    Event,
    Period,
    Privacy,
    Rebase,
    Spc,
    Target,
    TargetAudience,
    Team,
    TikTok,
    Topic,
)
from models.text import NO_WORDS, hashtags_key, words_key

FEWEST_BASELINE_WEEKS: Final = 12
"""Limits from fewer points would move with every new one."""
DEFAULT_LANGUAGE: Final = "en-GB"

_AGES: Final = re.compile(r"(\d{1,2})(?:-(\d{1,3})|\+)", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?", re.ASCII)
"""Language, script and region of a BCP 47 tag (RFC 5646), in the case that is usual for each."""


def timezone(root: Table) -> zoneinfo.ZoneInfo:
    """The zone whose days and weeks the campaign counts by."""
    name = root.text("timezone")
    try:
        return zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # "Europe" is a folder of zones
        known = {zone.lower(): zone for zone in sorted(zoneinfo.available_timezones())}
        cure = f'write "{known.get(name.lower(), "Europe/London")}", or another name of the zone database'
        root.problem(f"unknown timezone {shown(name)}; {cure}", "timezone")
        return zoneinfo.ZoneInfo("UTC")


def period(table: Table) -> Period:
    """One [[period]]."""
    return Period(table.id(), table.text("name"), table.day("starts"), table.day("ends"))


def event(table: Table) -> Event:
    """One [[event]]."""
    told = Event(
        date=table.day("date"),
        name=table.text("name"),
        kind=table.choice("kind", EVENT_KINDS),
        team=table.optional_text("team"),
        note=table.optional_note("note"),
        posts=table.texts("posts"),
    )
    if told.posts and told.kind != "boost":
        table.problem(f'posts of an event of kind {shown(told.kind)}; only a "boost" has them', "posts")
    return told


def team(table: Table) -> Team:
    """One [[team]]."""
    return Team(table.id(), table.text("name"))


def topic(table: Table) -> Topic:
    """One [[topic]]."""
    return Topic(
        id=table.id(),
        name=table.text("name"),
        team=table.text("team"),
        hashtags=table.texts("hashtags", _hashtag_problem),
        keywords=table.texts("keywords", _keyword_problem),
        accounts=table.items("accounts", Account.parse),
    )


def creator(table: Table) -> Creator:
    """One [[creator]]."""
    return Creator(
        id=table.id(),
        name=table.text("name"),
        kind=table.choice("kind", CREATOR_KINDS),
        accounts=table.items("accounts", Account.parse),
        communities=table.texts("communities"),
        consent_until=table.optional_day("consent_until"),
        language=_language(table),
    )


def _language(table: Table) -> str:
    tag = table.optional_text("language") or DEFAULT_LANGUAGE
    if not _LANGUAGE.fullmatch(tag):
        cure = 'write it as in "en-GB", "ar" or "zh-Hans"'
        table.problem(f"{shown(tag)} is no language tag; {cure}", "language")
    return tag


def target_audience(table: Table) -> TargetAudience:
    """[target_audience], which may be absent."""
    return TargetAudience(
        description=table.text("description"),
        ages=table.texts("ages", _ages_problem),
        countries=table.texts("countries", _country_problem),
        places=table.texts("places"),
        goal_share=table.optional_share("goal_share"),
    )


def spc(table: Table) -> Spc:
    """[spc], which may be absent."""
    return Spc(
        baseline_weeks=table.optional_count("baseline_weeks", FEWEST_BASELINE_WEEKS),
        screen_outliers=table.flag("screen_outliers", default=True),
        rebases=tuple(_rebase(each) for each in table.tables("rebase")),
        targets=tuple(_target(each) for each in table.tables("target")),
    )


def _rebase(table: Table) -> Rebase:
    made = Rebase(
        date=table.day("date"),
        reason=table.text("reason"),
        measure=table.choice("measure", (*SPC_MEASURES, EVERY), default=EVERY),
        facet=table.optional_text("facet") or EVERY,
    )
    table.close()
    return made


def _target(table: Table) -> Target:
    made = Target(
        measure=table.choice("measure", SPC_MEASURES),
        value=table.amount("value"),
        facet=table.optional_text("facet") or EVERY,
    )
    table.close()
    return made


def privacy(table: Table) -> Privacy:
    """[privacy], which may be absent."""
    return Privacy(
        read_archives=table.flag("read_archives", default=False),
        suppress=table.choice("suppress", SUPPRESS_RULES, default="mhsds"),
    )


def tiktok(table: Table) -> TikTok:
    """[tiktok], which may be absent."""
    return TikTok(viewers_one_day_late=table.flag("viewers_one_day_late", default=True))


def comments(table: Table) -> Comments:
    """[comments], which may be absent: no comment is then read."""
    told = Comments(
        enabled=table.flag("enabled", default=False),
        owner=table.optional_text("owner"),
        read_within_hours=table.optional_count("read_within_hours", 1),
        approved_on=table.optional_day("approved_on"),
        retention_days=table.optional_count("retention_days", 1) or DEFAULT_RETENTION_DAYS,
    )
    if told.enabled:
        for key in ("owner", "read_within_hours", "approved_on"):
            if not table.has(key):
                table.problem(
                    f"comments are enabled without {key}; add it, or write enabled = false", "enabled"
                )
    return told


def _hashtag_problem(tag: str) -> str | None:
    if "#" in tag:
        return f"hashtag {shown(tag)} has a '#'; write it without"
    if any(c.isspace() for c in tag):
        return f"hashtag {shown(tag)} has a space; write one word, or make it a keyword"
    read = hashtags_key(f"#{tag}")
    if read == NO_WORDS or read.replace("_", "") != words_key(tag.replace("_", "")):
        return f"hashtag {shown(tag)} would end early; use only letters, digits and underscores"
    return None


def _keyword_problem(keyword: str) -> str | None:
    if words_key(keyword) == NO_WORDS:
        return f"keyword {shown(keyword)} has no letter and no digit; write a word, or remove it"
    return None


def _ages_problem(ages: str) -> str | None:
    match = _AGES.fullmatch(ages)
    if match and (match[2] is None or int(match[1]) < int(match[2])):
        return None
    return f'{shown(ages)} is no age band; write it as in "13-17" or "65+"'


def _country_problem(country: str) -> str | None:
    if country.upper() == "UK":
        return f'{shown(country)} is not what platforms say; write "GB"'
    if not _COUNTRY.fullmatch(country):
        return f'{shown(country)} is no country code; write two capital letters, as in "GB"'
    return None
