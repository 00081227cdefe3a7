"""Published tables of posts: what they are, their topics, their days."""

from __future__ import annotations

from typing import Final

from models.metrics import BY_NAME
from models.published_table import Table, table

_POST: Final = """
platform VARCHAR tiktok, instagram, …
post_id VARCHAR the platform's id: TikTok's digits, the first 11 characters of Instagram's shortcode
"""
_STATUS: Final = "VARCHAR observed, interpolated, not_yet or missing"


def _of(name: str, type_: str = "BIGINT") -> str:
    """The line of a metric's column, from its passport."""
    metric = BY_NAME[name]
    return f"{name} {type_} {metric.formula}; NULL when {metric.undefined_when}"


TABLES: Final[tuple[Table, ...]] = (
    table(
        "posts",
        "post",
        "platform post_id",
        _POST
        + f"""
account VARCHAR handle of the true owner
creator_id VARCHAR the owner's creator; for a collab of an outside owner, the exporter's
topic_id VARCHAR primary topic; NULL = no rule matches
team_id VARCHAR team of the primary topic
period_id VARCHAR action period of the publication day; NULL = outside every period
published_at TIMESTAMP publication
published_on DATE publication day in the campaign's zone
permalink VARCHAR address on the platform
caption VARCHAR as the creator wrote it
media_type VARCHAR video, photo, reel, image, carousel or story
duration_s DOUBLE length in seconds
observed_at TIMESTAMP newest observation
age_days DOUBLE days from publication to the newest observation
views BIGINT newest known total
reach BIGINT newest known number of accounts reached
likes BIGINT newest known total
comments BIGINT newest known total
shares BIGINT newest known total
saves BIGINT newest known total
{_of("interactions")}
{_of("engagement_rate", "DOUBLE")}
{_of("engagement_rate_with_saves", "DOUBLE")}
{_of("engagement_rate_by_reach", "DOUBLE")}
{_of("engagement_rate_by_followers", "DOUBLE")}
{_of("save_rate", "DOUBLE")}
{_of("share_rate", "DOUBLE")}
{_of("completion_rate", "DOUBLE")}
{_of("watch_time_avg_s", "DOUBLE")}
{_of("views_day_1")}
views_day_1_status {_STATUS}
{_of("views_day_3")}
views_day_3_status {_STATUS}
{_of("views_day_7")}
views_day_7_status {_STATUS}
views_day_7_low BIGINT last value seen before 7 days; NULL: none, or counted anew before the next
views_day_7_high BIGINT first value seen after 7 days; NULL: none, or counted anew since the one before
{_of("views_day_28")}
views_day_28_status {_STATUS}
same_age_note VARCHAR why views at 7 and at 28 days are both missing, and what gives them; else NULL
engagement_rate_low DOUBLE what the rate is at least, given the views: order lists by this, never by the rate
target_share DOUBLE share of the post's viewers that meets every criterion; NULL unless known exactly
target_low DOUBLE lower bound of that share; NULL: not measured for this post
target_high DOUBLE upper bound of that share; NULL: not measured for this post
target_basis VARCHAR measured (this post's viewers), account (see target_reach; no word on a video) or unknown
is_collab BOOLEAN published jointly with another account
is_paid BOOLEAN advertised or paid for; NULL = the source does not say
gone_at TIMESTAMP when an API that listed it no longer did: deleted, or private; NULL = not seen to be
listed_by VARCHAR sources that reported the post, comma-separated
""",
    ),
    table(
        "post_topics",
        "post and topic",
        "platform post_id topic_id",
        _POST
        + """
topic_id VARCHAR topic that the post matches
rule VARCHAR assignment, hashtag, keyword or account
matched_on VARCHAR the words of the rule that matched
is_primary BOOLEAN the one topic under which the post is counted
""",
    ),
    table(
        "post_days",
        "post and day on which it was observed",
        "platform post_id day",
        _POST
        + """
day DATE day in the campaign's zone
views BIGINT last total seen that day
views_new BIGINT change since the last day with known views; from 0 at publication for the first
likes_new BIGINT change over the same days; NULL unless likes are known at both of their ends
comments_new BIGINT the same for comments
shares_new BIGINT the same for shares
saves_new BIGINT the same for saves
covers_days BIGINT days that views_new covers: more than 1 after a gap; NULL where it is
is_correction BOOLEAN the total fell: the platform corrected it
is_reset BOOLEAN the total fell by 90 % or more from at least 100: counted anew, no change across it
is_redefined BOOLEAN views are counted by another definition from here on: no change across it
""",
        is_sorted=False,  # a tenth of a build would be spent on that; whoever reads them says what order
    ),
)
