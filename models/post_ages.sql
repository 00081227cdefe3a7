-- A post's views at each fixed age, side by side, and why neither age at which periods are compared has
-- any: with what would tell it.
WITH aged AS (
    SELECT
        a.post_no, a.platform,
        max(CASE WHEN a.age_day = 1 THEN a.views END) AS views_day_1,
        max(CASE WHEN a.age_day = 1 THEN a.status END) AS views_day_1_status,
        max(CASE WHEN a.age_day = 3 THEN a.views END) AS views_day_3,
        max(CASE WHEN a.age_day = 3 THEN a.status END) AS views_day_3_status,
        max(CASE WHEN a.age_day = 7 THEN a.views END) AS views_day_7,
        max(CASE WHEN a.age_day = 7 THEN a.status END) AS views_day_7_status,
        max(CASE WHEN a.age_day = 28 THEN a.views END) AS views_day_28,
        max(CASE WHEN a.age_day = 28 THEN a.status END) AS views_day_28_status,
        max(CASE WHEN a.age_day = 28 AND a.is_parted THEN 1 ELSE 0 END) AS is_parted
    FROM same_age AS a
    GROUP BY a.post_no, a.platform
)
SELECT
    a.post_no,
    a.views_day_1, a.views_day_1_status, a.views_day_3, a.views_day_3_status,
    a.views_day_7, a.views_day_7_status, a.views_day_28, a.views_day_28_status,
    CASE
        WHEN a.views_day_7_status <> 'missing' OR a.views_day_28_status <> 'missing' THEN NULL
        WHEN a.is_parted = 1 THEN 'views were counted anew between the readings on either side of 28 days'
        ELSE concat(
            'no reading with its time of day within ', day_7.within, ' of 7 days on both sides, nor any within ',
            day_28.within, ' of 28 days: ', coalesce(p.weekly, 'a reading every week'), ' gives views at 28 days'
        )
    END AS same_age_note
FROM aged AS a
JOIN cfg_ages AS day_7 ON day_7.age_day = 7
JOIN cfg_ages AS day_28 ON day_28.age_day = 28
LEFT JOIN cfg_platforms AS p ON p.platform = a.platform
