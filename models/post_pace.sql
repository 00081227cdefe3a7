-- How much a post still gained when it was last seen: over the seven days before its newest
-- observation (its whole value, if younger; what it gained since a reset or a new definition, if later).
WITH newest AS (
    SELECT post_no, max(s_0) AS s, max_by(views_0, s_0) AS views
    FROM spans
    GROUP BY post_no
),
begun AS (
    SELECT n.post_no, n.s, n.views, coalesce(g.from_s, 0) AS from_s, coalesce(g.views_from, 0) AS views_from
    FROM newest AS n
    LEFT JOIN segments AS g ON g.post_no = n.post_no AND g.to_s IS NULL
)
SELECT
    b.post_no,
    greatest(
        0,
        b.views - coalesce(
            sp.views_0 + (sp.views_1 - sp.views_0)
            * CAST(b.s - 604800 - sp.s_0 AS DOUBLE) / NULLIF(sp.s_1 - sp.s_0, 0),
            b.views_from
        )
    ) AS gain
FROM begun AS b
LEFT JOIN spans AS sp
    ON sp.post_no = b.post_no AND sp.s_0 >= b.from_s
    AND sp.s_0 <= b.s - 604800 AND sp.s_1 > b.s - 604800
