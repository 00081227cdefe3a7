-- The youngest age at which an action period compares with the one before: known, in both, for 80 % of
-- the posts that have reached it.
WITH known AS (
    SELECT
        topic_id, period_rank, age_day,
        CAST(count(views) AS DOUBLE)
            / NULLIF(sum(CASE WHEN status <> 'not_yet' THEN 1 ELSE 0 END), 0) AS share_known
    FROM aged_posts
    GROUP BY topic_id, period_rank, age_day
)
SELECT k.topic_id, k.period_rank, min(k.age_day) AS age_day
FROM known AS k
LEFT JOIN known AS before
    ON before.topic_id = k.topic_id AND before.age_day = k.age_day AND before.period_rank = k.period_rank - 1
WHERE k.share_known >= 0.8 AND coalesce(before.share_known, 1) >= 0.8
GROUP BY k.topic_id, k.period_rank
