"""The one door for files from outside: plain files and ZIPs, read in place, never extracted.

Whatever is wrong with a file ends as `BadExport` with a cure. The limits are those of archives
that were made to hurt: names that climb out of folders, entries that unpack to a thousand times
their size, archives in archives.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, cast

from connectors.base import BadExport, Member
from connectors.wording import one_line

MAX_MEMBERS: Final = 1000
MAX_UNPACKED: Final = 500_000_000
MAX_RATIO: Final = 100
_KEPT_IN_MEMORY: Final = 1_000_000  # real exports are a few kB: read once, whatever happens to the file
_CHUNK: Final = 1 << 20

_ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_ENCRYPTED: Final = 0x1
_UNSET_YEAR: Final = 1980  # what ZIP writers without a clock put in
_SEND_AGAIN: Final = "ask for it to be sent again"

_Opened = Callable[[], Any]

_DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a ZIP feature that zipfile lacks
    RuntimeError,  # zipfile's word for a missing password
    ValueError,  # an offset that zipfile cannot seek to, a name that it cannot decode
    OverflowError,
)


def open_members(path: Path, name: str, sha256: str | None = None) -> Iterator[Member]:
    """Every readable file in `path`: itself, or what a ZIP holds; `name` is its path below the inbox.

    `sha256` of the whole file, if known, saves reading it again. Folders and what macOS adds to
    archives are passed over.

    Raises:
        BadExport: not a regular file, empty, unreadable, or a ZIP that is damaged or not to be trusted.
    """
    with _funnel(name):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadExport(f"not a regular file: {one_line(name)}: put the export itself into the inbox")
        opened, size, head = _source(path, found.st_size)
    if size == 0:
        raise BadExport(f"empty file: {one_line(name)}: {_SEND_AGAIN}")
    modified = datetime.fromtimestamp(found.st_mtime, UTC)
    if _is_zip(path, name, head):
        yield from _zip_members(opened, path.name, name, modified)
    else:
        yield _PlainOrPacked(name, path.name, size, None, modified, opened, sha256)


def file_sha256(path: Path) -> str:
    """Of the file's bytes, as hex.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class _PlainOrPacked:
    """A `Member`: the protocol says what each name means."""

    name: str
    container: str
    size: int
    written_at: datetime | None
    modified_at: datetime
    _opened: _Opened
    _known_sha256: str | None = None

    @cached_property
    def sha256(self) -> str:
        if self._known_sha256:
            return self._known_sha256
        with self.open() as stream:
            return hashlib.file_digest(cast("Any", stream), "sha256").hexdigest()

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        if self.size <= _KEPT_IN_MEMORY:
            yield io.BytesIO(self._bytes)
            return
        with self._guarded() as stream:
            yield cast("BinaryIO", stream)

    @cached_property
    def _bytes(self) -> bytes:
        with self._guarded() as stream:
            content = stream.read(_KEPT_IN_MEMORY + 1)
        if len(content) != self.size:
            raise BadExport(f"size changed while it was read: {one_line(self.name)}: run again")
        return content

    def _guarded(self) -> _Guarded:
        with _funnel(self.name):
            return _Guarded(self._opened(), self.name, self.size)


class _Guarded(io.RawIOBase):
    """A stream whose every failure is a `BadExport`, and which never gives more than was promised."""

    def __init__(self, stream: Any, name: str, promised: int) -> None:
        self._stream = stream
        self._name = name
        self._left = promised

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _funnel(self._name):
            chunk = self._stream.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0 or (len(buffer) and not chunk and self._left > 0):
            raise BadExport(f"size changed while it was read: {one_line(self._name)}: run again")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


