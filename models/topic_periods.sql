-- Action periods side by side: posts PUBLISHED in the period, at one age that both it and the period
-- before know for 80 % of the posts that have reached it. Views gained are of full weeks and all posts.
WITH aged AS (
    SELECT
        t.topic_id, p.period_id, periods.period_rank, a.age_day, a.views, a.interactions, a.status
    FROM campaign_posts AS p
    JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
    JOIN cfg_periods AS periods ON periods.period_id = p.period_id
    JOIN same_age AS a ON a.platform = p.platform AND a.post_id = p.post_id
),
known AS (
    SELECT
        topic_id, period_rank, age_day,
        count(*) AS posts, count(views) AS posts_known,
        CAST(count(views) AS DOUBLE)
            / NULLIF(sum(CASE WHEN status <> 'not_yet' THEN 1 ELSE 0 END), 0) AS share_known
    FROM aged
    GROUP BY topic_id, period_rank, age_day
),
common_age AS (
    SELECT k.topic_id, k.period_rank, min(k.age_day) AS age_day
    FROM known AS k
    LEFT JOIN known AS before
        ON before.topic_id = k.topic_id AND before.age_day = k.age_day AND before.period_rank = k.period_rank - 1
    WHERE k.share_known >= 0.8 AND coalesce(before.share_known, 1) >= 0.8
    GROUP BY k.topic_id, k.period_rank
),
at_age AS (
    SELECT
        a.topic_id, a.period_rank, a.age_day, a.views, a.interactions,
        row_number() OVER (PARTITION BY a.topic_id, a.period_rank ORDER BY a.views) AS position,
        count(*) OVER (PARTITION BY a.topic_id, a.period_rank) AS n
    FROM aged AS a
    JOIN common_age AS c
        ON c.topic_id = a.topic_id AND c.period_rank = a.period_rank AND c.age_day = a.age_day
    WHERE a.views IS NOT NULL
),
compared AS (
    SELECT
        at_age.topic_id, at_age.period_rank, max(at_age.age_day) AS same_age_day, max(at_age.n) AS posts_of_that_age,
        median(at_age.views) AS median_views_same_age,
        max(CASE WHEN at_age.position = m.k THEN at_age.views END) AS low,
        max(CASE WHEN at_age.position = at_age.n - m.k + 1 THEN at_age.views END) AS high,
        sum(at_age.interactions) AS interactions,
        sum(CASE WHEN at_age.interactions IS NOT NULL THEN at_age.views END) AS views
    FROM at_age
    LEFT JOIN cfg_median_ranks AS m ON m.n = at_age.n
    GROUP BY at_age.topic_id, at_age.period_rank
),
day_7 AS (
    SELECT topic_id, period_rank, median(views) AS median_views_day_7
    FROM aged
    WHERE age_day = 7
    GROUP BY topic_id, period_rank
),
gained AS (
    SELECT w.topic_id, p.period_rank, sum(w.views_new) AS views_new, count(*) AS weeks
    FROM topic_weeks AS w
    JOIN cfg_weeks AS edges ON edges.week = w.week
    JOIN cfg_periods AS p ON edges.week >= p.starts AND edges.last_day <= p.ends
    WHERE w.platform = 'all' AND w.is_complete
    GROUP BY w.topic_id, p.period_rank
)
SELECT
    topics.topic_id, topics.team_id, p.period_id,
    coalesce(k.posts, 0) AS posts,
    c.same_age_day, c.posts_of_that_age, c.median_views_same_age, c.low, c.high,
    day_7.median_views_day_7,
    ${engagement_rate} AS engagement_rate,
    CAST(NULL AS DOUBLE) AS rate_low,
    CAST(NULL AS DOUBLE) AS rate_high,
    g.views_new, coalesce(g.weeks, 0) AS weeks,
    CAST(g.views_new AS DOUBLE) / NULLIF(g.weeks, 0) AS views_new_per_week
FROM cfg_topics AS topics
CROSS JOIN cfg_periods AS p
CROSS JOIN cfg_run AS run
LEFT JOIN known AS k ON k.topic_id = topics.topic_id AND k.period_rank = p.period_rank AND k.age_day = 7
LEFT JOIN compared AS c ON c.topic_id = topics.topic_id AND c.period_rank = p.period_rank
LEFT JOIN day_7 ON day_7.topic_id = topics.topic_id AND day_7.period_rank = p.period_rank
LEFT JOIN gained AS g ON g.topic_id = topics.topic_id AND g.period_rank = p.period_rank
WHERE p.starts <= local_date(run.as_of_s)
