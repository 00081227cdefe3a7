"""Settings: the only code that reads the environment (and `.env`), once, at the edge."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from connectors.secret import Secret
from connectors.tokens import App
from models.campaign import Account, Campaign, find_campaign, load_campaign

CHECKOUT: Final = Path(__file__).resolve().parents[1]
SAMPLE_INBOX: Final = CHECKOUT / "data" / "sample" / "inbox"
REDIRECT: Final = "http://127.0.0.1:8765/callback/"
_BASE_VARIABLE: Final = re.compile(r"[A-Z_]+_API_BASE")
_APP_VARIABLE: Final = re.compile(r"RAPUP_[A-Z_]+_(CLIENT_KEY|CLIENT_SECRET|APP_ID|APP_SECRET)")

_QUIET_PREFECT: Final = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    "PREFECT_API_LOG_RETRYABLE_ERRORS": "true",
}


class BadSettings(Exception):
    """A setting that cannot be used; the message names it and says what to do."""


@dataclass(frozen=True)
class Settings:
    """Everything that is not in the campaign file."""

    data: Path
    """The data folder: inbox, store, published file, site."""
    campaign_name: str | None = None
    api_bases: Mapping[str, str] = field(default_factory=dict)
    """Where an API is, by the name of its variable (TIKTOK_API_BASE): a loopback address, for tests."""
    tokens: Mapping[str, Secret] = field(default_factory=dict)
    """By the name of their variable: see `token_variable`."""
    app_keys: Mapping[str, Secret] = field(default_factory=dict)
    """What platforms gave the developer, by the name of its variable."""
    pseudonym_key: Secret | None = None
    """With which names of commenters are replaced; None: the one in `secrets`."""
    redirect_uri: str = REDIRECT
    """Where a platform sends an owner who allowed it, as told to the platform when the app was registered."""

    @property
    def inbox(self) -> Path:
        """Where partners' exports are put."""
        return self.data / "inbox"

    @property
    def site(self) -> Path:
        """Where the pages are written."""
        return self.data / "site"

    @property
    def secrets(self) -> Path:
        """Where the tokens of connected accounts are kept."""
        return self.data / "secrets"

    @property
    def quarantine(self) -> Path:
        """Where answers of platforms are kept that could not be used."""
        return self.data / "quarantine"

    @property
    def cache(self) -> Path:
        """What can be made again at any time."""
        return self.data / "cache"

    def campaign_file(self) -> Path:
        """The campaign's file: of the data folder if it has any, else of the checkout.

        Raises:
            BadCampaign: none or several, and no name was told.
        """
        own = self.data / "campaigns"
        return find_campaign(own if own.is_dir() else CHECKOUT / "data" / "campaigns", self.campaign_name)

    def load_campaign(self) -> Campaign:
        """The campaign of this data folder."""
        return load_campaign(self.campaign_file())

    def token(self, account: Account) -> Secret | None:
        """The token of an account that gave consent."""
        return self.tokens.get(token_variable(account))

    def app(self, variables: tuple[str, str]) -> App | None:
        """The developer's key and secret; None unless both are set."""
        key, secret = (self.app_keys.get(name) for name in variables)
        return App(key.reveal(), secret) if key and secret else None


def token_variable(account: Account) -> str:
    """The variable that holds an account's token: RAPUP_TOKEN_TIKTOK_LAVELLE_SINGS."""
    return "RAPUP_TOKEN_" + re.sub(r"[^A-Z0-9]", "_", f"{account.platform}_{account.handle}".upper())


def load_settings(data: str | None, campaign: str | None, env_file: Path | None = None) -> Settings:
    """Settings from the command line, then the environment, then `.env` in the working folder.

    Raises:
        BadSettings: `.env` can be read by other people of this machine.
    """
    file = env_file or Path(".env")
    _refuse_open_file(file)
    values = {**{k: v for k, v in dotenv_values(file).items() if v}, **os.environ}
    return Settings(
        data=Path(data or values.get("RAPUP_DATA") or "data"),
        campaign_name=campaign or values.get("RAPUP_CAMPAIGN"),
        api_bases={n: v for n, v in values.items() if v and _BASE_VARIABLE.fullmatch(n)},
        tokens={
            name: Secret(value) for name, value in values.items() if name.startswith("RAPUP_TOKEN_") and value
        },
        app_keys={n: Secret(v) for n, v in values.items() if v and _APP_VARIABLE.fullmatch(n)},
        pseudonym_key=Secret(key) if (key := values.get("RAPUP_PSEUDONYM_KEY")) else None,
        redirect_uri=values.get("RAPUP_REDIRECT_URI") or REDIRECT,
    )


def _refuse_open_file(file: Path) -> None:
    if os.name == "posix" and file.exists() and file.stat().st_mode & 0o077:
        raise BadSettings(f"{file}: other people of this machine can read it; run: chmod 600 {file}")


def quiet_prefect(data: Path) -> None:
    """Prefect without telemetry, with its own files inside the data folder. Call before importing it."""
    for name, value in _QUIET_PREFECT.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str((data / "prefect").resolve()))


def use_prefect_server(url: str) -> None:
    """Which server the flows talk to. Call before importing Prefect."""
    os.environ["PREFECT_API_URL"] = url


def has_prefect_server() -> bool:
    """Whether the person has a server of their own: then none is started."""
    return bool(os.environ.get("PREFECT_API_URL"))


def version() -> str:
    """Version of the installed package; "unknown" when run from a bare checkout."""
    try:
        return metadata.version("rapup")
    except metadata.PackageNotFoundError:
        return "unknown"
