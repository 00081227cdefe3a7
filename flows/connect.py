"""Connecting an account: its owner allows it on the platform's page, and the tokens are kept here."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from connectors import registry
from connectors.api import ApiSource
from connectors.secret import Secret
from connectors.source_errors import SourceError, WrongAccount
from connectors.tokens import App, Grant, Login, Tokens
from flows.credentials import Credentials, open_api
from flows.redirect import can_be_caught, code_in
from flows.settings import BadSettings, Settings, token_variable
from flows.token_files import TokenFiles
from models.campaign import Account, Campaign

_GOOD_FOR_S: Final = 3600  # an address that was printed


@dataclass(frozen=True)
class Invitation:
    """What is shown to a person, and what must come back from them."""

    address: str
    redirect_uri: str
    state: str


@dataclass(frozen=True)
class Connected:
    """How it ended."""

    account: Account
    source: str
    ends_s: int | None
    """When the owner must be asked again, in epoch seconds; None: not said."""
    not_allowed: tuple[str, ...] = ()
    """What was asked for and not allowed."""


@dataclass(frozen=True)
class Connection:
    """One account and the API through which it is to be read."""

    settings: Settings
    account: Account
    api: ApiSource
    login: Login

    @property
    def _files(self) -> TokenFiles:
        return Credentials(self.settings).files

    @property
    def _note(self) -> str:
        return f"{self.account.folder}.{self.api.source}"

    def invite(self) -> Invitation:
        """The page to open; what proves the answer is kept until it comes.

        Raises:
            BadSettings: the app's key or secret is not set, or the platform sends nobody back there.
        """
        app, redirect = self._app(), self.settings.redirect_uri
        if can_be_caught(redirect) and not self.login.takes_loopback:
            raise BadSettings(
                f"{self.account}: {self.api.source} sends owners back to https addresses only: register a"
                " page of yours with the platform and set RAPUP_REDIRECT_URI to it; see docs/connect.md"
            )
        state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
        kept = {"state": state, "verifier": verifier, "redirect": redirect, "made_s": str(int(time.time()))}
        self._files.keep_note(self._note, kept)
        address = self.login.address(app.key, redirect, state, Secret(verifier))
        return Invitation(address, redirect, state)

    def redeem(self, answer: str) -> Connected:
        """Keep the tokens for an answer: the address after allowing, or the code in it.

        Raises:
            BadSettings: nothing was asked, or too long ago.
            WrongAccount: another account's owner allowed it; nothing is kept.
            SourceError: the platform does not take it.
        """
        app, files = self._app(), self._files
        kept = files.note(self._note)
        if not kept or time.time() > int(kept["made_s"]) + _GOOD_FOR_S:
            first = f"first run `rapup connect {self.account}` and open its address"
            raise BadSettings(f"{self.account}: {first}")
        code = code_in(answer, kept["state"], str(self.account))
        grant = Grant(code, kept["redirect"], Secret(kept["verifier"]))
        http = open_api(self.settings, self.api)
        tokens = self.login.redeem(app, grant, http, self.account.handle, int(time.time()))
        files.keep_note(self._note, None)
        try:
            tokens = self.api.owner(self.account.handle, tokens, http)
        except WrongAccount:
            with suppress(SourceError):  # nobody meant to give it
                self.login.revoke(app, tokens, http, self.account.handle)
            raise
        with files.lock(self.account, self.api.source):
            files.write(self.account, self.api.source, tokens)
        return Connected(self.account, self.api.source, tokens.ends_s, self._not_allowed(tokens))

    def disconnect(self) -> tuple[str, ...]:
        """Give the permission back and forget the tokens; what a person has to do by hand is returned.

        The tokens are deleted whatever the platform says.
        """
        files, login, handle = self._files, self.login, self.account.handle
        with files.lock(self.account, self.api.source):
            tokens = files.read(self.account, self.api.source)
            words: tuple[str, ...] = ()
            try:
                app = self.settings.app(login.app_variables)
                done = app and tokens and login.revoke(app, tokens, open_api(self.settings, self.api), handle)
            except SourceError as error:
                done, words = False, (str(error),)
            files.delete(self.account, self.api.source)
        files.keep_note(self._note, None)
        if done:
            return ()
        return (*words, f"{self.account}: ask its owner to remove the app: {login.by_hand}")

    def _app(self) -> App:
        variables = self.login.app_variables
        app = self.settings.app(variables)
        if app is None:
            raise BadSettings(
                f"{self.account}: set {variables[0]} and {variables[1]} in .env, as the platform's developer"
                " page gives them; see docs/connect.md"
            )
        return app

    def _not_allowed(self, tokens: Tokens) -> tuple[str, ...]:
        return tuple(s for s in self.login.scopes if tokens.scopes and s not in tokens.scopes)


def connection(settings: Settings, campaign: Campaign, text: str, source: str | None) -> Connection:
    """The account that `text` names, through the API `source` (None: the first of its platform).

    Raises:
        BadSettings: the campaign has no such account, or there is no such API.
    """
    account = account_of(campaign, text)
    apis = [api for api in registry.apis(account.platform) if api.token_source == api.source]
    api = next((api for api in apis if source in (None, api.source)), None)
    if api is None:
        known = ", ".join(api.source for api in apis) or "none of this platform"
        raise BadSettings(f"{account}: no such API to connect it for; there is {known}")
    if api.login is None:
        raise BadSettings(
            f"{account}: copy its token from the platform and set {token_variable(account)} in .env"
        )
    login = api.login.with_comments() if campaign.comments.enabled else api.login
    return Connection(settings, account, api, login)


def account_of(campaign: Campaign, text: str) -> Account:
    """An account of the campaign.

    Raises:
        BadSettings: it is none.
    """
    try:
        account = Account.parse(text)
    except ValueError as error:
        raise BadSettings(str(error)) from None
    if account not in campaign.accounts():
        same = [str(a) for a in campaign.accounts() if a.platform == account.platform]
        known = ", ".join(same) or "none of this platform"
        raise BadSettings(f"{account}: no creator of the campaign has it; there is {known}")
    return account


def disconnect(settings: Settings, campaign: Campaign, text: str) -> tuple[list[str], list[str]]:
    """Give back and forget everything an account is connected with: (the sources, what is left to do).

    Raises:
        BadSettings: the campaign has no such account.
    """
    account = account_of(campaign, text)
    sources = Credentials(settings).files.sources(account)
    ways = [
        Connection(settings, account, api, api.login)
        for api in registry.apis(account.platform)
        if api.source in sources and api.login
    ]
    left = [word for way in ways for word in way.disconnect()]
    if settings.token(account):
        left.append(f"{account}: remove {token_variable(account)} from .env")
    return [way.api.source for way in ways], left
