-- Every post's views from one observation to the next; publication counts as an observation of 0.
-- The last span is open: views_1 is NULL. A reset is a fall of 90 % or more from at least 100; where
-- the definition of views changes, no fall or rise can be told at all.
WITH points AS (
    SELECT
        post_no, published_s AS s, published_on AS day, FALSE AS is_seen,
        CAST(NULL AS BIGINT) AS definition_no,
        0 AS views, 0 AS likes, 0 AS comments, 0 AS shares, 0 AS saves
    FROM campaign_posts
    UNION ALL
    SELECT
        post_no, observed_s, local_date(observed_s), TRUE, definition_no,
        views, likes, comments, shares, saves
    FROM post_moments
    WHERE views IS NOT NULL
),
stepped AS (
    SELECT
        post_no, day, is_seen AND coalesce(lead(day) OVER w <> day, TRUE) AS is_last_of_day,
        s AS s_0, views AS views_0, ${interactions} AS interactions_0, likes, comments, shares, saves,
        lead(s) OVER w AS s_1, lead(views) OVER w AS views_1, lead(${interactions}) OVER w AS interactions_1,
        coalesce(lead(definition_no) OVER w <> definition_no, FALSE) AS ends_redefined
    FROM points
    WINDOW w AS (PARTITION BY post_no ORDER BY s)
)
SELECT
    *,
    coalesce(NOT ends_redefined AND views_0 >= 100 AND views_1 <= 0.1 * views_0, FALSE) AS ends_in_reset
FROM stepped
