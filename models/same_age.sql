-- Views and interactions at fixed ages, so that posts compare. A reading dated by its day alone says
-- nothing about day 7; it may stand beside day 28, where 14 days on either side are allowed.
WITH aged AS (
    SELECT p.platform, p.post_id, a.age_day, a.window_s, a.needs_second, p.published_s + a.age_day * 86400 AS t
    FROM campaign_posts AS p
    CROSS JOIN cfg_ages AS a
),
near AS (
    SELECT
        a.platform, a.post_id, a.age_day, a.t, m.observed_s AS s, m.views, m.interactions,
        abs(m.observed_s - a.t) AS distance_s, m.observed_precision
    FROM aged AS a
    JOIN post_moments AS m ON m.platform = a.platform AND m.post_id = a.post_id
    WHERE m.views IS NOT NULL
        AND m.observed_s BETWEEN a.t - a.window_s AND a.t + a.window_s
        AND (m.observed_precision = 'second' OR NOT a.needs_second)
),
around AS (
    SELECT
        platform, post_id, age_day,
        min(CASE WHEN distance_s <= 3600 AND observed_precision = 'second' THEN distance_s END) AS exact_s,
        min_by(views, CASE WHEN distance_s <= 3600 AND observed_precision = 'second' THEN distance_s * 2 + CASE WHEN s < t THEN 0 ELSE 1 END END) AS exact_views,
        min_by(interactions, CASE WHEN distance_s <= 3600 AND observed_precision = 'second' THEN distance_s * 2 + CASE WHEN s < t THEN 0 ELSE 1 END END) AS exact_interactions,
        max(CASE WHEN s <= t THEN s END) AS s_0,
        max_by(views, CASE WHEN s <= t THEN s END) AS views_0,
        max_by(interactions, CASE WHEN s <= t THEN s END) AS interactions_0,
        min(CASE WHEN s > t THEN s END) AS s_1,
        min_by(views, CASE WHEN s > t THEN s END) AS views_1,
        min_by(interactions, CASE WHEN s > t THEN s END) AS interactions_1
    FROM near
    GROUP BY platform, post_id, age_day
)
SELECT
    a.platform, a.post_id, a.age_day,
    CASE
        WHEN n.exact_s IS NOT NULL THEN n.exact_views
        ELSE CAST(round(n.views_0 + (n.views_1 - n.views_0) * CAST(a.t - n.s_0 AS DOUBLE) / NULLIF(n.s_1 - n.s_0, 0)) AS BIGINT)
    END AS views,
    CASE
        WHEN n.exact_s IS NOT NULL THEN n.exact_interactions
        ELSE CAST(round(n.interactions_0 + (n.interactions_1 - n.interactions_0) * CAST(a.t - n.s_0 AS DOUBLE) / NULLIF(n.s_1 - n.s_0, 0)) AS BIGINT)
    END AS interactions,
    CASE
        WHEN n.exact_s IS NOT NULL THEN 'observed'
        WHEN n.s_0 IS NOT NULL AND n.s_1 IS NOT NULL THEN 'interpolated'
        WHEN a.t > run.as_of_s THEN 'not_yet'
        ELSE 'missing'
    END AS status
FROM aged AS a
CROSS JOIN cfg_run AS run
LEFT JOIN around AS n ON n.platform = a.platform AND n.post_id = a.post_id AND n.age_day = a.age_day
