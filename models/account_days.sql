-- An account's days as the platform reported them; per metric the latest export that has the day wins.
WITH ranked AS (
    SELECT
        d.*,
        row_number() OVER (
            PARTITION BY d.platform, d.account, d.day
            ORDER BY d.observed_s DESC, l.source_rank, d.load_id, d.row_no
        ) AS recency
    FROM raw.account_days_seen AS d
    JOIN live_loads AS l ON l.load_id = d.load_id
    JOIN cfg_accounts AS a ON a.platform = d.platform AND a.account = d.account
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
    CROSS JOIN cfg_run AS run
    WHERE d.observed_s <= run.as_of_s
)
SELECT
    platform, account, day,
    min_by(followers, CASE WHEN followers IS NOT NULL THEN recency END) AS followers,
    min_by(views, CASE WHEN views IS NOT NULL THEN recency END) AS views,
    min_by(profile_views, CASE WHEN profile_views IS NOT NULL THEN recency END) AS profile_views,
    min_by(likes, CASE WHEN likes IS NOT NULL THEN recency END) AS likes,
    min_by(comments, CASE WHEN comments IS NOT NULL THEN recency END) AS comments,
    min_by(shares, CASE WHEN shares IS NOT NULL THEN recency END) AS shares
FROM ranked
GROUP BY platform, account, day
