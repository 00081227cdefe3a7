"""The patient way through lines of JSON: one by one, so that a bad one is known by its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

import pyarrow as pa

from connectors import strict_json
from connectors.base import Refusal
from connectors.zeeschuimer.fields import EACH, TYPES, Field, Fields, Path

T = TypeVar("T")

_LARGEST: Final = (1 << 63) - 1
_WORDS: Final[Mapping[type, str]] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "an object",
}


class _Wrong(ValueError):
    """A line whose value is not what the field says."""


def one_by_one(
    block: bytes, first: int, fields: Fields
) -> tuple[pa.Array, dict[str, pa.Array], list[Refusal]]:
    """Numbers and columns of the lines that can be read, and why the others cannot; blank lines are none.

    `first` is the number of the first line.
    """
    refused: list[Refusal] = []
    rows: list[list[object]] = []
    numbers: list[int] = []
    alternatives = _alternatives(fields)
    for number, line in enumerate(block.split(b"\n"), first):
        if not line.strip(b" \t\r"):
            continue
        try:
            item = strict_json.parse(line)
            rows.append([_value(item, field, alternatives) for field in fields.values()])
            numbers.append(number)
        except (strict_json.NotStrictJson, _Wrong) as error:
            refused.append(Refusal(number, str(error)))
    columns = zip(*rows, strict=True) if rows else ([] for _ in fields)
    arrays = {
        name: pa.array(list(values), _flat_type(field))
        for (name, field), values in zip(fields.items(), columns, strict=True)
    }
    return pa.array(numbers, pa.int64()), arrays, refused


def _flat_type(field: Field) -> pa.DataType:
    return pa.list_(TYPES[field.kind]) if EACH in field.path else TYPES[field.kind]


def _alternatives(fields: Fields) -> frozenset[Path]:
    """Paths at which there may be a plain value or an object."""
    paths = {field.path for field in fields.values() if field.kind != "there"}
    return frozenset(path for path in paths if any(o[: len(path)] == path and o != path for o in paths))


def _value(item: object, field: Field, alternatives: frozenset[Path]) -> object:
    """The value of a field in one object; None when there is none.

    Raises:
        _Wrong: there is something else.
    """
    value = item
    for depth, key in enumerate(field.path):
        at = field.path[:depth]
        if value is None or (at in alternatives and isinstance(value, str)):
            value = None
            break
        if key == EACH:
            inside = Field(field.path[depth + 1 :], field.kind)
            return [_value(each, inside, frozenset()) for each in _expected(value, list, at)]
        value = _expected(value, dict, at).get(key)
    if field.path in alternatives and isinstance(value, dict):
        value = None
    if field.kind == "there":
        return value is not None and _expected(value, dict, field.path) is not None
    return None if value is None else _leaf(value, field)


def _leaf(value: object, field: Field) -> object:
    if field.kind == "flag":
        return _expected(value, bool, field.path)
    if field.kind == "number" and isinstance(value, float):
        return value
    if isinstance(value, str) and field.kind in ("text", "either"):
        # An emoji that was cut in half becomes U+FFFD: it could not be stored.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if field.kind == "text":
        return _expected(value, str, field.path)
    number = _expected(value, int, field.path)
    if field.kind == "either":
        return str(number)
    if abs(number) > _LARGEST:
        raise _Wrong(f"{_name(field.path)} is too large")
    return number


def _expected(value: object, kind: type[T], path: Path) -> T:
    if type(value) is not kind:  # not isinstance: True is an int
        raise _Wrong(f"{_name(path)} is not {_WORDS[kind]}")
    return value


def _name(path: Path) -> str:
    return ".".join(path)
