-- How many followed the account when a post was published: on that day, else on the newest of the seven
-- days before it. A later number would hold those whom the post itself won.
SELECT
    p.post_no,
    max_by(d.followers, d.day) AS followers
FROM campaign_posts AS p
JOIN account_days AS d
    ON d.platform = p.platform AND d.account = p.account
    AND d.day <= p.published_on AND days_between(d.day, p.published_on) <= 7
WHERE d.followers IS NOT NULL
GROUP BY p.post_no
