"""The quick way through lines of JSON: pyarrow's reader, which skips what nobody asked for."""

from __future__ import annotations

from collections import defaultdict

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json

from connectors import strict_json
from connectors.zeeschuimer.fields import EACH, TYPES, Field, Fields, Kind, Path


class Quick:
    """pyarrow's reader, told by an earlier line which of two possibilities to look for."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._schema: pa.Schema | None = None

    def read(self, block: bytes, lines: int) -> pa.Table | None:
        """All the lines of a block, none of which is blank; None when any of them needs a closer look."""
        if not block.startswith(b"{"):  # a null that comes first would take the whole process with it
            return None
        table = None if self._schema is None else self._read(block, lines, self._schema)
        if table is not None:
            return table
        schema = _schema(self._fields, block[: block.find(b"\n") + 1 or len(block)])
        if schema is None or schema == self._schema:
            return None
        self._schema = schema
        return self._read(block, lines, schema)

    def _read(self, block: bytes, lines: int, schema: pa.Schema) -> pa.Table | None:
        try:
            table = pa.json.read_json(
                pa.BufferReader(block),
                read_options=pa.json.ReadOptions(use_threads=False, block_size=len(block) + 1),
                parse_options=pa.json.ParseOptions(
                    explicit_schema=schema, unexpected_field_behavior="ignore"
                ),
            )
            table.validate(full=True)  # also that text is UTF-8
        except (pa.ArrowException, UnicodeDecodeError):
            return None
        # More rows than lines: two objects in one.
        return table if table.num_rows == lines and self._is_finite(table) else None

    def _is_finite(self, table: pa.Table) -> bool:
        """NaN and Infinity are no JSON, though pyarrow takes them for numbers."""
        numbers = [column_of(table, field) for field in self._fields.values() if field.kind == "number"]
        return not any(pc.any(pc.invert(pc.is_finite(column))).as_py() for column in numbers)


def _schema(fields: Fields, line: bytes) -> pa.Schema | None:
    """What to look for. Where there are two possibilities, the one of `line`."""
    try:
        sample = strict_json.parse(line)
    except strict_json.NotStrictJson:
        return None
    return pa.schema(_struct([(field.path, field.kind) for field in fields.values()], sample))


def _struct(wanted: list[tuple[Path, Kind]], sample: object) -> pa.DataType:
    by_key: defaultdict[str, list[tuple[Path, Kind]]] = defaultdict(list)
    for (key, *rest), kind in wanted:
        by_key[key].append((tuple(rest), kind))
    values = sample if isinstance(sample, dict) else {}
    return pa.struct([(key, _type(inner, values.get(key))) for key, inner in by_key.items()])


def _type(wanted: list[tuple[Path, Kind]], sample: object) -> pa.DataType:
    """The type of one value, in which all of `wanted` are."""
    whole = [kind for path, kind in wanted if not path]
    inner = [(path, kind) for path, kind in wanted if path]
    if inner and inner[0][0][0] == EACH:
        item = sample[0] if isinstance(sample, list) and sample else None
        return pa.list_(_type([(path[1:], kind) for path, kind in inner], item))
    if inner and not (whole and isinstance(sample, str)):
        return _struct(inner, sample)
    if whole[0] == "either":
        return pa.string() if isinstance(sample, str) else pa.int64()
    return pa.struct([]) if whole[0] == "there" else TYPES[whole[0]]


def column_of(table: pa.Table, field: Field) -> pa.Array:
    """The values of a field."""
    return _walk(only_chunk(table.column(field.path[0])), field.path[1:], field.kind)


def _walk(values: pa.Array, path: Path, kind: Kind) -> pa.Array:
    if path and path[0] == EACH:
        items = _walk(values.flatten(), path[1:], kind)
        lengths = pc.fill_null(pc.list_value_length(values), 0)
        ends = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
        return pa.ListArray.from_arrays(ends, items, mask=values.is_null())
    if path:
        is_there = pa.types.is_struct(values.type)
        return _walk(pc.struct_field(values, path[0]), path[1:], kind) if is_there else _none(values, kind)
    if kind == "there":
        return values.is_valid()
    return _none(values, kind) if pa.types.is_struct(values.type) else values.cast(TYPES[kind])


def _none(values: pa.Array, kind: Kind) -> pa.Array:
    return pa.nulls(len(values), TYPES[kind])


def only_chunk(column: pa.ChunkedArray) -> pa.Array:
    """A column that is in one piece."""
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
