-- Whom to ask for which file. On TikTok the overview of 365 days is the baseline and cannot be had
-- later; the content list is what videos are known by.
WITH wanted AS (
    SELECT 'tiktok' AS platform, 'overview' AS ask, 'tiktok_studio_overview' AS source
    UNION ALL
    SELECT 'tiktok', 'content', 'tiktok_studio_content'
    UNION ALL
    SELECT 'instagram', 'content', 'meta_business_suite_content'
),
held AS (
    SELECT w.platform, a.account, a.creator_id, w.ask, s.status, s.newest_observation
    FROM wanted AS w
    JOIN cfg_accounts AS a ON a.platform = w.platform
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
    LEFT JOIN sources AS s ON s.platform = a.platform AND s.account = a.account AND s.source = w.source
),
by_api AS (
    SELECT DISTINCT platform, account FROM sources WHERE source LIKE '%api' AND status = 'fresh'
)
SELECT
    h.platform, h.account, h.creator_id, h.ask,
    CASE
        WHEN h.status = 'stale' THEN 'the newest one is old'
        WHEN h.ask = 'overview' THEN 'never received: it is the baseline, and holds at most 365 days'
        ELSE 'never received: without it no video of this account is known'
    END AS reason
FROM held AS h
LEFT JOIN by_api AS b ON b.platform = h.platform AND b.account = h.account
WHERE (h.status IS NULL OR h.status = 'stale')
    AND (b.account IS NULL OR h.ask = 'overview')
