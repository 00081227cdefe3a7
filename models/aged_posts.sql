-- The posts of every topic and action period at the ages at which periods are compared.
SELECT
    t.topic_id, p.period_id, periods.period_rank, p.platform, p.post_id, p.account, p.is_paid,
    a.age_day, a.views, a.interactions, a.status, a.definition_no
FROM campaign_posts AS p
JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
JOIN cfg_periods AS periods ON periods.period_id = p.period_id
JOIN same_age AS a ON a.platform = p.platform AND a.post_id = p.post_id
JOIN cfg_ages AS ages ON ages.age_day = a.age_day AND ages.compares
