-- The campaign's accounts and what is known of each.
WITH known AS (
    SELECT platform, account, count(*) AS posts, max(published_on) AS newest_post
    FROM campaign_posts
    GROUP BY platform, account
),
newest AS (
    SELECT platform, account, max(newest_observation) AS newest_observation
    FROM sources
    GROUP BY platform, account
)
SELECT
    a.platform, a.account, a.creator_id, coalesce(k.posts, 0) AS posts, k.newest_post, n.newest_observation
FROM cfg_accounts AS a
JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
LEFT JOIN known AS k ON k.platform = a.platform AND k.account = a.account
LEFT JOIN newest AS n ON n.platform = a.platform AND n.account = a.account
