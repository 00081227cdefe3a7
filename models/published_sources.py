"""Published tables about the data themselves: what came, from where, and what to ask for."""

from __future__ import annotations

from typing import Final

from models.published_table import Table, table

TABLES: Final[tuple[Table, ...]] = (
    table(
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
    table(
        "pulls",
        "account and API",
        "platform account source",
        """
platform VARCHAR tiktok, instagram, …
account VARCHAR handle
source VARCHAR the API
pulled_at TIMESTAMP when it was last read, or tried
newest_value_at TIMESTAMP when figures last came from it
complete_at TIMESTAMP beginning of the last walk that reached the last page
is_complete BOOLEAN the newest walk reached its last page
requests BIGINT requests of the newest attempt
pages BIGINT pages stored
posts BIGINT posts stored
rows BIGINT rows stored
refused BIGINT rows, or values of rows, left out
retries BIGINT requests that had to be made again
waited_s DOUBLE seconds spent waiting for the platform
quota_used DOUBLE part of the platform's quota used, 0-1; NULL = the platform does not say
stopped VARCHAR why it ended before the last page
skipped VARCHAR what the platform did not give, and why
""",
    ),
    table(
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
    table(
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
    table(
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
