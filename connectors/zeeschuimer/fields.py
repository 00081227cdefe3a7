"""Which values of an object are wanted, and what they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import pyarrow as pa

Kind: TypeAlias = Literal["text", "whole", "number", "flag", "either", "there"]
Path: TypeAlias = tuple[str, ...]

EACH: Final = "*"
TYPES: Final[Mapping[Kind, pa.DataType]] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "either": pa.string(),
    "there": pa.bool_(),
}


class Field(NamedTuple):
    """A value in the objects. One path may lead through another field: then either may be there."""

    path: Path
    """Keys from the outside in; "*" stands for every item of a list."""
    kind: Kind = "text"
    """A text, a whole number, any number, true or false, a text or a whole number (as text), or whether
    there is an object."""


Fields: TypeAlias = Mapping[str, Field]
