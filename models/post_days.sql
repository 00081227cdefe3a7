-- A post's history by day: the last totals of each day on which it was observed, and the change since
-- the observation before (from 0 at publication for the first). Falls stay negative and are marked.
WITH last_of_day AS (
    SELECT
        m.*,
        local_date(m.observed_s) AS day,
        row_number() OVER (
            PARTITION BY m.platform, m.post_id, local_date(m.observed_s)
            ORDER BY m.observed_s DESC
        ) AS recency
    FROM post_moments AS m
),
stepped AS (
    SELECT
        d.platform, d.post_id, d.day, d.views, d.likes, d.comments, d.shares, d.saves,
        p.published_on,
        row_number() OVER w AS seen,
        lag(d.day) OVER w AS day_0,
        lag(d.views) OVER w AS views_0,
        lag(d.likes) OVER w AS likes_0,
        lag(d.comments) OVER w AS comments_0,
        lag(d.shares) OVER w AS shares_0,
        lag(d.saves) OVER w AS saves_0
    FROM last_of_day AS d
    JOIN campaign_posts AS p ON p.platform = d.platform AND p.post_id = d.post_id
    WHERE d.recency = 1
    WINDOW w AS (PARTITION BY d.platform, d.post_id ORDER BY d.day)
),
marked AS (
    SELECT
        *,
        CASE WHEN seen = 1 THEN 0 ELSE views_0 END AS views_from,
        CASE WHEN seen = 1 THEN 0 ELSE likes_0 END AS likes_from,
        CASE WHEN seen = 1 THEN 0 ELSE comments_0 END AS comments_from,
        CASE WHEN seen = 1 THEN 0 ELSE shares_0 END AS shares_from,
        CASE WHEN seen = 1 THEN 0 ELSE saves_0 END AS saves_from,
        coalesce(views_0 >= 100 AND views <= 0.1 * views_0, FALSE) AS is_reset
    FROM stepped
)
SELECT
    platform, post_id, day, views,
    CASE WHEN NOT is_reset THEN views - views_from END AS views_new,
    CASE WHEN NOT is_reset THEN likes - likes_from END AS likes_new,
    CASE WHEN NOT is_reset THEN comments - comments_from END AS comments_new,
    CASE WHEN NOT is_reset THEN shares - shares_from END AS shares_new,
    CASE WHEN NOT is_reset THEN saves - saves_from END AS saves_new,
    greatest(1, days_between(coalesce(day_0, published_on), day)) AS covers_days,
    NOT is_reset AND coalesce(views < views_from, FALSE) AS is_correction,
    is_reset
FROM marked
