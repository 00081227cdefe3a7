"""The schedule: `nightly` at its hour in the campaign's zone, until the process is stopped."""

from __future__ import annotations

from prefect.schedules import Cron

from flows.nightly import nightly
from flows.settings import Settings
from models.campaign import Campaign


def serve(settings: Settings, campaign: Campaign, cron: str) -> None:
    """Serve the flow; each run is a child process of its own, so no reader of a file outlives it.

    `cron` has five fields and is read in the campaign's zone: on both days when clocks change it
    fires once.
    """
    nightly.serve(
        name=f"{campaign.name}-nightly",
        schedule=Cron(cron, timezone=str(campaign.timezone)),
        parameters={"data": str(settings.data.resolve()), "campaign_name": campaign.name},
        global_limit=1,
    )
