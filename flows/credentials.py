"""With what each account is read: the tokens of a connected account, else the one that stands in `.env`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from connectors import registry
from connectors.api import ApiSource
from connectors.source_errors import SourceError, SourceUnavailable, TokenRejected, WrongAccount
from connectors.tokens import Tokens, platform_of
from flows.file_lock import LockBusy
from flows.settings import BadSettings, Settings, token_variable
from flows.token_files import TokenFiles
from models.campaign import Account

if TYPE_CHECKING:
    from connectors.http import Api


@dataclass(frozen=True)
class Credentials:
    """Of one data folder and its settings."""

    settings: Settings

    @property
    def files(self) -> TokenFiles:
        """The tokens of connected accounts."""
        return TokenFiles(self.settings.secrets)

    def apis(self, account: Account) -> list[ApiSource]:
        """The APIs that an account can be read through: those it is connected for, in the registry's order.

        A token in `.env` is one for the first API of its platform.
        """
        connected = self.files.sources(account)
        in_env = self.settings.token(account) is not None
        if not connected and not in_env:
            return []  # without loading what speaks to a network
        own = [api for api in registry.apis(account.platform) if api.token_source == api.source]
        return [api for n, api in enumerate(own) if api.source in connected or (in_env and n == 0)]

    def held(self, account: Account, source: str) -> Tokens | None:
        """The tokens as they are kept, perhaps at their end.

        Raises:
            BadSettings: see `TokenFiles.read`.
            WrongAccount: it is a token of another platform.
        """
        where, tokens = f"what {account} is connected with", self.files.read(account, source)
        if tokens is None and (token := self.settings.token(account)):
            where, tokens = token_variable(account), Tokens(token)
        platform = platform_of(tokens.access) if tokens else None
        if platform not in (None, account.platform):
            raise WrongAccount(
                f"{source}: {where} is a token of {platform}, but filed under {account}: give each account"
                " its own token"
            )
        return tokens

    def fresh(
        self, account: Account, api: ApiSource, http: Api, now_s: int, rejected: Tokens | None = None
    ) -> Tokens:
        """Tokens that are good for this run, renewed and kept if it is time.

        `rejected`: renewable ones that the platform no longer takes, whatever their life says.

        Raises:
            TokenRejected: the owner must be asked again.
            SourceError, BadSettings: see `held`.
        """
        kept = self.held(account, api.token_source)
        if kept is None:
            raise TokenRejected(f"{api.source}: {account} is not connected: run `rapup connect {account}`")
        if _is_good(kept, now_s, rejected):
            return kept
        try:
            with self.files.lock(account, api.token_source):
                return self._renewed(account, api, http, now_s, rejected)
        except LockBusy as error:
            raise SourceUnavailable(f"{api.source}: {error}") from None

    def _renewed(
        self, account: Account, api: ApiSource, http: Api, now_s: int, rejected: Tokens | None
    ) -> Tokens:
        """Under the lock: another run may have renewed meanwhile."""
        kept = self.held(account, api.token_source)
        if kept is None or _is_good(kept, now_s, rejected):
            return kept or self.fresh(account, api, http, now_s)
        if api.login is None:
            return kept
        app = self.settings.app(api.login.app_variables)
        with self.files.room(account, api.token_source) as put:
            try:
                new = api.login.renewed(app, kept, http, account.handle, now_s)
            except SourceError:
                # Renewing begins early enough for a bad night: the old ones may still last.
                if rejected is None and kept.expires_s is not None and now_s < kept.expires_s:
                    return kept
                raise
            put(new)
        return new


def open_api(settings: Settings, api: ApiSource) -> Api:
    """The way to a platform, or to where the settings send a test.

    Raises:
        BadSettings: the address cannot be used.
    """
    try:
        return api.open_api(settings.api_bases.get(api.base_variable))
    except ValueError as error:
        raise BadSettings(f"{error}; see {api.base_variable} in .env") from None


def _is_good(kept: Tokens, now_s: int, rejected: Tokens | None) -> bool:
    if rejected is not None and kept.access.reveal() == rejected.access.reveal():
        return False
    return not kept.is_due(now_s)
