-- Every post's views from one observation to the next; publication counts as an observation of 0.
-- The last span is open: views_1 is NULL. `segment` rises at each reset.
WITH points AS (
    SELECT platform, post_id, published_s AS s, 0 AS views, 0 AS interactions
    FROM campaign_posts
    UNION ALL
    SELECT platform, post_id, observed_s, views, interactions
    FROM post_moments
    WHERE views IS NOT NULL
),
stepped AS (
    SELECT
        *,
        CASE
            WHEN lag(views) OVER w >= 100 AND views <= 0.1 * lag(views) OVER w THEN 1
            ELSE 0
        END AS is_reset
    FROM points
    WINDOW w AS (PARTITION BY platform, post_id ORDER BY s, views)
)
SELECT
    platform, post_id,
    s AS s_0, views AS views_0, interactions AS interactions_0,
    lead(s) OVER w AS s_1, lead(views) OVER w AS views_1, lead(interactions) OVER w AS interactions_1,
    lead(is_reset) OVER w AS ends_in_reset,
    sum(is_reset) OVER (
        PARTITION BY platform, post_id ORDER BY s, views ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS segment
FROM stepped
WINDOW w AS (PARTITION BY platform, post_id ORDER BY s, views)
