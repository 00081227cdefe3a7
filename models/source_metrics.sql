-- The platform's own name of every metric, or why a source does not give it; the newest load speaks.
WITH spoken AS (
    SELECT
        r.platform, r.account, r.source, m.metric, m.native_name, m.null_reason,
        row_number() OVER (
            PARTITION BY r.platform, r.account, r.source, m.metric ORDER BY r.observed_s DESC, m.load_id
        ) AS recency
    FROM raw.load_metrics AS m
    JOIN reports AS r ON r.load_id = m.load_id AND r.has_totals
    JOIN cfg_accounts AS a ON a.platform = r.platform AND a.account = r.account
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
)
SELECT platform, account, source, metric, native_name, null_reason
FROM spoken
WHERE recency = 1
