-- Teams in the order of the campaign file.
SELECT * FROM cfg_teams
