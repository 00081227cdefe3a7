-- A post's totals at the edges of weeks (Monday 00:00 in the campaign's zone): the observation within
-- 12 hours, else a straight line between observations that both lie within 8 days, else unknown.
WITH first_week AS (
    SELECT min(start_s) AS start_s FROM cfg_weeks
),
near_an_edge AS (
    -- Comparing all spans with all weeks would cost three times as much. Weeks are equally long, but for
    -- the hours by which clocks are changed: three at most.
    SELECT sp.*
    FROM spans AS sp
    CROSS JOIN first_week AS f
    WHERE (sp.s_0 - f.start_s) % 604800 <= 10800
        OR (sp.s_0 - f.start_s) % 604800 + coalesce(sp.s_1 - sp.s_0, 43201) >= 604800 - 10800
),
crossed AS (
    SELECT
        w.start_s AS edge_s, sp.*,
        w.start_s - sp.s_0 AS after_s, sp.s_1 - w.start_s AS before_s,
        sp.ends_in_reset OR sp.ends_redefined AS ends_segment,
        CASE
            WHEN sp.s_1 - w.start_s < w.start_s - sp.s_0 AND sp.s_1 - w.start_s <= 43200 THEN 'next'
            WHEN w.start_s - sp.s_0 <= 43200 THEN 'last'
            WHEN sp.s_1 - w.start_s <= 43200 THEN 'next'
            WHEN sp.ends_in_reset OR sp.ends_redefined THEN 'unknown'
            WHEN w.start_s - sp.s_0 <= 691200 AND sp.s_1 - w.start_s <= 691200 THEN 'between'
            ELSE 'unknown'
        END AS basis
    FROM near_an_edge AS sp
    JOIN cfg_weeks AS w
        ON w.start_s >= sp.s_0 AND w.start_s < coalesce(sp.s_1, sp.s_0 + 43201)
)
SELECT
    c.post_no, c.edge_s, c.basis,
    coalesce(g.segment, 0) + CASE WHEN c.basis = 'next' AND c.ends_segment THEN 1 ELSE 0 END AS segment,
    CASE c.basis
        WHEN 'last' THEN c.views_0
        WHEN 'next' THEN c.views_1
        ELSE CAST(round(c.views_0 + (c.views_1 - c.views_0) * CAST(c.after_s AS DOUBLE) / NULLIF(c.s_1 - c.s_0, 0)) AS BIGINT)
    END AS views,
    CASE c.basis
        WHEN 'last' THEN c.interactions_0
        WHEN 'next' THEN c.interactions_1
        ELSE CAST(round(c.interactions_0 + (c.interactions_1 - c.interactions_0) * CAST(c.after_s AS DOUBLE) / NULLIF(c.s_1 - c.s_0, 0)) AS BIGINT)
    END AS interactions
FROM crossed AS c
LEFT JOIN segments AS g
    ON g.post_no = c.post_no AND c.s_0 >= g.from_s AND (g.to_s IS NULL OR c.s_0 < g.to_s)
WHERE c.basis <> 'unknown'
