-- The campaign's posts, moment by moment. Loads that report the same moment are merged metric by metric,
-- the one believed first.
WITH ranked AS (
    SELECT
        o.*,
        row_number() OVER (
            PARTITION BY o.post_no, o.observed_s ORDER BY o.told_s DESC, o.load_rank, o.row_no
        ) AS choice
    FROM observations AS o
    JOIN tied_moments AS t ON t.post_no = o.post_no AND t.observed_s = o.observed_s
)
SELECT
    o.post_no, o.observed_s, o.is_exact, o.definition_no,
    o.views, o.reach, o.likes, o.comments, o.shares, o.saves, o.watch_time_avg_s, o.completion_rate
FROM observations AS o
LEFT JOIN tied_moments AS t ON t.post_no = o.post_no AND t.observed_s = o.observed_s
WHERE t.post_no IS NULL
UNION ALL
SELECT
    post_no,
    observed_s,
    min_by(is_exact, choice) AS is_exact,
    min_by(definition_no, CASE WHEN views IS NOT NULL THEN choice END) AS definition_no,
    min_by(views, CASE WHEN views IS NOT NULL THEN choice END) AS views,
    min_by(reach, CASE WHEN reach IS NOT NULL THEN choice END) AS reach,
    min_by(likes, CASE WHEN likes IS NOT NULL THEN choice END) AS likes,
    min_by(comments, CASE WHEN comments IS NOT NULL THEN choice END) AS comments,
    min_by(shares, CASE WHEN shares IS NOT NULL THEN choice END) AS shares,
    min_by(saves, CASE WHEN saves IS NOT NULL THEN choice END) AS saves,
    min_by(watch_time_avg_s, CASE WHEN watch_time_avg_s IS NOT NULL THEN choice END) AS watch_time_avg_s,
    min_by(completion_rate, CASE WHEN completion_rate IS NOT NULL THEN choice END) AS completion_rate
FROM ranked
GROUP BY post_no, observed_s
