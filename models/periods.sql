-- Action periods in the order of time.
SELECT period_id, name, starts, ends, period_rank AS rank FROM cfg_periods
