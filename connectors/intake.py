"""The one door for files from outside: plain files and ZIPs, read in place, never extracted.

Whatever is wrong with a file ends as `BadExport` with a cure. The limits are those of archives
that were made to hurt: names that climb out of folders, entries that unpack to a thousand times
their size, archives in archives.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final, NamedTuple, cast

from connectors import workbook, zips
from connectors.archives import admit, archive_like, archive_with
from connectors.base import BadExport, Head, Member
from connectors.sheets import HEAD_SIZE
from connectors.wording import one_line
from connectors.zips import MAX_MEMBERS, MAX_UNPACKED, SEND_AGAIN

_KEPT_IN_MEMORY: Final = 1_000_000  # real exports are a few kB: read once, whatever happens to the file
_UNSET_YEAR: Final = 1980  # what ZIP writers without a clock put in

_Opened = Callable[[], Any]


class Fingerprint(NamedTuple):
    """Which bytes a file holds."""

    sha256: str
    """As hex."""
    content: bytes | None
    """The bytes themselves, unless they are many."""
    stamp: tuple[int, int] | None = None
    """Of many bytes: how many, and when they were last written (ns)."""


def fingerprint(path: Path) -> Fingerprint:
    """What a file holds now.

    Raises:
        OSError: it cannot be read.
    """
    if path.stat().st_size > _KEPT_IN_MEMORY:
        with path.open("rb") as stream:
            stamp = _stamp(stream)
            return Fingerprint(hashlib.file_digest(stream, "sha256").hexdigest(), None, stamp)
    content = path.read_bytes()
    return Fingerprint(hashlib.sha256(content).hexdigest(), content)


def open_members(
    path: Path, name: str, taken: Fingerprint | None = None, *, read_archives: bool = False
) -> Iterator[Member]:
    """Every readable file in `path`: itself, or what a ZIP holds; `name` is its path below the inbox.

    Of a file whose fingerprint was taken, exactly those bytes are read, or it is refused. Folders and
    what macOS adds to archives are passed over; of a person's own archive only the lists of posts are
    members.

    Raises:
        BadExport: not a regular file, empty, unreadable, a ZIP that is damaged or not to be trusted, or a
            private archive and not `read_archives`.
    """
    with zips.one_refusal(name):
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise BadExport(f"not a regular file: {one_line(name)}: put the export itself into the inbox")
        opened, size, head = _source(path, name, found.st_size, taken)
    if size == 0:
        raise BadExport(f"empty file: {one_line(name)}: {SEND_AGAIN}")
    modified = _moment(found.st_mtime)
    entries = _entries(opened, name) if _is_zip(path, name, head) else []
    if entries and not workbook.is_document(entries):
        admitted = _admitted(entries, name, allowed=read_archives)
        yield from _zip_members(admitted, opened, path.name, name, modified)
    else:
        if archive := archive_with([name]):
            admit(archive, [name], name, allowed=read_archives)
        yield _PlainOrPacked(name, path.name, size, None, modified, opened, taken)


def is_private_archive(path: Path, name: str) -> bool:
    """Whether `path` is a person's own data download or a part of one; False when it cannot be read."""
    if archive_with([name]):
        return True
    try:
        with zips.one_refusal(name), path.open("rb") as stream:
            head = stream.read(HEAD_SIZE)
        if not zips.is_zip(head):
            return archive_like(Head(name, head)) is not None
        entries = _entries(partial(path.open, "rb"), name)
    except BadExport:
        return False
    return archive_with(map(zips.plain_name, entries)) is not None


def _file_sha256(path: Path) -> str:
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
    _taken: Fingerprint | None = None

    @cached_property
    def sha256(self) -> str:
        if self._taken:
            return self._taken.sha256
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
            raise _changed(self.name)
        return content

    def _guarded(self) -> _Guarded:
        with zips.one_refusal(self.name):
            return _Guarded(self._opened(), self.name, self.size, self._taken.stamp if self._taken else None)


class _Guarded(io.RawIOBase):
    """A stream whose every failure is a `BadExport`, and which gives what was promised to the last byte."""

    def __init__(self, stream: Any, name: str, promised: int, stamp: tuple[int, int] | None) -> None:
        self._stream = stream
        self._name = name
        self._left = promised
        self._expected = stamp

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with zips.one_refusal(self._name):
            chunk = self._stream.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0 or (len(buffer) and not chunk and not self._is_whole()):
            raise _changed(self._name)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _is_whole(self) -> bool:
        return self._left == 0 and (self._expected is None or self._expected == _stamp(self._stream))

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def _source(path: Path, name: str, size: int, taken: Fingerprint | None) -> tuple[_Opened, int, bytes]:
    """(how to open it, its size, its first bytes); a small file is read once and then never again."""
    content = taken.content if taken else None
    if content is None and size > _KEPT_IN_MEMORY:
        with path.open("rb") as stream:
            head = stream.read(4)
        # What is plain is held to its stamp when it has been read, what is packed has sums of its own.
        if taken and zips.is_zip(head) and _file_sha256(path) != taken.sha256:
            raise _changed(name)
        return partial(path.open, "rb"), size, head
    if content is None:
        content = path.read_bytes()
        if taken and hashlib.sha256(content).hexdigest() != taken.sha256:
            raise _changed(name)
    return partial(io.BytesIO, content), len(content), content[:4]


