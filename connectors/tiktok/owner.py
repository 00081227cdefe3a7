"""Whose figures a TikTok Studio file holds: those of an account name nobody inside."""

from __future__ import annotations

from typing import Final

from connectors.base import BadExport, Context, Member
from connectors.exported import tiktok_handle
from connectors.posts import nobody
from connectors.wording import one_line

PLATFORM: Final = "tiktok"


def owner(member: Member, context: Context, *, is_empty: bool) -> str | None:
    """The handle that a person, the folder or TikTok's name for the ZIP says.

    A file without rows may be nobody's.

    Raises:
        BadExport: nobody says it, two say different ones, or it is no account of the campaign.
    """
    told, named = context.account, tiktok_handle(member)
    where = one_line(member.name)
    if told and named and told != named:
        raise BadExport(
            f"--account or the folder says @{told}, the file's name @{named}: {where}: correct one"
        )
    account = told or named
    if account is None and not is_empty:
        raise BadExport(
            f"account not known: {where}: say it with --account, or use a folder named after the handle"
        )
    if account and account not in context.accounts.get(PLATFORM, frozenset()):
        raise nobody(PLATFORM, [account], member)
    return account
