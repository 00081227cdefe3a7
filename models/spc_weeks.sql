-- The weekly series that control charts judge: measure, facet, week. Topics with too little history
-- are left out: those of the accounts then tell more. `is_firm`: complete, settled, wholly in the campaign.
WITH judged_topics AS (
    SELECT topic_id
    FROM topic_weeks
    WHERE platform = 'all' AND is_settled
    GROUP BY topic_id
    HAVING count(*) >= 13 AND sum(CASE WHEN is_complete THEN 1 ELSE 0 END) >= 0.8 * count(*)
),
topics AS (
    SELECT
        concat('topic:', t.topic_id) AS facet, t.week, t.posts, t.views_new AS views,
        ${interactions_per_1000_views} AS rate,
        t.is_complete AND t.is_settled AND t.week >= run.starts AS is_firm
    FROM topic_weeks AS t
    JOIN judged_topics AS j ON j.topic_id = t.topic_id
    CROSS JOIN cfg_run AS run
    WHERE t.platform = 'all'
),
accounts AS (
    SELECT
        concat('account:', a.platform, ':', a.account) AS facet, a.week, a.views,
        ${interactions_per_1000_views} AS rate,
        a.is_complete AND days_between(a.week, local_date(run.as_of_s)) >= 10 AS is_firm
    FROM account_weeks AS a
    CROSS JOIN cfg_run AS run
)
SELECT 'new_views' AS measure, facet, week, CAST(views AS DOUBLE) AS value, is_firm FROM topics
UNION ALL
SELECT 'interactions_per_1000_views' AS measure, facet, week, rate AS value, is_firm FROM topics
UNION ALL
SELECT 'posts' AS measure, facet, week, CAST(posts AS DOUBLE) AS value, is_firm FROM topics
UNION ALL
SELECT 'new_views' AS measure, facet, week, CAST(views AS DOUBLE) AS value, is_firm FROM accounts
UNION ALL
SELECT 'interactions_per_1000_views' AS measure, facet, week, rate AS value, is_firm FROM accounts
