-- Comments below each post that has a topic and an action period, by how they sound. Each comment once, as
-- it was last stored; those of the account itself are left out. Sums of scores are whole ten-thousandths, so
-- that no order of adding up changes them. The texts are not read.
WITH versions AS (
    SELECT
        c.platform, c.post_id, c.is_owner, c.category, c.compound,
        row_number() OVER (
            PARTITION BY c.platform, c.comment_id
            ORDER BY c.observed_s DESC, c.load_id DESC, c.row_no DESC
        ) AS recency
    FROM raw.comments_seen AS c
    JOIN live_loads AS l ON l.load_id = c.load_id
    CROSS JOIN cfg_run AS run
    WHERE c.observed_s <= run.as_of_s
),
counted AS (
    SELECT
        platform, post_id, compound,
        CASE
            WHEN category = 'no_words' THEN 'no_words'
            WHEN category IN ('positive', 'neutral', 'negative') AND compound IS NOT NULL THEN category
            ELSE 'not_scored'
        END AS category
    FROM versions
    WHERE recency = 1 AND NOT coalesce(is_owner, FALSE)
)
SELECT
    t.topic_id, p.period_id, p.platform, p.post_id,
    count(CASE WHEN c.category = 'positive' THEN 1 END) AS positive,
    count(CASE WHEN c.category = 'neutral' THEN 1 END) AS neutral,
    count(CASE WHEN c.category = 'negative' THEN 1 END) AS negative,
    count(CASE WHEN c.category = 'no_words' THEN 1 END) AS no_words,
    count(CASE WHEN c.category = 'not_scored' THEN 1 END) AS not_scored,
    CAST(
        sum(
            CASE
                WHEN c.category IN ('positive', 'neutral', 'negative') THEN CAST(round(c.compound * 10000) AS BIGINT)
                ELSE 0
            END
        ) AS BIGINT
    ) AS compound_10000
FROM counted AS c
JOIN campaign_posts AS p ON p.platform = c.platform AND p.post_id = c.post_id
JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
WHERE p.period_id IS NOT NULL
GROUP BY t.topic_id, p.period_id, p.platform, p.post_id
