-- One row per post: what it is, its newest totals, its values at fixed ages.
SELECT
    p.platform, p.post_id, p.account, p.creator_id, t.topic_id, topics.team_id, p.period_id,
    utc_timestamp(p.published_s) AS published_at,
    p.published_on, p.permalink, p.caption, p.media_type, p.duration_s,
    utc_timestamp(c.observed_s) AS observed_at,
    CAST(c.observed_s - p.published_s AS DOUBLE) / 86400 AS age_days,
    c.views, c.reach, c.likes, c.comments, c.shares, c.saves, c.interactions,
    c.engagement_rate, c.engagement_rate_with_saves, c.engagement_rate_by_reach,
    c.engagement_rate_by_followers, c.save_rate, c.share_rate, c.completion_rate, c.watch_time_avg_s,
    ages.views_day_1, ages.views_day_1_status, ages.views_day_3, ages.views_day_3_status,
    ages.views_day_7, ages.views_day_7_status,
    bounds.low AS views_day_7_low,
    bounds.high AS views_day_7_high,
    ages.views_day_28, ages.views_day_28_status, ages.same_age_note,
    ends.engagement_rate_low,
    reach.share AS target_share,
    reach.low AS target_low,
    reach.high AS target_high,
    CASE
        WHEN reach.subject_id IS NOT NULL THEN 'measured'
        WHEN followers.subject_id IS NOT NULL THEN 'account'
        ELSE 'unknown'
    END AS target_basis,
    p.is_collab, p.is_paid,
    utc_timestamp(gone.gone_s) AS gone_at,
    p.listed_by
FROM campaign_posts AS p
LEFT JOIN post_topics AS t ON t.platform = p.platform AND t.post_id = p.post_id AND t.is_primary
LEFT JOIN cfg_topics AS topics ON topics.topic_id = t.topic_id
LEFT JOIN post_current AS c ON c.post_no = p.post_no
LEFT JOIN post_ages AS ages ON ages.post_no = p.post_no
LEFT JOIN day_7_bounds AS bounds ON bounds.post_no = p.post_no
LEFT JOIN gone_posts AS gone ON gone.platform = p.platform AND gone.post_id = p.post_id
LEFT JOIN post_rate_ends AS ends ON ends.platform = p.platform AND ends.post_id = p.post_id
LEFT JOIN target_reach AS reach
    ON reach.platform = p.platform AND reach.subject_id = p.post_id AND reach.subject_type = 'post'
    AND reach.criterion = 'all' AND reach.population = 'viewers'
LEFT JOIN (
    SELECT DISTINCT platform, subject_id FROM target_reach WHERE subject_type = 'account' AND criterion = 'all'
) AS followers
    ON followers.platform = p.platform AND followers.subject_id = p.account
