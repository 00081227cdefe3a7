"""What a person asked to be erased: which rows that takes, and how they are kept from coming back.

A tombstone in `raw.erased` is a hash. One rule per table says which rows a tombstone meets: stored rows
that it meets are deleted, and rows that are read later are not let in. What came from an account's own
files goes whole, other people's posts in it too: it is the account's export. Of files that hold several
accounts only the rows go, and words of the ledger that name what was erased.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final, NamedTuple, Protocol, Self, TypeVar

from models.campaign_types import Account, Campaign, Creator
from models.platforms import PLATFORMS
from models.raw_tables import LEDGER
from models.schema import TABLES

ACCOUNT, AUTHOR, COMMENT, POST = "account", "author", "comment", "post"
LEDGER_MARK: Final = "[erased]"
_NAMED: Final = re.compile(r"@([\w.-]*\w)")
_ARCHIVED_WITHIN_S: Final = 180  # as in archive_matches.sql


def key_of(platform: str, name: str) -> str:
    """What is remembered of a post, a comment or an account."""
    return hashlib.sha256(f"{platform}:{name}".encode()).hexdigest()


class Tombstone(NamedTuple):
    """A row of `raw.erased`, but for its moment."""

    kind: str
    key: str


class Step(NamedTuple):
    """A statement of an erasure, its values bound."""

    table: str
    sql: str
    values: Sequence[object] = ()


# --- which rows a tombstone meets ----------------------------------------------------------------


def _met(kind: str, column: str) -> str:
    named = column if kind == AUTHOR else f"sha256(platform || ':' || {column})"
    return f"coalesce({named} IN (SELECT key FROM raw.erased WHERE kind = '{kind}'), FALSE)"


_BY: Final = _met(ACCOUNT, "account")
_OF_AUTHOR: Final = _met(AUTHOR, "author")
IS_ERASED: Final[Mapping[str, str]] = {
    "post_observations": f"({_BY} OR {_met(POST, 'post_id')})",
    "posts_seen": f"({_BY} OR {_met(ACCOUNT, 'exporter')} OR {_met(POST, 'post_id')})",
    "account_days_seen": _BY,
    "audience_seen": f"({_BY} OR (subject_type = 'post' AND {_met(POST, 'subject_id')})"
    f" OR (subject_type = 'account' AND {_met(ACCOUNT, 'subject_id')}))",
    "comments_seen": f"({_BY} OR {_met(POST, 'post_id')} OR {_met(COMMENT, 'comment_id')} OR {_OF_AUTHOR})",
}
"""By raw table: whether a row is of something that was erased."""
_ANSWERS_ERASED: Final = _met(COMMENT, "parent_id")
_ANSWERS_NOTHING: Final = f"* REPLACE (CASE WHEN {_ANSWERS_ERASED} THEN NULL ELSE parent_id END AS parent_id)"
ERASED_ACCOUNTS: Final = f"SELECT key FROM raw.erased WHERE kind = '{ACCOUNT}'"
_KNOWN: Final = f"SELECT DISTINCT kind, CASE WHEN kind = '{ACCOUNT}' THEN key END AS key FROM raw.erased"


class Rows(Protocol):
    """Rows on their way into the store."""

    def filter(self, filter_expr: str) -> Self:
        """Those of which it is true."""

    def project(self, args: str) -> Self:
        """With these columns."""


_R = TypeVar("_R", bound=Rows)


class Gate:
    """Keeps out of a store what was erased; costs one question while nothing was."""

    def __init__(self, ask: Callable[[str], list[tuple[str, str | None]]]) -> None:
        self._ask = ask
        self.tombstones: frozenset[tuple[str, str | None]] | None = None
        """Kinds, and the keys of accounts; None: not asked for since they changed."""

    def let_in(self, table: str, rows: _R) -> _R:
        """The rows that no tombstone meets."""
        if table not in IS_ERASED or not self._known():
            return rows
        kept = rows.filter(f"NOT {IS_ERASED[table]}")
        return kept.project(_ANSWERS_NOTHING) if table == "comments_seen" else kept

    def is_shut_to(self, row: Mapping[str, object]) -> bool:
        """Whether a row of the ledger is of an erased account."""
        return is_of_erased(row, self._accounts())

    def unnamed(self, row: Mapping[str, object]) -> Mapping[str, object]:
        """A row of the ledger whose words name no erased account."""
        accounts = self._accounts()
        return {column: _unnamed(value, accounts) for column, value in row.items()} if accounts else row

    def _accounts(self) -> frozenset[str]:
        return frozenset(key for _, key in self._known() if key)

    def _known(self) -> frozenset[tuple[str, str | None]]:
        if self.tombstones is None:
            self.tombstones = frozenset(self._ask(_KNOWN))
        return self.tombstones


def is_of_erased(row: Mapping[str, object], accounts: Collection[str]) -> bool:
    """Whether a row of the ledger is of an erased account, by what it says or by the folder it lies in."""
    return bool(accounts) and any(key in accounts for key in _accounts_of(row))


def _accounts_of(row: Mapping[str, object]) -> Iterator[str]:
    if row.get("account"):
        yield key_of(str(row["platform"]), str(row["account"]))
        return
    for part in PurePosixPath(str(row.get("name") or "")).parts[:-1]:
        folder = unicodedata.normalize("NFC", part).lower()
        platform, _, handle = folder.partition("-")
        yield key_of(platform, handle)
        yield from (key_of(known, folder.removeprefix("@")) for known in PLATFORMS)


def _unnamed(value: object, accounts: Collection[str]) -> object:
    """Refusals and notices name accounts as "@handle", also those that the campaign does not have."""

    def mask(found: re.Match[str]) -> str:
        keys = {key_of(platform, found[1].lower()) for platform in PLATFORMS}
        return LEDGER_MARK if keys & set(accounts) else found[0]

    return _NAMED.sub(mask, value) if isinstance(value, str) else value


# --- what is looked up before --------------------------------------------------------------------

LEDGER_ROWS: Final = (
    "SELECT load_id, platform, account, name, path FROM raw.loads"
    " UNION ALL SELECT load_id, platform, account, '' AS name, '' AS path FROM raw.pulls"
)
KNOWN_POSTS: Final = (
    "SELECT platform, post_id FROM raw.posts_seen UNION SELECT platform, post_id FROM raw.comments_seen"
    " UNION SELECT platform, post_id FROM raw.post_observations"
)
COMMENT_PLATFORMS: Final = "SELECT DISTINCT platform FROM raw.comments_seen WHERE comment_id = ?"
PATHS_OF_POST: Final = (
    "SELECT DISTINCT path FROM raw.loads WHERE path <> '' AND load_id IN ("
    "SELECT load_id FROM raw.posts_seen WHERE platform = $1 AND post_id = $2"
    " UNION SELECT load_id FROM raw.post_observations WHERE platform = $1 AND post_id = $2"
    " UNION SELECT load_id FROM raw.audience_seen WHERE platform = $1 AND subject_id = $2)"
)
ARCHIVED_POST: Final = f"""
SELECT DISTINCT a.post_id
FROM raw.posts_seen AS a
JOIN raw.posts_seen AS p ON p.platform = a.platform AND p.account = a.account
WHERE p.platform = $1 AND p.post_id = $2 AND a.post_id LIKE 'archive:%'
    AND abs(a.published_s - p.published_s) <= {_ARCHIVED_WITHIN_S}
    AND NOT EXISTS (
        SELECT 1 FROM raw.posts_seen AS o
        WHERE o.platform = a.platform AND o.account = a.account AND o.post_id <> $2
            AND o.post_id NOT LIKE 'archive:%'
            AND abs(o.published_s - a.published_s) < abs(p.published_s - a.published_s)
    )
