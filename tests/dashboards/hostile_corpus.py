"""Some seven hundred invented strings meant to break out of a page, and a campaign made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, product
from typing import Any, Final
from urllib.parse import quote

from tests.dashboards.published import HOSTILE, HOSTILE_LINKS, Published, invented, published

RUN: Final = "alert(1)"
BREAKOUTS: Final = (
    "", '">', "'>", "</script>", "</title>", "</style>", "</textarea>", "-->", "]]>", "</svg>",
    "\u2028", "\\",
)  # fmt: skip
ELEMENTS: Final = (
    f"<script>{RUN}</script>",
    "<script src=//example.org/x.js></script>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"<iframe src=javascript:{RUN}>",
    f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<marquee onstart={RUN}>",
    "<form action=//example.org><button autofocus>x</button></form>",
    f"<a href=javascript:{RUN} autofocus>x</a>",
    f"<math href=javascript:{RUN}>x</math>",
    "<table background=//example.org/x>",
    "<base href=//example.org/>",
    "<link rel=stylesheet href=//example.org/x.css>",
    "<meta http-equiv=refresh content=0;url=//example.org>",
    "<style>@import '//example.org/x.css';*{display:none}</style>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><script>{RUN}</script>'>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<<script>{RUN}//<</script>",
    f"<script\t>{RUN}</script\n>",
    f"<img/src=x/onerror={RUN}>",
    f"<x onpointerenter={RUN} tabindex=1>x</x>",
)
EVENTS: Final = (
    "onclick", "onfocus", "onerror", "onload", "onmouseover", "onpointerover", "onanimationstart",
    "onbeforetoggle", "onscroll", "ontoggle", "onwheel", "oncopy", "onpageshow", "onhashchange",
)  # fmt: skip
QUOTES: Final = ('" {}={} x="', "' {}={} x='", " {}={} ", '"\t{}={}\n', "`{}={}`", '"/{}={}/"')
EXPRESSIONS: Final = (
    "{{{{{}}}}}", "${{{}}}", "#{{{}}}", "{{% {} %}}", "<%= {} %>", "constructor.constructor('{}')()",
    "datum.value;{}", "';{}//", '";{}//', "\\u0027;{}//", "javascript:{}",
    "data:text/html,<script>{}</script>",
    "vbscript:{}", "=HYPERLINK(\"//example.org\";{})", "@SUM({})", "+cmd|' /C {}'!A1", "-2+{}", "\u202e{}",
)  # fmt: skip


def corpus() -> list[str]:
    """Every string once; those that would hide what follows them come last."""
    found = [*HOSTILE, *HOSTILE_LINKS, *_elements(), *_attributes(), *_expressions(), *_encoded(), *_tags()]
    return sorted(dict.fromkeys(found), key=_hides)


def _elements() -> Iterator[str]:
    return (f"{breakout}{element}" for breakout, element in product(BREAKOUTS, ELEMENTS))


def _attributes() -> Iterator[str]:
    return (form.format(event, RUN) for form, event in product(QUOTES, EVENTS))


def _expressions() -> Iterator[str]:
    return (form.format(code) for form, code in product(EXPRESSIONS, (RUN, "7*7")))


def _encoded() -> Iterator[str]:
    for element in ELEMENTS:
        yield quote(element)
        yield element.replace("<", "&lt;").replace(">", "&gt;")
        yield element.replace("<", "\\x3c").replace(">", "\\x3e")
        yield element.translate({ord("<"): "＜", ord(">"): "＞"})


def _tags() -> Iterator[str]:
    return (f"#tag{breakout}{element}#tag" for breakout, element in product(BREAKOUTS[:3], ELEMENTS[:10]))


def _hides(text: str) -> bool:
    return any(opener in text.lower() for opener in ("<!--", "<style", "<noscript", "<template", "{%"))


def poisoned() -> Published:
    """The invented campaign: every string is a caption, and a part of some name, note or handle."""
    return published(poisoned_tables())


def poisoned_tables() -> dict[str, list[dict[str, Any]]]:
    """As `poisoned`, as rows."""
    tables, strings = invented(), corpus()
    tables["posts"] = [
        {**post, "post_id": f"9{n:05d}", "caption": text, "permalink": link}
        for n, (text, post, link) in enumerate(
            zip(strings, cycle(tables["posts"]), cycle(HOSTILE_LINKS), strict=False)
        )
    ]
    slots = list(_slots(tables))
    share = -(-len(strings) // len(slots))
    for n, (row, column) in enumerate(slots):
        row[column] = " ".join([str(row.get(column) or ""), *strings[n * share : (n + 1) * share]])
    _rename_periods(tables, strings)
    _rename_accounts(tables, strings)
    return tables


def _slots(tables: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every field that a person or a platform writes, and pages show; periods and handles: see below."""
    columns = {
        "campaign": ("title", "audience", "contact", "version"),
        "teams": ("name",),
        "topics": ("name",),
        "events": ("name", "note"),
        "creators": ("name", "communities"),
        "sources": ("note",),
        "loads": ("name", "reason"),
        "source_metrics": ("native_name", "null_reason"),
        "asks": ("reason",),
        "target_reach": ("words",),
        "topic_comparisons": ("sentence",),
    }
    return ((row, name) for table, names in columns.items() for row in tables[table] for name in names)


def _rename_periods(tables: dict[str, list[dict[str, Any]]], strings: Sequence[str]) -> None:
    """A string each: charts write these names, and a drawing takes ten times as long to cut endless ones."""
    for row, text in zip(tables["periods"], strings[::200], strict=False):
        row["name"] = f"{row['name']} {text}"


def _rename_accounts(tables: dict[str, list[dict[str, Any]]], strings: Sequence[str]) -> None:
    """Handles in every table that has them, so that accounts still belong together."""
    handles = sorted({row["account"] for row in tables["accounts"]})
    worse = {handle: f"{handle}{text}" for handle, text in zip(handles, strings[100::40], strict=False)}
    for row in (row for rows in tables.values() for row in rows):
        for column in ("account", "subject_id"):
            row[column] = worse.get(row.get(column), row.get(column)) if column in row else None
        if str(row.get("facet", "")).startswith("account:"):
            platform, _, handle = row["facet"].removeprefix("account:").partition(":")
            row["facet"] = f"account:{platform}:{worse.get(handle, handle)}"
