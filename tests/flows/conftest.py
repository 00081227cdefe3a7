from __future__ import annotations

from tests.dashboards.sites import cache

__all__ = ["cache"]
