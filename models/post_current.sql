-- The newest known value of every counter; interactions and rate from one observation each.
WITH ordered AS (
    SELECT
        *,
        ${engagement_rate} AS engagement_rate
    FROM post_moments
)
SELECT
    platform,
    post_id,
    max(observed_s) AS observed_s,
    max_by(views, CASE WHEN views IS NOT NULL THEN observed_s END) AS views,
    max_by(reach, CASE WHEN reach IS NOT NULL THEN observed_s END) AS reach,
    max_by(likes, CASE WHEN likes IS NOT NULL THEN observed_s END) AS likes,
    max_by(comments, CASE WHEN comments IS NOT NULL THEN observed_s END) AS comments,
    max_by(shares, CASE WHEN shares IS NOT NULL THEN observed_s END) AS shares,
    max_by(saves, CASE WHEN saves IS NOT NULL THEN observed_s END) AS saves,
    max_by(interactions, CASE WHEN interactions IS NOT NULL THEN observed_s END) AS interactions,
    max_by(engagement_rate, CASE WHEN engagement_rate IS NOT NULL THEN observed_s END) AS engagement_rate
FROM ordered
GROUP BY platform, post_id
