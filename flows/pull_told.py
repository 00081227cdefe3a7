"""What a pull did, in lines for a person."""

from __future__ import annotations

from collections.abc import Sequence

from flows.pull import Pulled

NOBODY = "pull: no account has a token; run `rapup connect ACCOUNT`, see docs/connect.md"


def in_words(results: Sequence[Pulled]) -> list[str]:
    """One line for each account that was read, and one for each thing the platform did not give."""
    lines = []
    for result in results:
        if not result.reason or result.rows:
            lines.append(f"pulled    {result.account}: {_cost(result)}")
        lines += [f"notice    {result.account}: {notice}" for notice in result.notices]
    return lines


def stopped(results: Sequence[Pulled]) -> list[str]:
    """One line for each account that was not read to its end."""
    return [
        f"{'stopped   ' if result.rows else 'not pulled'}  {result.account}: {result.reason}"
        for result in results
        if result.reason
    ]


def as_row(result: Pulled) -> dict[str, object]:
    """The same for a table beside a run."""
    return {
        "account": result.account,
        "source": result.source,
        "read to its end": result.is_complete,
        "requests": result.requests,
        "pages": result.pages,
        "rows": result.rows,
        "tried again": result.retries,
        "seconds waited": round(result.waited_s),
        "quota left": "not said" if result.quota_used is None else f"{max(0.0, 1 - result.quota_used):.0%}",
        "newest figures": str(result.newest or "none"),
        "left out": "; ".join(result.notices),
        "stopped because": result.reason or "",
    }


def _cost(result: Pulled) -> str:
    parts = [
        f"{count(result.rows, 'row')} from {result.source}",
        f"{count(result.pages, 'page')}, {count(result.requests, 'request')}",
    ]
    if result.retries:
        parts.append(count(result.retries, "retry", "retries"))
    if result.waited_s >= 1:
        parts.append(f"waited {result.waited_s:,.0f} s")
    if result.quota_used is not None:
        parts.append(f"{result.quota_used:.0%} of the quota used")
    return "; ".join(parts)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A counted thing: 1 page, 2 pages."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
