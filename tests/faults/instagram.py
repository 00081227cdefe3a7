"""Instagram's Graph API as Meta's pages describe it, with both logins and Business Discovery.

All values are invented; shapes are those of the pages "IG Media", "Instagram media insights", "Instagram user
insights", "Business discovery", "Batch Requests", "Handle errors", "Access Token" and "Refresh Access Token"
(developers.facebook.com).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.connectors.exports import shortcode
from tests.faults.server import Reply, Request

HANDLE = "lavelle.sings"
PACIFIC = ZoneInfo("America/Los_Angeles")
ACCESS = "IGAAS3CR3T-access-0"
USER_ID = "17841400000000001"
MIDWINTER_S = 1_701_453_600  # 2023-12-01 18:00 UTC


def created_s(number: int) -> int:
    """One a day, backwards from midwinter."""
    return MIDWINTER_S - number * 86_400


def code_of(number: int) -> str:
    return shortcode(f"{datetime.fromtimestamp(created_s(number), UTC):%Y-%m-%d %H:%M:%S}")


def media_id(number: int) -> str:
    return str(18_100_000_000_000_000 + number)


def media(number: int, product: str = "REELS", **changes: Any) -> dict[str, Any]:
    """A post with its insights, as the platform keeps it."""
    link = "reel" if product == "REELS" else "p"
    return {
        "id": media_id(number),
        "shortcode": code_of(number),
        "permalink": f"https://www.instagram.com/{link}/{code_of(number)}/",
        "timestamp": datetime.fromtimestamp(created_s(number), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "caption": "Where to get help #findhelpearly",
        "media_type": "VIDEO" if product == "REELS" else "IMAGE",
        "media_product_type": product,
        "like_count": 20,
        "comments_count": 3,
        "view_count": 260,
        "username": HANDLE,
        "insights": {
            "views": 100 + number,
            "reach": 90,
            "likes": 21,
            "comments": 3,
            "saved": 5,
            "shares": 4,
            "reposts": 1,
            "follows": 2,
            "profile_visits": 6,
            "ig_reels_avg_watch_time": 8200,
            "ig_reels_video_view_total_time": 812_500,
        },
    } | changes


def comment(number: int, text: str = "where do i find this", **changes: Any) -> dict[str, Any]:
    """A comment below a post."""
    return {
        "id": str(17_900_000_000_000_000 + number),
        "text": text,
        "timestamp": datetime.fromtimestamp(MIDWINTER_S + number, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
        "username": f"a.viewer.{number}",
    } | changes


NOT_OF: Mapping[str, frozenset[str]] = {
    "REELS": frozenset({"follows", "profile_visits"}),
    "FEED": frozenset({"ig_reels_avg_watch_time", "ig_reels_video_view_total_time"}),
    "STORY": frozenset({"saved", "likes"}),
}
DAY = {
    "views": 700,
    "reach": 400,
    "likes": 60,
    "comments": 8,
    "shares": 5,
    "total_interactions": 80,
    "profile_links_taps": 2,
}
FOLLOWERS = {
    "age": [(["13-17"], 200), (["18-24"], 600)],
    "gender": [(["F"], 700), (["M"], 400), (["U"], 50)],
    "country": [(["GB"], 1000)],
    "city": [(["Sheffield, England"], 480)],
}


@dataclass
class Graph:
    """Both hosts in one: lists, insights, discovery, and the token endpoints."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    stories: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    """Posts of others on which the account collaborates."""
    comments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By the number of a post, or of the comment that they answer."""
    with_comments: bool = True
    username: str = HANDLE
    followers: Any = 1200
    access: str = ACCESS
    unsupported: set[str] = field(default_factory=set)
    """Metrics that no kind of post has any more."""
    public: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Accounts that Business Discovery shows."""
    renewals: int = 0
    revoked: int = 0
    base: str = ""
    """Of `paging.next`."""

    def __call__(self, request: Request) -> Reply:
        path = request.path
        if path in {"/oauth/access_token", "/access_token", "/refresh_access_token"}:
            return self._login(request)
        if path.endswith("/oauth/access_token"):
            return self._facebook(request)
        if path == "/":
            return self._batch(request.form())
        if request.headers.get("authorization") != f"Bearer {self.access}":
            return failed(190, 463)
        _, _version, *rest = path.split("/")
        return self._answer(rest, request)

    def _batch(self, form: dict[str, str]) -> Reply:
        if form["access_token"] != self.access:
            return failed(190, 463)
        headers = {"authorization": f"Bearer {self.access}"}
        answers = []
        for one in json.loads(form["batch"]):
            parts = urlsplit("/" + one["relative_url"])
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            reply = self(Request(one["method"], parts.path, query, headers, b""))
            answers.append({"code": reply.status, "body": reply.content.decode()})
        return Reply(json.dumps(answers).encode())

    def _answer(self, rest: list[str], request: Request) -> Reply:
        lists = {"media": self.posts, "stories": self.stories, "collaborative_media": self.others}
        match rest:
            case ["me", *more]:
                return self._me(more)
            case [number] if number == USER_ID:
                return self._profile(request.query["fields"])
            case [number, "insights"] if number == USER_ID:
                return self._account_insights(request.query)
            case [number, edge] if number == USER_ID:
                return self._list(lists[edge], request)
            case [number, "comments" | "replies"]:
                return self._comments(number, request)
        return self._insights(rest[0], request.query["metric"].split(","))

    def _me(self, more: list[str]) -> Reply:
        if more == ["permissions"]:
            self.revoked += 1
            return Reply({"success": True})
        if more == ["accounts"]:
            page = {"instagram_business_account": {"id": USER_ID, "username": self.username}, "id": "9"}
            return Reply({"data": [{"id": "8"}, page]})
        return Reply({"user_id": USER_ID, "username": self.username, "id": "1"})

    def _profile(self, fields: str) -> Reply:
        if not fields.startswith("business_discovery"):
            count = len(self.posts)
            return Reply(
                {
                    "username": self.username,
                    "followers_count": self.followers,
                    "media_count": count,
                    "id": USER_ID,
                }
            )
        found = re.fullmatch(
            r"business_discovery\.username\(([\w.]+)\)\{username,followers_count,"
            r"media\.limit\((\d+)\)(?:\.after\((\w+)\))?\{([\w,]+)\}\}",
            fields,
        )
        assert found, fields
        name, limit, after, wanted = found.groups()
        if name not in self.public:
            return failed(110, 2207013)
        page, cursor = _page(self.public[name], int(limit), after)
        shown = [{f: one[f] for f in wanted.split(",") if f in one} for one in page]
        paging = {"paging": {"cursors": {"after": cursor}}} if cursor else {}
        account = {"username": name, "followers_count": 5000, "media": {"data": shown, **paging}, "id": "2"}
        return Reply({"business_discovery": account, "id": USER_ID})

    def _list(self, posts: list[dict[str, Any]], request: Request) -> Reply:
        wanted = request.query["fields"].split(",")
        page, cursor = _page(posts, int(request.query.get("limit", 25)), request.query.get("after"))
        shown = [{name: one[name] for name in wanted if name in one} for one in page]
        paging: dict[str, Any] = {"cursors": {"before": "x", "after": cursor or "last"}}
        if cursor:
            paging["next"] = f"{self.base}{request.path}?after={cursor}"
        return Reply({"data": shown, "paging": paging})

    def _comments(self, number: str, request: Request) -> Reply:
        if not self.with_comments:
            return failed(10)
        page, paging = self._below(number, request.query.get("after"), int(request.query["limit"]))
        shown = []
        for one in page:
            answers, after = self._below(one["id"], None, 50)
            shown.append({**one, "replies": {"data": answers, "paging": after}} if answers else one)
        return Reply({"data": shown, "paging": paging})

    def _below(
        self, number: str, after: str | None, limit: int
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        page, cursor = _page(self.comments.get(number, []), limit, after)
        more = {"next": f"{self.base}/{number}/comments?after={cursor}"} if cursor else {}
        return page, {"cursors": {"after": cursor or "last"}, **more}

    def _insights(self, media_number: str, metrics: list[str]) -> Reply:
        everything = [*self.posts, *self.stories]
        post = next((one for one in everything if one["id"] == media_number), None)
        if post is None:
            return failed(100, 33)
        if "insights_error" in post:
            return failed(*post["insights_error"])
        refused = (NOT_OF[post["media_product_type"]] | self.unsupported) & set(metrics)
        if refused:
            return failed(100, message=f"(#100) Incompatible metrics ({', '.join(sorted(refused))})")
        data = [
            {"name": name, "period": "lifetime", "values": [{"value": post["insights"][name]}]}
            for name in metrics
            if name in post["insights"]
        ]
        return Reply({"data": data})

    def _account_insights(self, query: Mapping[str, str]) -> Reply:
        if query["metric"] == "follower_demographics":
            results = [{"dimension_values": n, "value": v} for n, v in FOLLOWERS[query["breakdown"]]]
            total = {"breakdowns": [{"dimension_keys": [query["breakdown"]], "results": results}]}
            return Reply({"data": [{"name": "follower_demographics", "total_value": total}]})
        if query["metric"] == "follower_count":
            ends = range(int(query["since"]) + 86_400, int(query["until"]) + 2, 86_400)
            values = [
                {
                    "value": datetime.fromtimestamp(end - 1, PACIFIC).day,
                    "end_time": datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
                }
                for end in ends
            ]
            return Reply({"data": [{"name": "follower_count", "period": "day", "values": values}]})
        names = query["metric"].split(",")
        if self.unsupported & set(names):
            return failed(100)
        return Reply(
            {"data": [{"name": n, "period": "day", "total_value": {"value": DAY[n]}} for n in names]}
        )

    def _login(self, request: Request) -> Reply:
        if request.path == "/oauth/access_token":
            form = request.form()
            if (form["client_id"], form["client_secret"], form["code"]) != (
                "ig-app",
                "S3CR3T-ig",
                "the-code",
            ):
                return Reply({"error_type": "OAuthException", "code": 400, "error_message": "S3CR3T"}, 400)
            return Reply({"access_token": "IGAAS3CR3T-short", "user_id": 1, "permissions": list(_SCOPES)})
        if request.path == "/access_token":
            if request.query["access_token"] != "IGAAS3CR3T-short":  # noqa: S105 - a test's
                return failed(190)
            return Reply({"access_token": self.access, "token_type": "bearer", "expires_in": 5_184_000})
        if request.query["access_token"] != self.access:
            return failed(190, 463)
        self.renewals += 1
        self.access = f"IGAAS3CR3T-access-{self.renewals}"
        return Reply({"access_token": self.access, "token_type": "bearer", "expires_in": 5_184_000})

    def _facebook(self, request: Request) -> Reply:
        query = request.query
        if (query["client_id"], query["client_secret"]) != ("fb-app", "S3CR3T-fb"):
            return failed(101)
        if query.get("grant_type") == "fb_exchange_token":
            return Reply({"access_token": self.access, "token_type": "bearer", "expires_in": 5_183_944})
        return Reply({"access_token": "EAAS3CR3T-short", "token_type": "bearer", "expires_in": 5000})


_SCOPES = ("instagram_business_basic", "instagram_business_manage_insights")


def _page(
    posts: list[dict[str, Any]], limit: int, after: str | None
) -> tuple[list[dict[str, Any]], str | None]:
    newest_first = sorted(posts, key=lambda one: one["timestamp"], reverse=True)
    start = int(after.removeprefix("at")) if after else 0
    more = start + limit < len(newest_first)
    return newest_first[start : start + limit], f"at{start + limit}" if more else None


def failed(code: int, subcode: int | None = None, message: str = "S3CR3T") -> Reply:
    """Meta's own kind of error, under the status that it gives to most of them."""
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A"}
    return Reply({"error": error | ({} if subcode is None else {"error_subcode": subcode})}, 400)
