"""From which score on a comment counts as positive or negative: Hutto & Gilbert (2014), as published."""

from __future__ import annotations

from typing import Final

POSITIVE: Final = 0.05
NEGATIVE: Final = -0.05
