-- Posts with views at one age and the moment of publication, the newest 1,000: what audiences do changes.
SELECT platform, post_id, account, period_id, published_s, views_day_28
FROM (
    SELECT
        p.platform, p.post_id, p.account, p.period_id, p.published_s, a.views_day_28,
        row_number() OVER (ORDER BY p.published_s DESC, p.platform, p.post_id) AS recency
    FROM campaign_posts AS p
    JOIN post_ages AS a ON a.post_no = p.post_no
    WHERE a.views_day_28 > 0 AND p.published_s IS NOT NULL
) AS dated
WHERE recency <= 1000
