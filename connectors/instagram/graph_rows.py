"""Canonical rows of what Instagram's Graph API says of a post, whichever list it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from connectors import api, ids, values
from connectors.api import Visit
from connectors.base import Batch, Refusal
from connectors.instagram.graph_fields import COUNTERS, INSIGHTS
from connectors.strict_json import JsonObject
from models.schema import from_epoch, to_epoch

PLATFORM: Final = "instagram"
_OLDEST_S: Final = 1_285_891_200  # October 2010: Instagram did not exist before
_KINDS: Final[Mapping[str, str]] = {"IMAGE": "image", "VIDEO": "video", "CAROUSEL_ALBUM": "carousel"}
_PRODUCTS: Final[Mapping[str, str]] = {"REELS": "reel", "STORY": "story"}


def origin(source: str, visit: Visit, row: int, account: str | None = None) -> dict[str, object]:
    """The columns that rows of any table begin with."""
    return api.origin(visit, source, PLATFORM, row, account)


def insight_kind(media: JsonObject) -> str | None:
    """Which list of metrics a post is asked for; None: there are no insights of such a thing."""
    product = media.get("media_product_type")
    return str(product) if product in INSIGHTS else None


def published_s(media: Any) -> int | None:
    """Epoch seconds of `timestamp` ("2019-09-26T22:36:43+0000"); None: it is none."""
    text = media.get("timestamp") if isinstance(media, dict) else None
    try:
        return to_epoch(datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S%z"))
    except ValueError:
        return None


def is_collab(edge: str) -> bool | None:
    """Whether the posts of a list are others'; of its own an account does not say who has part in them."""
    return True if edge == "collaborative" else None


@dataclass
class Rows:
    """Posts as rows, each once in a walk."""

    source: str
    visit: Visit
    row: int = 0
    posts: set[str] = field(default_factory=set)
    is_whole: bool = True
    """Whether every post so far could be told from the others: else none can be said to be gone."""

    def batch(
        self, posts: list[Any], edge: str, insights: Mapping[str, Mapping[str, float | int | None]]
    ) -> Batch:
        """One page: `edge` is the list that it is of, `insights` are by the posts' own ids."""
        observations: list[dict[str, object]] = []
        seen: list[dict[str, object]] = []
        refused: list[Refusal] = []
        for media in posts:
            self.row += 1
            link = link_of(media)
            if link is None:
                self.is_whole = False
                refused.append(Refusal(self.row, "no link to a post of Instagram: post left out"))
            elif link.post_id not in self.posts:
                self.posts.add(link.post_id)
                reasons: list[str] = []
                owner = self._owner(media, edge)
                key = {**origin(self.source, self.visit, self.row, owner), "post_id": link.post_id}
                of_post = insights.get(str(media.get("id")), {})
                observations.append({**key, **_metrics(media, edge, of_post, reasons)})
                described = {**self._described(media, link, reasons), "is_collab": is_collab(edge)}
                seen.append({**key, "exporter": self.visit.account, **described})
                refused += [Refusal(self.row, f"post {link.post_id}: {reason}") for reason in reasons]
        tables = {
            "post_observations": values.to_table("post_observations", observations),
            "posts_seen": values.to_table("posts_seen", seen),
        }
        return Batch(tables, len(seen), tuple(refused))

    def _owner(self, media: JsonObject, edge: str) -> str:
        """Whose post it is: another's only where posts of others are listed."""
        name = media.get("username")
        if edge != "collaborative" or not isinstance(name, str) or not name:
            return self.visit.account
        return name.lower()

    def _described(self, media: JsonObject, link: ids.Link, reasons: list[str]) -> dict[str, object]:
        kind = _PRODUCTS.get(str(media.get("media_product_type"))) or _KINDS.get(str(media.get("media_type")))
        return {
            **self._published(media, link, reasons),
            "permalink": ids.instagram_permalink(link.kind, link.post_id),
            "caption": values.on_one_line(media.get("caption")),
            "media_type": "reel" if link.kind == "reel" else kind,
            "is_paid": True if media.get("media_product_type") == "AD" else None,
        }

    def _published(self, media: JsonObject, link: ids.Link, reasons: list[str]) -> dict[str, object]:
        """When it was published: Meta's word, else the clock in the shortcode."""
        told, basis = published_s(media), "source"
        if told is None or not values.is_plausible(told, _OLDEST_S, self.visit.now):
            reasons.append("timestamp is not a time between 2010 and tomorrow: the shortcode's own is used")
            told, basis = ids.instagram_epoch_s(link.post_id), "id clock"
            if not values.is_plausible(told, _OLDEST_S, self.visit.now):
                return {}
        return {"published_at": from_epoch(told), "published_s": told, "published_basis": basis}


def link_of(media: Any) -> ids.Link | None:
    """The post's link; of a story, which has another kind of link, its shortcode."""
    if not isinstance(media, dict):
        return None
    link = ids.parse_link(str(media.get("permalink") or ""))
    if link and link.platform == PLATFORM:
        return link
    code = media.get("shortcode")
    if not isinstance(code, str) or not ids.is_shortcode(code):
        return None
    return ids.parse_link(ids.instagram_permalink("p", code))


def _metrics(
    media: JsonObject, edge: str, of_post: Mapping[str, float | int | None], reasons: list[str]
) -> dict[str, object]:
    """Insights; where they give none, the counters that the post carries itself."""
    carried: dict[str, object] = {m: values.count(media, n, reasons) for m, n in COUNTERS[edge].items()}
    kind = insight_kind(media)
    told = {m: of_post.get(native) for m, native in INSIGHTS[kind].items()} if kind else {}
    return carried | {metric: value for metric, value in told.items() if value is not None}
