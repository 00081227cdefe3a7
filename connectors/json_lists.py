"""One list out of a JSON file of any size, without holding, or even parsing, the rest.

Personal archives hold everything a person ever did, in one object of hundreds of megabytes. Braces,
brackets and the keys before them are followed through the bytes; what lies in other lists is skipped
as it is, and never becomes a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

_CHUNK: Final = 1 << 20
_LONGEST: Final = 1 << 24  # of one text, or one item
_QUOTE: Final = ord('"')
_DEEPEST: Final = 200
_STRING: Final = rb'"(?:[^"\\]++|\\.)*+"'
_FLAT: Final = rb'[^"{}\[\]]++|' + _STRING
_STEP: Final = re.compile(rb"(?:" + _FLAT + rb")*+", re.DOTALL)
_LEAP: Final = re.compile(rb"(?:" + _FLAT + rb"|\{(?:" + _FLAT + rb")*+\})*+", re.DOTALL)
_KEY: Final = re.compile(rb"(" + _STRING + rb")\s*:\s*\Z", re.DOTALL)
_NULL: Final = re.compile(rb"(" + _STRING + rb")\s*:\s*null\b", re.DOTALL)
_KEY_TAIL: Final = 1000  # bytes in which a key and its colon are looked for
_CLOSES: Final = {b"}": b"{", b"]": b"["}

Path = tuple[str, ...]
"""Keys from the root, case-folded; lists have no part in it."""


class BrokenJson(ValueError):
    """Brackets that do not match, or an end too early; the message says which."""


class ListReader:
    """Gives the objects of every list whose path is wanted, each as its bytes."""

    def __init__(self, wanted: Callable[[Path], bool]) -> None:
        self._wanted = wanted
        self._stack: list[tuple[bytes, str | None]] = []
        self._list_depth: int | None = None
        self._item_at: int | None = None
        self._before = b""
        self.found: list[Path] = []
        """The wanted lists so far, those that are null among them."""

    def items(self, stream: BinaryIO) -> Iterator[bytes]:
        """In the order of the file.

        Raises:
            BrokenJson: while items are drawn.
        """
        buffer, at = b"", 0
        while chunk := stream.read(_CHUNK):
            kept = at if self._item_at is None else self._item_at
            buffer, at = buffer[kept:] + chunk, at - kept
            self._item_at = None if self._item_at is None else 0
            while (end := self._run_end(buffer, at)) < len(buffer) and buffer[end] != _QUOTE:
                run = self._before + buffer[at:end]
                at, self._before = end + 1, b""
                if self._follow(run, buffer[end:at], end):
                    yield buffer[self._item_at : at]
                    self._item_at = None
            at, self._before = end, (self._before + buffer[at:end])[-_KEY_TAIL:]
            if len(buffer) > _LONGEST:
                raise BrokenJson("a text without end")
        if self._stack:
            raise BrokenJson("it ends too early")

    def _run_end(self, buffer: bytes, at: int) -> int:
        """Where the next bracket is, or what is not finished yet.

        Outside a wanted list, objects without lists or objects in them are leapt over.
        """
        if self._list_depth is None:
            end = _end(_LEAP, buffer, at, len(buffer))
            null = buffer.find(b"null", at, end)
            if null < 0:
                return end
            at = _end(_LEAP, buffer, at, null)
        return _end(_STEP, buffer, at, len(buffer))

    def _follow(self, run: bytes, bracket: bytes, at: int) -> bool:
        """Follow one bracket, with what lies before it; whether it ends a wanted item."""
        if b"null" in run:
            self._note_nulls(run)
        if bracket in _CLOSES:
            return self._close(bracket)
        self._open(run, bracket, at)
        return False

    def _open(self, run: bytes, bracket: bytes, at: int) -> None:
        if self._list_depth == len(self._stack) and bracket == b"{":
            self._item_at = at
        tail = run[-_KEY_TAIL:].rstrip()
        key = _KEY.search(tail) if tail.endswith(b":") else None
        self._stack.append((bracket, _text(key[1]) if key else None))
        if len(self._stack) > _DEEPEST:
            raise BrokenJson("nested too deeply")
        if bracket == b"[" and self._list_depth is None and self._wanted(self._path()):
            self._list_depth = len(self._stack)
            self.found.append(self._path())

    def _close(self, bracket: bytes) -> bool:
        if not self._stack or self._stack.pop()[0] != _CLOSES[bracket]:
            raise BrokenJson("brackets do not match")
        if self._list_depth is not None and len(self._stack) < self._list_depth:
            self._list_depth = None
        return self._item_at is not None and len(self._stack) == self._list_depth

    def _note_nulls(self, run: bytes) -> None:
        """Platforms write null for a list of nothing."""
        if self._list_depth is None:
            paths = ((*self._path(), _text(found[1])) for found in _NULL.finditer(run))
            self.found.extend(path for path in paths if self._wanted(path))

    def _path(self) -> Path:
        return tuple(key for _, key in self._stack if key is not None)


def _end(pattern: re.Pattern[bytes], buffer: bytes, at: int, until: int) -> int:
    found = pattern.match(buffer, at, until)
    return found.end() if found else at


def _text(key: bytes) -> str:
    """A key as it is compared; escapes stay as they are, no key that is looked for has any."""
    return key[1:-1].decode("utf-8", "replace").casefold()
