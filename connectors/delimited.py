"""CSV as it comes from phones and from Excel: which bytes are which text, and the rows as batches.

Encoding, delimiter and quoting are decided over the whole file before the first row, and told.
The parser is pyarrow's, one thread, so that every refused row has its number.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv

from connectors.base import BadExport, Member, Refusal
from connectors.few_rows import MOST_BYTES, few_rows
from connectors.sheets import HEAD_SIZE, Rows
from connectors.wording import EXPORT_AGAIN, one_line

_BLOCK: Final = 1 << 22  # a row longer than this is a quote that was never closed
_CHUNK: Final = 1 << 20
_DELIMITERS: Final = (",", ";", "\t")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITER_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab"}


class _Header(NamedTuple):
    delimiter: str
    names: tuple[str, ...]
    length: int
    """Characters up to the first row."""


@dataclass(frozen=True)
class DelimitedText:
    """A `Sheet` whose dialect is known."""

    member: Member
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    """Trimmed, as spelt in the file."""
    _quoted: bool
    _body_at: int

    def chosen(self) -> dict[str, str]:
        """What was decided, for the ledger."""
        return {
            "encoding": self.encoding,
            "delimiter": _DELIMITER_NAMES.get(self.delimiter, self.delimiter),
        }

    def notices(self) -> tuple[str, ...]:
        """What a person should know about the choice."""
        return ("not UTF-8: read as Windows-1252; check the accents",) if self.encoding == "cp1252" else ()

    def rows(self, wanted: Mapping[str, int], repetitive: frozenset[str] = frozenset()) -> Iterator[Rows]:
        """Batches of some 20,000 rows; `wanted` maps our names to positions in the header.

        Columns named in `repetitive` come dictionary-encoded. A file without rows gives no batch.

        Raises:
            BadExport: while batches are drawn: bytes that no CSV reader makes sense of.
        """
        counter = _Counter(self.header)
        with self.member.open() as raw:
            body = _as_utf8(raw, self.encoding)
            _skip(body, self._body_at)
            if self.member.size <= MOST_BYTES:
                yield from self._few(body, wanted, repetitive)
                return
            try:
                with _open_csv(body, self, wanted, repetitive, counter) as batches:
                    for batch in batches:
                        yield counter.number(batch, wanted)
            except pa.ArrowInvalid as error:
                if "Empty CSV file" not in str(error):
                    raise self._broken() from None
            except pa.ArrowException:
                raise self._broken() from None
        if counter.ragged:
            yield counter.rest(wanted, repetitive)

    def _few(self, body: BinaryIO, wanted: Mapping[str, int], repetitive: frozenset[str]) -> Iterator[Rows]:
        try:
            rows = few_rows(body.read().decode(), self.delimiter, len(self.header), wanted, repetitive)
        except (csv.Error, ValueError):
            raise self._broken() from None
        if rows:
            yield rows

    def _broken(self) -> BadExport:
        return BadExport(f"broken quotes or rows: {one_line(self.member.name)}: {EXPORT_AGAIN}")


def header_of(head: bytes) -> tuple[str, ...]:
    """The column names in a file's first bytes, trimmed; empty when they hold no text."""
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    for encoding in [bom] if bom else ["utf-8", "cp1252"]:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return _read_header(text).names
    return ()


def open_text(member: Member, head: bytes) -> DelimitedText:
    """The dialect of `member`, which begins with `head`, decided by reading all of it once.

    UTF-8 and UTF-16 by their marks, UTF-8 without one, Windows-1252 only when it is not UTF-8; the
    delimiter is the comma, semicolon or tab that the header has most of, or what a `sep=` line says.

    Raises:
        BadExport: empty, binary, in no known encoding, with quotes that do not pair up, or no header.
    """
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t "):
        raise BadExport(f"empty file: {one_line(member.name)}: export it again")
    encoding, quoted = _examine(member, head)
    with member.open() as raw:
        head = _read(_as_utf8(raw, encoding), HEAD_SIZE)
    header = _read_header(codecs.getincrementaldecoder("utf-8")().decode(head))
    if not header.names:
        raise BadExport(f"no header row: {one_line(member.name)}: {EXPORT_AGAIN}")
    text = head.decode(errors="ignore")[: header.length]
    return DelimitedText(member, encoding, header.delimiter, header.names, quoted, len(text.encode()))


def _examine(member: Member, head: bytes) -> tuple[str, bool]:
    """(encoding, whether quotes occur), from every byte of the file."""
    bom = next((name for mark, name in _BOMS if head.startswith(mark)), None)
    for encoding in [bom] if bom else ["utf-8", "cp1252"]:
        try:
            return encoding, _has_quotes(member, encoding)
        except UnicodeError:
            continue
    raise BadExport(f"text in an unknown encoding: {one_line(member.name)}: {EXPORT_AGAIN}")


def _has_quotes(member: Member, encoding: str) -> bool:
    """Whether quotes occur.

    Raises:
        BadExport: NUL bytes, or quotes that do not pair up.
        UnicodeError: not in `encoding`.
    """
    quotes = 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with member.open() as raw:
        stream = _as_utf8(raw, encoding)
        while chunk := stream.read(_CHUNK):
            if b"\0" in chunk:
                raise BadExport(f"binary file (nul bytes): {one_line(member.name)}: {EXPORT_AGAIN}")
            quotes += chunk.count(b'"')
            decoder.decode(chunk)
    decoder.decode(b"", final=True)
    if quotes % 2:
        raise BadExport(f"a quote is never closed: {one_line(member.name)}: {EXPORT_AGAIN}")
    return quotes > 0