@contextmanager
def _funnel(name: str) -> Iterator[None]:
    """Every way in which a file or a ZIP can fail, as one refusal; `OSError` first, it says why."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or "input/output error"
        raise BadExport(
            f"cannot be read ({reason.lower()}): {one_line(name)}: check its permissions"
        ) from None
    except _DAMAGE:
        raise BadExport(f"damaged zip: {one_line(name)}: {_SEND_AGAIN}") from None


def _source(path: Path, size: int) -> tuple[_Opened, int, bytes]:
    """(how to open it, its size, its first bytes); a small file is read once and then never again."""
    if size > _KEPT_IN_MEMORY:
        with path.open("rb") as stream:
            return partial(path.open, "rb"), size, stream.read(4)
    content = path.read_bytes()
    return partial(io.BytesIO, content), len(content), content[:4]


def _is_zip(path: Path, name: str, head: bytes) -> bool:
    is_zip = head in _ZIP_MAGIC
    if path.suffix.lower() == ".xlsx":
        raise BadExport(f"excel file: {one_line(name)}: choose CSV when you download the export")
    if path.suffix.lower() == ".zip" and not is_zip:
        raise BadExport(f"not a zip although named so: {one_line(name)}: {_SEND_AGAIN}")
    return is_zip


def _zip_members(opened: _Opened, container: str, name: str, modified: datetime) -> Iterator[Member]:
    """All entries are judged before the first is opened: an archive that lies once is not trusted."""
    with _funnel(name), opened() as stream, zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    _check_archive(entries, name)
    for entry in entries:
        if not _is_passed_over(entry):
            yield _PlainOrPacked(
                f"{name}!{entry.filename}",
                container,
                entry.file_size,
                _written_at(entry),
                modified,
                partial(_open_entry, opened, entry),
            )


class _Entry:
    """An open entry, which closes its archive with itself."""

    def __init__(self, content: Any, closing: ExitStack) -> None:
        self.read = content.read
        self.close = closing.close


def _open_entry(opened: _Opened, entry: zipfile.ZipInfo) -> _Entry:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(opened())))
        return _Entry(stack.enter_context(archive.open(entry)), stack.pop_all())


def _check_archive(entries: list[zipfile.ZipInfo], name: str) -> None:
    where = one_line(name)
    if len(entries) > MAX_MEMBERS:
        raise BadExport(f"zip with {len(entries)} members: {where}: send the exports alone")
    if not any(not _is_passed_over(entry) for entry in entries):
        raise BadExport(f"empty zip: {where}: {_SEND_AGAIN}")
    names = [entry.filename.replace("\\", "/") for entry in entries]
    twice = {n for n in names if names.count(n) > 1} if len(set(names)) < len(names) else set()
    if twice:
        raise BadExport(f"zip with two members named {one_line(min(twice), 60)}: {where}: {_SEND_AGAIN}")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadExport(f"zip that unpacks to more than 500 MB: {where}: unpack it and send the CSV")
    for entry in entries:
        fault = _fault(entry)
        if fault:
            raise BadExport(f"{fault} in zip, {one_line(entry.filename, 60)}: {where}")


def _fault(entry: zipfile.ZipInfo) -> str | None:
    """What is not to be trusted about an entry, as far as the directory tells."""
    path = entry.filename.replace("\\", "/")
    climbs = ".." in PurePosixPath(path).parts or path.startswith("/") or _DRIVE.match(path)
    unusual = entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    bomb = entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    faults = {
        "unsafe name (send the exports alone)": climbs,
        "symbolic link (send the exports alone)": stat.S_ISLNK(entry.external_attr >> 16),
        "encrypted member (send it without a password)": entry.flag_bits & _ENCRYPTED,
        "unusual compression (zip it again the ordinary way)": unusual,
        "member that unpacks to more than 100 times its size (send the CSV alone)": bomb,
        "another zip (put the inner zip into the inbox)": path.lower().endswith(".zip"),
        "excel file (choose CSV when you download the export)": _is_excel(path),
    }
    return next((fault for fault, found in faults.items() if found), None)


def _is_excel(path: str) -> bool:
    """Also a workbook under another name: it is a ZIP that begins with a list of its parts."""
    return path.lower().endswith(".xlsx") or path == "[Content_Types].xml"


def _is_passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    return entry.is_dir() or "__MACOSX" in parts or (bool(parts) and parts[-1] == ".DS_Store")


def _written_at(entry: zipfile.ZipInfo) -> datetime | None:
    """The member's time, if its writer had a clock."""
    if entry.date_time[0] <= _UNSET_YEAR:
        return None
    try:
        return datetime(*entry.date_time)  # naive by contract: the exporter's local clock
    except ValueError:
        return None
