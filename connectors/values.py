"""Values in an API's JSON: a count is a whole number, missing is None, the rest is told and left empty."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, TypeGuard

import pyarrow as pa

from connectors.strict_json import JsonObject
from models.schema import TABLES, to_epoch

_LARGEST: Final = 2**63 - 1  # what a counter's column can hold
_HANDLE: Final = re.compile(r"[\w.]{1,64}")


def is_whole(value: object) -> TypeGuard[int]:
    """Whether it is an integer from 0 up that fits a column; True and False are not."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST


def count(item: JsonObject, native: str, reasons: list[str]) -> int | None:
    """A count; None if there is none, and with a reason if there is something else."""
    value = item.get(native)
    if value is None or is_whole(value):
        return value
    reasons.append(f"{native} is not a whole number from 0 up ({shown(value)}): left empty")
    return None


def number(
    item: JsonObject, native: str, reasons: list[str], *, unit: str = "number", most: float = float(_LARGEST)
) -> float | None:
    """A number from 0 to `most`; None if there is none, and with a reason if there is something else."""
    value = item.get(native)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most:
        return float(value)
    reasons.append(f"{native} is no {unit} ({shown(value)}): left empty")
    return None


def shown(value: object) -> str:
    """What can be said of a value that is not what it should be. A text is not shown: it may be anybody's."""
    if isinstance(value, str):
        return f"the text of {len(value)} characters"
    return f"{value!r:.40}" if isinstance(value, int | float) else type(value).__name__


def on_one_line(text: object) -> str | None:
    """A caption. An emoji that was cut in half becomes U+FFFD: it could not be stored."""
    if not isinstance(text, str) or not text:
        return None
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"[\r\n]+", " ", whole)


def is_plausible(epoch_s: int, oldest_s: int, now: datetime) -> bool:
    """Whether something can have been published then: after the platform began, before tomorrow."""
    return oldest_s <= epoch_s <= to_epoch(now + timedelta(days=1))


def shown_handle(name: str) -> str:
    """A handle that came from a platform, for a message."""
    return f"@{name}" if _HANDLE.fullmatch(name) else "another account"


def to_table(name: str, rows: list[dict[str, object]]) -> pa.Table:
    """Rows of a canonical table; what a row does not name is NULL."""
    return pa.Table.from_pylist(rows, schema=TABLES[name])
