"""TikTok as its pages describe it: the Display API, the Accounts API, and their logins.

All values are invented; shapes are those of the pages "Get User Info", "List Videos", "Manage OAuth Access
Tokens" and "Error Handling" (developers.tiktok.com), and "Get an account's profile and metrics", "Get video
list", "Authentication" and "Appendix, Return Codes" (business-api.tiktok.com).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.server import Reply, Request

HANDLE = "lavelle.sings"
ACCESS = "act.S3CR3T-access-0"
REFRESH = "rft.S3CR3T-refresh-0"
MIDWINTER_S = 1_701_453_600  # 2023-12-01 18:00 UTC


def post_id(number: int) -> str:
    """An id whose clock tells the time at which the post was made: one a day, backwards from midwinter."""
    return str((created_s(number) << 32) + 12345)


def created_s(number: int) -> int:
    return MIDWINTER_S - number * 86_400


def video(number: int, **changes: Any) -> dict[str, Any]:
    """A post of the Display API."""
    return {
        "id": post_id(number),
        "create_time": created_s(number),
        "share_url": f"https://www.tiktok.com/@{HANDLE}/video/{post_id(number)}?utm_campaign=tt4d_open_api",
        "title": "Where to get help",
        "video_description": "Where to get help #findhelpearly",
        "duration": 31,
        "view_count": 100 + number,
        "like_count": 20,
        "comment_count": 3,
        "share_count": 4,
    } | changes


@dataclass
class Tokens:
    """The token endpoint's memory: every renewal gives new tokens and kills the old refresh token."""

    access: str = ACCESS
    refresh: str = REFRESH
    expires_in: int = 7200
    refresh_expires_in: int = 15_552_000
    app_secret: str = "S3CR3T-app"  # noqa: S105 - a test's
    code: str = "the-code"
    challenge: str | None = None
    renewals: int = 0
    revoked: list[str] = field(default_factory=list)

    def renew(self) -> None:
        self.renewals += 1
        self.access, self.refresh = (
            f"act.S3CR3T-access-{self.renewals}",
            f"rft.S3CR3T-refresh-{self.renewals}",
        )

    def told(self) -> dict[str, Any]:
        return {
            "access_token": self.access,
            "refresh_token": self.refresh,
            "expires_in": self.expires_in,
            "refresh_expires_in": self.refresh_expires_in,
            "refresh_token_expires_in": self.refresh_expires_in,
            "open_id": "-000lavelle",
            "scope": "user.info.basic,user.info.profile,user.info.stats,video.list",
            "token_type": "Bearer",
        }


@dataclass
class Display:
    """`/v2/user/info/`, `/v2/video/list/`, `/v2/oauth/…`."""

    videos: list[dict[str, Any]] = field(default_factory=list)
    username: str = HANDLE
    followers: Any = 1200
    tokens: Tokens = field(default_factory=Tokens)

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith("/v2/oauth/"):
            return self._login(request)
        if request.headers.get("authorization") != f"Bearer {self.tokens.access}":
            return _failed(401, "access_token_invalid")
        fields = request.query["fields"].split(",")
        if request.path == "/v2/user/info/":
            user = {"username": self.username, "follower_count": self.followers}
            return _fine({"user": {name: user[name] for name in fields}})
        return _fine(self._page(request.json(), fields))

    def _page(self, body: dict[str, Any], fields: list[str]) -> dict[str, Any]:
        newest_first = sorted(self.videos, key=lambda one: -one["create_time"])
        left = [v for v in newest_first if v["create_time"] * 1000 < body.get("cursor", 10**14)]
        page = [{name: one[name] for name in fields if name in one} for one in left[: body["max_count"]]]
        cursor = left[len(page) - 1]["create_time"] * 1000 if page else 0
        return {"videos": page, "cursor": cursor, "has_more": len(left) > len(page)}

    def _login(self, request: Request) -> Reply:
        form, tokens = request.form(), self.tokens
        if (form.get("client_key"), form.get("client_secret")) != ("app-key", tokens.app_secret):
            return _refused("invalid_client")
        if request.path == "/v2/oauth/revoke/":
            tokens.revoked.append(form["token"])
            return Reply(b"")
        if form["grant_type"] == "refresh_token":
            if form["refresh_token"] != tokens.refresh:
                return _refused("invalid_grant")
            tokens.renew()
        else:
            proven = hashlib.sha256(form["code_verifier"].encode()).hexdigest()
            if form["code"] != tokens.code or proven != tokens.challenge:
                return _refused("invalid_grant")
        return Reply(tokens.told())


def _fine(data: dict[str, Any]) -> Reply:
    return Reply({"data": data, "error": {"code": "ok", "message": "", "log_id": "1"}})


def _failed(status: int, code: str) -> Reply:
    return Reply({"data": {}, "error": {"code": code, "message": "", "log_id": "1"}}, status)


def _refused(error: str) -> Reply:
    return Reply({"error": error, "error_description": "S3CR3T", "log_id": "1"}, 400)


def item(number: int, **changes: Any) -> dict[str, Any]:
    """A post of the Accounts API."""
    return {
        "item_id": post_id(number),
        "create_time": str(created_s(number)),
        "media_type": "VIDEO",
        "caption": "Where to get help #findhelpearly",
        "share_url": f"https://www.tiktok.com/@{HANDLE}/video/{post_id(number)}?utm_campaign=client_share",
        "is_ad": False,
        "video_duration": 31.4,
        "video_views": 100 + number,
        "likes": 20,
        "comments": 3,
        "shares": 4,
        "favorites": 5,
        "reach": 90,
        "total_time_watched": 812.5,
        "average_time_watched": 8.2,
        "full_video_watched_rate": 0.0395,
        "new_followers": 2,
        "profile_views": 6,
        "website_clicks": 1,
        "audience_genders": [
            {"gender": "Female", "percentage": 0.61},
            {"gender": "Male", "percentage": 0.37},
            {"gender": "Other", "percentage": 0.02},
        ],
        "audience_countries": [{"country": "GB", "percentage": 0.84}],
        "audience_cities": [{"city_name": "GB Sheffield", "percentage": 0.41}],
    } | changes


