"""Invented histories of posts, as hypothesis draws them, and the data folder that holds one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import strategies as st

from models.definitions import definition_of
from models.schema import SOURCE_RANKS
from tests.builders import CAMPAIGN, Folder, a_campaign, a_day, a_post, seen
from tests.models.oracle import METRICS, ZONE, Load, Post, Reading, Value, history

TOPICS = 4
START = datetime(2024, 1, 15, tzinfo=UTC)  # the clocks go forward on 31 March
STARTS = date(2023, 9, 1)
_TOPIC = '\n[[topic]]\nid = "t{n}"\nname = "Topic {n}"\nteam = "team-a"\nhashtags = ["tag{n}"]\n'
TEXT = CAMPAIGN + "".join(_TOPIC.format(n=n) for n in range(TOPICS))


@dataclass(frozen=True)
class Source:
    """A kind of load in a story."""

    name: str
    rank: str
    is_exact: bool
    views: str


SOURCES = (
    Source("api", "api", True, "view_count"),
    Source("export", "export", False, "Total views"),
    Source("capture", "capture", True, "playCount"),
    Source("other", "reading", True, "Qualified views"),
)

_GAPS = st.sampled_from([0, 0, 45, 400, 700, 1440, 1440, 1440, 2000, 4300, 10_080, 11_000, 21_000])
_CHANGES = st.tuples(
    st.sampled_from(["rise", "rise", "rise", "rise", "fall", "reset", "unknown"]), st.integers(0, 3000)
)
_MASK = st.sampled_from([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 127])  # which of the other metrics are not told
_STEP = st.tuples(_GAPS, _CHANGES, st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3]), _MASK)
_POST = st.tuples(st.integers(0, 40 * 1440), st.lists(_STEP, max_size=12))
STORIES = st.lists(_POST, min_size=1, max_size=16)
FOLLOWERS = st.lists(st.tuples(st.integers(-5, 45), st.integers(0, 5000) | st.none()), max_size=20)

Step = tuple[int, tuple[str, int], int, int]
Story = Sequence[tuple[int, Sequence[Step]]]

API, EXPORT, CAPTURE, OTHER = range(len(SOURCES))
DAY = 1440
TRAPS: Story = (
    # An export of the publication day is dated noon: before the publication.
    (18 * 60, [(45, ("rise", 1000), EXPORT, 0), (DAY, ("rise", 500), API, 0)]),
    # The count begins anew two hours after the edge of a week.
    (DAY, [(4 * DAY, ("rise", 1000), API, 0), (2 * DAY + 120, ("reset", 0), API, 0)]),
    # Two readings within an hour of an age: the nearer counts.
    (0, [(7 * DAY - 45, ("rise", 700), API, 0), (55, ("rise", 70), API, 0)]),
    # At one moment one source knows the likes, the other the views: whose views were they?
    (
        60,
        [
            (DAY, ("rise", 900), API, 0),
            (DAY, ("unknown", 0), API, 0),
            (0, ("rise", 90), OTHER, 0),
            (DAY, ("rise", 800), API, 0),
        ],
    ),
    # A reset and another definition on one day.
    (0, [(DAY, ("rise", 2000), API, 0), (DAY, ("reset", 0), API, 0), (300, ("rise", 50), OTHER, 0)]),
)
"""What chance seldom draws."""


def post_id(number: int) -> str:
    return str(10_000 + number)


def published(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def loads_of(story: Story) -> list[Load]:
    """What each source reported, in rows."""
    rows: dict[int, list[Reading]] = {number: [] for number in range(len(SOURCES))}
    for number, (minutes, steps) in enumerate(story):
        moment, views = published(minutes), 0
        for gap, change, source, mask in steps:
            moment += timedelta(minutes=gap)
            views = _changed(views, *change)
            told = None if change[0] == "unknown" else views
            s = _seconds(moment, SOURCES[source])
            reading = Reading(post_id(number), s, len(rows[source]) + 1, _values(told, views, mask))
            rows[source].append(reading)
    return [_load(number, readings) for number, readings in rows.items()]


def _load(number: int, readings: list[Reading]) -> Load:
    source = SOURCES[number]
    definition = definition_of("tiktok", source.views)
    return Load(source.name, SOURCE_RANKS[source.rank], source.is_exact, definition, tuple(readings))


def _changed(views: int, kind: str, amount: int) -> int:
    if kind == "fall":
        return max(0, views - amount // 20)
    return views // 20 if kind == "reset" else views + (amount if kind == "rise" else 0)


def _seconds(moment: datetime, source: Source) -> int:
    """A day without a time is noon in the campaign's zone."""
    day = moment.astimezone(ZONE)
    noon = day.replace(hour=12, minute=0)
    return int((moment if source.is_exact else noon).timestamp())


def _values(told: int | None, views: int, mask: int) -> dict[str, Value]:
    others: dict[str, Value] = {
        "reach": views * 3 // 4,
        "likes": views // 9,
        "comments": views // 50,
        "shares": views // 70,
        "saves": views // 80,
        "watch_time_avg_s": views / 64,
        "completion_rate": (views % 90) / 128,
    }
    kept = {name: None if mask >> bit & 1 else value for bit, (name, value) in enumerate(others.items())}
    return {"views": told, **kept}


def text(s: int) -> str:
    return datetime.fromtimestamp(s, UTC).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def stored(
    story: Story, order: Sequence[int], followers: Sequence[tuple[int, int | None]] = ()
) -> Iterator[Folder]:
    """A data folder into which the story's loads were imported in the given order."""
    with TemporaryDirectory() as name:
        folder = Folder(Path(name), a_campaign(Path(name), TEXT))
        posts = [
            a_post(post_id(n), text(int(published(minutes).timestamp())), f"#tag{n % TOPICS}")
            for n, (minutes, _) in enumerate(story)
        ]
        days = [a_day(f"{day}", "2024-01-01 12:00", followers=n) for day, n in days_of(followers)]
        loads = loads_of(story)
        folder.load(posts, days=days, load_id="words")
        for number in order:
            _import(folder, loads[number], SOURCES[number])
        yield folder


def _import(folder: Folder, load: Load, source: Source) -> None:
    rows = [seen(r.post_id, text(r.s), **{name: r.values[name] for name in METRICS}) for r in load.readings]
    folder.load(
        observations=rows,
        source=source.name,
        rank=source.rank,
        precision="second" if source.is_exact else "day",
        load_id=load.load_id,
        views_named=source.views,
    )


def days_of(followers: Sequence[tuple[int, int | None]]) -> list[tuple[date, int | None]]:
    """Followers by day, the days once each."""
    return sorted({(START + timedelta(offset)).date(): n for offset, n in followers}.items())


def histories(story: Story) -> list[Post]:
    """The posts of the story, as the oracle reads its loads."""
    loads = loads_of(story)
    return [
        history(post_id(n), int(published(minutes).timestamp()), loads)
        for n, (minutes, _) in enumerate(story)
    ]


def as_of_s(story: Story) -> int:
    """The newest observation, or that of the day on which the words of the posts came."""
    seconds = [reading.s for load in loads_of(story) for reading in load.readings]
    words = [int(published(minutes).timestamp()) for minutes, _ in story]
    return max([*seconds, *words, int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp())])
