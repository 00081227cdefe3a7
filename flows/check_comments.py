"""Whether comments are read, for whom, whether they can be scored and their authors' names replaced."""

from __future__ import annotations

from flows.check_tokens import Finding
from flows.comments import KEY_FILE, overlay, pseudonyms
from flows.settings import BadSettings, Settings
from models.campaign import Campaign


def check_comments(settings: Settings, campaign: Campaign) -> list[Finding]:
    """One finding where the campaign lets comments be read; nothing is changed."""
    told, key = campaign.comments, settings.secrets / KEY_FILE
    if not told.enabled:
        return []
    where = "RAPUP_PSEUDONYM_KEY" if settings.pseudonym_key else str(key)
    try:
        overlay(settings)
        if settings.pseudonym_key or key.exists():
            pseudonyms(settings)
    except BadSettings as error:
        return [Finding(False, "comments", str(error))]
    return [
        Finding(
            True,
            "comments",
            f"read for {told.owner}, within {told.read_within_hours} hours; texts kept"
            f" {told.retention_days} days; names replaced under {where}: keep a copy of it elsewhere",
        )
    ]
