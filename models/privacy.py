"""What other people wrote, before it may be stored: pseudonyms for handles, masks for what names a person.

The law still calls the result personal data (UK GDPR, recital 26: pseudonyms can be undone by whoever has
the key). A handle gets another pseudonym below every post, so that nobody can be followed across posts.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from typing import Final

_HEX_DIGITS: Final = 20
_HELPLINES: Final = frozenset(
    {
        "111",
        "116123",
        "116000",
        "08001111",
        "08000684141",
        "85258",
        "999",
        "112",
        "101",
        "0800585858",
        "08088020020",
    }
)
"""Numbers that anybody may call or text; they are advice, and stay."""
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MENTION: Final = re.compile(r"(?<![\w.])@[\w.]+")
_PHONE: Final = re.compile(r"(?<![\w+])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?!\w)")
_LINK: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Pseudonyms:
    """Names that nobody can undo without the key (HMAC-SHA256, RFC 2104)."""

    key: bytes = field(repr=False)

    def of(self, platform: str, post_id: str, handle: str) -> str:
        """20 hex digits for a handle below one post; upper and lower case are one."""
        return self._digest(f"{platform}:{post_id}:{handle.removeprefix('@').lower()}")

    def text_key(self, text: str) -> str:
        """20 hex digits by which a text is known again after it was deleted."""
        return self._digest(f"text:{text}")

    def _digest(self, words: str) -> str:
        return hmac.digest(self.key, words.encode("utf-8", "replace"), "sha256").hex()[:_HEX_DIGITS]


def masked(text: str) -> str:
    """The text with links, e-mail addresses, mentions and phone numbers replaced; helplines stay."""
    for pattern, mask in ((_LINK, "[link]"), (_EMAIL, "[e-mail]"), (_MENTION, "[name]")):
        text = pattern.sub(mask, text)
    return _PHONE.sub(_number, text)


def _number(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return found[0] if digits in _HELPLINES else "[number]"
