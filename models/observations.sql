-- What was reported of the campaign's posts, row by row. An export of the publication day is dated noon,
-- which can lie before the publication itself: it is placed just after it. A total below zero cannot be:
-- it is not known.
SELECT
    p.post_no, o.observed_s AS told_s, greatest(o.observed_s, p.published_s + 1) AS observed_s,
    o.observed_precision = 'second' AS is_exact,
    l.load_rank, o.row_no, l.definition_no,
    CASE WHEN o.views >= 0 THEN o.views END AS views,
    CASE WHEN o.reach >= 0 THEN o.reach END AS reach,
    CASE WHEN o.likes >= 0 THEN o.likes END AS likes,
    CASE WHEN o.comments >= 0 THEN o.comments END AS comments,
    CASE WHEN o.shares >= 0 THEN o.shares END AS shares,
    CASE WHEN o.saves >= 0 THEN o.saves END AS saves,
    o.watch_time_avg_s, o.completion_rate
FROM raw.post_observations AS o
JOIN ranked_loads AS l ON l.load_id = o.load_id
JOIN post_names AS p ON p.platform = o.platform AND p.told_id = o.post_id
CROSS JOIN cfg_run AS run
WHERE o.observed_s <= run.as_of_s
