"""The campaign file `data/campaigns/NAME.toml`: read, checked, and its place in the inbox.

Everything wrong is told at once, each with file, line and cure (`BadCampaign`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Protocol, TypeVar

from models import campaign_parts as read
from models.campaign_file import NO_DAY, BadCampaign, CampaignFile, Table, nearest, shown
from models.campaign_types import (
    EVERY,
    Account,
    Campaign,
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

__all__ = [
    "Account",
    "BadCampaign",
    "Campaign",
    "Comments",
    "Creator",
    "Event",
    "Period",
    "Privacy",
    "Rebase",
    "Spc",
    "Target",
    "TargetAudience",
    "Team",
    "Topic",
    "account_of_folder",
    "find_campaign",
    "inbox_folders",
    "load_campaign",
]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


_BESIDE = ".mapping"  # NAME.mapping.toml stands beside the campaign file, and is none
Part = TypeVar("Part")
Named = TypeVar("Named", bound=_HasId)
Placed = tuple[Table, Part]


def find_campaign(folder: Path, name: str | None) -> Path:
    """The file of the campaign called `name`; without a name, the only one in `folder`.

    Raises:
        BadCampaign: there is none of that name, or none at all, or several to choose from.
    """
    files = {path.stem: path for path in sorted(folder.glob("*.toml")) if not path.stem.endswith(_BESIDE)}
    known = ", ".join(files)
    if not files:
        raise BadCampaign(f"{folder}: no campaign file here; put one there, called NAME.toml")
    if name is not None and name not in files:
        raise BadCampaign(f"{folder}: no campaign {shown(name)}; use --campaign with one of {known}")
    if name is None and len(files) > 1:
        raise BadCampaign(f"{folder}: several campaigns; choose one with --campaign: {known}")
    return files[name if name is not None else known]


def load_campaign(path: Path) -> Campaign:
    """The campaign that a file describes.

    Raises:
        BadCampaign: the file cannot be read or breaks a rule; the message has a line per problem.
    """
    file = CampaignFile(path)
    sections = _sections(file.root)
    campaign = _campaign(path.stem, file.root, sections)
    _check(file.root, campaign, sections, path)
    file.root.close()
    file.refuse_if_wrong()
    return campaign


def inbox_folders(campaign: Campaign) -> tuple[PurePosixPath, ...]:
    """Where each account's exports are put, below the inbox: `lavelle/tiktok-lavelle.sings`."""
    return tuple(
        PurePosixPath(creator.id, account.folder)
        for creator in campaign.creators
        for account in creator.accounts
    )


def account_of_folder(
    parts: Sequence[str], campaign: Campaign, platform: str | None = None
) -> Account | None:
    """Whose folder a file lies in: the nearest one named `platform-handle`, or just the handle.

    A handle alone may be one of several platforms: then `platform`, or another folder's name,
    says which; failing that, the first in the campaign file.
    """
    names = [unicodedata.normalize("NFC", part).lower() for part in parts]
    accounts = [a for a in campaign.accounts() if platform in (None, a.platform)]
    for name in reversed(names):
        named = [a for a in accounts if name == a.folder] or [
            a for a in accounts if name.removeprefix("@") == a.handle
        ]
        if named:
            return next((a for a in named if a.platform in names), named[0])
    return None


# --- reading -------------------------------------------------------------------------------------


class _Sections(NamedTuple):
    """The repeated tables, each beside what was read from it: a problem between two needs both."""

    periods: list[Placed[Period]]
    events: list[Placed[Event]]
    teams: list[Placed[Team]]
    topics: list[Placed[Topic]]
    creators: list[Placed[Creator]]


def _sections(root: Table) -> _Sections:
    return _Sections(
        periods=_each(root, "period", read.period),
        events=_each(root, "event", read.event),
        teams=_each(root, "team", read.team),
        topics=_each(root, "topic", read.topic),
        creators=_each(root, "creator", read.creator),
    )


def _campaign(name: str, root: Table, sections: _Sections) -> Campaign:
    return Campaign(
        name=name,
        title=root.text("title"),
        timezone=read.timezone(root),
        starts=root.day("starts"),
        ends=root.day("ends"),
        target_audience=_one(root, "target_audience", read.target_audience),
        periods=_parts(sections.periods),
        events=_parts(sections.events),
        teams=_parts(sections.teams),
        topics=_parts(sections.topics),
        creators=_parts(sections.creators),
        spc=_one(root, "spc", read.spc) or Spc(),
        privacy=_one(root, "privacy", read.privacy) or Privacy(),
        comments=_one(root, "comments", read.comments) or Comments(),
        tiktok=_one(root, "tiktok", read.tiktok) or TikTok(),
        contact=root.optional_text("contact"),
    )


def _each(root: Table, key: str, reader: Callable[[Table], Part]) -> list[Placed[Part]]:
    return [(table, _closed(table, reader)) for table in root.tables(key)]


