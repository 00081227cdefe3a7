"""Whose figures an Instagram file holds, when nothing in it names the account."""

from __future__ import annotations

import re
from typing import Final

from connectors.base import BadExport, Context, Member
from connectors.posts import nobody
from connectors.wording import one_line

PLATFORM: Final = "instagram"
_DOWNLOAD: Final = re.compile(
    r"(?:^|[/!])instagram-(?P<handle>[\w.]+)-20\d{2}-\d{2}-\d{2}-[\w-]+", re.ASCII | re.IGNORECASE
)


def owner(member: Member, context: Context) -> str:
    """The handle that a person, the folder or Instagram's name for a data download says.

    Raises:
        BadExport: nobody says it, two say different ones, or it is no account of the campaign.
    """
    found = _DOWNLOAD.search(member.name)
    told, named = context.account, found["handle"].lower() if found else None
    where = one_line(member.name)
    if told and named and told != named:
        raise BadExport(
            f"--account or the folder says @{told}, the file's name @{named}: {where}: correct one"
        )
    account = told or named
    if account is None:
        raise BadExport(
            f"account not known: {where}: say it with --account, or use a folder named after the handle"
        )
    if account not in context.accounts.get(PLATFORM, frozenset()):
        raise nobody(PLATFORM, [account], member)
    return account
