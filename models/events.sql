-- The timetable, and the first day on which an account's views were counted by another definition, for
-- each team that has posts there.
WITH changed AS (
    SELECT
        reason, team_id, min(day) AS day,
        max(team_id) OVER (PARTITION BY platform, account) AS any_team
    FROM definition_changes
    GROUP BY platform, account, reason, team_id
),
all_events AS (
    SELECT rank AS told, day, name, kind, team_id, note FROM cfg_events
    UNION ALL
    SELECT
        NULL AS told, day, reason AS name, 'platform_change' AS kind, team_id,
        'Figures before and after are not compared.' AS note
    FROM changed
    WHERE team_id IS NOT NULL OR any_team IS NULL
)
SELECT
    row_number() OVER (ORDER BY day, CASE WHEN told IS NULL THEN 1 ELSE 0 END, told, name, team_id) - 1 AS rank,
    day, name, kind, team_id, note
FROM all_events
