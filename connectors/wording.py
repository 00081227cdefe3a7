"""How a refusal is worded: what, where, what to do, in one line whatever the file holds."""

from __future__ import annotations

from collections.abc import Iterable

EXPORT_AGAIN = "export it again and do not open it in Excel"


def one_line(text: str, limit: int = 120) -> str:
    """`text` on one printable line of at most `limit` characters: names in exports are hostile."""
    shown = "".join(c if c.isprintable() else "?" for c in text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def listed(names: Iterable[str], limit: int = 12) -> str:
    """Names in one line, comma between, cut after `limit` of them."""
    shown = list(names)
    more = f" and {len(shown) - limit} more" if len(shown) > limit else ""
    return ", ".join(one_line(name, 60) for name in shown[:limit]) + more
