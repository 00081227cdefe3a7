"""Every kind of file and every API that rapup reads. Adding one is a line here.

A kind is recognised by the columns in its first bytes; names of files are no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.base import BadExport, Context, Export, Member, Reading
from connectors.columns import name_key
from connectors.ids import post_key
from connectors.instagram import business_suite
from connectors.tabular import HEAD, header_of
from connectors.tiktok import content, overview
from connectors.wording import listed, one_line

if TYPE_CHECKING:
    from connectors.tiktok.display import DisplayApi

__all__ = ["EXPORTS", "api_of", "post_key", "read", "recognise", "unknown_header"]

EXPORTS: Final[tuple[Export, ...]] = (content, overview, business_suite)


class _Unread(NamedTuple):
    """A kind that is known and not read."""

    columns: frozenset[str]
    title: str
    cure: str


_LATER: Final = "not read yet by this version; leave it out, the other exports are enough"
_UNREAD: Final = (
    _Unread(frozenset({"date", "total viewers", "new viewers"}), "tiktok viewers by day", _LATER),
    _Unread(frozenset({"date", "followers"}), "tiktok followers by day", _LATER),
    _Unread(frozenset({"date", "hour", "active followers"}), "tiktok follower activity", _LATER),
    _Unread(frozenset({"gender", "distribution"}), "tiktok followers by gender", _LATER),
    _Unread(frozenset({"top territories", "distribution"}), "tiktok followers by territory", _LATER),
    _Unread(
        frozenset({"page id", "reactions"}),
        "facebook page export",
        "choose the Instagram account in Meta Business Suite and export its content",
    ),
    _Unread(
        frozenset({"page id", "permalink"}), "facebook page export", "export the Instagram account's content"
    ),
)
_EXPECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "tiktok content": tuple(n for (n,) in content.VOCABULARY.names.values()),
    "tiktok overview": tuple(n for (n,) in overview.VOCABULARY.names.values()),
    "instagram content": business_suite.EXPECTED,
}


def api_of(platform: str, source: str | None = None) -> DisplayApi | None:
    """The API of a platform (`source`: only the one of that name), or None."""
    # The transport costs 150 ms that a run without APIs never needs.
    from connectors.tiktok.display import DisplayApi  # noqa: PLC0415

    apis: Mapping[str, tuple[DisplayApi, ...]] = {"tiktok": (DisplayApi(),)}
    return next((api for api in apis.get(platform, ()) if source in (None, api.source)), None)


def recognise(head: bytes) -> Export | None:
    """The kind whose first bytes (up to 64 KiB) these are, or None."""
    return next((export for export in EXPORTS if export.recognises(head)), None)


def read(member: Member, context: Context) -> Reading:
    """Translate a file of any kind.

    Raises:
        BadExport: it is of no kind that is read, or its kind refuses it; at once, or while batches are drawn.
    """
    with member.open() as stream:
        head = stream.read(HEAD)
    export = recognise(head)
    if export is None:
        raise unknown_header(member)
    return export.read(member, context)


def unknown_header(member: Member) -> BadExport:
    """The refusal of a file of no kind that is read: by its kind if known, else with both column lists."""
    with member.open() as stream:
        head = stream.read(HEAD)
    where = one_line(member.name)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t "):
        return BadExport(f"empty file: {where}: export it again")
    if head.startswith(b"PK"):
        return BadExport(f"zip or excel file inside: {where}: put the inner file into the inbox, as CSV")
    names = header_of(head)
    keys = frozenset(name_key(name) for name in names)
    for kind in _UNREAD:
        if kind.columns <= keys:
            return BadExport(f"{kind.title}: {where}: {kind.cure}")
    if head.lstrip(b"\xff\xfe").replace(b"\0", b"").lower().startswith(b"sep="):
        return BadExport(f"daily figures of one metric (meta): {where}: {_LATER}")
    if not names or b"\0" in head:
        return BadExport(
            f"not a text file: {where}: put the platform's CSV or ZIP into the inbox, nothing else"
        )
    return _columns_refused(names, keys, where)


def _columns_refused(names: tuple[str, ...], keys: frozenset[str], where: str) -> BadExport:
    shared = {kind: len(keys & {name_key(n) for n in wanted}) for kind, wanted in _EXPECTED.items()}
    nearest = max(shared, key=lambda kind: shared[kind])
    found = f"columns {listed(names, 10)}"
    return BadExport(
        f"kind of file not known: {found}; {nearest} has {listed(_EXPECTED[nearest], 10)}: {where}"
    )
