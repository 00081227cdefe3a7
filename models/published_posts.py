"""Published tables of posts: what they are, their topics, their days."""

from __future__ import annotations

from typing import Final

from models.published_table import Table, table

_POST: Final = """
platform VARCHAR tiktok, instagram, …
post_id VARCHAR the platform's id: TikTok's digits, the first 11 characters of Instagram's shortcode
"""

TABLES: Final[tuple[Table, ...]] = (
    table(
        "posts",
        "post",
        "platform post_id",
        _POST
        + """
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
interactions BIGINT likes + comments + shares of the newest observation that has all three
engagement_rate DOUBLE interactions / views of one observation; NULL when views are unknown or 0
views_day_7 BIGINT views 168 hours after publication
views_day_7_status VARCHAR observed, interpolated, not_yet or missing
views_day_7_low BIGINT last value seen before that age
views_day_7_high BIGINT first value seen after that age
views_day_28 BIGINT views 672 hours after publication
views_day_28_status VARCHAR observed, interpolated, not_yet or missing
target_share DOUBLE share of the post's audience that meets every criterion; NULL: not measured yet
target_low DOUBLE lower bound of that share; NULL: not measured yet
target_high DOUBLE upper bound of that share; NULL: not measured yet
target_basis VARCHAR measured, account or unknown
is_collab BOOLEAN published jointly with another account
is_paid BOOLEAN advertised or paid for; NULL = the source does not say
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
views_new BIGINT change since the observation before; from 0 at publication for the first
likes_new BIGINT the same for likes
comments_new BIGINT the same for comments
shares_new BIGINT the same for shares
saves_new BIGINT the same for saves
covers_days BIGINT days that the change covers: more than 1 after a gap
is_correction BOOLEAN the total fell: the platform corrected it
is_reset BOOLEAN the total fell by 90 % or more from at least 100: counted anew, no change across it
""",
    ),
)
