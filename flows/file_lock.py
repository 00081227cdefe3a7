"""A lock that the operating system holds: it is gone with its process, however that ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

if sys.platform == "win32":
    import msvcrt

    def _take(file: BinaryIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PATIENCE_S: Final = 180.0  # longer than one renewal may take
_LOOK_S: Final = 0.1


class LockBusy(Exception):
    """Another process or thread has held the lock for too long."""


@contextmanager
def locked(path: Path, sleep: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Hold the lock of a file, which is made; wait for whoever holds it.

    Raises:
        LockBusy: it was not free within three minutes.
    """
    with path.open("ab") as file:
        path.chmod(0o600)
        waited = 0.0
        while not _is_taken(file):
            if waited >= _PATIENCE_S:
                raise LockBusy(f"{path}: held by another run; wait for it to end, then run this again")
            sleep(_LOOK_S)
            waited += _LOOK_S
        yield  # closing the file gives the lock back


def _is_taken(file: BinaryIO) -> bool:
    try:
        _take(file)
    except OSError:
        return False
    return True
