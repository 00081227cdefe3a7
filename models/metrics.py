"""The passports: the only place where a metric is defined.

`sql` is a portable expression over columns named like the metrics it is made of. The SQL models
write ``${engagement_rate}`` and never the arithmetic; pages and docs take label, unit and caveat here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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
    undefined_when: str = "the source does not report it"
    good_direction: str = "increase"
    caveat: str = ""


METRICS: Final[tuple[Metric, ...]] = (
    Metric(
        "views",
        "Views",
        "views",
        "the platform's count since publication",
        caveat="Platforms count a view differently: compare a platform with itself.",
    ),
    Metric(
        "reach",
        "Reach",
        "accounts",
        "accounts that saw the post, estimated by the platform",
        caveat="TikTok's own export does not give it.",
    ),
    Metric("likes", "Likes", "likes", "the platform's count since publication"),
    Metric("comments", "Comments", "comments", "the platform's count since publication"),
    Metric("shares", "Shares", "shares", "the platform's count since publication"),
    Metric(
        "saves",
        "Saves",
        "saves",
        "the platform's count since publication",
        caveat="Not part of interactions: TikTok's own export does not give it.",
    ),
    Metric(
        "interactions",
        "Interactions",
        "interactions",
        "likes + comments + shares",
        sql="(likes + comments + shares)",
        undefined_when="likes, comments or shares are unknown",
        caveat="Only the parts that every source gives, so that platforms compare.",
    ),
    Metric(
        "engagement_rate",
        "Engagement rate",
        "share of views",
        "interactions / views",
        sql="(CASE WHEN views > 0 THEN CAST(interactions AS DOUBLE) / views END)",
        undefined_when="views are unknown or 0",
        caveat="From one observation; totals are ratios of sums.",
    ),
    Metric(
        "interactions_per_1000_views",
        "Interactions per 1,000 views",
        "per 1,000 views",
        "1,000 times the engagement rate",
        sql="(1000 * engagement_rate)",
        undefined_when="the engagement rate is",
        caveat="By week: interactions and views gained in the week, by posts of any age.",
    ),
    Metric(
        "posts",
        "Posts",
        "posts",
        "posts published that a file or a reading lists",
        undefined_when="nothing is known of the topic or account",
        caveat="Posts that no file ever listed are not counted.",
    ),
    Metric(
        "new_views",
        "New views",
        "views a week",
        "views gained in the week by all known posts of the topic, old ones too",
        undefined_when="no post is known at both ends of the week",
        caveat="Posts that no file ever listed are not counted.",
    ),
    Metric(
        "views_day_7",
        "Views at 7 days",
        "views",
        "views 168 hours after publication",
        undefined_when="no observations close enough to that age on both sides",
        caveat="Needs a reading about every day; weekly files give views at 28 days instead.",
    ),
    Metric(
        "views_day_28",
        "Views at 28 days",
        "views",
        "views 672 hours after publication",
        undefined_when="no observations within 14 days of that age on both sides",
        caveat="Between two exports a straight line is drawn.",
    ),
)

BY_NAME: Final[dict[str, Metric]] = {metric.name: metric for metric in METRICS}

SQL: Final[dict[str, str]] = {metric.name: metric.sql for metric in METRICS if metric.sql}
"""What `${name}` stands for in the SQL models."""
