"""Numbers, days and names in the words of the pages: British English, one style everywhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from models.platforms import PLATFORMS

NOT_KNOWN: Final = "not known"
SUPPRESSED: Final = "hidden"
NOT_JUDGED: Final = (
    "Whether a difference is more than the usual variation from week to week is not judged in this version."
)
JUDGED_BELOW: Final = "Whether action periods differ by more than usual variation is told below."
JUDGED_ABOVE: Final = "Whether action periods differ by more than usual variation is told in short above."
ETHNICITY: Final = "No platform knows ethnicity; this is not measured."
TOP_LIST: Final = (
    "TikTok's file lists its top posts only, so posts that were never in the list are not counted."
)

_PLATFORMS: Final = {"all": "All platforms"} | {key: platform.name for key, platform in PLATFORMS.items()}
_SOURCES: Final = {
    "none": "nothing yet",
    "tiktok_studio_content": "TikTok Studio, Content file",
    "tiktok_studio_overview": "TikTok Studio, Overview file",
    "tiktok_studio_followers": "TikTok Studio, Followers file",
    "tiktok_studio_follower_activity": "TikTok Studio, Followers file (activity)",
    "tiktok_studio_follower_gender": "TikTok Studio, Followers file (gender)",
    "tiktok_studio_follower_history": "TikTok Studio, Followers file (history)",
    "tiktok_studio_follower_territories": "TikTok Studio, Followers file (territories)",
    "tiktok_display_api": "TikTok, read directly",
    "tiktok_business_api": "TikTok for Business, read directly",
    "meta_business_suite_content": "Meta Business Suite, content file",
    "instagram_login_api": "Instagram, read directly",
    "instagram_graph_api": "Instagram, read directly through Facebook",
    "instagram_business_discovery": "Instagram, seen through another account",
    "zeeschuimer_tiktok": "TikTok, captured in a browser",
    "zeeschuimer_instagram": "Instagram, captured in a browser",
    "reading": "read from a screen by a person",
}
_HOSTS: Final = frozenset(
    {
        *("tiktok.com", "www.tiktok.com", "instagram.com", "www.instagram.com"),
        *("youtube.com", "www.youtube.com", "youtu.be"),
    }
)
_CAPTION_LENGTH: Final = 90
_THOUSAND: Final = 1000
_THREE_DIGITS: Final = 100
_ROUNDS_UP: Final = 0.9995  # 999.5 is shown as 1.0k, not as 1,000
_UNITS: Final = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
# Not strftime: it follows the machine's language.
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def compact(value: float) -> str:
    """A number short enough for a card: 964, 3.1k, 21.7k, 217k, 1.2m."""
    size = abs(value)
    for unit, letter in _UNITS:
        if size >= _ROUNDS_UP * unit:
            scaled = size / unit
            text = f"{scaled:.1f}" if round(scaled, 1) < _THREE_DIGITS else f"{scaled:.0f}"
            return f"{_sign(value)}{text}{letter}"
    return exact(round(value))


def exact(value: float) -> str:
    """A whole number with separators: 21,734; others with one decimal."""
    text = f"{abs(value):,.0f}" if float(value).is_integer() else f"{abs(value):,.1f}"
    return f"{_sign(value)}{text}"


def _sign(value: float) -> str:
    return "\N{MINUS SIGN}" if value < 0 else ""


def per_thousand(rate: float) -> str:
    """A rate of 0-1 as a number in 1,000: 0.0432 is "43.2"."""
    return f"{_sign(rate)}{abs(rate) * _THOUSAND:,.1f}"


def percent(share: float) -> str:
    """A share of 0-1, never rounded up to a whole: 0.996 is "99 %"."""
    whole = int(share * 100 + 1e-9)
    return f"{whole}\N{NO-BREAK SPACE}%"


def day(value: date) -> str:
    """A day: 6 Feb 2024."""
    return f"{_day(value)} {value.year}"


def days(first: date, last: date) -> str:
    """A stretch of days: 7 Feb to 6 May 2024, with the first year where the years differ."""
    start = _day(first) if first.year == last.year else day(first)
    return f"{start} to {day(last)}"


def _day(value: date) -> str:
    return f"{value.day} {_MONTHS[value.month - 1]}"


def count(number: int, thing: str, things: str = "") -> str:
    """A counted thing: 1 post, 2 posts."""
    return f"{exact(number)} {thing if number == 1 else things or thing + 's'}"


def listed(items: Sequence[str]) -> str:
    """Items as a sentence has them: a, b and c."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def platform(name: str) -> str:
    """A platform's own spelling."""
    return _PLATFORMS.get(name, name.capitalize())


def source(name: str) -> str:
    """A kind of export in the words of those who send it."""
    return _SOURCES.get(name, name.replace("_", " "))


def caption(text: str | None) -> str:
    """A caption on one line, without control characters, cut at about 90 characters."""
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text or "")
    line = " ".join(plain.split())
    if len(line) <= _CAPTION_LENGTH:
        return line or "(no caption)"
    return line[:_CAPTION_LENGTH].rsplit(" ", 1)[0] + "…"


def safe_link(address: str | None) -> str:
    """The address if it leads to a known platform over https, else nothing: addresses are public text."""
    if not address or not address.isascii() or not address.isprintable() or set(address) & set(" \\\"'<>`"):
        return ""
    try:
        parts = urlsplit(address)
        known = parts.scheme == "https" and parts.netloc in _HOSTS
    except ValueError:
        return ""
    return address if known else ""
