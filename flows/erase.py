"""A person's request to be erased, end to end: rows, derived files, and the proof that they are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Final

from connectors.registry import post_key
from flows import steps
from flows.comments import pseudonyms
from flows.connect import disconnect
from flows.leftovers import Search, Word, holds, own_files, search_written
from flows.settings import BadSettings, Settings
from models import erasure
from models.campaign import Account, Campaign
from models.compaction import compact
from models.erasure import Tombstone, key_of
from models.platforms import PLATFORMS
from models.store import Store, open_store

if TYPE_CHECKING:
    from models.privacy import Pseudonyms

_HANDLE: Final = re.compile(r"@?([\w.-]+)")
_COMMENT_ID: Final = re.compile(r"[\w:-]+")
_MADE_AGAIN: Final = frozenset({"pptx", "png"})


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    kind: str
    value: str
    platform: str | None = None


@dataclass(frozen=True)
class Subject:
    """What a request names."""

    words: tuple[Word, ...]
    """What may be found nowhere afterwards."""
    tombstones: frozenset[Tombstone]
    accounts: tuple[Account, ...] = ()
    loads: tuple[str, ...] = ()
    """That go whole."""
    paths: tuple[str, ...] = ()
    """Where files that it came from lay."""


@dataclass(frozen=True)
class Erased:
    """What became of a request."""

    request: Request
    counts: Mapping[str, int]
    """Rows by raw table; "erased" are tombstones."""
    own: tuple[Path, ...]
    """People's own files that hold it: theirs to delete."""
    search: Search | None
    """None: nothing was erased, only told."""
    to_do: tuple[str, ...] = ()


