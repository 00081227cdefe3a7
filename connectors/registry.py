"""Every kind of file and every API that rapup reads. Adding one is a line here.

A kind is recognised by its columns or its first bytes; names of files alone are no evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors import mapping, readings
from connectors.archives import archive_like, refusal
from connectors.base import BadExport, Context, Export, Head, Member, Reading
from connectors.columns import name_key
from connectors.ids import post_key
from connectors.instagram import audience, business_suite, daily, data_download
from connectors.instagram.unknown_words import content_refused
from connectors.tabular import head_of
from connectors.tiktok import content, overview
from connectors.tiktok.kinds import TIKTOK
from connectors.wording import listed, one_line
from connectors.zeeschuimer import CAPTURES
from connectors.zeeschuimer.capture import captured_from

if TYPE_CHECKING:
    from connectors.api import ApiSource

__all__ = ["EXPORTS", "apis", "post_key", "read", "recognise", "unknown_header"]

EXPORTS: Final[tuple[Export, ...]] = (
    *TIKTOK,
    business_suite,
    daily,
    audience,
    data_download,
    *CAPTURES,
    readings,
)


class _Unread(NamedTuple):
    """A kind that is known and not read."""

    columns: frozenset[str]
    title: str
    cure: str


_UNREAD: Final = (
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
_FEWEST: Final = 2
_TABLES: Final = (".csv", ".tsv", ".xlsx", ".xlsm")


def apis(platform: str) -> tuple[ApiSource, ...]:
    """The APIs of a platform; a token in `.env` is one for the first."""
    # The transport costs 150 ms that a run without APIs never needs.
    from connectors.instagram.discovery import BusinessDiscovery  # noqa: PLC0415
    from connectors.instagram.graph import GRAPH_API, LOGIN_API  # noqa: PLC0415
    from connectors.tiktok.business import BusinessApi  # noqa: PLC0415
    from connectors.tiktok.display import DisplayApi  # noqa: PLC0415

    known: tuple[ApiSource, ...] = (
        *(DisplayApi(), BusinessApi()),
        *(LOGIN_API, GRAPH_API, BusinessDiscovery()),
    )
    return tuple(api for api in known if api.platform == platform)


def recognise(head: Head) -> Export | None:
    """The kind whose files begin so, or None."""
    return next((export for export in EXPORTS if export.recognises(head)), None)


def read(member: Member, context: Context) -> Reading:
    """Translate a file of any kind.

    Raises:
        BadExport: it is of no kind that is read, or its kind refuses it; at once, or while batches are drawn.
    """
    head = head_of(member)
    archive = archive_like(head)
    if archive and not context.read_archives:
        raise refusal(archive, head.name)
    mapped = mapping.fitting(head, context.mappings)
    if mapped:  # what a person wrote about such files comes before what we know of others
        return mapping.read(member, context, mapped)
    export = recognise(head)
    if export is None:
        raise refusal(archive, head.name, " without a list of posts") if archive else unknown_header(head)
    return export.read(member, context)


def unknown_header(head: Head) -> BadExport:
    """The refusal of a file of no kind that is read: by its kind if known, else with both column lists."""
    where, names, data = one_line(head.name), head.header, head.data
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t "):
        return BadExport(f"empty file: {where}: export it again")
    elsewhere = captured_from(head)
    if elsewhere:
        return BadExport(
            f"capture of {elsewhere}: {where}: only posts on tiktok.com and instagram.com are read"
        )
    keys = frozenset(name_key(name) for name in names)
    for kind in _UNREAD:
        if kind.columns <= keys:
            return BadExport(f"{kind.title}: {where}: {kind.cure}")
    if not _is_table(head) or (b"\0" in data and not head.sheets):
        return BadExport(
            f"no table in it: {where}: put the platform's CSV, Excel or ZIP file into the inbox, as it came;"
            " what you see on a screen or in a picture goes into readings.xlsx"
        )
    return content_refused(head) or _columns_refused(names, keys, where)


def _is_table(head: Head) -> bool:
    """Whether its first line may be shown: that of any other text, a chat or a letter, is private."""
    return len(head.header) >= _FEWEST and head.name.lower().endswith(_TABLES)


def _columns_refused(names: tuple[str, ...], keys: frozenset[str], where: str) -> BadExport:
    shared = {kind: len(keys & {name_key(n) for n in wanted}) for kind, wanted in _EXPECTED.items()}
    nearest = max(shared, key=lambda kind: shared[kind])
    found = f"columns {listed(names, 10)}"
    return BadExport(
        f"kind of file not known: {found}; {nearest} has {listed(_EXPECTED[nearest], 10)}: {where}:"
        " if it is another tool's table, say in a mapping file which column is what"
    )
