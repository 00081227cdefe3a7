"""Writes docs/data-dictionary.md and the README's metrics table from the code that owns the words."""

from __future__ import annotations

from pathlib import Path

from models import metrics, published

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- metrics: written by `make docs` -->", "<!-- end of metrics -->"


def data_dictionary() -> str:
    """The published file, table by table."""
    lines = [
        "# Data dictionary",
        "",
        "`published.duckdb`, schema `marts`: safe to share inside the collaborative. Times are UTC,",
        "rates 0-1, and an empty cell means *not known*, never zero. Written by `make docs` from",
        "`models/published.py`.",
        "",
    ]
    for table in published.TABLES:
        lines += [f"## `{table.name}`", "", f"One row per {table.row}; key: {', '.join(table.key)}.", ""]
        lines += ["| column | type | meaning |", "|---|---|---|"]
        lines += [f"| `{c.name}` | {c.type} | {_cell(c.meaning)} |" for c in table.columns]
        lines.append("")
    return "\n".join([*lines, "# Metrics", "", *metrics_table(), ""])


def metrics_table() -> list[str]:
    """One line a metric, from the passports."""
    rows = [
        f"| `{m.name}` | {_cell(m.formula)} | {m.unit} | {_cell(m.undefined_when)} | {_cell(m.caveat)} |"
        for m in metrics.METRICS
    ]
    return ["| metric | formula | unit | not known when | mind |", "|---|---|---|---|---|", *rows]


def readme_with_metrics(text: str) -> str:
    """`text` with the table between the two marks written anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return "\n".join([before + BEGIN, *metrics_table(), END + after])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write both files."""
    (ROOT / "docs" / "data-dictionary.md").write_text(data_dictionary(), encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(readme_with_metrics(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
