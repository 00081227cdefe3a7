"""Instagram's "Download your information" as Instagram writes it, with an invented person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from tests.connectors.exports import utc

Entry = Mapping[str, Any]
FOLDER = "instagram-lavelle.sings-2024-02-06-AbC123xy"
INSIGHTS = "logged_information/past_instagram_insights"
CONTENT = "your_instagram_activity/content"


def mojibake(value: Any) -> Any:
    """Every byte of the UTF-8 of every text, also of keys, as a character of its own."""
    if isinstance(value, str):
        return value.encode().decode("latin-1")
    if isinstance(value, dict):
        return {mojibake(key): mojibake(one) for key, one in value.items()}
    return [mojibake(one) for one in value] if isinstance(value, list) else value


def written(value: Any) -> bytes:
    """ASCII alone: escapes for the characters that are bytes."""
    return json.dumps(mojibake(value), indent=2).encode("ascii")


def labels(moment: str = "", **figures: str) -> dict[str, Any]:
    """`string_map_data`; the underscore of a keyword is a space."""
    table: dict[str, Any] = {
        label.replace("_", " "): {"href": "", "value": value, "timestamp": 0}
        for label, value in figures.items()
    }
    return table | ({moment: {"href": "", "value": "", "timestamp": 0}} if moment else {})


def insight(
    moment: str, title: str = "", clock: str = "Creation Timestamp", **figures: str
) -> dict[str, Any]:
    """A post of past insights, made at `moment` UTC."""
    thumbnail = {"uri": "media/posts/a.jpg", "creation_timestamp": utc(moment), "title": title}
    clocked = {clock: {"href": "", "value": "", "timestamp": utc(moment)}}
    return {
        "title": "",
        "media_map_data": {"Media Thumbnail": thumbnail},
        "string_map_data": clocked | labels(**figures),
    }


def insights(*posts: Entry, part: str = "posts") -> bytes:
    return written({f"organic_insights_{part}": list(posts)})


def audience(figures: Mapping[str, str]) -> bytes:
    return insights(
        {"title": "", "media_map_data": {}, "string_map_data": labels(**figures)}, part="audience"
    )


def listed(moment: str, title: str = "", *uris: str) -> dict[str, Any]:
    """A post of the list: one picture with its words, or several with the words beside them."""
    names = uris or ("media/posts/a.jpg",)
    media = [{"uri": uri, "creation_timestamp": utc(moment), "title": ""} for uri in names]
    if len(media) == 1:
        return {"media": [media[0] | {"title": title}]}
    return {"media": media, "title": title, "creation_timestamp": utc(moment)}


def packed(members: Mapping[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in members.items():
            zipped.writestr(zipfile.ZipInfo(name, (2024, 2, 6, 18, 30, 0)), data)
    return archive.getvalue()


MESSAGES = written({"participants": [{"name": "Somebody"}], "messages": [{"content": "private"}]})
FOLLOWERS = written(
    [{"title": "", "media_list_data": [], "string_list_data": [{"href": "", "value": "x.y", "timestamp": 1}]}]
)
PRIVATE = {
    "your_instagram_activity/messages/inbox/somebody_1/message_1.json": MESSAGES,
    "connections/followers_and_following/followers_1.json": FOLLOWERS,
    "personal_information/personal_information/personal_information.json": written({"profile_user": [{}]}),
    f"{INSIGHTS}/stories.json": insights(insight("2024-01-05 10:00:00"), part="stories"),
    f"{INSIGHTS}/profiles_reached.json": insights(insight("2024-01-05 10:00:00"), part="reach"),
    f"{CONTENT}/stories.json": written(
        {"ig_stories": [{"uri": "a.jpg", "creation_timestamp": 1, "title": ""}]}
    ),
    "media/posts/202401/a.jpg": b"\xff\xd8\xff\xe0",
    "your_instagram_activity/comments/post_comments_1.json": written(
        [{"media_list_data": [], "string_map_data": {"Comment": {"value": "private"}}}]
    ),
}
