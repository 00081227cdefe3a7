-- The campaign file's own words, and what "now" is.
SELECT * FROM cfg_campaign
