-- How much a post still gained when it was last seen: over the seven days before its newest
-- observation (its whole value, if younger).
WITH newest AS (
    SELECT platform, post_id, max(s_0) AS s, max_by(views_0, s_0) AS views
    FROM spans
    GROUP BY platform, post_id
)
SELECT
    n.platform, n.post_id,
    greatest(
        0,
        n.views - coalesce(
            sp.views_0 + (sp.views_1 - sp.views_0)
            * CAST(n.s - 604800 - sp.s_0 AS DOUBLE) / NULLIF(sp.s_1 - sp.s_0, 0),
            0
        )
    ) AS gain
FROM newest AS n
LEFT JOIN spans AS sp
    ON sp.platform = n.platform AND sp.post_id = n.post_id
    AND sp.s_0 <= n.s - 604800 AND sp.s_1 > n.s - 604800
