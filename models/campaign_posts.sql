-- Posts of the campaign's creators since its start. A collab post of an outside owner counts for
-- the creator whose export lists it. Creators whose consent has ended are left out. Histories are sorted
-- and joined by `post_no`: a whole number costs half of what ids do.
WITH placed AS (
    SELECT
        p.*,
        local_date(p.published_s) AS published_on,
        coalesce(owner.creator_id, exporter.creator_id) AS creator_id
    FROM posts_seen AS p
    LEFT JOIN cfg_accounts AS owner ON owner.platform = p.platform AND owner.account = p.account
    LEFT JOIN cfg_accounts AS exporter ON exporter.platform = p.platform AND exporter.account = p.exporter
)
SELECT
    placed.*, periods.period_id,
    row_number() OVER (ORDER BY placed.platform, placed.post_id) AS post_no
FROM placed
CROSS JOIN cfg_run AS run
JOIN cfg_creators AS c ON c.creator_id = placed.creator_id AND c.may_publish
LEFT JOIN cfg_periods AS periods
    ON placed.published_on >= periods.starts AND placed.published_on <= periods.ends
WHERE placed.published_on >= run.starts
