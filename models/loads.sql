-- The ledger, as far as it concerns creators who may be shown.
SELECT
    l.load_id, l.source, l.platform, l.account, l.name, l.sha256, l.exported_on, l.loaded_at,
    l.rows, l.refused, l.reason, l.notice
FROM raw.loads AS l
LEFT JOIN cfg_accounts AS a ON a.platform = l.platform AND a.account = l.account
LEFT JOIN cfg_creators AS c ON c.creator_id = a.creator_id
WHERE coalesce(c.may_publish, TRUE)
