"""What the ledger says of earlier loads: which of them a new one takes the place of."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from connectors.base import Member, Reading
from models.raw_tables import LedgerEntry

_Key = tuple[str, str | None]


class EarlierLoads:
    """The ledger's entries by their bytes and by their names; grows with every load of a run."""

    def __init__(self, ledger: Iterable[LedgerEntry]) -> None:
        self.ids: set[str] = set()
        self.replaced: set[str] = set()
        self._same_bytes: dict[_Key, list[LedgerEntry]] = {}
        self._same_name: dict[_Key, list[LedgerEntry]] = {}
        for entry in ledger:
            self.add(entry)

    def add(self, entry: LedgerEntry) -> None:
        """Take note of a load."""
        self.ids.add(entry.load_id)
        self._same_bytes.setdefault((entry.sha256, entry.source), []).append(entry)
        self._same_name.setdefault((entry.name, entry.source), []).append(entry)
        if entry.replaces:
            self.replaced.add(entry.replaces)

    def corrected_by(self, member: Member, reading: Reading, rows: int) -> LedgerEntry | None:
        """The load that a new one corrects: the same file told otherwise, or the same bytes moved.

        The same bytes in two places at once are two claims (a platform's figures did not change
        between two exports), and both stay. A diary corrects what it said before, unless it was
        emptied: then somebody began a new one in its place.
        """
        same = self._same_bytes.get((member.sha256, reading.source), [])
        if reading.is_diary and rows:
            same = [*same, *self._same_name.get((member.name, reading.source), [])]
        live = [entry for entry in reversed(same) if entry.load_id not in self.replaced]
        told_otherwise = (entry for entry in live if entry.name == member.name)
        moved = (e for e in live if e.account == reading.account and not Path(e.path).exists())
        return next(told_otherwise, None) or next(moved, None)


def shrunk(reading: Reading, rows: int, before: LedgerEntry | None) -> tuple[str, ...]:
    """A notice when a diary says less than it did."""
    if not reading.is_diary or before is None or rows >= before.rows:
        return ()
    return (
        f"{before.rows - rows} fewer rows than in its earlier version, which no longer counts;"
        " to begin anew, write under another file name",
    )
