-- All of an account's videos by week, also those outside the campaign: the only view of weeks for
-- which no list of posts exists.
WITH days AS (
    SELECT
        platform, account, CAST(date_trunc('week', day) AS DATE) AS week, views, ${interactions} AS interactions
    FROM account_days
),
summed AS (
    SELECT
        platform, account, week,
        sum(views) AS views_known,
        sum(interactions) AS interactions_known,
        sum(CASE WHEN views IS NOT NULL THEN interactions END) AS interactions,
        sum(CASE WHEN interactions IS NOT NULL THEN views END) AS views,
        count(views) AS days
    FROM days
    GROUP BY platform, account, week
)
SELECT
    s.platform, s.account, a.creator_id, s.week,
    s.views_known AS views,
    s.interactions_known AS interactions,
    ${engagement_rate} AS engagement_rate,
    s.views AS views_of_rate,
    s.days,
    s.days = 7 AS is_complete
FROM summed AS s
JOIN cfg_accounts AS a ON a.platform = s.platform AND a.account = s.account
