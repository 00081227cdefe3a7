"""The passports: the only place where a metric is defined.

`sql` is a portable expression over columns named like the metrics it is made of. The SQL models
write ``${engagement_rate}`` and never the arithmetic; pages and docs take label, unit and caveat here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from models.ages import AGES, Age

_COUNTERS: Final = "views likes comments shares"
OFFERED: Final[dict[str, frozenset[str]]] = {
    source: frozenset(names.split())
    for source, names in {
        "instagram_login_api": f"{_COUNTERS} reach saves watch_time_avg_s followers profile_views",
        "instagram_business_discovery": "views likes comments followers",
        "instagram_data_download": f"{_COUNTERS} reach saves",
        "instagram_graph_api": f"{_COUNTERS} reach saves watch_time_avg_s followers profile_views",
        "meta_business_suite_audience": "followers",
        "meta_business_suite_content": f"{_COUNTERS} reach saves",
        "meta_business_suite_days": "profile_views",
        "reading": f"{_COUNTERS} reach saves watch_time_avg_s completion_rate",
        "tiktok_business_api": f"{_COUNTERS} reach saves watch_time_avg_s completion_rate profile_views",
        "tiktok_data_download": "likes",
        "tiktok_display_api": f"{_COUNTERS} followers",
        "tiktok_studio_content": _COUNTERS,
        "tiktok_studio_follower_activity": "",
        "tiktok_studio_follower_gender": "",
        "tiktok_studio_follower_history": "followers",
        "tiktok_studio_follower_territories": "",
        "tiktok_studio_overview": "profile_views",
        "tiktok_studio_viewers": "",
        "zeeschuimer_instagram": "views likes comments",
        "zeeschuimer_tiktok": f"{_COUNTERS} saves",
        "zeeschuimer_tiktok_comments": "",
    }.items()
}
"""By kind of source, as the ledger names it: which metrics of posts, followers and visits it reports."""

_NOT_REPORTED: Final = "the source does not report it"
_COUNT: Final = "the platform's count since publication"
_LISTED: Final = "Posts that no file ever listed are not counted."
_TOTALS: Final = "From one observation; totals are ratios of sums."


@dataclass(frozen=True)
class Metric:
    """What a number means: name, label, formula, unit, and when it does not exist."""

    name: str
    label: str
    unit: str
    formula: str
    """In words, for people."""
    sql: str | None = None
    """In SQL, for derived metrics; NULL when any part is unknown."""
    denominator: str | None = None
    """What it is divided by; None for what is not a ratio."""
    undefined_when: str = _NOT_REPORTED
    good_direction: str = "increase"
    caveat: str = ""
    parts: tuple[str, ...] = ()
    """The reported metrics that one observation must have; none where a source reports it itself."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The kinds of source that give it, or every part of it at once."""
        needed = set(self.parts) or {self.name}
        return tuple(sorted(source for source, offered in OFFERED.items() if needed <= offered))

    def passport(self) -> dict[str, object]:
        """Everything, for programs."""
        return asdict(self) | {"sources": self.sources}


def _rate(numerator: str, denominator: str) -> str:
    return f"(CASE WHEN {denominator} > 0 THEN CAST({numerator} AS DOUBLE) / {denominator} END)"


def _views_at(age: Age, caveat: str) -> Metric:
    return Metric(
        f"views_day_{age.day}",
        f"Views at {age.words}",
        "views",
        f"views {age.day * 24} hours after publication",
        undefined_when=f"no reading within an hour of that age, nor one within {age.within} on both sides",
        caveat=caveat,
        parts=("views",),
    )


_INTERACTIONS: Final = ("likes", "comments", "shares")
_DAY_1, _DAY_3, _DAY_7, _DAY_28 = AGES

METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "views",
        "Views",
        "views",
        _COUNT,
        caveat="Platforms count a view differently: compare a platform with itself.",
    ),
    Metric(
        "reach",
        "Reach",
        "accounts",
        "accounts that saw the post, estimated by the platform",
        caveat="Some platforms' own exports do not give it.",
    ),
    Metric("likes", "Likes", "likes", _COUNT),
    Metric("comments", "Comments", "comments", _COUNT),
    Metric("shares", "Shares", "shares", _COUNT),
    Metric(
        "saves",
        "Saves",
        "saves",
        _COUNT,
        caveat="Not part of interactions: some platforms' own exports do not give it.",
    ),
    Metric(
        "interactions",
        "Interactions",
        "interactions",
        "likes + comments + shares",
        sql="(likes + comments + shares)",
        undefined_when="likes, comments or shares are unknown",
        caveat="Only the parts that every source gives, so that platforms compare.",
        parts=_INTERACTIONS,
    ),
    Metric(
        "engagement_rate",
        "Engagement rate",
        "share of views",
        "interactions / views",
        sql=_rate("interactions", "views"),
        denominator="views",
        undefined_when="views are unknown or 0",
        caveat=_TOTALS,
        parts=(*_INTERACTIONS, "views"),
    ),
    Metric(
        "engagement_rate_with_saves",
        "Engagement rate with saves",
        "share of views",
        "(interactions + saves) / views",
        sql=_rate("(interactions + saves)", "views"),
        denominator="views",
        undefined_when="saves are unknown, or views are unknown or 0",
        caveat="Not comparable with rates without saves. From one observation.",
        parts=(*_INTERACTIONS, "saves", "views"),
    ),
    Metric(
        "engagement_rate_by_reach",
        "Engagement rate by reach",
        "share of accounts reached",
        "interactions / reach",
        sql=_rate("interactions", "reach"),
        denominator="reach",
        undefined_when="reach is unknown or 0",
        caveat="May exceed 1: one account can like, comment and share. From one observation.",
        parts=(*_INTERACTIONS, "reach"),
    ),
    Metric(
        "engagement_rate_by_followers",
        "Engagement rate by followers",
        "share of followers",
        "interactions / followers of the account when the post was published",
        sql=_rate("interactions", "followers"),
        denominator="followers",
        undefined_when="followers are unknown on the publication day and the seven days before it, or 0",
        caveat="Most who see a short video do not follow the account: tells little of the video itself.",
        parts=_INTERACTIONS,
    ),
    Metric(
        "save_rate",
        "Save rate",
        "share of views",
        "saves / views",
        sql=_rate("saves", "views"),
        denominator="views",
        undefined_when="saves are unknown, or views are unknown or 0",
        caveat="From one observation.",
        parts=("saves", "views"),
    ),
    Metric(
        "share_rate",
        "Share rate",
        "share of views",
        "shares / views",
        sql=_rate("shares", "views"),
        denominator="views",
        undefined_when="shares are unknown, or views are unknown or 0",
        caveat="From one observation.",
        parts=("shares", "views"),
    ),
    Metric(
        "completion_rate",
        "Completion rate",
        "share of views",
        "views to the end of the video / views, as the platform reports it",
        denominator="views",
        caveat="Falls with the length of a video: compare videos of similar length.",
    ),
    Metric(
        "watch_time_avg_s",
        "Average watch time",
        "seconds",
        "time watched in all / views, as the platform reports it",
        denominator="views",
        caveat="Replays count on some platforms, so it may exceed the length of the video.",
    ),
    Metric(
        "interactions_per_1000_views",
        "Interactions per 1,000 views",
        "per 1,000 views",
        "1,000 * interactions / views",
        sql="(1000 * engagement_rate)",
        denominator="views",
        undefined_when="the engagement rate is",
        caveat="By week: interactions and views gained in the week, by posts of any age.",
        parts=(*_INTERACTIONS, "views"),
    ),
    Metric(
        "posts",
        "Posts published",
        "posts",
        "posts published that a file or a reading lists",
        undefined_when="nothing is known of the topic or account",
        caveat=_LISTED,
        parts=("views",),
    ),
    Metric(
        "new_views",
        "New views",
        "views a week",
        "views gained in the week by all known posts of the topic, old ones too",
        undefined_when="no post is known at both ends of the week",
        caveat=_LISTED,
        parts=("views",),
    ),
    _views_at(_DAY_1, "Needs two readings a day: most views of a first day come in a few hours."),
    _views_at(_DAY_3, "Needs a reading every day."),
    _views_at(_DAY_7, f"Needs a reading about every day; weekly files give views at {_DAY_28.words}."),
    _views_at(_DAY_28, "Between two exports a straight line is drawn."),
    Metric(
        "median_views_same_age",
        "Median views at the same age",
        "views",
        f"median, over the posts of a period, of their views at {_DAY_7.words} or at {_DAY_28.words}",
        undefined_when="fewer than 80 % of the posts are known at either age, here or one period before",
        caveat="Of the posts that the lists still showed.",
        parts=("views",),
    ),
    Metric(
        "followers",
        "Followers",
        "followers",
        "followers of the account at the end of the day",
    ),
    Metric(
        "profile_views",
        "Profile views",
        "visits",
        "visits to the account's profile on the day",
    ),
)

BY_NAME: Final[dict[str, Metric]] = {metric.name: metric for metric in METRICS}

SQL: Final[dict[str, str]] = {metric.name: metric.sql for metric in METRICS if metric.sql}
"""What `${name}` stands for in the SQL models."""
