-- What is known of each post apart from its counters: newest words first, surest publication time first.
WITH told AS (
    SELECT
        s.platform, coalesce(m.post_id, s.post_id) AS post_id, s.account, s.exporter, s.source,
        s.published_s, s.published_basis, s.permalink, s.caption, s.media_type, s.duration_s, s.is_collab,
        s.is_paid, s.observed_s, s.load_id, s.row_no
    FROM raw.posts_seen AS s
    LEFT JOIN archive_matches AS m ON m.platform = s.platform AND m.archive_id = s.post_id
),
ranked AS (
    SELECT
        s.*,
        row_number() OVER (
            PARTITION BY s.platform, s.post_id
            ORDER BY s.observed_s DESC, l.source_rank, s.load_id, s.row_no
        ) AS recency,
        row_number() OVER (
            PARTITION BY s.platform, s.post_id
            ORDER BY
                CASE s.published_basis WHEN 'source' THEN 1 WHEN 'id clock' THEN 2 WHEN 'shown date' THEN 3 ELSE 4 END,
                s.observed_s DESC, l.source_rank, s.load_id, s.row_no
        ) AS sureness
    FROM told AS s
    JOIN live_loads AS l ON l.load_id = s.load_id
    CROSS JOIN cfg_run AS run
    WHERE s.observed_s <= run.as_of_s
),
numbered AS (
    SELECT platform, post_id, source, row_number() OVER (PARTITION BY platform, post_id ORDER BY source) AS nth
    FROM (SELECT DISTINCT platform, post_id, source FROM ranked)
),
sources AS (
    -- No platform has more kinds of source; the engines join texts in order each by another syntax.
    SELECT
        platform, post_id,
        concat_ws(
            ', ',
            max(CASE WHEN nth = 1 THEN source END), max(CASE WHEN nth = 2 THEN source END),
            max(CASE WHEN nth = 3 THEN source END), max(CASE WHEN nth = 4 THEN source END),
            max(CASE WHEN nth = 5 THEN source END), max(CASE WHEN nth = 6 THEN source END),
            max(CASE WHEN nth = 7 THEN source END), max(CASE WHEN nth = 8 THEN source END)
        ) AS listed_by
    FROM numbered
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
SELECT
    known.platform, known.post_id, known.account, known.exporter, known.published_s, known.permalink,
    known.caption, known.media_type, known.duration_s, known.is_collab,
    boosted.post_id IS NOT NULL OR known.is_paid AS is_paid,
    sources.listed_by
FROM known
JOIN sources ON sources.platform = known.platform AND sources.post_id = known.post_id
LEFT JOIN cfg_boosted AS boosted
    ON boosted.platform = known.platform AND boosted.post_id = known.post_id
