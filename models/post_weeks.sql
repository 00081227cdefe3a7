-- What a post gained in each week since its publication: known when both edges are, NULL else.
WITH lived AS (
    SELECT
        p.post_no, w.week, w.start_s, w.end_s, p.published_s,
        p.published_s >= w.start_s AS is_first
    FROM campaign_posts AS p
    CROSS JOIN cfg_run AS run
    JOIN cfg_weeks AS w ON w.end_s > p.published_s AND w.start_s <= run.as_of_s
)
SELECT
    l.post_no, l.week, l.is_first,
    CASE
        WHEN l.is_first AND e.segment = 0 THEN e.views
        WHEN e.segment = b.segment THEN e.views - b.views
    END AS views,
    CASE
        WHEN l.is_first AND e.segment = 0 THEN e.interactions
        WHEN e.segment = b.segment THEN e.interactions - b.interactions
    END AS interactions,
    CASE WHEN e.basis = 'between' OR b.basis = 'between' THEN 1 ELSE 0 END AS is_interpolated
FROM lived AS l
LEFT JOIN edge_values AS b
    ON b.post_no = l.post_no AND b.edge_s = l.start_s
LEFT JOIN edge_values AS e
    ON e.post_no = l.post_no AND e.edge_s = l.end_s
