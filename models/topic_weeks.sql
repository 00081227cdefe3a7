-- Views and interactions gained per topic and week by all its known posts, old ones too, with the
-- share of the expected gain that was seen (coverage). Platform `all` is the total of the platforms.
WITH counted AS (
    SELECT
        t.topic_id, g.platform, w.week, w.views, w.interactions, w.is_interpolated, w.is_first, e.gain
    FROM post_weeks AS w
    JOIN campaign_posts AS p ON p.post_no = w.post_no
    JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
    JOIN expected_gains AS e ON e.post_no = w.post_no AND e.week = w.week
    JOIN cfg_platform_groups AS g ON g.member = p.platform
),
summed AS (
    SELECT
        topic_id, platform, week,
        sum(CASE WHEN is_first THEN 1 ELSE 0 END) AS posts,
        sum(views) AS views,
        sum(interactions) AS interactions,
        sum(CASE WHEN interactions IS NOT NULL THEN views END) AS views_of_rate,
        max(CASE WHEN views IS NOT NULL THEN is_interpolated ELSE 0 END) AS is_interpolated,
        sum(CASE WHEN views IS NOT NULL THEN gain ELSE 0 END) AS gain_known,
        sum(gain) AS gain_all,
        sum(CASE WHEN views IS NOT NULL THEN 1 ELSE 0 END) AS posts_known,
        count(*) AS posts_all
    FROM counted
    GROUP BY topic_id, platform, week
),
covered AS (
    SELECT
        *,
        CASE
            WHEN gain_all > 0 THEN CAST(gain_known AS DOUBLE) / gain_all
            ELSE CAST(posts_known AS DOUBLE) / posts_all
        END AS coverage
    FROM summed
),
rated AS (
    SELECT topic_id, platform, week, ${engagement_rate} AS engagement_rate
    FROM (SELECT topic_id, platform, week, views_of_rate AS views, interactions FROM covered)
)
SELECT
    c.topic_id, topics.team_id, c.platform, c.week, c.posts,
    c.views AS views_new,
    c.interactions AS interactions_new,
    r.engagement_rate,
    c.views_of_rate,
    c.coverage,
    CASE
        WHEN c.coverage < run.complete_from THEN 'partial'
        WHEN c.is_interpolated = 1 THEN 'interpolated'
        ELSE 'observed'
    END AS basis,
    c.coverage >= run.complete_from AND w.end_s <= run.as_of_s AS is_complete,
    w.end_s + 3 * 86400 <= run.as_of_s AS is_settled
FROM covered AS c
JOIN rated AS r ON r.topic_id = c.topic_id AND r.platform = c.platform AND r.week = c.week
JOIN cfg_topics AS topics ON topics.topic_id = c.topic_id
JOIN cfg_weeks AS w ON w.week = c.week
CROSS JOIN cfg_run AS run
