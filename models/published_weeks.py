"""Published tables over time: days and weeks of accounts, weeks and periods of topics, control charts."""

from __future__ import annotations

from typing import Final

from models.published_table import Table, table

_SPC: Final = """
measure VARCHAR new_views, interactions_per_1000_views or posts
facet VARCHAR topic:ID (13 or more settled weeks, 80 % of them complete) or account:PLATFORM:HANDLE
week DATE Monday of the ISO week
value DOUBLE the measure; rates here are per 1,000
phase BIGINT from 1; lines belong to a phase
mean DOUBLE centre: mean, geometric mean (scale log10) or median (run chart) of the baseline
lpl DOUBLE lower limit; NULL = no limits
upl DOUBLE upper limit; NULL = no limits
n_baseline BIGINT weeks whose values set the lines
cause VARCHAR the first rule that holds, or Common Cause; NULL = not judged
point_type VARCHAR common_cause, special_cause_improvement or special_cause_concern; NULL = not judged
is_trial BOOLEAN the lines rest on fewer than 20 weeks
is_provisional BOOLEAN the week is incomplete, not settled or only partly in the campaign: not judged
scale VARCHAR as they are, log10 (limits computed on it) or run chart (no limits)
baseline_from DATE first week of the baseline
baseline_to DATE last week of the baseline
is_screened BOOLEAN outlying moving ranges were left out of the limits
autocorrelation DOUBLE of neighbouring weeks in the baseline; above 0.3 signals are overstated; NULL below 20
"""

TABLES: Final[tuple[Table, ...]] = (
    table(
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
    table(
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
    table(
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
    table(
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
    table(
        "spc",
        "measure, facet and week of a control chart",
        "measure facet week",
        _SPC,
    ),
)
