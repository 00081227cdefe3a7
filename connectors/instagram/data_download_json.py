"""The JSON of Instagram's "Download your information": its text mended, its shapes made one.

Observed in real downloads of 2023 to 2025: every byte of UTF-8 written as a character of its own,
in values and in keys; one post as a bare object instead of a list; figures as text under labels.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connectors.base import BadExport, Member
from connectors.strict_json import NotStrictJson, parse_value
from connectors.wording import one_line

_MAX_SIZE: Final = 200_000_000
_AGAIN: Final = "ask for the download again"


@dataclass(frozen=True)
class Item:
    """A post, or whatever else has figures under labels."""

    number: int
    """1 = the first in the file."""
    labels: Mapping[str, str]
    epoch_s: int | None
    """When it was made, in Unix seconds."""
    title: str | None


def load(member: Member) -> Any:
    """What a file of the download holds.

    Raises:
        BadExport: it is no JSON, or too large to be a list of posts.
    """
    if member.size > _MAX_SIZE:
        raise BadExport(f"larger than a list of posts can be: {one_line(member.name)}: {_AGAIN}")
    with member.open() as stream:
        body = stream.read()
    try:
        return parse_value(body.removeprefix(b"\xef\xbb\xbf"))
    except NotStrictJson as error:
        raise BadExport(f"broken json ({error}): {one_line(member.name)}: {_AGAIN}") from None


def mended(text: str) -> str:
    """`text` with its bytes read as the UTF-8 that they are; unchanged when they are none."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        # Half of a pair of surrogates could not be stored.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def as_list(value: Any) -> list[Any]:
    """The items of a list; one alone is written without the list."""
    return value if isinstance(value, list) else [value]


def whole(value: Any) -> int | None:
    """A positive whole number, also as text; Instagram writes 0 where there is no time."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    digits = str(value)
    return int(digits) or None if digits.isascii() and digits.isdigit() and len(digits) < 16 else None  # noqa: PLR2004


def text_of(value: Any) -> str | None:
    """A mended text; None when it is none, or empty."""
    return mended(value) if isinstance(value, str) and value else None


def labelled(number: int, value: Mapping[str, Any]) -> Item:
    """An item with figures under labels, in any of the shapes that were seen."""
    entries = _entries(value)
    moments = (whole(entry.get("timestamp")) for entry in entries.values())
    thumbnail = _thumbnail(value)
    epoch_s = next((moment for moment in moments if moment), None)
    return Item(
        number,
        {label: entry["value"] for label, entry in entries.items() if _is_figure(entry)},
        epoch_s or whole(value.get("timestamp")) or whole(thumbnail.get("creation_timestamp")),
        text_of(thumbnail.get("title")) or text_of(value.get("title")),
    )


def _is_figure(entry: Mapping[str, Any]) -> bool:
    """Whether an entry is text; the label of a time has an empty one."""
    return isinstance(entry.get("value"), str) and not (entry["value"] == "" and whole(entry["timestamp"]))


def _entries(value: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The entry of each label: with its value mended, and its timestamp if it has one."""
    found: dict[str, dict[str, Any]] = {}
    for shape in ("string_map_data", "data"):
        table = value.get(shape)
        if isinstance(table, dict):
            found |= {mended(label): _entry(entry) for label, entry in table.items()}
    for entry in as_list(value.get("label_values")):
        if isinstance(entry, dict) and isinstance(entry.get("label"), str):
            found[mended(entry["label"])] = _entry(entry)
    return found


def _entry(entry: Any) -> dict[str, Any]:
    parts = entry if isinstance(entry, dict) else {"value": entry}
    text = parts.get("value")
    return {"timestamp": parts.get("timestamp"), "value": mended(text) if isinstance(text, str) else None}


def _thumbnail(value: Mapping[str, Any]) -> Mapping[str, Any]:
    media = value.get("media_map_data")
    first = next(iter(media.values()), None) if isinstance(media, dict) else None
    return first if isinstance(first, dict) else {}
