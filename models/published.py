"""The contract of the published file: every table of schema `marts`, its columns, what they mean.

The builder casts to these types and this order, the data dictionary is written from these
words, and readers (pages, R, BI tools) may rely on both. Times are UTC, rates 0-1, NULL = not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from models.published_spc import SPC_COLUMNS


@dataclass(frozen=True)
class Column:
    """One published column: its DuckDB type and what it holds."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One published table: what a row is, which columns name the row, and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def _table(name: str, row: str, key: str, columns: str) -> Table:
    """A table from lines of `name TYPE meaning`."""
    parts = (line.split(maxsplit=2) for line in columns.splitlines() if line)
    return Table(name, row, tuple(key.split()), tuple(Column(*part) for part in parts))


_POST = """
platform VARCHAR tiktok, instagram, …
post_id VARCHAR the platform's id: TikTok's digits, the first 11 characters of Instagram's shortcode
"""

TABLES: Final[tuple[Table, ...]] = (
    _table(
        "campaign",
        "campaign (one row)",
        "name",
        """
name VARCHAR the campaign file's name
title VARCHAR title shown on pages
timezone VARCHAR zone that groups moments into days and weeks
starts DATE first day; older posts are left out
ends DATE last day
as_of TIMESTAMP newest observation in the data: what "now" means for every figure
built_at TIMESTAMP when this file was built
version VARCHAR version of rapup that built it
audience VARCHAR the people the campaign wants to reach, in its own words
goal_share DOUBLE share of a video's audience that the campaign aims at
""",
    ),
    _table(
        "teams",
        "team",
        "team_id",
        """
team_id VARCHAR id in the campaign file
name VARCHAR name shown
rank BIGINT order in the campaign file
""",
    ),
    _table(
        "topics",
        "topic",
        "topic_id",
        """
topic_id VARCHAR id in the campaign file
team_id VARCHAR team that owns the topic
name VARCHAR name shown
rank BIGINT order in the campaign file
""",
    ),
    _table(
        "periods",
        "action period",
        "period_id",
        """
period_id VARCHAR id in the campaign file
name VARCHAR name shown
starts DATE first day
ends DATE last day, inclusive
rank BIGINT order in time
""",
    ),
    _table(
        "events",
        "event of the timetable",
        "rank",
        """
rank BIGINT order in time
day DATE day of the event
name VARCHAR name shown
kind VARCHAR session, test_of_change, platform_change, boost or outside
team_id VARCHAR the team it concerns; NULL = all
note VARCHAR what was tried and predicted
""",
    ),
    _table(
        "creators",
        "creator whose consent has not ended",
        "creator_id",
        """
creator_id VARCHAR id in the campaign file
name VARCHAR name shown
kind VARCHAR influencer or trust
communities VARCHAR declared by the creator, in their words; never inferred
consent_until DATE last day on which their figures are published; NULL = no end agreed
rank BIGINT order in the campaign file
""",
    ),
    _table(
        "accounts",
        "account of a creator",
        "platform account",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle, lower case, without "@"
creator_id VARCHAR whose account it is
posts BIGINT posts known, since the campaign's start
newest_post DATE day of the newest known post
newest_observation TIMESTAMP newest moment at which any source reported on it
""",
    ),
    _table(
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
    _table(
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
    _table(
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
    _table(
        "account_days",
        "account and day",
        "platform account day",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
day DATE day as the platform reports it
followers BIGINT followers at the end of the day
views BIGINT views of all the account's videos that day
profile_views BIGINT visits to the profile
likes BIGINT net: withdrawn likes are subtracted
comments BIGINT net: may be negative
shares BIGINT that day
""",
    ),
    _table(
        "account_weeks",
        "account and week: all of the account's videos, also those outside the campaign",
        "platform account week",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
creator_id VARCHAR whose account it is
week DATE Monday of the ISO week
views BIGINT sum of the days known
interactions BIGINT sum of the days known
engagement_rate DOUBLE interactions / views over the days where both are known
days BIGINT days with known views
is_complete BOOLEAN all seven days are known
""",
    ),
    _table(
        "topic_weeks",
        "topic, platform and week; platform `all` is the total",
        "topic_id platform week",
        """
topic_id VARCHAR primary topic of the posts
team_id VARCHAR team of the topic
platform VARCHAR tiktok, instagram, … or all
week DATE Monday of the ISO week
posts BIGINT posts published in the week
views_new BIGINT views gained in the week by all known posts of the topic
interactions_new BIGINT likes + comments + shares gained in the week
engagement_rate DOUBLE interactions_new / views_new
coverage DOUBLE share of the expected gain that comes from posts whose value is known at both week edges
basis VARCHAR observed, interpolated or partial
is_complete BOOLEAN the week has ended and coverage is at least 0.9
is_settled BOOLEAN three days have passed since the week's end
""",
    ),
    _table(
        "topic_periods",
        "topic and action period (posts published in the period)",
        "topic_id period_id",
        """
topic_id VARCHAR primary topic of the posts
team_id VARCHAR team of the topic
period_id VARCHAR action period
posts BIGINT posts published in the period
same_age_day BIGINT 7 or 28: youngest age known for 80 % of posts that reached it, here and one period before
posts_of_that_age BIGINT posts whose views at that age are known
median_views_same_age DOUBLE median of those views
low DOUBLE lower end of the median's 95 % interval; NULL below 6 posts
high DOUBLE upper end of the median's 95 % interval; NULL below 6 posts
median_views_day_7 DOUBLE median of views_day_7 where known
engagement_rate DOUBLE interactions / views at that age: sums over the posts
rate_low DOUBLE lower end of the rate's interval; NULL: not computed yet
rate_high DOUBLE upper end of the rate's interval; NULL: not computed yet
views_new BIGINT views gained in the topic's full weeks inside the period, all posts
weeks BIGINT full weeks inside the period that views_new sums
views_new_per_week DOUBLE views_new / weeks
""",
    ),
    _table(
        "spc",
        "measure, facet and week of a control chart",
        "measure facet week",
        SPC_COLUMNS,
    ),
    _table(
        "sources",
        "account and source",
        "platform account source",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
source VARCHAR kind of export or API; `none` when nothing ever came
last_load_at TIMESTAMP when rapup last loaded it
newest_observation TIMESTAMP newest moment it reported on
status VARCHAR fresh, stale or never
note VARCHAR what to know or do about it
""",
    ),
    _table(
        "asks",
        "thing to ask a creator for",
        "platform account ask",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
creator_id VARCHAR whom to ask
ask VARCHAR file to ask for: content or overview
reason VARCHAR why it is needed
""",
    ),
    _table(
        "source_metrics",
        "account, source and metric",
        "platform account source metric",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
source VARCHAR kind of export or API
metric VARCHAR canonical metric
native_name VARCHAR the platform's own name for it
null_reason VARCHAR why the source gives no value; NULL when it does
""",
    ),
    _table(
        "loads",
        "load: one file (or ZIP member), or one reading of an API",
        "load_id",
        """
load_id VARCHAR names the load
source VARCHAR kind of export or API; NULL when it could not be told
platform VARCHAR tiktok, instagram, …
account VARCHAR handle, when the load is of one account
name VARCHAR path below the inbox; the ZIP member after "!"
sha256 VARCHAR of the bytes
exported_on DATE day of the export
loaded_at TIMESTAMP when rapup loaded or refused it
rows BIGINT rows loaded
refused BIGINT rows left out; 1 for a refused file
reason VARCHAR why
notice VARCHAR what a person should know about it
""",
    ),
)

BY_NAME: Final[dict[str, Table]] = {table.name: table for table in TABLES}
