-- The loads that count, numbered in the order in which they are believed when they report the same
-- moment (the platform's API, its export, captures, readings by a person), with what each means by views.
WITH named AS (
    SELECT load_id, min(native_name) AS native_name
    FROM raw.load_metrics
    WHERE metric = 'views' AND native_name IS NOT NULL
    GROUP BY load_id
)
SELECT
    l.load_id,
    row_number() OVER (ORDER BY l.source_rank, l.load_id) AS load_rank,
    coalesce(d.definition_no, 0) AS definition_no
FROM live_loads AS l
LEFT JOIN named AS n ON n.load_id = l.load_id
LEFT JOIN cfg_definitions AS d ON d.platform = l.platform AND d.native_name = n.native_name
