-- The campaign's posts, moment by moment. An export of the publication day is dated noon, which can
-- lie before the publication itself: it is placed just after it.
SELECT
    m.platform, m.post_id, m.observed_precision,
    greatest(m.observed_s, p.published_s + 1) AS observed_s,
    m.views, m.reach, m.likes, m.comments, m.shares, m.saves, m.interactions
FROM moments AS m
JOIN campaign_posts AS p ON p.platform = m.platform AND p.post_id = m.post_id
