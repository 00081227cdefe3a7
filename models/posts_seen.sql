-- What is known of each post apart from its counters: newest words first, surest publication time first.
WITH ranked AS (
    SELECT
        s.*,
        row_number() OVER (
            PARTITION BY s.platform, s.post_id
            ORDER BY s.observed_s DESC, l.source_rank, s.load_id, s.row_no
        ) AS recency,
        row_number() OVER (
            PARTITION BY s.platform, s.post_id
            ORDER BY
                CASE s.published_basis WHEN 'source' THEN 1 WHEN 'id clock' THEN 2 ELSE 3 END,
                s.observed_s DESC, l.source_rank, s.load_id, s.row_no
        ) AS sureness
    FROM raw.posts_seen AS s
    JOIN live_loads AS l ON l.load_id = s.load_id
    CROSS JOIN cfg_run AS run
    WHERE s.observed_s <= run.as_of_s
),
sources AS (
    SELECT platform, post_id, string_agg(source, ', ' ORDER BY source) AS listed_by
    FROM (SELECT DISTINCT platform, post_id, source FROM ranked)
    GROUP BY platform, post_id
),
known AS (
    SELECT
        platform,
        post_id,
        min_by(account, recency) AS account,
        min_by(exporter, CASE WHEN exporter IS NOT NULL THEN recency END) AS exporter,
        min_by(published_s, CASE WHEN published_s IS NOT NULL THEN sureness END) AS published_s,
        min_by(permalink, CASE WHEN permalink IS NOT NULL THEN recency END) AS permalink,
        min_by(caption, CASE WHEN caption IS NOT NULL THEN recency END) AS caption,
        min_by(media_type, CASE WHEN media_type IS NOT NULL THEN recency END) AS media_type,
        min_by(duration_s, CASE WHEN duration_s IS NOT NULL THEN recency END) AS duration_s,
        bool_or(is_collab) AS is_collab,
        bool_or(is_paid) AS is_paid
    FROM ranked
    GROUP BY platform, post_id
)
SELECT known.*, sources.listed_by
FROM known
JOIN sources ON sources.platform = known.platform AND sources.post_id = known.post_id
