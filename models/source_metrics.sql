-- The platform's own name of every metric, or why a source does not give it; the newest load speaks.
WITH spoken AS (
    SELECT
        o.platform, o.account, l.source, m.metric, m.native_name, m.null_reason,
        row_number() OVER (
            PARTITION BY o.platform, o.account, l.source, m.metric ORDER BY o.observed_s DESC, m.load_id
        ) AS recency
    FROM raw.load_metrics AS m
    JOIN live_loads AS l ON l.load_id = m.load_id
    JOIN (
        SELECT load_id, platform, account, max(observed_s) AS observed_s
        FROM raw.post_observations
        CROSS JOIN cfg_run AS run
        WHERE observed_s <= run.as_of_s
        GROUP BY load_id, platform, account
        UNION ALL
        SELECT load_id, platform, account, max(observed_s)
        FROM raw.account_days_seen
        CROSS JOIN cfg_run AS run
        WHERE observed_s <= run.as_of_s
        GROUP BY load_id, platform, account
    ) AS o ON o.load_id = m.load_id
    JOIN cfg_accounts AS a ON a.platform = o.platform AND a.account = o.account
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
)
SELECT platform, account, source, metric, native_name, null_reason
FROM spoken
WHERE recency = 1
