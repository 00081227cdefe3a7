"""What keeps pages from being made."""

from __future__ import annotations


class CannotRender(Exception):
    """A page, or a file beside it, cannot be made; the message is one line with what to do."""
