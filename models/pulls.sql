-- The newest attempt to read each account through each API, with what it cost and why it ended.
WITH ranked AS (
    SELECT
        w.*,
        row_number() OVER (
            PARTITION BY w.platform, w.account, w.source
            ORDER BY w.ended_s DESC, w.started_s DESC, w.is_complete DESC, w.load_id
        ) AS recency
    FROM raw.pulls AS w
    JOIN cfg_accounts AS a ON a.platform = w.platform AND a.account = w.account
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
),
read AS (
    SELECT w.platform, w.account, w.source, max(l.loaded_at) AS newest_value_at
    FROM raw.pulls AS w
    JOIN live_loads AS l ON l.load_id = w.load_id
    GROUP BY w.platform, w.account, w.source
),
complete AS (
    SELECT platform, account, source, max(started_s) AS started_s
    FROM raw.pulls
    WHERE is_complete
    GROUP BY platform, account, source
)
SELECT
    r.platform, r.account, r.source,
    utc_timestamp(r.ended_s) AS pulled_at,
    read.newest_value_at,
    utc_timestamp(complete.started_s) AS complete_at,
    r.is_complete, r.requests, r.pages, r.posts,
    coalesce(l.rows, 0) AS rows,
    coalesce(l.refused, 0) AS refused,
    r.retries, r.waited_s, r.quota_used, r.stopped, r.skipped
FROM ranked AS r
LEFT JOIN raw.loads AS l ON l.load_id = r.load_id
LEFT JOIN read ON read.platform = r.platform AND read.account = r.account AND read.source = r.source
LEFT JOIN complete
    ON complete.platform = r.platform AND complete.account = r.account AND complete.source = r.source
WHERE r.recency = 1
