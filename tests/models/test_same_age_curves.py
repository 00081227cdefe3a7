"""Views at 28 days from a file a week against those from a reading a day, on invented curves of views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import exp
from pathlib import Path
from random import Random

from tests.builders import Folder, Row, a_campaign, a_post, seen

POSTS = 400
DAYS = 60
KINDS = {"fast decay": 5, "slow burn": 3, "late viral": 2}
"""Half of the posts fade within days, three in ten go on for weeks, two in ten take off late."""
START = datetime(2023, 10, 2, 0, 0, tzinfo=UTC)

Curve = Callable[[float], float]
"""The share of its last views that a post has, by its age in days."""


def a_curve(random: Random) -> tuple[str, Curve]:
    kind = random.choices(list(KINDS), list(KINDS.values()))[0]
    if kind == "fast decay":
        pace = random.uniform(0.5, 4)
        return kind, lambda age: 1 - exp(-age / pace)
    if kind == "slow burn":
        half = random.uniform(5, 40)
        return kind, lambda age: age / (age + half)
    middle, width = random.uniform(3, 55), random.uniform(1, 5)
    before = 0.05 / (1 + exp(middle / width))
    return kind, lambda age: 0.1 * (1 - exp(-age)) + 0.9 / (1 + exp((middle - age) / width)) - before


def posts() -> Iterator[tuple[str, str, datetime, float, Curve]]:
    random = Random(28)  # noqa: S311 (no secret)
    for number in range(POSTS):
        published = START + timedelta(minutes=random.randrange(60 * 1440))
        kind, curve = a_curve(random)
        yield f"{10_000 + number}", kind, published, 10 ** random.uniform(2.5, 6), curve


def readings(every: timedelta, first: datetime) -> list[Row]:
    """Every post, read at even intervals while it is young."""
    moments = [first + n * every for n in range(2 * DAYS * timedelta(days=1) // every)]
    return [
        seen(post, f"{moment:%Y-%m-%d %H:%M}", round(most * curve(age)))
        for post, _, published, most, curve in posts()
        for moment in moments
        if 0 < (age := (moment - published) / timedelta(days=1)) < DAYS
    ]


def views_28(path: Path, rows: list[Row], precision: str) -> dict[str, float]:
    path.mkdir()
    folder = Folder(path, a_campaign(path))
    folder.load(
        [a_post(post, f"{published:%Y-%m-%d %H:%M}") for post, _, published, _, _ in posts()],
        rows,
        precision=precision,
    )
    folder.build()
    rows = folder.rows("SELECT post_id, views_day_28 FROM marts.posts")
    return {str(row["post_id"]): float(str(row["views_day_28"])) for row in rows}


def test_a_file_a_week_tells_views_at_28_days_within_2_percent_for_nine_posts_in_ten(tmp_path: Path) -> None:
    daily = readings(timedelta(1), START + timedelta(hours=1, minutes=30))
    weekly = readings(timedelta(7), START + timedelta(hours=12))
    truth = views_28(tmp_path / "daily", daily, "second")
    told = views_28(tmp_path / "weekly", weekly, "day")
    errors = {post: abs(told[post] / true - 1) for post, true in truth.items()}
    near = {kind: [errors[post] <= 0.02 for post, its, *_ in posts() if its == kind] for kind in KINDS}
    everywhere = [is_near for of_kind in near.values() for is_near in of_kind]
    shares = {kind: f"{sum(of_kind) / len(of_kind):.0%}" for kind, of_kind in near.items()}
    measured = f"{sum(everywhere) / POSTS:.1%} of {POSTS} posts are within 2 %: {shares}"
    assert len(errors) == POSTS
    assert sum(everywhere) >= 0.9 * POSTS, measured