def erase(
    settings: Settings, campaign: Campaign, request: Request, now: datetime, *, dry_run: bool = False
) -> Erased:
    """Erase what a request names and look for it everywhere; run again, it finishes what was broken off.

    Raises:
        BadSettings: it names nothing that could be erased.
        StoreBusy, StoreUnreadable: see `models.store`.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    with open_store(settings.data) as store:
        subject = _subject(settings, campaign, request, store)
        words = [word.pattern for word in subject.words] if request.kind != "handle" else []
        moment = now.replace(tzinfo=None, microsecond=0)
        counts = store.erase(erasure.steps(subject.tombstones, subject.loads, words, moment))
        if dry_run:
            store.rollback()
    own = tuple(_own(settings, subject))
    if dry_run:
        return Erased(request, counts, own, None)
    compact(settings.data)
    to_do = tuple(_disconnected(settings, campaign, subject))
    to_do += tuple(_made_anew(settings, campaign, subject))
    return Erased(request, counts, own, search_written(settings, subject.words), to_do)


# --- what a request names ------------------------------------------------------------------------


def _subject(settings: Settings, campaign: Campaign, request: Request, store: Store) -> Subject:
    match request.kind:
        case "handle":
            return _commenter(pseudonyms(settings), request, store)
        case "comment":
            return _comment(request, store)
        case "post":
            return _post(request, store)
        case _:
            return _creator(pseudonyms(settings), _accounts(campaign, request.value), store)


def _commenter(names: Pseudonyms, request: Request, store: Store) -> Subject:
    found = _HANDLE.fullmatch(request.value.strip())
    if not found:
        raise BadSettings(f"{request.value[:60]!r} is no handle; write it as the platform shows it: @name")
    handle = found[1].lower()
    authors = _authors(names, handle, request.platform, store)
    return Subject((Word(handle, is_handle=True),), frozenset(authors))


def _authors(names: Pseudonyms, handle: str, platform: str | None, store: Store) -> Iterator[Tombstone]:
    """The names that a person has below all posts that are known."""
    for on, post_id in store.ask(erasure.KNOWN_POSTS):
        if platform in (None, on):
            yield Tombstone(erasure.AUTHOR, names.of(on, post_id, handle))


def _comment(request: Request, store: Store) -> Subject:
    comment_id = request.value.strip()
    if not _COMMENT_ID.fullmatch(comment_id):
        raise BadSettings(f"{comment_id[:60]!r} is no id of a comment; write it as the platform has it")
    stored = [str(on) for (on,) in store.ask(erasure.COMMENT_PLATFORMS, [comment_id])]
    platforms = [request.platform] if request.platform else stored or list(PLATFORMS)
    keys = (Tombstone(erasure.COMMENT, key_of(on, comment_id)) for on in platforms)
    return Subject((Word(comment_id),), frozenset(keys))


def _post(request: Request, store: Store) -> Subject:
    key = post_key(request.value)
    if key is None:
        raise BadSettings(f"{request.value[:90]!r} is no link of a post; copy it from the platform")
    platform, post_id = key
    archived = [str(row[0]) for row in store.ask(erasure.ARCHIVED_POST, [platform, post_id])]
    ids = (post_id, *archived)
    paths = {str(row[0]) for one in ids for row in store.ask(erasure.PATHS_OF_POST, [platform, one])}
    tombstones = frozenset(Tombstone(erasure.POST, key_of(platform, one)) for one in ids)
    return Subject((Word(post_id),), tombstones, paths=tuple(sorted(paths)))


def _accounts(campaign: Campaign, value: str) -> tuple[Account, ...]:
    creator = next((one for one in campaign.creators if one.id == value), None)
    if creator:
        return creator.accounts
    try:
        return (Account.parse(value),)
    except ValueError:
        known = ", ".join(one.id for one in campaign.creators)
        raise BadSettings(
            f"{value[:60]!r} is no creator of {campaign.name}.toml ({known}) and no account;"
            ' name one, or an account as "tiktok:@handle"'
        ) from None


def _creator(names: Pseudonyms, accounts: tuple[Account, ...], store: Store) -> Subject:
    """The accounts, what came from their files, and what they wrote below the posts of others."""
    keys = {key_of(a.platform, a.handle) for a in accounts}
    columns = ("load_id", "platform", "account", "name", "path")
    ledger: list[dict[str, Any]] = [
        dict(zip(columns, row, strict=True)) for row in store.ask(erasure.LEDGER_ROWS)
    ]
    theirs = [row for row in ledger if erasure.is_of_erased(row, keys)]
    authors = {one for a in accounts for one in _authors(names, a.handle, a.platform, store)}
    return Subject(
        words=tuple({a.handle: Word(a.handle, is_handle=True) for a in accounts}.values()),
        tombstones=frozenset({Tombstone(erasure.ACCOUNT, key) for key in keys} | authors),
        accounts=accounts,
        loads=tuple(sorted({row["load_id"] for row in theirs})),
        paths=tuple(sorted({row["path"] for row in theirs if row["path"]})),
    )


# --- what is left after the rows -----------------------------------------------------------------


def _own(settings: Settings, subject: Subject) -> list[Path]:
    told = {Path(path) for path in subject.paths}
    return sorted({path for path in told if path.is_file()} | set(own_files(settings, subject.words)))


def _disconnected(settings: Settings, campaign: Campaign, subject: Subject) -> Iterator[str]:
    """Nobody reads the accounts again, and no file is named after them."""
    for account in subject.accounts:
        if account in campaign.accounts():
            yield from disconnect(settings, campaign, str(account))[1]
            yield f"{account}: take it out of {settings.campaign_file()}; until then it is read in vain"
        for left in settings.secrets.glob(f"{account.folder}.*"):
            left.unlink()


def _made_anew(settings: Settings, campaign: Campaign, subject: Subject) -> Iterator[str]:
    """Tables and pages from what is left; nothing that was made before is used."""
    rmtree(settings.cache, ignore_errors=True)
    for path in settings.quarantine.glob("*"):
        if any(holds(path, word) for word in subject.words):
            path.unlink()
    beside = {path.suffix[1:] for path in settings.site.rglob("*") if path.is_file()}
    for left in settings.site.rglob(".*"):
        left.unlink()  # of a run that was killed while it wrote a page
    steps.build(settings, campaign)
    steps.render(settings, beside & _MADE_AGAIN)
    if "pdf" in beside:
        yield "the printed pages are gone: run `rapup render --pdf`"
