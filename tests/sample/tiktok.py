"""TikTok Studio's files, byte for byte as the browser gives them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, timedelta

from .curves import History
from .days import AccountDay
from .model import LONDON, Post, at_eleven

CONTENT_HEADER = (
    "Time",
    "Video title",
    "Video link",
    "Post time",
    "Total likes",
    "Total comments",
    "Total shares",
    "Total views",
)
OVERVIEW_HEADER = ("Date", "Video Views", "Profile Views", "Likes", "Comments", "Shares")
ENGLISH = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
FRENCH = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORTEST_LIST, LONGEST_LIST = 5, 15
FEWEST_VIEWS = 10


def day_in_words(day: date, language: str) -> str:
    """Without a year, in the language of the app."""
    return f"{day.day} {FRENCH[day.month - 1]}" if language == "fr" else f"{ENGLISH[day.month - 1]} {day.day}"


def content_zip(histories: list[History], day: date, language: str = "en") -> bytes:
    """The top list of that day, in the order of the list."""
    rows = [_content_row(h, day, language) for h in top_list(histories, day)]
    return _zip_of("Content.csv", [CONTENT_HEADER, *rows], day)


def top_list(histories: list[History], day: date) -> list[History]:
    """Posts by the views they gained in the 28 days before: what still moves, but five at least."""
    seen = [h for h in histories if h.post.published < at_eleven(day) and h.at(day) >= FEWEST_VIEWS]
    ranked = sorted(seen, key=lambda h: (-h.gained(day, 28), h.post.post_id))
    moving = sum(h.gained(day, 28) >= FEWEST_VIEWS for h in seen)
    return ranked[: min(LONGEST_LIST, max(SHORTEST_LIST, moving))]


def _content_row(shown: History, day: date, language: str) -> tuple[str, ...]:
    post = shown.post
    totals = (shown.at(day, metric) for metric in ("likes", "comments", "shares", "views"))
    return (
        day_in_words(day, language),
        post.caption.replace("\n", " "),
        link(post),
        day_in_words(post.local_day, language),
        *map(str, totals),
    )


def link(post: Post) -> str:
    return f"https://www.tiktok.com/@{post.account.handle}/video/{post.post_id}"


def overview_name(handle: str, day: date) -> str:
    first = day - timedelta(days=365)
    return f"Overview_{first.isoformat()}_{int(at_eleven(day).timestamp())}_{handle}.zip"


def overview_zip(days: dict[date, AccountDay], day: date, *, newest_known: bool) -> bytes:
    """The 365 days before `day`; the newest one is often not counted yet."""
    rows = []
    for n in range(365, 0, -1):
        shown = day - timedelta(days=n)
        known = shown in days and (newest_known or n > 1)
        numbers = tuple(map(str, days[shown])) if known else ("undefined",) * 5
        rows.append((day_in_words(shown, "en"), *numbers))
    return _zip_of("Overview.csv", [OVERVIEW_HEADER, *rows], day)


def _zip_of(member: str, rows: list[tuple[str, ...]], day: date) -> bytes:
    return stored_zip(member, quoted(rows), at_eleven(day))


def quoted(rows: list[tuple[str, ...]]) -> bytes:
    """A CSV as TikTok writes it: a mark, every cell in quotes, no line end after the last."""
    lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return ("\ufeff" + "\n".join(lines)).encode()


def stored_zip(member: str, content: bytes, moment: datetime) -> bytes:
    """One uncompressed member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(stored_entry(member, moment), content)
    return buffer.getvalue()


def stored_entry(member: str, moment: datetime) -> zipfile.ZipInfo:
    """An uncompressed member with the exporter's local time, as a browser writes it."""
    local = moment.astimezone(LONDON)
    info = zipfile.ZipInfo(
        member, (local.year, local.month, local.day, local.hour, local.minute, local.second)
    )
    # Named, because Python would otherwise write what the operating system of this run suggests.
    info.create_system, info.external_attr, info.compress_type = 0, 0x20, zipfile.ZIP_STORED
    return info
