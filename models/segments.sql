-- Stretches of a post's count between which no change is taken: each begins with a reset or with another
-- definition of views. What lies before the first of them is segment 0 and has no row.
SELECT
    post_no,
    row_number() OVER w AS segment,
    s_1 AS from_s,
    lead(s_1) OVER w AS to_s,
    views_1 AS views_from,
    s_0 AS before_s,
    ends_in_reset AS is_reset,
    ends_redefined AS is_redefined
FROM spans
WHERE ends_in_reset OR ends_redefined
WINDOW w AS (PARTITION BY post_no ORDER BY s_1)
