"""TikTok's two ways to be connected: Login Kit for the Display API, and TikTok for Business accounts.

Addresses and fields are those of TikTok's developer pages "Login Kit for Desktop", "Refresh a User Access
Token" and "Revoke a User Access Token" (developers.tiktok.com, November 2026), and of "Authentication" of
the Accounts API (business-api.tiktok.com/portal/docs?id=1738084387220481).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from connectors.calls import Caller, Values
from connectors.http import Api
from connectors.secret import Secret
from connectors.strict_json import JsonObject
from connectors.tiktok import business_errors, display_errors
from connectors.tokens import App, Grant, Tokens, cannot_renew, succeeding, tokens_misshapen, tokens_of

_AUTHORISE: Final = "https://www.tiktok.com/v2/auth/authorize/"
_BY_HAND: Final = "TikTok: Settings and privacy > Security & permissions > Apps and services permissions"


@dataclass(frozen=True)
class DisplayLogin:
    """Login Kit. TikTok wants the PKCE challenge in hexadecimal, not as RFC 7636 has it."""

    source: str = "tiktok_display_api"
    scopes: tuple[str, ...] = ("user.info.basic", "user.info.profile", "user.info.stats", "video.list")
    comment_scope: str = ""
    app_variables: tuple[str, str] = ("RAPUP_TIKTOK_CLIENT_KEY", "RAPUP_TIKTOK_CLIENT_SECRET")
    by_hand: str = _BY_HAND
    takes_loopback: bool = True

    def with_comments(self) -> DisplayLogin:
        """The same: this API has no comments."""
        return self

    def address(self, key: str, redirect_uri: str, state: str, verifier: Secret) -> str:
        """The page on which an owner allows it."""
        challenge = hashlib.sha256(verifier.reveal().encode()).hexdigest()
        proof = {"code_challenge": challenge, "code_challenge_method": "S256"}
        return _authorise(key, self.scopes, redirect_uri, state) + f"&{urlencode(proof)}"

    def redeem(self, app: App, grant: Grant, api: Api, account: str, now_s: int) -> Tokens:
        """Tokens for a code.

        Raises:
            SourceError: TikTok gives none.
        """
        form = {
            "grant_type": "authorization_code",
            "code": grant.code,
            "redirect_uri": grant.redirect_uri,
            "code_verifier": grant.verifier,
        }
        return self._tokens(app, form, api, account, now_s)

    def renewed(self, app: App | None, tokens: Tokens, api: Api, account: str, now_s: int) -> Tokens:
        """Later tokens; the old refresh token is then dead.

        Raises:
            TokenRejected: the owner must be asked again.
            SourceError: TikTok gives none now.
        """
        if app is None or tokens.refresh is None:
            raise cannot_renew(self.source, account, self.app_variables)
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return succeeding(tokens, self._tokens(app, form, api, account, now_s))

    def revoke(self, app: App, tokens: Tokens, api: Api, account: str) -> bool:
        """Give the permission back.

        Raises:
            SourceError: TikTok does not take it.
        """
        caller = Caller(self.source, account, None, self._judge(account), may_be_empty=True)
        api.post_form("/v2/oauth/revoke/", caller, {**_keys(app, "client_key"), "token": tokens.access})
        return True

    def _tokens(self, app: App, form: Values, api: Api, account: str, now_s: int) -> Tokens:
        caller = Caller(self.source, account, None, self._judge(account), tokens_misshapen)
        answer = api.post_form("/v2/oauth/token/", caller, {**_keys(app, "client_key"), **form})
        return tokens_of(answer, now_s)

    def _judge(self, account: str) -> partial[display_errors.Verdict]:
        return partial(display_errors.classify, self.source, account, ", ".join(self.scopes))


@dataclass(frozen=True)
class BusinessLogin:
    """TikTok for Business, "TikTok account holder": JSON instead of forms, and no PKCE."""

    source: str = "tiktok_business_api"
    scopes: tuple[str, ...] = (
        *("user.info.basic", "user.info.username", "user.info.stats", "user.info.profile"),
        *("user.account.type", "user.insights", "video.list", "video.insights"),
    )
    comment_scope: str = "comment.list"
    app_variables: tuple[str, str] = ("RAPUP_TIKTOK_BUSINESS_APP_ID", "RAPUP_TIKTOK_BUSINESS_APP_SECRET")
    by_hand: str = _BY_HAND
    takes_loopback: bool = False

    def with_comments(self) -> BusinessLogin:
        """The same, asking to read comments too."""
        return replace(self, scopes=(*self.scopes, self.comment_scope))

    def address(self, key: str, redirect_uri: str, state: str, verifier: Secret) -> str:  # noqa: ARG002
        """The page on which an owner allows it."""
        return _authorise(key, self.scopes, redirect_uri, state)

    def redeem(self, app: App, grant: Grant, api: Api, account: str, now_s: int) -> Tokens:
        """Tokens for a code.

        Raises:
            SourceError: TikTok gives none.
        """
        body = {
            "grant_type": "authorization_code",
            "auth_code": grant.code,
            "redirect_uri": grant.redirect_uri,
        }
        return self._tokens("/tt_user/oauth2/token/", app, body, api, account, now_s)

    def renewed(self, app: App | None, tokens: Tokens, api: Api, account: str, now_s: int) -> Tokens:
        """Later tokens; the old refresh token is then dead.

        Raises:
            TokenRejected: the owner must be asked again.
            SourceError: TikTok gives none now.
        """
        if app is None or tokens.refresh is None:
            raise cannot_renew(self.source, account, self.app_variables)
        body = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        path = "/tt_user/oauth2/refresh_token/"
        return succeeding(tokens, self._tokens(path, app, body, api, account, now_s))

    def revoke(self, app: App, tokens: Tokens, api: Api, account: str) -> bool:
        """Give the permission back.

        Raises:
            SourceError: TikTok does not take it.
        """
        caller = Caller(self.source, account, None, self._judge(account))
        body = {**_keys(app, "client_id"), "access_token": tokens.access}
        api.post("/tt_user/oauth2/revoke/", caller, {}, body)
        return True

    def _tokens(self, path: str, app: App, body: Values, api: Api, account: str, now_s: int) -> Tokens:
        caller = Caller(self.source, account, None, self._judge(account), _data_misshapen)
        answer = api.post(path, caller, {}, {**_keys(app, "client_id"), **body})
        return tokens_of(answer["data"], now_s, "refresh_token_expires_in")

    def _judge(self, account: str) -> partial[business_errors.Verdict]:
        return partial(business_errors.classify, self.source, account, ", ".join(self.scopes))


def _authorise(key: str, scopes: tuple[str, ...], redirect_uri: str, state: str) -> str:
    query = {
        "client_key": key,
        "response_type": "code",
        "scope": ",".join(scopes),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    return f"{_AUTHORISE}?{urlencode(query)}"


def _keys(app: App, name: str) -> dict[str, object]:
    return {name: app.key, "client_secret": app.secret}


def _data_misshapen(answer: JsonObject) -> str | None:
    data = answer.get("data")
    return tokens_misshapen(data) if isinstance(data, dict) else "no data"


DISPLAY: Final = DisplayLogin()
BUSINESS: Final = BusinessLogin()
