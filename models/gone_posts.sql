-- Posts that an API listed and no longer lists, though it read all of that time again: deleted, or made
-- private. A walk that listed no post at all proves nothing: then the account itself is closed to us.
WITH walks AS (
    SELECT w.platform, w.account, w.source, w.started_s, w.since_s
    FROM raw.pulls AS w
    CROSS JOIN cfg_run AS run
    WHERE w.started_s <= run.as_of_s
    GROUP BY w.platform, w.account, w.source, w.started_s, w.since_s
    HAVING bool_or(w.is_complete) AND sum(w.posts) > 0
),
listed AS (
    SELECT DISTINCT s.platform, s.post_id, s.source, s.exporter
    FROM raw.posts_seen AS s
    JOIN live_loads AS l ON l.load_id = s.load_id
    WHERE s.source IN (SELECT source FROM walks) AND (s.media_type IS NULL OR s.media_type <> 'story')
),
seen AS (
    SELECT s.platform, s.post_id, max(s.observed_s) AS observed_s
    FROM raw.posts_seen AS s
    JOIN live_loads AS l ON l.load_id = s.load_id
    JOIN (SELECT DISTINCT platform, post_id FROM listed) AS p
        ON p.platform = s.platform AND p.post_id = s.post_id
    CROSS JOIN cfg_run AS run
    WHERE s.observed_s <= run.as_of_s
    GROUP BY s.platform, s.post_id
)
SELECT p.platform, p.post_id, min(w.started_s) AS gone_s
FROM posts_seen AS p
JOIN seen ON seen.platform = p.platform AND seen.post_id = p.post_id
JOIN listed ON listed.platform = p.platform AND listed.post_id = p.post_id
JOIN walks AS w
    ON w.platform = listed.platform AND w.account = listed.exporter AND w.source = listed.source
    AND w.started_s > seen.observed_s
    AND (w.since_s IS NULL OR w.since_s <= p.published_s)
GROUP BY p.platform, p.post_id
