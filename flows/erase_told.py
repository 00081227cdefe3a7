"""What became of a request to be erased, in lines; never the text that was looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flows.erase import Erased
from flows.pull_told import count

_NOUNS: Final = {
    "comments_seen": ("comment", "comments"),
    "answers": ("answer to them cut loose", "answers to them cut loose"),
    "posts_seen": ("listing of a post", "listings of posts"),
    "post_observations": ("row of figures", "rows of figures"),
    "account_days_seen": ("day of an account", "days of an account"),
    "audience_seen": ("share of an audience", "shares of an audience"),
    "loads": ("file in the ledger", "files in the ledger"),
    "pulls": ("reading in the ledger", "readings in the ledger"),
    "words": ("note in the ledger", "notes in the ledger"),
}


def in_words(done: Erased) -> Iterator[str]:
    """What went, what is remembered, and where it was looked for."""
    rows = ", ".join(count(n, *nouns) for table, nouns in _NOUNS.items() if (n := done.counts.get(table, 0)))
    if done.search is None:
        yield f"would go  {rows or 'nothing: it is not stored'}"
        yield "dry run: nothing was erased"
        return
    yield f"erased    {rows or 'nothing was stored'}"
    yield f"kept out  {count(done.counts.get('erased', 0), 'new tombstone')}: read again, it is not let in"
    gone = "" if done.search.found else ": it is gone"
    yield f"searched  {count(done.search.files, 'file')} that rapup wrote, every text in both databases{gone}"
    if done.request.kind == "handle":
        yield "note      a handle is known below the posts read so far: ask for it again after new ones"


def to_look_at(done: Erased) -> Iterator[str]:
    """Where it was found, and what only a person can do."""
    for where in done.search.found if done.search else ():
        yield f"found     {where}"
    if done.own:
        many = len(done.own) > 1
        holds = f"{len(done.own)} files of yours hold" if many else "a file of yours holds"
        yield f"look at   {holds} it; delete {'them' if many else 'it'}, or take it out:"
        yield from (f"          {path}" for path in done.own)
    for words in done.to_do:
        yield f"look at   {words}"