def _one(root: Table, key: str, reader: Callable[[Table], Part]) -> Part | None:
    table = root.table(key)
    return None if table is None else _closed(table, reader)


def _closed(table: Table, reader: Callable[[Table], Part]) -> Part:
    part = reader(table)
    table.close()
    return part


def _parts(placed: Iterable[Placed[Part]]) -> tuple[Part, ...]:
    return tuple(part for _, part in placed)


# --- the rules between parts ---------------------------------------------------------------------


def _check(root: Table, campaign: Campaign, sections: _Sections, path: Path) -> None:
    _check_ids(sections.periods)
    _check_ids(sections.teams)
    _check_ids(sections.topics)
    _check_ids(sections.creators)
    _check_days(root, campaign, sections.periods)
    _check_teams(root, campaign, [*sections.topics, *sections.events])
    _check_rules(sections.topics, path)
    _check_accounts(sections.creators)
    _check_charts(root.file, campaign)


def _check_ids(placed: Sequence[Placed[Named]]) -> None:
    first: dict[str, Table] = {}
    for table, part in placed:
        if part.id and first.setdefault(part.id, table) is not table:
            line = first[part.id].line()
            table.problem(f"id {shown(part.id)} is used twice, first in line {line}; choose another", "id")


def _check_days(root: Table, campaign: Campaign, periods: Sequence[Placed[Period]]) -> None:
    sound = [(table, period) for table, period in periods if table.is_sound]
    _check_order(sound)
    if NO_DAY in (campaign.starts, campaign.ends):
        return
    if campaign.ends < campaign.starts:
        root.problem("the campaign ends before it starts; correct one of the dates", "ends")
        return
    for table, period in sound:
        for key, day in (("starts", period.starts), ("ends", period.ends)):
            if not campaign.starts <= day <= campaign.ends:
                cure = f"correct it, or the campaign's own {key}"
                table.problem(f"period {period.id} {key} outside the campaign, on {day}; {cure}", key)


def _check_order(periods: Sequence[Placed[Period]]) -> None:
    for table, period in periods:
        if period.ends < period.starts:
            table.problem(f"period {period.id} ends before it starts; correct one of the dates", "ends")
    for (_, one), (table, other) in combinations(periods, 2):
        if one.starts <= other.ends and other.starts <= one.ends:
            table.problem(f"period {other.id} overlaps {one.id}; let one end before the other", "starts")


def _check_teams(root: Table, campaign: Campaign, placed: Sequence[Placed[Topic] | Placed[Event]]) -> None:
    known = [team.id for team in campaign.teams]
    if "" in known or (root.has("team") and not known):
        return  # a team that could not be read may be the one that is meant
    for table, part in placed:
        if part.team and part.team not in known:
            others = f"use one of {', '.join(known)}" if known else "add a [[team]]"
            cure = nearest(part.team, known) or others
            table.problem(f"unknown team {shown(part.team)}; {cure}", "team")


def _check_rules(topics: Sequence[Placed[Topic]], path: Path) -> None:
    if any(path.with_name(f"{path.stem}.assignments{ending}").exists() for ending in (".csv", ".xlsx")):
        return
    for table, topic in topics:
        if table.is_sound and not (topic.hashtags or topic.keywords or topic.accounts):
            table.problem(
                f"topic {topic.id} has no rule, so no post could belong to it; add hashtags, keywords or "
                f"accounts, or assign posts in {path.stem}.assignments.csv"
            )


def _check_accounts(creators: Sequence[Placed[Creator]]) -> None:
    owners: dict[Account, str] = {}
    for table, creator in creators:
        for account in creator.accounts:
            if account in owners:
                table.problem(
                    f"account {account} is listed twice, first under {owners[account]}; keep one", "accounts"
                )
            owners.setdefault(account, creator.id or creator.name)


def _check_charts(file: CampaignFile, campaign: Campaign) -> None:
    for number, rebase in enumerate(campaign.spc.rebases):
        _check_facet(file, campaign, ("spc", "rebase", number), rebase.facet)
        if rebase.date != NO_DAY and not campaign.starts <= rebase.date <= campaign.ends:
            cure = "correct it, or the campaign's own dates"
            file.note(
                ("spc", "rebase", number, "date"), f"rebase outside the campaign, on {rebase.date}; {cure}"
            )
    targets = campaign.spc.targets
    for number, target in enumerate(targets):
        _check_facet(file, campaign, ("spc", "target", number), target.facet)
        if (target.measure, target.facet) in [(t.measure, t.facet) for t in targets[:number]]:
            problem = f"second target of {target.measure}, facet {target.facet}; keep one"
            file.note(("spc", "target", number), problem)


def _check_facet(file: CampaignFile, campaign: Campaign, path: tuple[str | int, ...], facet: str) -> None:
    known = campaign.facets()
    if facet not in (EVERY, *known):
        cure = nearest(facet, known) or 'write "topic:ID" or "account:PLATFORM:HANDLE", or leave it out'
        file.note((*path, "facet"), f"unknown facet {shown(facet)}; {cure}")
