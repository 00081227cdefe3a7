"""Published table of comments: how many there are and how they sound, never what they say."""

from __future__ import annotations

from typing import Final

from models.comment_disclosure import FEWEST_COMMENTS, FEWEST_SCORED
from models.published_table import Table, table
from models.thresholds import NEGATIVE, POSITIVE

_RULE: Final = "under the campaign's rule for small numbers"

TABLES: Final[tuple[Table, ...]] = (
    table(
        "comment_periods",
        "topic and action period (comments below posts published in the period, whenever they were written);"
        " none while the campaign has comments off",
        "topic_id period_id",
        f"""
topic_id VARCHAR primary topic of the posts
period_id VARCHAR action period of the posts
comments BIGINT comments known, exact: each once, as last read; without those of the account itself
scored BIGINT comments with a score: positive, neutral and negative ones, {_RULE}
mean_compound DOUBLE mean score of those, -1 to 1, two decimals; NULL below {FEWEST_SCORED} of them
low DOUBLE lower end of the mean's 95 % interval (posts resampled); NULL below 6 posts
high DOUBLE upper end of the mean's 95 % interval (posts resampled); NULL below 6 posts
positive BIGINT comments with a score of {POSITIVE} or more, {_RULE}
neutral BIGINT comments with a score in between, {_RULE}
negative BIGINT comments with a score of {NEGATIVE} or less, {_RULE}
no_words BIGINT comments in which no word has a score: not neutral, and not in scored, {_RULE}
not_scored BIGINT comments that could not be scored, by their language for one, {_RULE}
suppressed VARCHAR columns hidden in this row; all counts below {FEWEST_COMMENTS} comments; NULL = none
""",
    ),
)
