"""TikTok Studio's `Viewers.csv`: how many people watched an account's videos by day.

Its days are one late against those of `Overview.csv`: in five of seven pairs of real files more people
than views would else have been there on every third day. They are stored as exported; the models shift
them, unless the campaign file says otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from connectors.base import Context, Head, Member, Reading
from connectors.columns import Vocabulary
from connectors.tiktok.daily import read_daily
from connectors.tiktok.headers import is_kind

source: Final = "tiktok_studio_viewers"
VOCABULARY: Final = Vocabulary(
    {
        "date": ("Date",),
        "viewers_total": ("Total Viewers",),
        "viewers_new": ("New Viewers",),
        "viewers_returning": ("Returning Viewers",),
    },
    "not in TikTok's file",
)
_ONE_DAY_LATE: Final = (
    "TikTok dates these one day late: tables show them on the day before, unless [tiktok] in the campaign"
    " file says viewers_one_day_late = false"
)
_KEYS: Final = frozenset({"date", "viewers_total"})


def recognises(head: Head) -> bool:
    """Whether the header has the day and the figure that no other file has."""
    return is_kind(head, "Viewers", VOCABULARY, _KEYS)


def read(member: Member, context: Context) -> Reading:
    """The account's days, each with its year.

    Raises:
        BadExport: whose days, or which year, is not known; or the days do not follow one another.
    """
    reading = read_daily(source, VOCABULARY, member, context)
    return replace(reading, notices=(*reading.notices, _ONE_DAY_LATE))
