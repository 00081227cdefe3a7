-- The weekly series that control charts judge: measure, facet, week. `is_firm`: complete, settled, wholly
-- in the campaign. `is_sufficient`: a topic's weeks may carry limits once 13 were settled and 80 % of those
-- complete, at any week so far, so that later weeks do not take it back; accounts need no such test.
-- `views_of_rate`: the views that a rate is of; NULL for other measures.
WITH so_far AS (
    SELECT
        topic_id,
        count(*) OVER (PARTITION BY topic_id ORDER BY week) AS settled,
        sum(CASE WHEN is_complete THEN 1 ELSE 0 END) OVER (PARTITION BY topic_id ORDER BY week) AS complete
    FROM topic_weeks
    WHERE platform = 'all' AND is_settled
),
sufficient AS (
    SELECT DISTINCT topic_id FROM so_far WHERE settled >= 13 AND 5 * complete >= 4 * settled
),
aged AS (
    SELECT a.*, days_between(a.week, local_date(run.as_of_s)) >= 10 AS is_settled
    FROM account_weeks AS a
    CROSS JOIN cfg_run AS run
),
weekly AS (
    SELECT
        concat('topic:', t.topic_id) AS facet, t.week, t.posts, t.views_new AS views,
        ${interactions_per_1000_views} AS rate, t.views_of_rate,
        t.is_complete AND t.is_settled AND t.week >= run.starts AS is_firm,
        t.is_settled, s.topic_id IS NOT NULL AS is_sufficient
    FROM topic_weeks AS t
    LEFT JOIN sufficient AS s ON s.topic_id = t.topic_id
    CROSS JOIN cfg_run AS run
    WHERE t.platform = 'all'
    UNION ALL
    SELECT
        concat('account:', platform, ':', account) AS facet, week, NULL AS posts, views,
        ${interactions_per_1000_views} AS rate, views_of_rate,
        is_complete AND is_settled AS is_firm,
        is_settled, TRUE AS is_sufficient
    FROM aged
)
SELECT
    'new_views' AS measure, facet, week, CAST(views AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS views_of_rate, is_firm, is_settled, is_sufficient
FROM weekly
UNION ALL
SELECT
    'interactions_per_1000_views' AS measure, facet, week, rate AS value,
    CAST(views_of_rate AS DOUBLE) AS views_of_rate, is_firm, is_settled, is_sufficient
FROM weekly
UNION ALL
SELECT
    'posts' AS measure, facet, week, CAST(posts AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS views_of_rate, is_firm, is_settled, is_sufficient
FROM weekly
WHERE posts IS NOT NULL
