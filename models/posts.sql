-- One row per post: what it is, its newest totals, its values at fixed ages.
SELECT
    p.platform, p.post_id, p.account, p.creator_id, t.topic_id, topics.team_id, p.period_id,
    utc_timestamp(p.published_s) AS published_at,
    p.published_on, p.permalink, p.caption, p.media_type, p.duration_s,
    utc_timestamp(c.observed_s) AS observed_at,
    CAST(c.observed_s - p.published_s AS DOUBLE) / 86400 AS age_days,
    c.views, c.reach, c.likes, c.comments, c.shares, c.saves, c.interactions, c.engagement_rate,
    day_7.views AS views_day_7,
    day_7.status AS views_day_7_status,
    bounds.low AS views_day_7_low,
    bounds.high AS views_day_7_high,
    day_28.views AS views_day_28,
    day_28.status AS views_day_28_status,
    CAST(NULL AS DOUBLE) AS target_share,
    CAST(NULL AS DOUBLE) AS target_low,
    CAST(NULL AS DOUBLE) AS target_high,
    'unknown' AS target_basis,
    p.is_collab, p.is_paid, p.listed_by
FROM campaign_posts AS p
LEFT JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
LEFT JOIN cfg_topics AS topics ON topics.topic_id = t.topic_id
LEFT JOIN post_current AS c ON c.platform = p.platform AND c.post_id = p.post_id
LEFT JOIN same_age AS day_7
    ON day_7.platform = p.platform AND day_7.post_id = p.post_id AND day_7.age_day = 7
LEFT JOIN same_age AS day_28
    ON day_28.platform = p.platform AND day_28.post_id = p.post_id AND day_28.age_day = 28
LEFT JOIN day_7_bounds AS bounds ON bounds.platform = p.platform AND bounds.post_id = p.post_id
