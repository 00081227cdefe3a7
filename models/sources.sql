-- What came from each source of each account, and what never came. Staleness is judged against the
-- newest observation of the whole campaign and only until the campaign ends, never by the wall clock.
WITH newest AS (
    SELECT platform, account, source, max(loaded_at) AS last_load_at, max(observed_s) AS observed_s
    FROM reports
    GROUP BY platform, account, source
),
judged AS (
    SELECT
        a.platform, a.account, coalesce(n.source, 'none') AS source, n.last_load_at, n.observed_s,
        CASE
            WHEN n.observed_s IS NULL THEN 'never'
            WHEN days_between(local_date(n.observed_s), least(local_date(run.as_of_s), run.ends))
                > run.stale_after_days THEN 'stale'
            ELSE 'fresh'
        END AS status
    FROM cfg_accounts AS a
    JOIN cfg_creators AS c ON c.creator_id = a.creator_id AND c.may_publish
    CROSS JOIN cfg_run AS run
    LEFT JOIN newest AS n ON n.platform = a.platform AND n.account = a.account
)
SELECT
    j.platform, j.account, j.source, j.last_load_at,
    utc_timestamp(j.observed_s) AS newest_observation,
    j.status,
    CASE j.status
        WHEN 'never' THEN 'nothing has come from this account yet'
        WHEN 'stale' THEN concat('nothing newer for more than ', CAST(run.stale_after_days AS STRING), ' days: ask for a new export')
    END AS note
FROM judged AS j
CROSS JOIN cfg_run AS run
