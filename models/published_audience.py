"""Published tables of audiences: what platforms tell of them, and how much of it is the target audience."""

from __future__ import annotations

from typing import Final

from models.published_table import Table, table

_SUBJECT: Final = """
platform VARCHAR tiktok, instagram, …
subject_type VARCHAR post or account
subject_id VARCHAR post_id, or the account's handle
population VARCHAR whose shares these are: followers or viewers
creator_id VARCHAR whose post or account it is
"""

TABLES: Final[tuple[Table, ...]] = (
    table(
        "audience",
        "audience, dimension and bucket: the newest shares, under the campaign's rule for small numbers",
        "platform subject_type subject_id population dimension bucket",
        _SUBJECT
        + """
observed_at TIMESTAMP when the platform said so
dimension VARCHAR age, gender, country, city or hour (share of a day's active followers)
bucket VARCHAR as the platform names it
share DOUBLE share of the audience; NULL: suppressed or unknown, see state
state VARCHAR shown, suppressed (a handful of people) or unknown
in_target BOOLEAN everybody in it meets the campaign's criterion; NULL: it cannot be told, or there is none
basis VARCHAR measured (this post's viewers, by the platform), account, or read by a person
""",
    ),
    table(
        "target_reach",
        "audience and criterion of the target audience; `all` is every criterion together",
        "platform subject_type subject_id population criterion",
        _SUBJECT
        + """
criterion VARCHAR age, country, city or all
words VARCHAR the criterion in words
observed_at TIMESTAMP oldest of the figures it rests on
share DOUBLE share of the audience that meets it; NULL unless known exactly
low DOUBLE at least this share: platforms give each criterion alone, never their combination
high DOUBLE at most this share
listed DOUBLE part of the audience that the platform's list covers
state VARCHAR shown, suppressed (a handful of people) or unknown
goal_share DOUBLE share that the campaign aims at
verdict VARCHAR Reaches goal, Below goal or Too close to call; only of a post whose own viewers were measured
basis VARCHAR measured (this post's viewers) or account
is_reading BOOLEAN some of it was read on a screen and typed in by a person
""",
    ),
)