def _stamp(stream: Any) -> tuple[int, int]:
    """Size and time of an open file: any write since changes one of them, whoever has replaced its name."""
    found = os.fstat(stream.fileno())
    return found.st_size, found.st_mtime_ns


def _changed(name: str) -> BadExport:
    return BadExport(f"changed while it was read: {one_line(name)}: run again")


def _moment(epoch_s: float) -> datetime:
    """A file's time; 1970 where it is none: some file systems have years that no calendar has."""
    try:
        return datetime.fromtimestamp(epoch_s, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _is_zip(path: Path, name: str, head: bytes) -> bool:
    is_zip = zips.is_zip(head)
    if path.suffix.lower() == ".zip" and not is_zip:
        raise BadExport(f"not a zip although named so: {one_line(name)}: {SEND_AGAIN}")
    return is_zip


def _entries(opened: _Opened, name: str) -> list[zipfile.ZipInfo]:
    with zips.one_refusal(name), opened() as stream, zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
    if not entries:
        raise BadExport(f"empty zip: {one_line(name)}: {SEND_AGAIN}")
    return entries


def _admitted(entries: list[zipfile.ZipInfo], name: str, *, allowed: bool) -> list[zipfile.ZipInfo]:
    """All members of a ZIP of exports; of a private archive those that may be opened."""
    archive = archive_with(zips.plain_name(entry) for entry in entries)
    if archive is None:
        return entries
    names = admit(archive, map(zips.plain_name, entries), name, allowed=allowed)
    return [entry for entry in entries if zips.plain_name(entry) in names]


def _zip_members(
    entries: list[zipfile.ZipInfo], opened: _Opened, container: str, name: str, modified: datetime
) -> Iterator[Member]:
    """All entries are judged before the first is opened: an archive that lies once is not trusted."""
    _check_archive(entries, name)
    with zips.one_refusal(name):
        open_entry = _entry_opener(opened)
    for entry in entries:
        if not _is_passed_over(entry):
            yield _PlainOrPacked(
                f"{name}!{entry.filename}",
                container,
                entry.file_size,
                _written_at(entry),
                modified,
                partial(open_entry, entry),
            )


class _Entry:
    """An open entry, which closes its archive with itself."""

    def __init__(self, content: Any, closing: ExitStack) -> None:
        self.read = content.read
        self.close = closing.close


def _entry_opener(opened: _Opened) -> Callable[[zipfile.ZipInfo], Any]:
    """A ZIP in memory is opened once; one on the disk for each of its members, so that none stays open."""
    stream = opened()
    if isinstance(stream, io.BytesIO):
        return zipfile.ZipFile(stream).open
    stream.close()
    return partial(_open_entry, opened)


def _open_entry(opened: _Opened, entry: zipfile.ZipInfo) -> _Entry:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(opened())))
        return _Entry(stack.enter_context(archive.open(entry)), stack.pop_all())


def _check_archive(entries: list[zipfile.ZipInfo], name: str) -> None:
    where = one_line(name)
    if len(entries) > MAX_MEMBERS:
        raise BadExport(f"zip with {len(entries)} members: {where}: send the exports alone")
    if all(_is_passed_over(entry) for entry in entries):
        raise BadExport(f"empty zip: {where}: {SEND_AGAIN}")
    zips.check_names(entries, name)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise BadExport(f"zip that unpacks to more than 500 MB: {where}: unpack it and send the CSV")
    for entry in entries:
        inner = "another zip (put the inner zip into the inbox)" if _is_named_zip(entry) else None
        fault = zips.fault_of(entry) or inner
        if fault:
            raise BadExport(f"{fault} in zip, {one_line(entry.filename, 60)}: {where}")


def _is_named_zip(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(".zip")


def _is_passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    return entry.filename.endswith("/") or "__MACOSX" in parts or (bool(parts) and parts[-1] == ".DS_Store")


def _written_at(entry: zipfile.ZipInfo) -> datetime | None:
    """The member's time, if its writer had a clock."""
    if entry.date_time[0] <= _UNSET_YEAR:
        return None
    try:
        return datetime(*entry.date_time)  # naive by contract: the exporter's local clock
    except ValueError:
        return None
