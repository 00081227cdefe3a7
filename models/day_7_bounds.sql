-- The last views seen before the age of 7 days and the first seen after, unless a reset or a new
-- definition lies between. A reading dated by its day alone counts only when the whole day lies on one side.
WITH around AS (
    SELECT
        p.post_no,
        max(CASE WHEN m.observed_s + CASE WHEN m.is_exact THEN 0 ELSE 43200 END <= p.published_s + 604800 THEN m.observed_s END) AS s_low,
        min(CASE WHEN m.observed_s - CASE WHEN m.is_exact THEN 0 ELSE 43200 END >= p.published_s + 604800 THEN m.observed_s END) AS s_high
    FROM campaign_posts AS p
    JOIN post_moments AS m ON m.post_no = p.post_no
    WHERE m.views IS NOT NULL
    GROUP BY p.post_no
),
parted AS (
    SELECT DISTINCT a.post_no
    FROM around AS a
    JOIN segments AS g ON g.post_no = a.post_no AND g.from_s > a.s_low AND g.from_s <= a.s_high
)
SELECT a.post_no, low.views AS low, high.views AS high
FROM around AS a
LEFT JOIN parted ON parted.post_no = a.post_no
LEFT JOIN post_moments AS low ON low.post_no = a.post_no AND low.observed_s = a.s_low
LEFT JOIN post_moments AS high ON high.post_no = a.post_no AND high.observed_s = a.s_high
WHERE parted.post_no IS NULL
