-- Creators whose consent has not ended.
SELECT creator_id, name, kind, communities, consent_until, language, rank FROM cfg_creators WHERE may_publish
