-- Moments of a post that more than one row reports. There are few, if any: to know them first spares
-- all others the merging.
SELECT post_no, observed_s
FROM observations
GROUP BY post_no, observed_s
HAVING count(*) > 1