def _read_header(text: str) -> _Header:
    """The first row that is not blank, after a `sep=` line if there is one."""
    lines = iter(io.StringIO(text, newline=""))
    length = 0
    delimiter = None
    for line in lines:
        bare = line.strip()
        if bare.lower().startswith("sep=") and len(bare) <= len("sep=,"):
            delimiter = bare[4:] or "\t"
        elif bare:
            record = _record(line, lines)
            return _Header(*_cells(record, delimiter), length + len(record))
        length += len(line)
    return _Header(",", (), length)


def _record(line: str, more: Iterator[str]) -> str:
    """The record that begins with `line`: a quoted name may hold line ends."""
    record = line
    while record.count('"') % 2 and (following := next(more, "")):
        record += following
    return record


@lru_cache(maxsize=64)
def _cells(record: str, delimiter: str | None) -> tuple[str, tuple[str, ...]]:
    """(delimiter, trimmed cells) of a header; no cells when it is none."""
    delimiter = delimiter or max(_DELIMITERS, key=_unquoted(record).count)
    try:
        names = next(csv.reader(io.StringIO(record, newline=""), delimiter=delimiter), [])
    except (csv.Error, TypeError, ValueError):  # a cell of 128 KiB, a delimiter that cannot be one
        names = []
    return delimiter, tuple(name.strip() for name in names)


def _unquoted(record: str) -> str:
    return "".join(record.split('"')[::2])


class _Recoded(io.RawIOBase):
    """A stream in another encoding, as UTF-8."""

    def __init__(self, raw: BinaryIO, encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            chunk = self._raw.read(_CHUNK)
            self._ready = self._decoder.decode(chunk, final=not chunk).encode()
            if not chunk:
                break
        part, self._ready = self._ready[: len(buffer)], self._ready[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def _as_utf8(raw: BinaryIO, encoding: str) -> BinaryIO:
    """The text as UTF-8 without a byte order mark."""
    if encoding == "utf-8":
        return raw
    if encoding == "utf-8-sig":
        raw.read(len(codecs.BOM_UTF8))
        return raw
    return io.BufferedReader(_Recoded(raw, encoding), _CHUNK)


def _read(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes, or all there are: a raw stream may give fewer at a time."""
    parts = []
    while size > 0 and (part := stream.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _skip(stream: BinaryIO, size: int) -> None:
    _read(stream, size)


def _open_csv(
    body: BinaryIO,
    sheet: DelimitedText,
    wanted: Mapping[str, int],
    repetitive: frozenset[str],
    counter: _Counter,
) -> Any:
    names = [f"c{n}" for n in range(len(sheet.header))]
    types = {
        f"c{at}": pa.dictionary(pa.int32(), pa.string()) if name in repetitive else pa.string()
        for name, at in wanted.items()
    }
    # A whole block is set aside at once, which a thousand small files would pay for; decoding to
    # UTF-8 at most doubles a file. They are also handed over at once: asking for pieces costs more.
    block = min(_BLOCK, 2 * sheet.member.size + _CHUNK // 64)
    return pa.csv.open_csv(
        pa.BufferReader(body.read()) if sheet.member.size <= _CHUNK else body,
        read_options=pa.csv.ReadOptions(use_threads=False, block_size=block, column_names=names),
        parse_options=pa.csv.ParseOptions(
            delimiter=sheet.delimiter,
            newlines_in_values=sheet._quoted,
            invalid_row_handler=counter.note,
        ),
        convert_options=pa.csv.ConvertOptions(
            column_types=types,
            include_columns=list(types),
            strings_can_be_null=False,
            check_utf8=False,  # checked when the encoding was decided
        ),
    )


class _Counter:
    """Gives every row its number in the file, although the parser leaves ragged ones out."""

    def __init__(self, header: tuple[str, ...]) -> None:
        self._width = len(header)
        self._next = 1
        self.ragged: deque[Refusal] = deque()

    def note(self, row: Any) -> str:
        """The parser's report of a row that does not fit the header."""
        self.ragged.append(Refusal(row.number, f"{row.actual_columns} cells, not {self._width}"))
        return "skip"

    def number(self, batch: pa.RecordBatch, wanted: Mapping[str, int]) -> Rows:
        """A parsed batch with the numbers of its rows, and the ragged rows among and before them."""
        left, runs, refused = batch.num_rows, [], []
        while self.ragged and self.ragged[0].row - self._next < left:
            run = self.ragged[0].row - self._next
            runs.append(pa.arange(self._next, self._next + run))
            left -= run
            self._next += run + 1
            refused.append(self.ragged.popleft())
        runs.append(pa.arange(self._next, self._next + left))
        self._next += left
        columns = {name: batch.column(f"c{at}") for name, at in wanted.items()}
        return Rows(pa.concat_arrays(runs) if len(runs) > 1 else runs[0], columns, tuple(refused))

    def rest(self, wanted: Mapping[str, int], repetitive: frozenset[str]) -> Rows:
        """The ragged rows after the last good one."""
        empty = pa.array([], pa.string())
        columns = {n: empty.dictionary_encode() if n in repetitive else empty for n in wanted}
        return Rows(pa.array([], pa.int64()), columns, tuple(self.ragged))
