-- Posts of a personal archive come without an id. Each is the one known post of its account that was
-- published within three minutes of it: the only one both ways, or the only one with as many likes.
WITH seen AS (
    SELECT DISTINCT s.platform, s.account, s.post_id, s.published_s, s.post_id LIKE 'archive:%' AS is_archived
    FROM raw.posts_seen AS s
    JOIN live_loads AS l ON l.load_id = s.load_id
    CROSS JOIN cfg_run AS run
    WHERE s.observed_s <= run.as_of_s AND s.published_s IS NOT NULL AND s.published_basis <> 'shown date'
),
pairs AS (
    SELECT DISTINCT a.platform, a.post_id AS archive_id, k.post_id
    FROM seen AS a
    JOIN seen AS k
        ON k.platform = a.platform AND k.account = a.account
        AND k.published_s BETWEEN a.published_s - 180 AND a.published_s + 180
    WHERE a.is_archived AND NOT k.is_archived
),
paired AS (
    SELECT platform, archive_id AS post_id FROM pairs
    UNION
    SELECT platform, post_id FROM pairs
),
counts AS (
    SELECT o.platform, o.post_id, o.likes
    FROM paired
    JOIN raw.post_observations AS o ON o.platform = paired.platform AND o.post_id = paired.post_id
    JOIN live_loads AS l ON l.load_id = o.load_id
    CROSS JOIN cfg_run AS run
    WHERE o.observed_s <= run.as_of_s
),
liked AS (
    SELECT DISTINCT p.platform, p.archive_id, p.post_id
    FROM pairs AS p
    JOIN counts AS a ON a.platform = p.platform AND a.post_id = p.archive_id
    JOIN counts AS k ON k.platform = p.platform AND k.post_id = p.post_id AND k.likes = a.likes
),
counted AS (
    SELECT
        *, 1 AS choice,
        count(*) OVER (PARTITION BY platform, archive_id) AS posts,
        count(*) OVER (PARTITION BY platform, post_id) AS archived
    FROM pairs
    UNION ALL
    SELECT
        *, 2 AS choice,
        count(*) OVER (PARTITION BY platform, archive_id) AS posts,
        count(*) OVER (PARTITION BY platform, post_id) AS archived
    FROM liked
)
SELECT platform, archive_id, min_by(post_id, choice) AS post_id
FROM counted
WHERE posts = 1 AND archived = 1
GROUP BY platform, archive_id
