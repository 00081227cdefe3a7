-- What was reported of the campaign's posts, row by row. An export of the publication day is dated noon,
-- which can lie before the publication itself: it is placed just after it.
SELECT
    p.post_no, o.observed_s AS told_s, greatest(o.observed_s, p.published_s + 1) AS observed_s,
    o.observed_precision = 'second' AS is_exact,
    l.load_rank, o.row_no, l.definition_no,
    o.views, o.reach, o.likes, o.comments, o.shares, o.saves, o.watch_time_avg_s, o.completion_rate
FROM raw.post_observations AS o
JOIN ranked_loads AS l ON l.load_id = o.load_id
JOIN post_names AS p ON p.platform = o.platform AND p.told_id = o.post_id
CROSS JOIN cfg_run AS run
WHERE o.observed_s <= run.as_of_s