def day(on: str, **changes: Any) -> dict[str, Any]:
    """One day of an account."""
    return {
        "date": on,
        "video_views": 500,
        "profile_views": 12,
        "likes": 40,
        "comments": 5,
        "shares": 2,
        "daily_new_followers": 7,
        "bio_link_clicks": 1,
    } | changes


def comment(number: int, text: str = "where do i find this", **changes: Any) -> dict[str, Any]:
    """A comment below a post of the Accounts API."""
    return {
        "comment_id": str(7_300_000_000_000_000_000 + number),
        "unique_identifier": f"stable-{number}",
        "username": f"a.viewer.{number}",
        "display_name": "A viewer",
        "text": text,
        "create_time": str(MIDWINTER_S + number),
        "likes": 2,
        "replies": len(changes.get("reply_list", [])),
        "owner": False,
        "status": "PUBLIC",
    } | changes


INSIGHTS = frozenset(item(0)) - {
    *("item_id", "create_time", "media_type", "caption", "share_url", "is_ad", "video_duration"),
    *("video_views", "likes", "comments", "shares", "favorites", "reach"),
}


@dataclass
class Business:
    """`/business/get/`, `/business/video/list/`, `/business/comment/…`, `/tt_user/oauth2/…`."""

    items: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    profile: dict[str, Any] = field(
        default_factory=lambda: {
            "username": HANDLE,
            "followers_count": 1200,
            "audience_ages": [{"age": "13-17", "percentage": 0.2}, {"age": "18-24", "percentage": 0.5}],
            "audience_genders": [{"gender": "Female", "percentage": 0.6}],
            "audience_countries": [{"country": "GB", "percentage": 0.9}],
            "audience_cities": [{"city_name": "GB Sheffield", "percentage": 0.5}],
        }
    )
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By post; answers stand in their comment's `reply_list`."""
    with_comments: bool = True
    with_insights: bool = True
    withdrawn: set[str] = field(default_factory=set)
    """Fields that no longer exist."""
    tokens: Tokens = field(default_factory=Tokens)

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith("/tt_user/"):
            return self._login(request)
        if request.headers.get("access-token") != self.tokens.access:
            return _code(40105)
        if request.path.startswith("/business/comment/"):
            return self._comments(request.query)
        return self._figures(request, json.loads(request.query["fields"]))

    def _figures(self, request: Request, fields: list[str]) -> Reply:
        if request.query.get("business_id") != "-000lavelle" or self.withdrawn & set(fields):
            return _code(40002)
        if request.path == "/business/get/":
            return self._account(request, fields)
        if INSIGHTS & set(fields) and not self.with_insights:
            return _code(40001)
        return self._page(request, fields)

    def _comments(self, query: Mapping[str, str]) -> Reply:
        if not self.with_comments:
            return _code(40001)
        found = self.comments.get(query["video_id"])
        if found is None or query["status"] != "PUBLIC":
            return _code(40002)
        if "comment_id" in query:
            found = next(one["reply_list"] for one in found if one["comment_id"] == query["comment_id"])
        start = int(query.get("cursor", 0))
        end = start + int(query["max_count"])
        page = [{**one, "reply_list": one["reply_list"][:3]} if "reply_list" in one else one for one in found]
        return _code(0, {"comments": page[start:end], "cursor": end, "has_more": end < len(found)})

    def _account(self, request: Request, fields: list[str]) -> Reply:
        if set(fields) - {"username", "followers_count"} and not self.with_insights:
            return _code(40001)
        first, last = request.query.get("start_date", ""), request.query.get("end_date", "")
        shown = {name: self.profile[name] for name in fields if name in self.profile}
        days = [d for d in self.days if first <= d["date"] <= last]
        told = [{name: d[name] for name in ("date", *fields) if name in d} for d in days]
        return _code(0, {**shown, "metrics": told})

    def _page(self, request: Request, fields: list[str]) -> Reply:
        before = int(request.query.get("cursor", 10**14))
        newest_first = sorted(self.items, key=lambda one: -int(one["create_time"]))
        left = [one for one in newest_first if int(one["create_time"]) * 1000 < before]
        page = left[: int(request.query["max_count"])]
        shown = [{name: one[name] for name in fields if name in one} for one in page]
        cursor = int(page[-1]["create_time"]) * 1000 if page else 0
        return _code(0, {"videos": shown, "cursor": cursor, "has_more": len(left) > len(page)})

    def _login(self, request: Request) -> Reply:
        body, tokens = request.json(), self.tokens
        if (body["client_id"], body["client_secret"]) != ("business-id", "S3CR3T-business"):
            return _code(40101)
        if request.path.endswith("/revoke/"):
            tokens.revoked.append(body["access_token"])
            return _code(0)
        if request.path.endswith("/refresh_token/"):
            if body["refresh_token"] != tokens.refresh:
                return _code(40105)
            tokens.renew()
        elif body["auth_code"] != tokens.code:
            return _code(40131)
        return _code(0, tokens.told())


def _code(code: int, data: dict[str, Any] | None = None) -> Reply:
    return Reply({"code": code, "message": "S3CR3T or not", "request_id": "1", "data": data or {}})
