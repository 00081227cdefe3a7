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
        min_by(
            s,
            CASE
                WHEN distance_s <= 3600 AND observed_precision = 'second'
                    THEN distance_s * 2 + CASE WHEN s < t THEN 0 ELSE 1 END
            END
        ) AS s_exact,
        max(CASE WHEN s <= t THEN s END) AS s_0,
        min(CASE WHEN s > t THEN s END) AS s_1
    FROM near
    GROUP BY platform, post_id, age_day
),
-- Both values of a moment are read together: a rate is never made of two different ones.
placed AS (
    SELECT
        a.platform, a.post_id, a.age_day, a.t, n.s_exact, n.s_0, n.s_1,
        CAST(a.t - n.s_0 AS DOUBLE) / NULLIF(n.s_1 - n.s_0, 0) AS way,
        exact.views AS views_exact, exact.interactions AS interactions_exact,
        before.views AS views_0, before.interactions AS interactions_0,
        after.views AS views_1, after.interactions AS interactions_1
    FROM aged AS a
    LEFT JOIN around AS n ON n.platform = a.platform AND n.post_id = a.post_id AND n.age_day = a.age_day
    LEFT JOIN near AS exact
        ON exact.platform = a.platform AND exact.post_id = a.post_id
        AND exact.age_day = a.age_day AND exact.s = n.s_exact
    LEFT JOIN near AS before
        ON before.platform = a.platform AND before.post_id = a.post_id
        AND before.age_day = a.age_day AND before.s = n.s_0
    LEFT JOIN near AS after
        ON after.platform = a.platform AND after.post_id = a.post_id
        AND after.age_day = a.age_day AND after.s = n.s_1
)
SELECT
    p.platform, p.post_id, p.age_day,
    CASE
        WHEN p.s_exact IS NOT NULL THEN p.views_exact
        ELSE CAST(round(p.views_0 + (p.views_1 - p.views_0) * p.way) AS BIGINT)
    END AS views,
    CASE
        WHEN p.s_exact IS NOT NULL THEN p.interactions_exact
        ELSE CAST(round(p.interactions_0 + (p.interactions_1 - p.interactions_0) * p.way) AS BIGINT)
    END AS interactions,
    CASE
        WHEN p.s_exact IS NOT NULL THEN 'observed'
        WHEN p.s_0 IS NOT NULL AND p.s_1 IS NOT NULL THEN 'interpolated'
        WHEN p.t > run.as_of_s THEN 'not_yet'
        ELSE 'missing'
    END AS status
FROM placed AS p
CROSS JOIN cfg_run AS run
