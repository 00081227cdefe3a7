"""A value that may be used but never shown."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """A token or key: every way of printing it gives `***`; `reveal` is the only way to the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: for the one line that sends it, never for a variable that lives on."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __format__(self, _spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        # A scheduler that stores its parameters would write the value to disk, silently.
        raise TypeError("a secret cannot be pickled or copied: hand over the name of its setting instead")
