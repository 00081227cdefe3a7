"""Which files lie in the inbox, and where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from . import audience, instagram, tiktok
from .curves import History, corrected, history
from .days import account_days
from .model import (
    AMIRA_INSTAGRAM,
    AMIRA_TIKTOK,
    KOFI_TIKTOK,
    LAVELLE_INSTAGRAM,
    LAVELLE_TIKTOK,
    TRUST_TIKTOK,
    Account,
)
from .posts import all_posts, corrected_post
from .timetable import EVERY_OTHER_MONDAY, FRIDAYS, KOFIS_DAYS, LAVELLES_INSTAGRAM_DAYS, TUESDAYS

Files = Iterator[tuple[str, bytes]]

OVERVIEWS = [
    (LAVELLE_TIKTOK, date(2023, 2, 20), [date(2024, 2, 6), date(2024, 10, 1)]),
    (AMIRA_TIKTOK, date(2022, 10, 20), [date(2023, 10, 6), date(2024, 4, 5), date(2024, 10, 4)]),
    (TRUST_TIKTOK, date(2023, 2, 11), [date(2024, 2, 6), date(2024, 10, 1)]),
]


def sample_files() -> Files:
    """Every file of the inbox: path below the destination, and bytes."""
    histories = _histories()
    for account, days in ((LAVELLE_TIKTOK, TUESDAYS), (AMIRA_TIKTOK, FRIDAYS)):
        yield from _weekly_content(account, _of(account, histories), days)
    yield from _content_through_a_messenger(KOFI_TIKTOK, _of(KOFI_TIKTOK, histories))
    for account, first, days in OVERVIEWS:
        yield from _overviews(account, _of(account, histories), first, days)
    for account, days in (
        (LAVELLE_INSTAGRAM, LAVELLES_INSTAGRAM_DAYS),
        (AMIRA_INSTAGRAM, EVERY_OTHER_MONDAY),
    ):
        for day in days:
            name = f"{account.folder}/{day}/{instagram.content_name(account, day)}"
            yield name, instagram.content_csv(account, histories, day)
    yield from audience.followers_files()
    yield audience.readings_file(histories)


def _histories() -> list[History]:
    posts = all_posts()
    special = corrected_post(posts)
    shown_on = next(day for day in TUESDAYS if (day - special.local_day).days >= 25)
    lowered_on = shown_on + timedelta(weeks=1)
    grown = [history(post) for post in posts]
    return [corrected(h, shown_on, lowered_on) if h.post is special else h for h in grown]


def _of(account: Account, histories: list[History]) -> list[History]:
    return [h for h in histories if h.post.account is account]


def _weekly_content(account: Account, histories: list[History], days: list[date]) -> Files:
    for day in days:
        yield f"{account.folder}/{day}/Content_{account.handle}.zip", tiktok.content_zip(histories, day)


def _content_through_a_messenger(account: Account, histories: list[History]) -> Files:
    """No dated folder: the day is known from the ZIP member's time only."""
    for copy, day in enumerate(KOFIS_DAYS):
        name = f"Content_{account.handle} ({copy}).zip" if copy else f"Content_{account.handle}.zip"
        yield f"{account.folder}/{name}", tiktok.content_zip(histories, day, "fr")


def _overviews(account: Account, histories: list[History], first: date, exports: list[date]) -> Files:
    days = account_days(account, histories, first)
    for day in exports:
        content = tiktok.overview_zip(days, day, newest_known=day is exports[-1])
        yield f"{account.folder}/{day}/{tiktok.overview_name(account.handle, day)}", content
