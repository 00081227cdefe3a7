-- Which topics a post belongs to, and by which rule. An assignment wins over every rule, and an
-- assignment without a topic says "no topic"; of several rules for one topic the surest is kept.
WITH matches AS (
    SELECT
        p.platform, p.post_id, r.topic_id, r.rule, r.matched_on, r.rule_rank,
        r.topic_rank, r.rule_no
    FROM campaign_posts AS p
    LEFT JOIN cfg_caption_keys AS k ON k.caption = p.caption
    JOIN cfg_rules AS r
        ON CASE r.rule
            WHEN 'hashtag' THEN contains(k.hashtags_key, r.key)
            WHEN 'keyword' THEN contains(k.words_key, r.key)
            ELSE r.key = concat(p.platform, ':', p.account)
        END
),
assigned AS (
    SELECT
        a.platform, a.post_id, a.topic_id, 'assignment' AS rule, a.matched_on, 0 AS rule_rank,
        a.row_no AS topic_rank, a.row_no AS rule_no
    FROM cfg_assignments AS a
    JOIN campaign_posts AS p ON p.platform = a.platform AND p.post_id = a.post_id
),
candidates AS (
    SELECT m.*
    FROM matches AS m
    LEFT JOIN (SELECT DISTINCT platform, post_id FROM cfg_assignments) AS by_hand
        ON by_hand.platform = m.platform AND by_hand.post_id = m.post_id
    WHERE by_hand.post_id IS NULL
    UNION ALL
    SELECT * FROM assigned WHERE topic_id IS NOT NULL
),
surest AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY platform, post_id, topic_id ORDER BY rule_rank, rule_no
        ) AS choice
    FROM candidates
)
SELECT
    platform, post_id, topic_id, rule, matched_on,
    row_number() OVER (
        PARTITION BY platform, post_id ORDER BY rule_rank, topic_rank, topic_id
    ) = 1 AS is_primary
FROM surest
WHERE choice = 1
