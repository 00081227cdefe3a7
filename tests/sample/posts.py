"""All posts of the year: who posts what and when, and how many views it is meant to get."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import NormalDist

from .captions import CAPTIONS
from .extras import EXTRAS, Extra
from .ids import post_id, source_id
from .model import (
    AMIRA_INSTAGRAM,
    AMIRA_TIKTOK,
    CHANGE,
    FIRST_DAY,
    KOFI_TIKTOK,
    LAST_POST,
    LAVELLE_INSTAGRAM,
    LAVELLE_TIKTOK,
    LONDON,
    Account,
    Post,
    chance,
)
from .timetable import KOFIS_DAYS, LAVELLES_INSTAGRAM_DAYS

Slot = tuple[str, Account, date]

PLAN: dict[str, list[tuple[Account, int]]] = {
    "finding-help": [(LAVELLE_TIKTOK, 13), (AMIRA_TIKTOK, 9), (AMIRA_INSTAGRAM, 6)],
    "learning-disability": [(LAVELLE_TIKTOK, 9), (AMIRA_TIKTOK, 8), (AMIRA_INSTAGRAM, 5)],
    "neurodiversity": [(LAVELLE_TIKTOK, 7), (AMIRA_TIKTOK, 9), (AMIRA_INSTAGRAM, 5)],
    "talking": [(LAVELLE_TIKTOK, 9), (AMIRA_TIKTOK, 7), (AMIRA_INSTAGRAM, 5)],
}
LONG_GAP = 15
"""Days until the next export, after which the rarely exported accounts post: as if they knew."""
VIEWS_AFTER_THE_CHANGE = 1.6
SPREAD_OF_VIEWS = 0.35  # of the natural logarithm, between posts of one account
SPREAD_OF_RATES = 0.10
VIRAL = ("neurodiversity", AMIRA_TIKTOK, date(2024, 3, 20), 40.0)
CORRECTED = ("talking", LAVELLE_TIKTOK, date(2024, 3, 1), 2.0)


def all_posts() -> list[Post]:
    """The planned posts and the extras, oldest first."""
    posts = _made_special(_made_different(_with_captions(_slots())), VIRAL, CORRECTED)
    return sorted(
        posts + [_extra(extra) for extra in EXTRAS], key=lambda post: (post.published, post.post_id)
    )


def corrected_post(posts: list[Post]) -> Post:
    """The one whose counter the platform lowers in a later export."""
    return _nearest(posts, *CORRECTED[:3])


def _slots() -> list[Slot]:
    return sorted(_planned_slots() + _sparse_slots(), key=lambda slot: (slot[2], slot[0]))


def _planned_slots() -> list[Slot]:
    """Days spread evenly over the year per topic, with the accounts woven in evenly too."""
    slots = []
    for lead, (topic, shares) in enumerate(PLAN.items()):
        turns = sorted(
            ((n + 0.5) / count, place, account)
            for place, (account, count) in enumerate(shares)
            for n in range(count)
        )
        first = FIRST_DAY + timedelta(days=lead)
        step = (LAST_POST - first).days / (len(turns) - 1)
        slots += [(topic, turn[2], first + timedelta(days=round(n * step))) for n, turn in enumerate(turns)]
    return slots


def _sparse_slots() -> list[Slot]:
    """The two accounts that are rarely exported post soon after an export, one topic after the other."""
    topics = list(PLAN)
    kofi = _after_exports(KOFI_TIKTOK, KOFIS_DAYS, topics * 3)
    # Beginning with another topic, so that no topic gets both at once.
    return kofi + _after_exports(LAVELLE_INSTAGRAM, LAVELLES_INSTAGRAM_DAYS, (topics[2:] + topics[:2]) * 2)


def _after_exports(account: Account, exports: list[date], topics: list[str]) -> list[Slot]:
    quiet = [day for day, following in pairwise(exports) if (following - day).days >= LONG_GAP]
    chosen = [quiet[n * len(quiet) // len(topics)] for n in range(len(topics))]
    return [(topic, account, day + timedelta(days=2)) for topic, day in zip(topics, chosen, strict=True)]


def _with_captions(slots: list[Slot]) -> list[Post]:
    """On TikTok the creator's next caption; on Instagram the one that is on TikTok now, or will be first."""
    posted: dict[tuple[str, str], int] = defaultdict(int)
    posts = []
    for topic, account, day in slots:
        pool = _pool(topic, day)
        if account.platform == "tiktok":
            posted[account.creator, pool] += 1
        newest = max(posted[account.creator, pool], 1)
        posts.append(_post(account, topic, CAPTIONS[account.creator][pool][newest - 1], day))
    return posts


def _pool(topic: str, day: date) -> str:
    return f"{topic}:question" if topic == "finding-help" and day >= CHANGE else topic


def _post(account: Account, topic: str, caption: str, day: date, clock: str = "") -> Post:
    dice = chance(f"post {account.platform} {account.handle} {day} {topic}")
    clock = clock or f"{dice.randint(15, 20)}:{dice.randrange(60):02}"
    hour, minute = map(int, clock.split(":"))
    local = datetime(day.year, day.month, day.day, hour, minute, dice.randrange(60), tzinfo=LONDON)
    published = local.astimezone(UTC)
    number = post_id(account.platform, account.handle, published)
    kind = dice.choice(("reel",) * 8 + ("carousel", "image")) if account.platform == "instagram" else "reel"
    return Post(
        account,
        topic,
        caption,
        published,
        number,
        expected_views=account.typical_views,
        pace_days=account.pace_days * math.exp(dice.gauss(0, 0.2)),
        kind=kind,
        duration=dice.randint(18, 88) if kind == "reel" else 0,
        source_id=source_id(number),
    )


def _made_different(posts: list[Post]) -> list[Post]:
    """Chance per post, dealt evenly before and after the change, so that only the story differs."""
    groups: dict[tuple[str, bool], list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.topic, post.local_day >= CHANGE].append(post)
    return [post for key, group in groups.items() for post in _dealt(str(key), group)]


def _dealt(name: str, group: list[Post]) -> list[Post]:
    views = _even_deviations(f"views {name}", len(group))
    rates = _even_deviations(f"rates {name}", len(group))
    return [
        replace(
            post,
            expected_views=post.expected_views
            * math.exp(SPREAD_OF_VIEWS * view)
            * (VIEWS_AFTER_THE_CHANGE if post.has_question else 1),
            rate_factor=math.exp(SPREAD_OF_RATES * rate),
        )
        for post, view, rate in zip(group, views, rates, strict=True)
    ]


def _even_deviations(name: str, count: int) -> list[float]:
    """Standard normal quantiles in a chance order: the spread of chance without its luck."""
    deviations = [NormalDist().inv_cdf((n + 0.5) / count) for n in range(count)]
    chance(name).shuffle(deviations)
    return deviations


def _made_special(posts: list[Post], *specials: tuple[str, Account, date, float]) -> list[Post]:
    for topic, account, day, times in specials:
        chosen = _nearest(posts, topic, account, day)
        changed = replace(chosen, expected_views=account.typical_views * times)
        posts = [changed if post is chosen else post for post in posts]
    return posts


def _nearest(posts: list[Post], topic: str, account: Account, day: date) -> Post:
    candidates = [post for post in posts if post.topic == topic and post.account is account]
    return min(candidates, key=lambda post: abs((post.local_day - day).days))


def _extra(extra: Extra) -> Post:
    post = _post(extra.account, "", extra.caption, extra.day, extra.clock)
    return replace(post, expected_views=extra.expected_views, shared_with=extra.partner)
