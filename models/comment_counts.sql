-- Comments by topic, action period, post and how they sound. Each comment once, as it was last stored; those
-- of the account itself are left out. Sums of scores are whole ten-thousandths, so that no order of adding
-- up changes them. The texts are not read.
WITH versions AS (
    SELECT
        c.platform, c.post_id, c.is_owner, c.compound,
        CASE
            WHEN c.category = 'no_words' THEN 'no_words'
            WHEN c.category IN ('positive', 'neutral', 'negative') AND c.compound IS NOT NULL THEN c.category
            ELSE 'not_scored'
        END AS category,
        row_number() OVER (
            PARTITION BY c.platform, c.comment_id
            ORDER BY c.observed_s DESC, c.load_id DESC, c.row_no DESC
        ) AS recency
    FROM raw.comments_seen AS c
    JOIN live_loads AS l ON l.load_id = c.load_id
    CROSS JOIN cfg_run AS run
    WHERE c.observed_s <= run.as_of_s
)
SELECT
    t.topic_id, p.period_id, p.platform, p.post_id, v.category,
    count(*) AS comments,
    CAST(sum(CAST(round(v.compound * 10000) AS BIGINT)) AS BIGINT) AS compound_10000
FROM versions AS v
JOIN campaign_posts AS p ON p.platform = v.platform AND p.post_id = v.post_id
JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
WHERE v.recency = 1 AND NOT coalesce(v.is_owner, FALSE) AND p.period_id IS NOT NULL
GROUP BY t.topic_id, p.period_id, p.platform, p.post_id, v.category
