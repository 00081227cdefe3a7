"""A data folder that is pulled night after night, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import duckdb

from connectors.secret import Secret
from connectors.tokens import Tokens
from flows import steps
from flows.credentials import Credentials
from flows.pull import Clock, Pulled, pull
from flows.settings import Settings
from models.campaign import Account, Campaign
from models.store import open_published
from tests.faults.tiktok import ACCESS, REFRESH

FIRST_NIGHT = datetime(2023, 12, 2, 1, 30, tzinfo=UTC)

CAMPAIGN = """
title = "Test campaign"
timezone = "Europe/London"
starts = 2020-09-01
ends = 2024-10-06

[[period]]
id = "ap1"
name = "Action period 1"
starts = 2023-11-08
ends = 2024-02-05

[[team]]
id = "team-a"
name = "Team A"

[[topic]]
id = "help"
name = "Finding help"
team = "team-a"
hashtags = ["findhelpearly"]

[[creator]]
id = "lavelle"
name = "Lavelle"
kind = "influencer"
accounts = ["tiktok:@lavelle.sings", "instagram:@lavelle.sings"]

[[creator]]
id = "kofi"
name = "Kofi"
kind = "influencer"
accounts = ["tiktok:@kofi", "instagram:@kofi"]
"""


@dataclass
class FakeTime:
    """Waits are written down and pass at once."""

    at: datetime = FIRST_NIGHT
    waits: list[float] = field(default_factory=list)
    seconds_per_look: float = 0.0

    def wait(self, stop: Event, seconds: float) -> bool:
        if seconds:
            self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)
        return stop.is_set()

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.monotonic, self.wait)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        self.at += timedelta(seconds=self.seconds_per_look)
        return self.at.timestamp()


class Nights:
    """One data folder."""

    def __init__(self, folder: Path, bases: Mapping[str, str], campaign: str = CAMPAIGN) -> None:
        (folder / "campaigns").mkdir(parents=True, exist_ok=True)
        (folder / "campaigns" / "test.toml").write_text(campaign, encoding="utf-8")
        keys = {
            "RAPUP_TIKTOK_CLIENT_KEY": Secret("app-key"),
            "RAPUP_TIKTOK_CLIENT_SECRET": Secret("S3CR3T-app"),
            "RAPUP_TIKTOK_BUSINESS_APP_ID": Secret("business-id"),
            "RAPUP_TIKTOK_BUSINESS_APP_SECRET": Secret("S3CR3T-business"),
        }
        self.settings = Settings(folder, "test", api_bases=bases, app_keys=keys)
        self.time = FakeTime()

    @property
    def campaign(self) -> Campaign:
        return self.settings.load_campaign()

    def connect(self, account: str, source: str, access: str = ACCESS, **more: Any) -> None:
        """As after `rapup connect`; renewable tokens that last for years, unless told otherwise."""
        now_s = int(self.time.at.timestamp())
        given = {"refresh": Secret(REFRESH), "can_renew": True, **more}
        tokens = Tokens(Secret(access), issued_s=now_s, expires_s=now_s + 10**9, **given)
        Credentials(self.settings).files.write(Account.parse(account), source, tokens)

    def pull(self, **options: Any) -> list[Pulled]:
        return pull(self.settings, self.campaign, clock=self.time.clock, **options)

    def night(self, **options: Any) -> Pulled:
        """One account's pull, a day after the last."""
        self.time.at += timedelta(days=1)
        (only,) = self.pull(**options)
        return only

    def stored(self, sql: str) -> list[tuple[Any, ...]]:
        connection = duckdb.connect(str(self.settings.data / "store.duckdb"), read_only=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def build(self) -> None:
        steps.build(self.settings, self.campaign)

    def published(self, sql: str) -> list[tuple[object, ...]]:
        with open_published(self.settings.data) as published:
            return published.rows(sql)
