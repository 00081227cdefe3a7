-- A post's totals at the edges of weeks (Monday 00:00 in the campaign's zone): the observation within
-- 12 hours, else a straight line between observations that both lie within 8 days, else unknown.
WITH crossed AS (
    SELECT
        w.week, w.start_s AS edge_s, sp.*,
        w.start_s - sp.s_0 AS after_s, sp.s_1 - w.start_s AS before_s,
        CASE
            WHEN sp.s_1 - w.start_s < w.start_s - sp.s_0 AND sp.s_1 - w.start_s <= 43200 THEN 'next'
            WHEN w.start_s - sp.s_0 <= 43200 THEN 'last'
            WHEN sp.s_1 - w.start_s <= 43200 THEN 'next'
            WHEN sp.ends_in_reset = 1 THEN 'unknown'
            WHEN w.start_s - sp.s_0 <= 691200 AND sp.s_1 - w.start_s <= 691200 THEN 'between'
            ELSE 'unknown'
        END AS basis
    FROM spans AS sp
    JOIN cfg_weeks AS w
        ON w.start_s >= sp.s_0 AND w.start_s < coalesce(sp.s_1, sp.s_0 + 43201)
)
SELECT
    platform, post_id, week, edge_s, basis,
    CASE WHEN basis = 'next' THEN segment + ends_in_reset ELSE segment END AS segment,
    CASE basis
        WHEN 'last' THEN views_0
        WHEN 'next' THEN views_1
        ELSE CAST(round(views_0 + (views_1 - views_0) * CAST(after_s AS DOUBLE) / NULLIF(s_1 - s_0, 0)) AS BIGINT)
    END AS views,
    CASE basis
        WHEN 'last' THEN interactions_0
        WHEN 'next' THEN interactions_1
        ELSE CAST(round(interactions_0 + (interactions_1 - interactions_0) * CAST(after_s AS DOUBLE) / NULLIF(s_1 - s_0, 0)) AS BIGINT)
    END AS interactions
FROM crossed
WHERE basis <> 'unknown'
