"""Published tables over time: days and weeks of accounts, weeks and periods of topics, control charts."""

from __future__ import annotations

from typing import Final

from models.metrics import BY_NAME
from models.published_table import Table, table

_RATE: Final = BY_NAME["engagement_rate"].formula
_INTERACTIONS: Final = BY_NAME["interactions"].formula
_SPC: Final = """
measure VARCHAR new_views, interactions_per_1000_views or posts
facet VARCHAR topic:ID or account:PLATFORM:HANDLE (all of the account's videos)
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
scale VARCHAR as they are, log10 (limits computed on it), u' (limits by a week's views), run chart (no limits)
baseline_from DATE first week of the baseline
baseline_to DATE last week of the baseline
is_screened BOOLEAN outlying moving ranges were left out of the limits
autocorrelation DOUBLE of neighbouring weeks in the baseline; above 0.3 signals are overstated; NULL below 20
phase_asked DATE day asked for; the phase begins with the next full week; NULL = the first phase
phase_reason VARCHAR why this phase has lines of its own; NULL = the first phase
target DOUBLE the campaign file's target; NULL = none
assurance VARCHAR consistent_pass, consistent_fail or inconsistent; NULL = no target or no limits
run_longest BIGINT longest run of weeks on one side of the median; NULL = limits exist, or below 10 weeks
run_longest_max BIGINT longest run that is still usual (Anhøj)
crossings BIGINT how often the weeks cross the median
crossings_min BIGINT fewest crossings that are still usual (Anhøj)
run_signal BOOLEAN the longest run is too long or the crossings are too few
is_sufficient BOOLEAN limits may be drawn: a topic has had 13 settled weeks, 80 % of them complete; then kept
limits_from DATE day on which limits will exist if every coming week is complete; NULL = not for want of weeks
spread DOUBLE standard deviation of the weeks so far, while weeks are missing for limits; NULL below 6
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
viewers_total BIGINT people who watched any of the videos that day
viewers_new BIGINT of them, those who had not watched before
viewers_returning BIGINT of them, those who had
""",
    ),
    table(
        "account_weeks",
        "account and week: all of the account's videos, also those outside the campaign",
        "platform account week",
        f"""
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
creator_id VARCHAR whose account it is
week DATE Monday of the ISO week
views BIGINT sum of the days known
interactions BIGINT sum of the days known
engagement_rate DOUBLE {_RATE} over the days where both are known
days BIGINT days with known views
is_complete BOOLEAN all seven days are known
""",
    ),
    table(
        "topic_weeks",
        "topic, platform and week; platform `all` is the total",
        "topic_id platform week",
        f"""
topic_id VARCHAR primary topic of the posts
team_id VARCHAR team of the topic
platform VARCHAR tiktok, instagram, … or all
week DATE Monday of the ISO week
posts BIGINT posts published in the week
views_new BIGINT views gained in the week by all known posts of the topic
interactions_new BIGINT {_INTERACTIONS} gained in the week
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
        f"""
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
engagement_rate DOUBLE {_RATE} at that age: sums over the posts
rate_low DOUBLE lower end of the rate's 95 % interval (posts resampled); NULL below 6 posts
rate_high DOUBLE upper end of the rate's 95 % interval (posts resampled); NULL below 6 posts
median_rate DOUBLE median of the posts' own rates at that age
is_dominated BOOLEAN one post has more than half of the views: read median_rate, not engagement_rate
views_new BIGINT views gained in the topic's full weeks inside the period, all posts
weeks BIGINT full weeks inside the period that views_new sums
views_new_per_week DOUBLE views_new / weeks
""",
    ),
    table(
        "topic_comparisons",
        "topic, action period and measure: the period beside the one before",
        "topic_id period_id measure",
        """
topic_id VARCHAR primary topic of the posts
team_id VARCHAR team of the topic
period_id VARCHAR the later action period
before_id VARCHAR the action period before it
measure VARCHAR views_same_age (of a post) or engagement_rate (ratio of sums)
same_age_day BIGINT age at which the posts are compared; NULL: no age is known for 80 % of both periods' posts
posts_before BIGINT posts of the earlier period that the ratio rests on
posts_after BIGINT posts of the later period that the ratio rests on
ratio DOUBLE later : earlier (views: Hodges-Lehmann on log10; rates: of the two rates); 1 = no change
low DOUBLE lower end of its 95 % interval; NULL below 6 posts in either period
high DOUBLE upper end of its 95 % interval; NULL below 6 posts in either period
known_before DOUBLE share of the earlier period's posts whose figure is known
known_after DOUBLE share of the later period's posts whose figure is known
boosted BIGINT posts of both periods known to be boosted
boosting_unknown BIGINT posts of both periods of which no source says whether they were boosted
shift VARCHAR sustained shift of the weekly chart, new in the later period: up, down; NULL: none, or no chart
verdict VARCHAR improved, fell, signal, no_change, too_few or not_comparable (views counted anew in between)
sentence VARCHAR the verdict in words, with what limits it
""",
    ),
    table(
        "posting_times",
        "part of the day, or weekday, in which posts were published",
        "dimension bucket",
        """
dimension VARCHAR hours (three of them) or weekday, in the campaign's zone
bucket BIGINT the first of the three hours, or the ISO number of the weekday (1 = Monday)
posts BIGINT posts published then, of the newest 1,000 with known views at 28 days
median_views DOUBLE median of their views at 28 days
ratio DOUBLE their views at 28 days : those of others of the same account and period; NULL below 6 posts
low DOUBLE lower end of its interval, 95 % for all rows together
high DOUBLE upper end of its interval, 95 % for all rows together
is_named BOOLEAN the one row that chance hardly ever makes lead by as much (permutation test over all rows)
""",
    ),
    table(
        "spc",
        "measure, facet and week of a control chart",
        "measure facet week",
        _SPC,
    ),
)