"""
"""Rows of a personal archive that are this post: they come without its id."""


# --- what is run ---------------------------------------------------------------------------------


def steps(
    tombstones: Collection[Tombstone], loads: Sequence[str], words: Sequence[str], now: datetime
) -> Iterator[Step]:
    """Remember what is erased, then delete whatever the rules meet, and whole loads.

    `words` are patterns of what may not stay in the ledger's own words. Run again, it changes nothing.
    """
    ordered = sorted(set(tombstones))
    kinds, keys = [one.kind for one in ordered], [one.key for one in ordered]
    yield Step("erased", _REMEMBER, [now, kinds, keys])
    yield Step("erased", _REMEMBER_COMMENTS, [now])
    for table, is_erased in IS_ERASED.items():
        yield Step(table, f"DELETE FROM raw.{table} WHERE {is_erased}")
    yield Step("answers", f"UPDATE raw.comments_seen SET parent_id = NULL WHERE {_ANSWERS_ERASED}")
    for table in (*TABLES, *LEDGER):
        yield Step(table, f"DELETE FROM raw.{table} WHERE load_id IN (SELECT unnest($1::VARCHAR[]))", [loads])
    for word in words:
        for table, column, instead in _WORDS:
            update = f"UPDATE raw.{table} SET {column} = {instead} WHERE regexp_matches({column}, $1)"
            yield Step("words", update, [word])


_REMEMBER: Final = """
INSERT INTO raw.erased
SELECT told.kind, told.key, $1
FROM (SELECT unnest($2::VARCHAR[]) AS kind, unnest($3::VARCHAR[]) AS key) AS told
WHERE (told.kind, told.key) NOT IN (SELECT (kind, key) FROM raw.erased)
"""
# Their ids are remembered too: answers name them, and a platform may give them again without an author.
_REMEMBER_COMMENTS: Final = f"""
INSERT INTO raw.erased
SELECT '{COMMENT}', key, $1
FROM (SELECT DISTINCT sha256(platform || ':' || comment_id) AS key FROM raw.comments_seen WHERE {_OF_AUTHOR})
WHERE key NOT IN (SELECT key FROM raw.erased WHERE kind = '{COMMENT}')
ORDER BY key
"""
_WORDS: Final = (
    *(("loads", name, f"'{LEDGER_MARK}'") for name in ("name", "file_name", "path", "reason", "notice")),
    ("loads", "chosen", "'{}'"),
    ("loads", "options", "''"),
    *(("pulls", name, "NULL") for name in ("cursor", "stopped", "skipped")),
)


# --- the proof -----------------------------------------------------------------------------------

TEXT_COLUMNS: Final = (
    "SELECT table_schema, table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = ? AND data_type = 'VARCHAR' ORDER BY ALL"
)


def counting(schema: str, table: str, column: str) -> str:
    """Cells of a column that hold a word (its pattern is $1), and those that hold its letters ($2)."""
    return (
        f"SELECT count_if(regexp_matches({column}, $1)), count_if(contains(lower({column}), $2))"
        f" FROM {schema}.{table}"
    )


# --- the campaign --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Without:
    """A campaign's parts without the accounts that were erased."""

    keys: Collection[str]

    def accounts(self, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
        return tuple(a for a in accounts if key_of(a.platform, a.handle) not in self.keys)

    def creator(self, creator: Creator) -> Creator:
        return replace(creator, accounts=self.accounts(creator.accounts))

    def is_facet(self, facet: str) -> bool:
        kind, _, name = facet.partition(":")
        return kind == "account" and key_of(*name.partition(":")[::2]) in self.keys


def campaign_without(campaign: Campaign, accounts: Collection[str]) -> Campaign:
    """The campaign without the erased accounts (their keys are told) and creators who had no others."""
    if not accounts:
        return campaign
    without = _Without(accounts)
    spc = campaign.spc
    return replace(
        campaign,
        creators=tuple(
            kept for c in campaign.creators if (kept := without.creator(c)).accounts or not c.accounts
        ),
        topics=tuple(replace(topic, accounts=without.accounts(topic.accounts)) for topic in campaign.topics),
        spc=replace(
            spc,
            rebases=tuple(one for one in spc.rebases if not without.is_facet(one.facet)),
            targets=tuple(one for one in spc.targets if not without.is_facet(one.facet)),
        ),
    )
