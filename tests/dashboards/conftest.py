from __future__ import annotations

from tests.dashboards.sites import cache, campaign, empty_site, hostile_site, poisoned_site, site

__all__ = ["cache", "campaign", "empty_site", "hostile_site", "poisoned_site", "site"]
