-- One row per post and moment. Sources that report the same moment are merged metric by metric:
-- the platform's API, then its export, then captures, then readings by a person.
WITH ranked AS (
    SELECT
        o.*,
        row_number() OVER (
            PARTITION BY o.platform, o.post_id, o.observed_s
            ORDER BY l.source_rank, o.load_id, o.row_no
        ) AS choice,
        count(*) OVER (PARTITION BY o.platform, o.post_id, o.observed_s) AS choices
    FROM raw.post_observations AS o
    JOIN live_loads AS l ON l.load_id = o.load_id
    CROSS JOIN cfg_run AS run
    WHERE o.observed_s <= run.as_of_s
),
alone AS (
    SELECT
        platform, post_id, observed_s, observed_precision,
        views, reach, likes, comments, shares, saves
    FROM ranked
    WHERE choices = 1
),
merged AS (
    SELECT
        platform,
        post_id,
        observed_s,
        min_by(observed_precision, choice) AS observed_precision,
        min_by(views, CASE WHEN views IS NOT NULL THEN choice END) AS views,
        min_by(reach, CASE WHEN reach IS NOT NULL THEN choice END) AS reach,
        min_by(likes, CASE WHEN likes IS NOT NULL THEN choice END) AS likes,
        min_by(comments, CASE WHEN comments IS NOT NULL THEN choice END) AS comments,
        min_by(shares, CASE WHEN shares IS NOT NULL THEN choice END) AS shares,
        min_by(saves, CASE WHEN saves IS NOT NULL THEN choice END) AS saves
    FROM ranked
    WHERE choices > 1
    GROUP BY platform, post_id, observed_s
),
together AS (
    SELECT * FROM alone
    UNION ALL
    SELECT * FROM merged
)
SELECT *, ${interactions} AS interactions
FROM together
