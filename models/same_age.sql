-- Views and interactions at fixed ages, so that posts compare. A reading dated by its day alone says
-- nothing about day 7; it may stand beside day 28, where 14 days on either side are allowed. No line is
-- drawn over a reset or a new definition of views.
WITH aged AS (
    SELECT p.post_no, a.age_day, a.window_s, a.needs_second, p.published_s + a.age_day * 86400 AS t
    FROM campaign_posts AS p
    CROSS JOIN cfg_ages AS a
),
near AS (
    SELECT
        a.post_no, a.age_day, a.t, m.observed_s AS s, m.views, ${interactions} AS interactions,
        abs(m.observed_s - a.t) AS distance_s, m.is_exact, m.definition_no, coalesce(g.segment, 0) AS segment
    FROM aged AS a
    JOIN post_moments AS m ON m.post_no = a.post_no
    LEFT JOIN segments AS g
        ON g.post_no = m.post_no AND m.observed_s >= g.from_s AND (g.to_s IS NULL OR m.observed_s < g.to_s)
    WHERE m.views IS NOT NULL
        AND m.observed_s BETWEEN a.t - a.window_s AND a.t + a.window_s
        AND (m.is_exact OR NOT a.needs_second)
),
around AS (
    SELECT
        post_no, age_day,
        min_by(
            s,
            CASE
                WHEN distance_s <= 3600 AND is_exact
                    THEN distance_s * 2 + CASE WHEN s < t THEN 0 ELSE 1 END
            END
        ) AS s_exact,
        max(CASE WHEN s <= t THEN s END) AS s_0,
        min(CASE WHEN s > t THEN s END) AS s_1
    FROM near
    GROUP BY post_no, age_day
),
-- Both values of a moment are read together: a rate is never made of two different ones.
placed AS (
    SELECT
        a.post_no, a.age_day, a.t, n.s_exact,
        before.segment = after.segment AS is_between,
        before.segment <> after.segment AS is_parted,
        CAST(a.t - n.s_0 AS DOUBLE) / NULLIF(n.s_1 - n.s_0, 0) AS way,
        coalesce(exact.definition_no, before.definition_no) AS definition_no,
        exact.views AS views_exact, exact.interactions AS interactions_exact,
        before.views AS views_0, before.interactions AS interactions_0,
        after.views AS views_1, after.interactions AS interactions_1
    FROM aged AS a
    LEFT JOIN around AS n ON n.post_no = a.post_no AND n.age_day = a.age_day
    LEFT JOIN near AS exact
        ON exact.post_no = a.post_no AND exact.age_day = a.age_day AND exact.s = n.s_exact
    LEFT JOIN near AS before
        ON before.post_no = a.post_no AND before.age_day = a.age_day AND before.s = n.s_0
    LEFT JOIN near AS after
        ON after.post_no = a.post_no AND after.age_day = a.age_day AND after.s = n.s_1
)
SELECT
    posts.platform, posts.post_id, p.post_no, p.age_day,
    CASE
        WHEN p.s_exact IS NOT NULL THEN p.views_exact
        WHEN p.is_between THEN CAST(round(p.views_0 + (p.views_1 - p.views_0) * p.way) AS BIGINT)
    END AS views,
    CASE
        WHEN p.s_exact IS NOT NULL THEN p.interactions_exact
        WHEN p.is_between
            THEN CAST(round(p.interactions_0 + (p.interactions_1 - p.interactions_0) * p.way) AS BIGINT)
    END AS interactions,
    CASE
        WHEN p.s_exact IS NOT NULL THEN 'observed'
        WHEN p.is_between THEN 'interpolated'
        WHEN p.t > run.as_of_s THEN 'not_yet'
        ELSE 'missing'
    END AS status,
    p.definition_no,
    coalesce(p.is_parted, FALSE) AS is_parted
FROM placed AS p
JOIN campaign_posts AS posts ON posts.post_no = p.post_no
CROSS JOIN cfg_run AS run
