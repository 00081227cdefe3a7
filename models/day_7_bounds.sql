-- The last views seen before the age of 7 days and the first seen after. A reading dated by its day
-- alone counts only when the whole day lies on one side.
SELECT
    p.platform, p.post_id,
    max_by(m.views, CASE WHEN m.observed_s + CASE m.observed_precision WHEN 'second' THEN 0 ELSE 43200 END <= p.published_s + 604800 THEN m.observed_s END) AS low,
    min_by(m.views, CASE WHEN m.observed_s - CASE m.observed_precision WHEN 'second' THEN 0 ELSE 43200 END >= p.published_s + 604800 THEN m.observed_s END) AS high
FROM campaign_posts AS p
JOIN post_moments AS m ON m.platform = p.platform AND m.post_id = p.post_id
WHERE m.views IS NOT NULL
GROUP BY p.platform, p.post_id
