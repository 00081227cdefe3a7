"""From a file's columns to canonical ones: which is which, what their cells mean, which rows are bad."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import BadExport, Member, MetricNote, Refusal
from connectors.spans import FEW, span
from connectors.wording import EXPORT_AGAIN, listed, one_line

_MISSING: Final = pa.array(["", "undefined", "--"])  # TikTok writes `undefined`, Instagram `--` or nothing
_ABSURD: Final = 10**15  # an id in the wrong column, not a count
_DIGITS: Final = 15
_PLAIN: Final = r"^-?[0-9]{1,15}$"
_GROUPED: Final = r"^-?[0-9]{1,3}([, \x{a0}\x{202f}][0-9]{3}){1,4}$"
_SEPARATORS: Final = r"[, \x{a0}\x{202f}]"
_SCIENTIFIC: Final = re.compile(r"\s*(?:\d+(?:[.,]\d+)?E\+?\d+|.*/\d+(?:[.,]\d+)?E\+\d+)\s*", re.IGNORECASE)
_TOO_NARROW: Final = re.compile(r"\s*#{3,}\s*")


@dataclass(frozen=True, eq=False)  # a vocabulary is itself alone, which makes it a key of caches
class Vocabulary:
    """What one kind of file calls the canonical columns."""

    names: Mapping[str, tuple[str, ...]]
    """Spellings by canonical name, the preferred one first."""
    absent: str
    """Why a metric that such files never hold is missing."""

    def knows(self, header: Sequence[str]) -> set[str]:
        """Canonical names of the columns in `header`."""
        return set(_known(tuple(header), self))


@lru_cache(maxsize=256)
def _known(header: tuple[str, ...], vocabulary: Vocabulary) -> frozenset[str]:
    keys = {name_key(name) for name in header}
    spelt = vocabulary.names.items()
    return frozenset(name for name, spellings in spelt if any(name_key(one) in keys for one in spellings))


class Columns(NamedTuple):
    """Where a file has which canonical column."""

    at: Mapping[str, int]
    """Position by canonical name."""
    native: Mapping[str, str]
    """The file's own spelling by canonical name."""
    extra: tuple[str, ...]
    """Names that mean nothing to us."""


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The spelling in which column names are compared: any case, single spaces, plain apostrophes."""
    return " ".join(name.casefold().replace("\u2019", "'").split())


def find_columns(header: tuple[str, ...], vocabulary: Vocabulary, member: Member) -> Columns:
    """Columns by canonical name; of several native names for one the first that the file has.

    Raises:
        BadExport: a column that we would read is there twice.
    """
    columns = _columns(header, vocabulary)
    read = {name_key(name) for name in columns.native.values()}
    twice = next((name for name in columns.extra if name_key(name) in read), None)
    if twice is not None:
        raise BadExport(
            f'column "{one_line(twice, 40)}" is there twice: {one_line(member.name)}: {EXPORT_AGAIN}'
        )
    return columns


@lru_cache(maxsize=64)
def _columns(header: tuple[str, ...], vocabulary: Vocabulary) -> Columns:
    positions = {name_key(name): at for at, name in reversed(tuple(enumerate(header)))}
    at = {
        canonical: place
        for canonical, spellings in vocabulary.names.items()
        if (place := next((positions[k] for s in spellings if (k := name_key(s)) in positions), None))
        is not None
    }
    known = set(at.values())
    extra = tuple(name for place, name in enumerate(header) if place not in known and name)
    return Columns(at, {name: header[place] for name, place in at.items()}, extra)


@lru_cache(maxsize=64)
def metric_notes(
    header: tuple[str, ...], vocabulary: Vocabulary, metrics: tuple[str, ...]
) -> tuple[MetricNote, ...]:
    """For every canonical metric its native name in `header`, or why there is none."""
    native = _columns(header, vocabulary).native
    return tuple(_note(metric, native, vocabulary) for metric in metrics)


def _note(metric: str, native: Mapping[str, str], vocabulary: Vocabulary) -> MetricNote:
    if metric in native:
        return MetricNote(metric, native[metric])
    if metric in vocabulary.names:
        return MetricNote(metric, None, f'no column "{vocabulary.names[metric][0]}" in this file')
    return MetricNote(metric, None, vocabulary.absent)


def extra_notice(columns: Columns) -> tuple[str, ...]:
    """A notice that names the columns that were not read, if there are any."""
    return kept_out("column", columns.extra)


def kept_out(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """A notice that names parts of a file (`what`: one of them) that mean nothing to us, if there are any."""
    if not names:
        return ()
    quoted = listed(f'"{one_line(name, 50)}"' for name in names)
    ending = f" {quoted} is not known" if len(names) == 1 else f"s {quoted} are not known"
    return (f"{what}{ending}; kept out",)


class Faults:
    """The rows of one batch that cannot be loaded, each with the first reason found."""

    def __init__(self, row_no: pa.Array) -> None:
        self._row_no = row_no
        self._reasons: dict[int, str] = {}

    def add(self, bad: pa.Array, reason: Callable[[int], str]) -> None:
        """Refuse the rows where `bad` (bool) is true; `reason` is asked with the place in the batch."""
        if not pc.any(bad).as_py():
            return
        for at in pc.indices_nonzero(pc.fill_null(bad, False)).to_pylist():
            self._reasons.setdefault(at, reason(at))

    def row(self, at: int) -> int:
        """The number in the file of the row at a place in the batch."""
        number: int = self._row_no[at].as_py()
        return number

    def refusals(self) -> tuple[Refusal, ...]:
        """In the order of the file."""
        return tuple(Refusal(self.row(at), reason) for at, reason in sorted(self._reasons.items()))

    def kept(self) -> pa.Array | None:
        """The places of the rows that are loaded; None means all of them."""
        if not self._reasons:
            return None
        return pa.array([at for at in range(len(self._row_no)) if at not in self._reasons], pa.int64())


def whole_numbers(cells: pa.Array, native: str, faults: Faults) -> pa.Array:
    """A column of counts (string → int64): empty, `undefined` and `--` are NULL, "12,400" is 12400.

    Other cells refuse their row. A dot is never a separator: "1.234" may mean either.
    """
    if len(cells) <= FEW and (few := _few_numbers(cells.to_pylist())):
        return pa.array(few, pa.int64())
    try:
        numbers = cells.cast(pa.int64())
    except pa.ArrowInvalid:
        return _lenient(cells, native, faults)
    ends = span(numbers)
    absurd = ends is not None and max(-ends.first, ends.last) >= _ABSURD
    if absurd or holds(cells, b"x", b"X"):  # "0x1F" is a number to pyarrow
        return _lenient(cells, native, faults)
    return numbers


def _few_numbers(cells: list[str | None]) -> list[int] | None:
    """The counts, when every cell is nothing but digits."""
    if "" in cells or None in cells:
        return None
    texts = [cell or "" for cell in cells]
    joined = "".join(texts)
    is_plain = joined.isascii() and joined.isdecimal() and max(map(len, texts)) <= _DIGITS
    return [int(text) for text in texts] if is_plain else None


def holds(cells: pa.Array, *parts: bytes) -> bool:
    """Whether one of `parts` may be in a column of strings: a quick look at all its bytes at once."""
    data = cells.buffers()[2]
    if data is None:
        return False
    content = data.to_pybytes()
    return any(part in content for part in parts)


def on_one_line(texts: pa.Array) -> pa.Array:
    """Line ends as spaces: TikTok's own file has captions so."""
    if not holds(texts, b"\n", b"\r"):
        return texts
    return pc.replace_substring_regex(texts, r"\s*[\r\n]+\s*", " ")


