"""Meta Business Suite's content file, byte for byte as the browser gives it."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from .curves import History
from .model import FIRST_DAY, Account, Post, at_eleven, chance

# Business Suite shows this zone to everybody, wherever they live.
PACIFIC = ZoneInfo("America/Los_Angeles")
START = (
    "Post ID",
    "Account ID",
    "Account username",
    "Account name",
    "Description",
    "Duration (sec)",
    "Publish time",
    "Permalink",
    "Post type",
    "Data comment",
    "Date",
)
OLD_ORDER = ("Views", "Reach", "Likes", "Shares", "Follows", "Comments", "Saves")
NEW_ORDER = ("Views", "Likes", "Shares", "Comments", "Saves", "Reach", "Follows")
ORDER_CHANGED = date(2024, 3, 20)
POST_TYPES = {"reel": "IG reel", "carousel": "IG carousel", "image": "IG image"}


def content_name(account: Account, day: date) -> str:
    """Named after the chosen period, which ends the day before the export."""
    last = day - timedelta(days=1)
    number = chance(f"file {account.handle} {day}").randrange(10**15, 10**16)
    return f"{_english(FIRST_DAY)}_{_english(last)}_{number}.csv"


def content_csv(account: Account, histories: list[History], day: date) -> bytes:
    """Every post since the campaign began, newest first, also those it co-authored."""
    metrics = NEW_ORDER if day >= ORDER_CHANGED else OLD_ORDER
    shown = [h for h in histories if _is_listed(h.post, account, day)]
    shown.sort(key=lambda h: h.post.published, reverse=True)
    rows = [START + metrics, *(_row(h, account, day, metrics) for h in shown)]
    text = "".join(",".join(map(_cell, row)) + "\n" for row in rows)
    return ("\ufeff" + text).encode()


def _is_listed(post: Post, account: Account, day: date) -> bool:
    return (post.account is account or post.shared_with == account.handle) and post.published < at_eleven(day)


def _row(shown: History, exporter: Account, day: date, metrics: tuple[str, ...]) -> tuple[str, ...]:
    post = shown.post
    return (
        post.source_id,
        post.account.number,
        post.account.handle,
        post.account.display_name,
        post.caption,
        str(post.duration),
        post.published.astimezone(PACIFIC).strftime("%m/%d/%Y %H:%M"),
        f"https://www.instagram.com/{'reel' if post.kind == 'reel' else 'p'}/{post.post_id}/",
        POST_TYPES[post.kind],
        "",
        "Lifetime",
        *(_value(shown, metric.lower(), day, is_own=post.account is exporter) for metric in metrics),
    )


def _value(shown: History, metric: str, day: date, *, is_own: bool) -> str:
    """Of a post owned by somebody else: no reach, no follows, and a zero that means "not told"."""
    if not is_own and metric in {"reach", "follows"}:
        return ""
    return "0" if not is_own and metric == "saves" else str(shown.at(day, metric))


def _cell(text: str) -> str:
    """Quoted only where something in it asks for it."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(' ,"\n') else text


def _english(day: date) -> str:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{months[day.month - 1]}-{day.day:02}-{day.year}"
