-- What each comparison of an action period with the one before rests on: the posts of both that have
-- reached their common age. `period_id` names the comparison by its later period.
SELECT
    c.topic_id, p.period_id, a.period_rank = c.period_rank AS is_after,
    a.platform, a.post_id, a.account, a.is_paid, a.age_day, a.views, a.interactions, a.definition_no
FROM common_ages AS c
JOIN cfg_periods AS p ON p.period_rank = c.period_rank
JOIN aged_posts AS a
    ON a.topic_id = c.topic_id AND a.age_day = c.age_day
    AND a.period_rank <= c.period_rank AND a.period_rank >= c.period_rank - 1
WHERE a.status <> 'not_yet'
