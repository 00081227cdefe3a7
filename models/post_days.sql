-- A post's history by day: the last reading of views on each day that has one, and the change since the
-- last such day, from 0 at publication for the first. Falls stay negative and are marked; over a reset
-- or a new definition of views there is no change. Every change of a row covers the same days: a
-- counter that is not known at both of their ends has none.
WITH days AS (
    SELECT
        sp.post_no, sp.day, sp.views_0 AS views, sp.likes, sp.comments, sp.shares, sp.saves,
        coalesce(g.segment, 0) AS segment, g.is_reset, g.is_redefined
    FROM spans AS sp
    LEFT JOIN segments AS g
        ON g.post_no = sp.post_no AND sp.s_0 >= g.from_s AND (g.to_s IS NULL OR sp.s_0 < g.to_s)
    WHERE sp.is_last_of_day
),
stepped AS (
    SELECT
        *,
        lag(day) OVER w AS day_0,
        lag(views) OVER w AS views_0,
        lag(likes) OVER w AS likes_0,
        lag(comments) OVER w AS comments_0,
        lag(shares) OVER w AS shares_0,
        lag(saves) OVER w AS saves_0
    FROM days
    WINDOW w AS (PARTITION BY post_no, segment ORDER BY day)
),
changed AS (
    -- Publication opens segment 0 with nothing; what opens a later one is not known to have begun at 0.
    SELECT
        post_no, day, day_0, views,
        views - CASE WHEN day_0 IS NOT NULL THEN views_0 WHEN segment = 0 THEN 0 END AS views_new,
        likes - CASE WHEN day_0 IS NOT NULL THEN likes_0 WHEN segment = 0 THEN 0 END AS likes_new,
        comments - CASE WHEN day_0 IS NOT NULL THEN comments_0 WHEN segment = 0 THEN 0 END AS comments_new,
        shares - CASE WHEN day_0 IS NOT NULL THEN shares_0 WHEN segment = 0 THEN 0 END AS shares_new,
        saves - CASE WHEN day_0 IS NOT NULL THEN saves_0 WHEN segment = 0 THEN 0 END AS saves_new,
        day_0 IS NULL AND coalesce(is_reset, FALSE) AS is_reset,
        day_0 IS NULL AND coalesce(is_redefined, FALSE) AS is_redefined
    FROM stepped
)
SELECT
    p.platform, p.post_id, c.day, c.views, c.views_new, c.likes_new, c.comments_new, c.shares_new, c.saves_new,
    CASE
        WHEN c.views_new IS NOT NULL THEN greatest(1, days_between(coalesce(c.day_0, p.published_on), c.day))
    END AS covers_days,
    coalesce(c.views_new < 0, FALSE) AS is_correction,
    c.is_reset,
    c.is_redefined
FROM changed AS c
JOIN campaign_posts AS p ON p.post_no = c.post_no
