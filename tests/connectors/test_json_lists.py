"""One list out of any JSON, whatever the pieces in which its bytes arrive."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import json_lists
from connectors.json_lists import BrokenJson, ListReader, Path

KEYS = st.sampled_from(["wanted", "Wanted", "history", "x", 'a"b', "null", "é"])
TEXTS = st.sampled_from(["", "null", '"wanted": [{', 'a\\"]}', "é😀", "[", "}"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=40,
)


def is_wanted(path: Path) -> bool:
    return path[-1:] == ("wanted",) and "history" not in path


def items(data: bytes) -> list[Any]:
    return [json.loads(item) for item in ListReader(is_wanted).items(io.BytesIO(data))]


def expected(value: object, path: Path = ()) -> Iterator[object]:
    """The same by a whole parse."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from expected(inner, (*path, json.dumps(key, ensure_ascii=False)[1:-1].casefold()))
    elif isinstance(value, list) and is_wanted(path):
        yield from (inner for inner in value if isinstance(inner, dict))
    elif isinstance(value, list):
        for inner in value:
            yield from expected(inner, path)


@given(VALUES, st.sampled_from([1, 2, 3, 7, 64, 1 << 20]), st.sampled_from([None, 1]))
def test_the_wanted_objects_are_those_that_a_whole_parse_finds(
    value: object, chunk: int, indent: int | None
) -> None:
    data = json.dumps(value, ensure_ascii=False, indent=indent).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_lists, "_CHUNK", chunk)
        assert items(data) == list(expected(value))


def test_a_list_of_null_is_found_and_empty() -> None:
    reader = ListReader(is_wanted)
    data = b'{"a": {"wanted": null}, "history": {"wanted": null}, "b": [null, {"c": null}]}'
    assert list(reader.items(io.BytesIO(data))) == []
    assert reader.found == [("a", "wanted")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"a": [', "ends too early"),
        (b'{"wanted": [{"a": 1}, {"b": ', "ends too early"),
        (b"}", "do not match"),
        (b'{"a": [}', "do not match"),
        (b"[" * 1000, "too deeply"),
        (b'["' + b"x" * (1 << 25), "without end"),
        (b'{"wanted": [{"a": "' + b"x" * (1 << 25), "without end"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(BrokenJson, match=reason):
        items(data)
