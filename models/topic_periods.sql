-- Action periods side by side: posts PUBLISHED in the period, at one age that both it and the period
-- before know for 80 % of the posts that have reached it. Views gained are of full weeks and all posts.
WITH known AS (
    SELECT topic_id, period_rank, count(*) AS posts
    FROM aged_posts
    WHERE age_day = 7
    GROUP BY topic_id, period_rank
),
at_age AS (
    SELECT
        a.topic_id, a.period_rank, a.age_day, a.views, a.interactions,
        row_number() OVER (PARTITION BY a.topic_id, a.period_rank ORDER BY a.views) AS position,
        count(*) OVER (PARTITION BY a.topic_id, a.period_rank) AS n
    FROM aged_posts AS a
    JOIN common_ages AS c
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
    FROM aged_posts
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
    rates.rate_low, rates.rate_high, rates.median_rate, rates.is_dominated,
    g.views_new, coalesce(g.weeks, 0) AS weeks,
    CAST(g.views_new AS DOUBLE) / NULLIF(g.weeks, 0) AS views_new_per_week
FROM cfg_topics AS topics
CROSS JOIN cfg_periods AS p
CROSS JOIN cfg_run AS run
LEFT JOIN known AS k ON k.topic_id = topics.topic_id AND k.period_rank = p.period_rank
LEFT JOIN compared AS c ON c.topic_id = topics.topic_id AND c.period_rank = p.period_rank
LEFT JOIN period_rates AS rates ON rates.topic_id = topics.topic_id AND rates.period_id = p.period_id
LEFT JOIN day_7 ON day_7.topic_id = topics.topic_id AND day_7.period_rank = p.period_rank
LEFT JOIN gained AS g ON g.topic_id = topics.topic_id AND g.period_rank = p.period_rank
WHERE p.starts <= local_date(run.as_of_s)
