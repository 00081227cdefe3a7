-- Where the lines of a topic's control charts must start anew: the first full week of views that are counted
-- by another definition, and why.
SELECT DISTINCT
    concat('topic:', c.topic_id) AS facet,
    c.week,
    c.reason
FROM definition_changes AS c
WHERE c.topic_id IS NOT NULL AND c.week IS NOT NULL
