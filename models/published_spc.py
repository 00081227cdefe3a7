"""The columns of published table `spc`, as `models.published` has those of the others."""

from __future__ import annotations

from typing import Final

SPC_COLUMNS: Final = """
measure VARCHAR new_views, interactions_per_1000_views or posts
facet VARCHAR topic:ID (13 or more settled weeks, 80 % of them complete) or account:PLATFORM:HANDLE
week DATE Monday of the ISO week
value DOUBLE the measure; rates here are per 1,000
phase BIGINT from 1; lines belong to a phase
mean DOUBLE centre: mean, geometric mean (scale log10) or median (run chart) of the baseline
lpl DOUBLE lower limit; NULL = no limits
upl DOUBLE upper limit; NULL = no limits
n_baseline BIGINT weeks whose values set the lines
cause VARCHAR the first rule that holds, or Common Cause; NULL = not judged
point_type VARCHAR common_cause, special_cause_improvement or special_cause_concern; NULL = not judged
is_trial BOOLEAN the lines rest on fewer than 20 weeks
is_provisional BOOLEAN the week is incomplete, not settled or only partly in the campaign: not judged
scale VARCHAR as they are, log10 (limits computed on it) or run chart (no limits)
baseline_from DATE first week of the baseline
baseline_to DATE last week of the baseline
is_screened BOOLEAN outlying moving ranges were left out of the limits
autocorrelation DOUBLE of neighbouring weeks in the baseline; above 0.3 signals are overstated; NULL below 20
"""
