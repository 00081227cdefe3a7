"""JSON as RFC 8259 has it: UTF-8 without a mark, finite numbers, each key once."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any, Final, NoReturn

from connectors.secret import Secret

JsonObject = dict[str, Any]

_EXCERPT: Final = 80  # characters
_KEPT: Final = 16_384  # bytes
_LOOKED_AT: Final = 4096  # characters: redaction comes before the cut, or the cut would halve a token
_KEY_OR_TEXT: Final = re.compile(r'("(?:[^"\\]|\\.)*"\s*:)|"(?:[^"\\]|\\.)*"?')
_LONG_RUN: Final = re.compile(r"[\w.~%+/=!*-]{20,}")


class NotStrictJson(ValueError):
    """The bytes are not the JSON object that was expected; the message says why."""


def parse(body: bytes) -> JsonObject:
    """The object in `body`.

    Raises:
        NotStrictJson: it is something else.
    """
    value = parse_value(body)
    if not isinstance(value, dict):
        raise NotStrictJson("not an object")
    return value


def parse_value(body: bytes) -> Any:
    """What is in `body`, whatever its type.

    Python's own reader takes NaN, numbers beyond a float's range and keys that come twice (the
    last one wins): each of them can turn a count into another one, so each is refused.

    Raises:
        NotStrictJson: it is no strict JSON.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_each_key_once,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except NotStrictJson:
        raise
    except UnicodeDecodeError:
        raise NotStrictJson("not UTF-8") from None
    except RecursionError:
        raise NotStrictJson("nested too deeply") from None
    except ValueError:
        raise NotStrictJson("not JSON" if body.strip() else "empty") from None


def excerpt(body: bytes, *secrets: Secret) -> str:
    """The first 80 characters of what can be shown (see `redacted`)."""
    return redacted(body[:_LOOKED_AT], *secrets)[:_EXCERPT]


def redacted(body: bytes, *secrets: Secret) -> str:
    """The beginning of a body without secrets and without text that a person wrote.

    Values between quotes are hidden (captions, comments), keys stay; so is every long run of
    token-like characters, which also covers a token that was encoded on its way.
    """
    text = body[:_KEPT].decode("utf-8", "replace")
    for secret in sorted(filter(None, (one.reveal() for one in secrets)), key=len, reverse=True):
        text = text.replace(secret, "***")  # the longest first: one may hold another
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        text = _KEY_OR_TEXT.sub(lambda match: match[1] or '"…"', text)
    text = _LONG_RUN.sub("***", text)
    return "".join(c if c.isprintable() else " " for c in text)


def sha256(body: bytes) -> str:
    """Of the body, as hex: to tell two bad answers apart without keeping them."""
    return hashlib.sha256(body).hexdigest()


def _each_key_once(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotStrictJson("a key occurs twice")
    return found


def _refuse_constant(_name: str) -> NoReturn:
    raise NotStrictJson("NaN or Infinity")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotStrictJson("a number is too large")
    return number
