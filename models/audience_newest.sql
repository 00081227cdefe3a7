-- The newest shares of each audience that may be shown. An export gives all buckets of a dimension at
-- once; what people read on a screen comes bucket by bucket, and stands only where no export says more.
WITH seen AS (
    SELECT
        a.platform, a.subject_type, a.subject_id, a.population, a.dimension, a.bucket, a.share,
        a.observed_s, l.source_rank,
        row_number() OVER (
            PARTITION BY
                a.platform, a.subject_type, a.subject_id, a.population, a.dimension, a.bucket, a.load_id
            ORDER BY a.row_no
        ) AS copy,
        dense_rank() OVER (
            PARTITION BY
                a.platform, a.subject_type, a.subject_id, a.population, a.dimension,
                CASE WHEN l.source_rank = 4 THEN a.bucket ELSE '' END
            ORDER BY a.observed_s DESC, l.source_rank, a.load_id
        ) AS recency,
        min(l.source_rank) OVER (
            PARTITION BY a.platform, a.subject_type, a.subject_id, a.population, a.dimension
        ) AS best_rank
    FROM raw.audience_seen AS a
    JOIN live_loads AS l ON l.load_id = a.load_id
    CROSS JOIN cfg_run AS run
    WHERE a.observed_s <= run.as_of_s AND a.share BETWEEN 0 AND 1
),
newest AS (
    SELECT * FROM seen WHERE recency = 1 AND copy = 1 AND (source_rank < 4 OR best_rank = 4)
),
subjects AS (
    SELECT 'account' AS subject_type, a.platform, a.account AS subject_id, a.creator_id, a.account
    FROM cfg_accounts AS a
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
    UNION ALL
    SELECT 'post', platform, post_id, creator_id, account FROM campaign_posts
),
followers AS (
    SELECT
        platform, account,
        max_by(followers, CASE WHEN followers IS NOT NULL THEN day END) AS followers
    FROM account_days
    GROUP BY platform, account
)
SELECT
    n.platform, n.subject_type, n.subject_id, s.creator_id, n.population, n.dimension, n.bucket, n.share,
    n.observed_s, utc_timestamp(n.observed_s) AS observed_at, n.source_rank = 4 AS is_reading,
    CASE
        WHEN n.population = 'followers' THEN f.followers
        WHEN n.subject_type = 'post' THEN c.reach
    END AS people
FROM newest AS n
JOIN subjects AS s
    ON s.subject_type = n.subject_type AND s.platform = n.platform AND s.subject_id = n.subject_id
LEFT JOIN followers AS f ON f.platform = s.platform AND f.account = s.account
LEFT JOIN post_current AS c
    ON n.subject_type = 'post' AND c.platform = n.platform AND c.post_id = n.subject_id
