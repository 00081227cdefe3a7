"""Lines of JSON as columns: the wanted values of objects that hold a hundred times as much.

A block of lines is read at once. A block that cannot be is read again line by line, so that only the
lines at fault are refused, each with its reason: in both ways a number keeps all its digits, and a key
that is there twice is not believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import BinaryIO, Final, NamedTuple

import numpy as np
import pyarrow as pa

from connectors.base import BadExport, Member, Refusal
from connectors.wording import one_line
from connectors.zeeschuimer.fields import Fields
from connectors.zeeschuimer.patient import one_by_one
from connectors.zeeschuimer.quick import Quick, column_of, only_chunk

_BLOCK: Final = 1 << 20
_LONGEST_LINE: Final = 1 << 24
_ROWS: Final = 20_000  # of one batch: what follows has a price per batch
_BOM: Final = b"\xef\xbb\xbf"
_LINE_END: Final = ord("\n")
_ROW_NO: Final = "#"  # no field has that name


class Lines(NamedTuple):
    """Some lines of a file, in order."""

    row_no: pa.Array
    """int64; the number of the line, from 1."""
    columns: Mapping[str, pa.Array]
    """By name: string, int64 or bool as the field's kind says, lists of them where "*" is in the path."""
    refused: tuple[Refusal, ...]


def read_lines(member: Member, fields: Fields) -> Iterator[Lines]:
    """Batches of some 20,000 lines; a line that is not such an object is refused.

    Raises:
        BadExport: a line without end, or the file cannot be read.
    """
    quick, held, first = Quick(fields), _Held(fields), 1
    with member.open() as stream:
        for block in _blocks(stream, member):
            lines, has_blank = _lines_of(block)
            table = None if has_blank else quick.read(block, lines)
            if table is not None:
                held.add(table.append_column(_ROW_NO, pa.arange(first, first + lines)))
            else:
                held.add_flat(*one_by_one(block, first, fields))
            first += lines
            if held.size >= _ROWS:
                yield held.batch()
                held = _Held(fields)
    if held.size:
        yield held.batch()


class _Held:
    """Blocks that wait until they are a batch: taking values out of objects has a price per table."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._tables: list[pa.Table] = []
        self._flat: list[Mapping[str, pa.Array]] = []
        self._refused: list[Refusal] = []
        self.size = 0

    def add(self, table: pa.Table) -> None:
        """Objects as they were read, with the numbers of their lines."""
        self._tables.append(table)
        self.size += table.num_rows

    def add_flat(self, row_no: pa.Array, columns: Mapping[str, pa.Array], refused: list[Refusal]) -> None:
        """Values by field, with the numbers of their lines, and the lines that are none."""
        self._flatten()
        self._flat.append({**columns, _ROW_NO: row_no})
        self._refused += refused
        self.size += len(row_no) + len(refused)

    def batch(self) -> Lines:
        """All of them, in order."""
        self._flatten()
        columns = {name: pa.concat_arrays([one[name] for one in self._flat]) for name in self._flat[0]}
        return Lines(columns.pop(_ROW_NO), columns, tuple(self._refused))

    def _flatten(self) -> None:
        for _, alike in groupby(self._tables, key=lambda table: table.schema):
            table = pa.concat_tables(alike).combine_chunks()
            flat = {name: column_of(table, field) for name, field in self._fields.items()}
            self._flat.append({**flat, _ROW_NO: only_chunk(table.column(_ROW_NO))})
        self._tables = []


def _lines_of(block: bytes) -> tuple[int, bool]:
    """How many there are, and whether one is too short for any object."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == _LINE_END)
    return len(ends) + (not block.endswith(b"\n")), bool((np.diff(ends) <= len("{}")).any())


def _blocks(stream: BinaryIO, member: Member) -> Iterator[bytes]:
    """Whole lines, about a megabyte of them at a time; the last one may lack its end."""
    rest = stream.read(_BLOCK).removeprefix(_BOM)
    while chunk := stream.read(_BLOCK):
        cut = chunk.rfind(b"\n") + 1
        if cut:
            yield b"".join((rest, memoryview(chunk)[:cut]))
            rest = chunk[cut:]
        else:
            rest += chunk
        if len(rest) > _LONGEST_LINE:
            raise BadExport(f"a line without end: {one_line(member.name)}: save the capture again")
    if rest:
        yield rest
