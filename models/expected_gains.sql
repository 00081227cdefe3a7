-- What each post probably gained in each week, known or not: the weight by which a week's coverage is
-- judged. Unknown between two observations: its share of the line between them. Unknown after the
-- newest, or where views were defined anew: what it gained in the seven days before the newest, which old,
-- quiet posts hardly did.
WITH middles AS (
    SELECT
        w.post_no, w.week, w.views,
        greatest(edges.start_s + 302400, p.published_s) AS middle_s
    FROM post_weeks AS w
    JOIN cfg_weeks AS edges ON edges.week = w.week
    JOIN campaign_posts AS p ON p.post_no = w.post_no
),
unknown AS (
    SELECT
        m.post_no, m.week, sp.views_0, sp.views_1, sp.s_0, sp.s_1, sp.ends_redefined, pace.gain
    FROM middles AS m
    JOIN post_pace AS pace ON pace.post_no = m.post_no
    LEFT JOIN spans AS sp
        ON sp.post_no = m.post_no AND sp.s_0 <= m.middle_s AND sp.s_1 > m.middle_s
    WHERE m.views IS NULL
),
gains AS (
    SELECT post_no, week, CAST(greatest(0, views) AS DOUBLE) AS gain
    FROM middles
    WHERE views IS NOT NULL
    UNION ALL
    SELECT
        post_no, week,
        CASE
            WHEN s_1 IS NULL OR ends_redefined THEN gain
            ELSE greatest(0, (views_1 - views_0) * least(1, CAST(604800 AS DOUBLE) / NULLIF(s_1 - s_0, 0)))
        END
    FROM unknown
)
-- In thousandths of a view: sums of whole numbers do not depend on the order of their parts.
SELECT post_no, week, CAST(round(gain * 1000) AS BIGINT) AS gain
FROM gains
