"""Published tables that the campaign file decides, and what is known of its accounts."""

from __future__ import annotations

from typing import Final

from models.published_table import Table, table

TABLES: Final[tuple[Table, ...]] = (
    table(
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
contact VARCHAR whom creators tell when something is wrong, in the campaign file's words
""",
    ),
    table(
        "teams",
        "team",
        "team_id",
        """
team_id VARCHAR id in the campaign file
name VARCHAR name shown
rank BIGINT order in the campaign file
""",
    ),
    table(
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
    table(
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
    table(
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
    table(
        "creators",
        "creator whose consent has not ended",
        "creator_id",
        """
creator_id VARCHAR id in the campaign file
name VARCHAR name shown
kind VARCHAR influencer or trust
communities VARCHAR declared by the creator, in their words; never inferred
consent_until DATE last day on which their figures are published; NULL = no end agreed
language VARCHAR BCP 47 tag of the language to write to them in
rank BIGINT order in the campaign file
""",
    ),
    table(
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
)
