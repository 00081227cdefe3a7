-- Every name under which a source reports a post of the campaign: its id, and what an archive calls it.
SELECT platform, post_id AS told_id, post_no, published_s FROM campaign_posts
UNION ALL
SELECT m.platform, m.archive_id, p.post_no, p.published_s
FROM archive_matches AS m
JOIN campaign_posts AS p ON p.platform = m.platform AND p.post_id = m.post_id
