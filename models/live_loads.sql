-- Loads that count: a load of the same bytes with better options replaces the earlier one.
SELECT l.load_id, l.source, l.platform, l.account, l.loaded_at, l.source_rank
FROM raw.loads AS l
WHERE l.load_id NOT IN (SELECT r.replaces FROM raw.loads AS r WHERE r.replaces IS NOT NULL)
