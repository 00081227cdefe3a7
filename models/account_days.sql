-- An account's days as the platform reported them; per metric the latest export that has the day wins.
-- Days in TikTok's Viewers files come one late (a day would else have more viewers than views).
WITH seen AS (
    SELECT
        d.*, l.source_rank,
        CASE
            WHEN d.source = 'tiktok_studio_viewers' AND run.viewers_one_day_late
                THEN CAST(d.day - INTERVAL 1 DAY AS DATE)
            ELSE d.day
        END AS day_counted
    FROM raw.account_days_seen AS d
    JOIN live_loads AS l ON l.load_id = d.load_id
    JOIN cfg_accounts AS a ON a.platform = d.platform AND a.account = d.account
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
    CROSS JOIN cfg_run AS run
    WHERE d.observed_s <= run.as_of_s
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY platform, account, day_counted
            ORDER BY observed_s DESC, source_rank, load_id, row_no
        ) AS recency
    FROM seen
)
SELECT
    platform, account, day_counted AS day,
    min_by(followers, CASE WHEN followers IS NOT NULL THEN recency END) AS followers,
    min_by(views, CASE WHEN views IS NOT NULL THEN recency END) AS views,
    min_by(profile_views, CASE WHEN profile_views IS NOT NULL THEN recency END) AS profile_views,
    min_by(likes, CASE WHEN likes IS NOT NULL THEN recency END) AS likes,
    min_by(comments, CASE WHEN comments IS NOT NULL THEN recency END) AS comments,
    min_by(shares, CASE WHEN shares IS NOT NULL THEN recency END) AS shares,
    min_by(viewers_total, CASE WHEN viewers_total IS NOT NULL THEN recency END) AS viewers_total,
    min_by(viewers_new, CASE WHEN viewers_new IS NOT NULL THEN recency END) AS viewers_new,
    min_by(viewers_returning, CASE WHEN viewers_returning IS NOT NULL THEN recency END) AS viewers_returning
FROM ranked
GROUP BY platform, account, day_counted
