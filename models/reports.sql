-- The newest observation of each load and account that counts: what tells how fresh a source is.
-- `has_totals`: it gave totals of posts or days, whose metrics have names.
WITH reported AS (
    SELECT load_id, platform, account, source, observed_s, 1 AS has_totals FROM raw.post_observations
    UNION ALL
    SELECT load_id, platform, account, source, observed_s, 1 FROM raw.account_days_seen
    UNION ALL
    SELECT load_id, platform, exporter, source, observed_s, 0 FROM raw.posts_seen WHERE exporter <> account
    UNION ALL
    SELECT load_id, platform, account, source, observed_s, 0 FROM raw.audience_seen
),
newest AS (
    SELECT
        r.load_id, r.platform, r.account, r.source,
        max(r.observed_s) AS observed_s, max(r.has_totals) = 1 AS has_totals
    FROM reported AS r
    CROSS JOIN cfg_run AS run
    WHERE r.observed_s <= run.as_of_s
    GROUP BY r.load_id, r.platform, r.account, r.source
)
SELECT n.*, l.loaded_at
FROM newest AS n
JOIN live_loads AS l ON l.load_id = n.load_id