def _lenient(cells: pa.Array, native: str, faults: Faults) -> pa.Array:
    trimmed = pc.utf8_trim_whitespace(cells)
    missing = pc.is_in(pc.utf8_lower(trimmed), _MISSING)
    grouped = pc.match_substring_regex(trimmed, _GROUPED)
    joined = pc.if_else(grouped, pc.replace_substring_regex(trimmed, _SEPARATORS, ""), trimmed)
    good = pc.match_substring_regex(joined, _PLAIN)
    faults.add(
        pc.invert(pc.or_(good, missing)),
        lambda at: f'"{native}" is not a whole number: {one_line(cells[at].as_py(), 20)}',
    )
    return pc.if_else(good, joined, None).cast(pa.int64())


def refuse_damaged_ids(cells: pa.Array, native: str, faults: Faults, member: Member) -> None:
    """Excel turns long ids into 7.31E+18 or #####: the digits are lost, so the whole file is refused.

    Raises:
        BadExport: naming row, column and cure.
    """
    if not holds(cells, b"E+", b"e+", b"###"):
        return
    suspects = pc.or_(pc.match_substring(cells, "E+", ignore_case=True), pc.match_substring(cells, "###"))
    for at in pc.indices_nonzero(suspects).to_pylist():
        cell = cells[at].as_py()
        if _SCIENTIFIC.fullmatch(cell) or _TOO_NARROW.fullmatch(cell):
            raise BadExport(
                f'row {faults.row(at)}, column "{native}": {one_line(cell, 30)} is an id that Excel cut:'
                f" {one_line(member.name)}: {EXPORT_AGAIN}"
            )
