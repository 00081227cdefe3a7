"""Writes docs/data-dictionary.md and the README's metrics table from the code that owns the words."""

from __future__ import annotations

from pathlib import Path

from flows.codebook import metrics_table, table_section
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
        lines += [*table_section(table), ""]
    return "\n".join([*lines, "# Metrics", "", *metrics_table(metrics.METRICS), ""])


def readme_with_metrics(text: str) -> str:
    """`text` with the table between the two marks written anew."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return "\n".join([before + BEGIN, *short_table(), END + after])


def short_table() -> list[str]:
    """What a reader needs most of each passport; the data dictionary has all of it."""
    rows = [f"| `{m.name}` | {m.formula} | {m.unit} | {m.undefined_when} |" for m in metrics.METRICS]
    return ["| metric | formula | unit | not known when |", "|---|---|---|---|", *rows]


def main() -> None:
    """Write both files."""
    (ROOT / "docs" / "data-dictionary.md").write_text(data_dictionary(), encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(readme_with_metrics(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
