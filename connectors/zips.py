"""What makes a ZIP untrustworthy, as far as its directory tells; workbooks are ZIPs too."""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from connectors.base import BadExport
from connectors.wording import one_line

MAX_MEMBERS: Final = 1000
MAX_UNPACKED: Final = 500_000_000
MAX_RATIO: Final = 100
SEND_AGAIN: Final = "ask for it to be sent again"

_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_ENCRYPTED: Final = 0x1

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a ZIP feature that zipfile lacks
    RuntimeError,  # zipfile's word for a missing password
    ValueError,  # an offset that zipfile cannot seek to, a name that it cannot decode
    OverflowError,
)


def is_zip(head: bytes) -> bool:
    """Whether a file with these first bytes is a ZIP, or would be one."""
    return head[:4] in _MAGIC


@contextmanager
def one_refusal(name: str, damaged: str = "damaged zip") -> Iterator[None]:
    """Every way in which a file or a ZIP can fail, as one refusal; `OSError` first, it says why.

    Raises:
        BadExport: for all of them.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or "input/output error"
        raise BadExport(
            f"cannot be read ({reason.lower()}): {one_line(name)}: check its permissions"
        ) from None
    except _DAMAGE:
        raise BadExport(f"{damaged}: {one_line(name)}: {SEND_AGAIN}") from None


def check_names(entries: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Whether every member has a name of its own.

    Raises:
        BadExport: two share one: which of them is meant nobody can tell.
    """
    times = Counter(plain_name(entry) for entry in entries)
    twice = min((one for one, count in times.items() if count > 1), default=None)
    if twice is not None:
        raise BadExport(f"zip with two members named {one_line(twice, 60)}: {one_line(name)}: {SEND_AGAIN}")


def plain_name(entry: zipfile.ZipInfo) -> str:
    """A member's name with "/" between folders."""
    return entry.filename.replace("\\", "/")


def fault_of(entry: zipfile.ZipInfo) -> str | None:
    """What is not to be trusted about a member, with what to do; None when nothing is."""
    path = plain_name(entry)
    climbs = not path or ".." in PurePosixPath(path).parts or path.startswith("/") or _DRIVE.match(path)
    unusual = entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    bomb = entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    faults = {
        "unsafe name (send the exports alone)": climbs,
        "symbolic link (send the exports alone)": stat.S_ISLNK(entry.external_attr >> 16),
        "encrypted member (send it without a password)": entry.flag_bits & _ENCRYPTED,
        "unusual compression (zip it again the ordinary way)": unusual,
        "member that unpacks to more than 100 times its size (send the CSV alone)": bomb,
    }
    return next((fault for fault, found in faults.items() if found), None)
