"""Instagram's two ways to be connected: Instagram Login (no Page needed), and Facebook Login through a Page.

Addresses and fields are those of Meta's pages "Business Login for Instagram", "Access Token", "Refresh
Access Token" and "Manually build a login flow" (2026). Meta wants some tokens in an address; they are
filled in as the request leaves and are in no log.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from connectors.addresses import LOOPBACK
from connectors.calls import Caller
from connectors.http import Api
from connectors.instagram.graph_errors import Verdict, classify
from connectors.instagram.graph_fields import VERSION
from connectors.secret import Secret
from connectors.source_errors import TokenRejected
from connectors.strict_json import JsonObject
from connectors.tokens import App, Grant, Tokens, succeeding, tokens_misshapen, tokens_of

LOGIN_HOST: Final = "api.instagram.com"
_BY_HAND: Final = "Instagram: Settings > Website permissions > Apps and websites"


@dataclass(frozen=True)
class InstagramLogin:
    """A code gives a token of an hour, that one of sixty days, and that one renews itself while it lives."""

    source: str = "instagram_login_api"
    scopes: tuple[str, ...] = ("instagram_business_basic", "instagram_business_manage_insights")
    comment_scope: str = "instagram_business_manage_comments"
    app_variables: tuple[str, str] = ("RAPUP_INSTAGRAM_APP_ID", "RAPUP_INSTAGRAM_APP_SECRET")
    by_hand: str = _BY_HAND
    takes_loopback: bool = True

    def with_comments(self) -> InstagramLogin:
        """The same, asking to read comments too."""
        return replace(self, scopes=(*self.scopes, self.comment_scope))

    def address(self, key: str, redirect_uri: str, state: str, verifier: Secret) -> str:  # noqa: ARG002
        """The page on which an owner allows it."""
        return f"https://www.instagram.com/oauth/authorize?{_asked(key, redirect_uri, state, self.scopes)}"

    def redeem(self, app: App, grant: Grant, api: Api, account: str, now_s: int) -> Tokens:
        """Tokens for a code.

        Raises:
            SourceError: Instagram gives none.
        """
        form = {
            "client_id": app.key,
            "client_secret": app.secret,
            "grant_type": "authorization_code",
            "redirect_uri": grant.redirect_uri,
            "code": grant.code,
        }
        short = _short(_at(api, LOGIN_HOST).post_form("/oauth/access_token", self._caller(account), form))
        exchange = {"grant_type": "ig_exchange_token", "client_secret": app.secret}
        query = {**exchange, "access_token": short.access}
        answer = api.get("/access_token", self._caller(account), query)
        return replace(tokens_of(answer, now_s), can_renew=True, scopes=short.scopes)

    def renewed(self, app: App | None, tokens: Tokens, api: Api, account: str, now_s: int) -> Tokens:  # noqa: ARG002
        """The token with sixty more days; it must be a day old and still alive.

        Raises:
            TokenRejected: the owner must be asked again.
            SourceError: Instagram gives none now.
        """
        query = {"grant_type": "ig_refresh_token", "access_token": tokens.access}
        answer = api.get("/refresh_access_token", self._caller(account), query)
        return succeeding(tokens, replace(tokens_of(answer, now_s), can_renew=True))

    def revoke(self, app: App, tokens: Tokens, api: Api, account: str) -> bool:  # noqa: ARG002
        """Instagram has no call for it."""
        return False

    def _caller(self, account: str) -> Caller:
        return Caller(self.source, account, None, _judge(self.source, account, self.scopes), tokens_misshapen)


@dataclass(frozen=True)
class FacebookLogin:
    """A code gives a token of an hour, that one of some sixty days; nothing renews it without its owner."""

    source: str = "instagram_graph_api"
    scopes: tuple[str, ...] = (
        *("instagram_basic", "instagram_manage_insights"),
        *("pages_show_list", "pages_read_engagement"),
    )
    comment_scope: str = "instagram_manage_comments"
    app_variables: tuple[str, str] = ("RAPUP_FACEBOOK_APP_ID", "RAPUP_FACEBOOK_APP_SECRET")
    by_hand: str = "Facebook: Settings > Business integrations"
    takes_loopback: bool = True

    def with_comments(self) -> FacebookLogin:
        """The same, asking to read comments too."""
        return replace(self, scopes=(*self.scopes, self.comment_scope))

    def address(self, key: str, redirect_uri: str, state: str, verifier: Secret) -> str:  # noqa: ARG002
        """The page on which an owner allows it."""
        asked = _asked(key, redirect_uri, state, self.scopes)
        return f"https://www.facebook.com/{VERSION}/dialog/oauth?{asked}"

    def redeem(self, app: App, grant: Grant, api: Api, account: str, now_s: int) -> Tokens:
        """Tokens for a code.

        Raises:
            SourceError: Facebook gives none.
        """
        keys = {"client_id": app.key, "client_secret": app.secret}
        caller = Caller(
            self.source, account, None, _judge(self.source, account, self.scopes), tokens_misshapen
        )
        path = f"/{VERSION}/oauth/access_token"
        redeem = {"redirect_uri": grant.redirect_uri, "code": grant.code}
        short = _short(api.get(path, caller, {**keys, **redeem}))
        exchange = {"grant_type": "fb_exchange_token", "fb_exchange_token": short.access}
        return tokens_of(api.get(path, caller, {**keys, **exchange}), now_s)

    def renewed(self, app: App | None, tokens: Tokens, api: Api, account: str, now_s: int) -> Tokens:  # noqa: ARG002
        """There is no such call.

        Raises:
            TokenRejected: always.
        """
        raise TokenRejected(f"{self.source}: nothing renews the token of @{account}: connect it again")

    def revoke(self, app: App, tokens: Tokens, api: Api, account: str) -> bool:  # noqa: ARG002
        """Give the permission back.

        Raises:
            SourceError: Facebook does not take it.
        """
        judge = _judge(self.source, account, self.scopes)
        api.delete(f"/{VERSION}/me/permissions", Caller(self.source, account, tokens.access, judge))
        return True


def _asked(key: str, redirect_uri: str, state: str, scopes: tuple[str, ...]) -> str:
    query = {
        "client_id": key,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": ",".join(scopes),
        "state": state,
    }
    return urlencode(query)


def _judge(source: str, account: str, scopes: tuple[str, ...]) -> partial[Verdict]:
    return partial(classify, source, account, ", ".join(scopes))


def _at(api: Api, host: str) -> Api:
    """The same platform at another of its hosts; a test's server is all of them."""
    is_test = any(f"://{name}" in api.base_url or f"://[{name}]" in api.base_url for name in LOOPBACK)
    return api if is_test else replace(api, base_url=f"https://{host}")


def _short(answer: JsonObject) -> Tokens:
    """The token of an hour. Meta writes what was allowed as a list, or as text with commas."""
    told = answer.get("permissions")
    words = told if isinstance(told, list) else str(told or "").split(",")
    return Tokens(Secret(answer["access_token"]), scopes=tuple(str(word).strip() for word in words if word))


INSTAGRAM: Final = InstagramLogin()
FACEBOOK: Final = FacebookLogin()
