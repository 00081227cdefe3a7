"""Personal archives ("Download your data"): known by the names in them, and kept out.

They hold messages, contacts, places and logins of a person and of others. They are refused unless
the campaign allows them, and then nothing but the lists of posts is opened. Names and layouts were
observed in real archives of 2024 to 2026; those of the text variant come from other projects.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from connectors.base import BadExport, Head
from connectors.wording import one_line


class Archive(NamedTuple):
    """A platform's personal archive."""

    title: str
    members: re.Pattern[str]
    """A file name, with its folders, that such archives have and nothing else has."""
    posts: re.Pattern[str]
    """The files with lists of posts, which a campaign may allow to be read."""
    begins: re.Pattern[bytes]
    """How such a list begins, whatever the file is called."""
    ask_for: str
    """What to ask the owner for instead."""


_TIKTOK_JSON: Final = r"user_data(?:_tiktok)?(?:\s*\(\d+\))?\.json"
_TIKTOK_TEXTS: Final = "|".join(
    (
        *(
            "Posts?",
            "Videos/Videos",
            "Comments?",
            "Like List",
            "Watch History",
            "(?:Video )?Browsing History",
        ),
        *("Direct Messages?", "Login History", "Search(?:es| History)", "Followers?", "Following(?: List)?"),
    )
)
_TIKTOK_SECTIONS: Final = "|".join(
    (
        *("Activity", "Your Activity", "Ads and data", "App Settings?", "Comment", "Direct Messages?"),
        *("Likes and Favorites", "Post", "Profile", "Profile And Settings", "Tiktok Live", "Video"),
    )
)
_INSTAGRAM_FOLDERS: Final = "|".join(
    (
        *("your_instagram_activity", "personal_information", "connections/followers_and_following"),
        *(
            "logged_information",
            "security_and_login_information",
            "messages/inbox",
            "past_instagram_insights",
        ),
        r"instagram-[\w.]+-20\d{2}-\d{2}-\d{2}-[\w-]+",
    )
)
_INSTAGRAM_BEGINNINGS: Final = (
    rb'\{\s*"(?:organic_insights|ig|relationships)_\w+"\s*:',
    rb'\[?\s*\{\s*"media"\s*:\s*\[\s*\{\s*"uri"',
    rb'\{\s*"participants"\s*:\s*\[',  # messages
    rb'\[\s*\{\s*(?:"title"\s*:\s*"[^"]*"\s*,\s*)?"(?:media|string)_(?:list|map)_data"',
)

ARCHIVES: Final = (
    Archive(
        "tiktok data download",
        re.compile(rf"(?:^|/)(?:{_TIKTOK_JSON}|(?:{_TIKTOK_TEXTS})\.txt)$", re.IGNORECASE),
        re.compile(rf"(?:^|/){_TIKTOK_JSON}$", re.IGNORECASE),
        re.compile(rf'\s*\{{\s*"(?:{_TIKTOK_SECTIONS})"\s*:\s*\{{'.encode(), re.IGNORECASE),
        "Analytics > Download in TikTok Studio",
    ),
    Archive(
        "instagram data download",
        re.compile(rf"(?:^|/)(?:{_INSTAGRAM_FOLDERS})/", re.IGNORECASE),
        re.compile(
            r"(?:^|/)(?:your_instagram_activity/(?:content|media)/(?:posts_\d+|reels)"
            r"|past_instagram_insights/(?:posts|reels|audience_insights))\.json$",
            re.IGNORECASE,
        ),
        re.compile(rb"\s*(?:%s)" % b"|".join(_INSTAGRAM_BEGINNINGS), re.IGNORECASE),
        "Insights > Content > Export in Meta Business Suite",
    ),
)


def archive_with(names: Iterable[str]) -> Archive | None:
    """The archive that has a file of one of these names, or None."""
    found = (archive for name in names for archive in ARCHIVES if archive.members.search(name))
    return next(found, None)


def archive_like(head: Head) -> Archive | None:
    """The archive that a file with this name or beginning is part of, or None."""
    by_content = (
        archive for archive in ARCHIVES if archive.begins.match(head.data.removeprefix(b"\xef\xbb\xbf"))
    )
    return archive_with([head.name]) or next(by_content, None)


def refusal(archive: Archive, where: str, missing: str = "", again: str = "") -> BadExport:
    """Why it is not read, with what to ask for instead (`again`: or for the same in which other way)."""
    return BadExport(
        f"private archive ({archive.title}){missing}: {one_line(where)}: delete it,"
        f" ask for {again}{archive.ask_for} instead"
    )


def admit(archive: Archive, names: Iterable[str], where: str, *, allowed: bool) -> frozenset[str]:
    """Those of `names` that may be opened.

    Raises:
        BadExport: the campaign allows none, or there is none.
    """
    if not allowed:
        raise refusal(archive, where)
    found = frozenset(names)
    posts = frozenset(name for name in found if archive.posts.search(name))
    if not posts:
        again = "" if any(name.lower().endswith(".json") for name in found) else "it again as json, or for "
        raise refusal(archive, where, " without a list of posts as json", again)
    return posts


class Unpacked(NamedTuple):
    """What lies in the inbox of archives that somebody unpacked there."""

    passed_over: frozenset[str]
    """Files that are not opened."""
    refusals: Mapping[str, BadExport]
    """By folder: why nothing of it is read."""


def unpacked(names: Iterable[str], *, allowed: bool) -> Unpacked:
    """Sort the folders of unpacked archives out of many names, so that each is told once and stays shut."""
    inside: defaultdict[tuple[str, Archive], list[str]] = defaultdict(list)
    for name in names:
        if found := folder_of(name):
            inside[found].append(name)
    passed_over: set[str] = set()
    refusals: dict[str, BadExport] = {}
    for (folder, archive), members in inside.items():
        passed_over.update(members)
        try:
            passed_over -= admit(archive, members, folder, allowed=allowed)
        except BadExport as refused:
            refusals[folder] = refused
    return Unpacked(frozenset(passed_over), refusals)


def folder_of(name: str) -> tuple[str, Archive] | None:
    """The folder of an unpacked archive in which the file of this name lies, or None."""
    for archive in ARCHIVES:
        found = archive.members.search(name)
        if found and found[0].endswith("/"):
            return name[: found.end() - 1], archive
    return None
