-- The newest known value of every counter; interactions and each rate from one observation.
WITH rated AS (
    SELECT
        *,
        ${engagement_rate} AS engagement_rate,
        ${engagement_rate_with_saves} AS engagement_rate_with_saves,
        ${engagement_rate_by_reach} AS engagement_rate_by_reach,
        ${save_rate} AS save_rate,
        ${share_rate} AS share_rate
    FROM (SELECT *, ${interactions} AS interactions FROM post_moments)
),
newest AS (
    SELECT
        post_no,
        max(observed_s) AS observed_s,
        max_by(views, CASE WHEN views IS NOT NULL THEN observed_s END) AS views,
        max_by(reach, CASE WHEN reach IS NOT NULL THEN observed_s END) AS reach,
        max_by(likes, CASE WHEN likes IS NOT NULL THEN observed_s END) AS likes,
        max_by(comments, CASE WHEN comments IS NOT NULL THEN observed_s END) AS comments,
        max_by(shares, CASE WHEN shares IS NOT NULL THEN observed_s END) AS shares,
        max_by(saves, CASE WHEN saves IS NOT NULL THEN observed_s END) AS saves,
        max_by(interactions, CASE WHEN interactions IS NOT NULL THEN observed_s END) AS interactions,
        max_by(watch_time_avg_s, CASE WHEN watch_time_avg_s IS NOT NULL THEN observed_s END) AS watch_time_avg_s,
        max_by(completion_rate, CASE WHEN completion_rate IS NOT NULL THEN observed_s END) AS completion_rate,
        max_by(engagement_rate, CASE WHEN engagement_rate IS NOT NULL THEN observed_s END) AS engagement_rate,
        max_by(views, CASE WHEN engagement_rate IS NOT NULL THEN observed_s END) AS views_of_rate,
        max_by(engagement_rate_with_saves, CASE WHEN engagement_rate_with_saves IS NOT NULL THEN observed_s END)
            AS engagement_rate_with_saves,
        max_by(engagement_rate_by_reach, CASE WHEN engagement_rate_by_reach IS NOT NULL THEN observed_s END)
            AS engagement_rate_by_reach,
        max_by(save_rate, CASE WHEN save_rate IS NOT NULL THEN observed_s END) AS save_rate,
        max_by(share_rate, CASE WHEN share_rate IS NOT NULL THEN observed_s END) AS share_rate
    FROM rated
    GROUP BY post_no
)
SELECT p.platform, p.post_id, n.*, ${engagement_rate_by_followers} AS engagement_rate_by_followers
FROM newest AS n
JOIN campaign_posts AS p ON p.post_no = n.post_no
LEFT JOIN post_followers AS f ON f.post_no = n.post_no
