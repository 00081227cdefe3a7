-- The timetable.
SELECT * FROM cfg_events
