-- Where an account's views began to be counted by another definition: per topic of its posts, the day of
-- the first observation under the new one and the first full week after it (NULL: none has begun).
-- `reason` is told wherever a comparison ends there.
WITH defined AS (
    SELECT DISTINCT definition_no, definition FROM cfg_definitions
),
changes AS (
    SELECT
        p.platform, p.account, t.topic_id, local_date(g.from_s) AS day,
        d_0.definition AS definition_from, d_1.definition AS definition_to
    FROM segments AS g
    JOIN campaign_posts AS p ON p.post_no = g.post_no
    JOIN post_moments AS m_0 ON m_0.post_no = g.post_no AND m_0.observed_s = g.before_s
    JOIN post_moments AS m_1 ON m_1.post_no = g.post_no AND m_1.observed_s = g.from_s
    JOIN defined AS d_0 ON d_0.definition_no = m_0.definition_no
    JOIN defined AS d_1 ON d_1.definition_no = m_1.definition_no
    LEFT JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
    WHERE g.is_redefined
)
SELECT
    c.platform, c.account, c.topic_id, topics.team_id, c.day,
    concat(
        coalesce(p.name, c.platform), ' views of @', c.account, ' are counted anew: ',
        c.definition_to, ' instead of ', c.definition_from
    ) AS reason,
    min(w.week) AS week
FROM changes AS c
LEFT JOIN cfg_platforms AS p ON p.platform = c.platform
LEFT JOIN cfg_topics AS topics ON topics.topic_id = c.topic_id
LEFT JOIN cfg_weeks AS w ON w.week > c.day
GROUP BY c.platform, c.account, c.topic_id, topics.team_id, c.day, c.definition_from, c.definition_to, p.name
