"""`rapup spc`: charts any dated series, told as a table for people, or as csv or json for programs."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from flows.dated_csv import DatedFile, DatedSeries, named, read_dated
from flows.spc_table import Charted, notes_of, runs_of, table
from models.spc import BadSeries, Options, Point, xmr
from models.spc_charts import RunGroup, run_chart
from models.spc_views import xmr_log10

_COLUMNS: Final = ("facet", "date", "value", "phase", "mean", "lpl", "upl", "cause", "point_type")
_MOST_PANELS: Final = 12  # of a picture that can still be read


def spc(told: argparse.Namespace, today: date) -> None:
    """Read the file, chart it, draw it if asked; the answer to stdout, what to mind to stderr.

    Raises:
        BadSeries: the file or an option cannot be used; in one line, with the cure.
        OSError: the file cannot be read, or the picture not be written.
    """
    path = Path(told.file)
    if told.chart == "run" and told.log10:
        raise BadSeries("a run chart needs no logarithm; leave out one of --chart run and --log10")
    options = Options(told.direction, not told.no_screen, told.baseline, tuple(told.rebase), told.target)
    file = read_dated(path, today)
    charted = [_chart(path, series, told, options) for series in file.series]
    if told.png:
        _draw(Path(told.png), path, charted, options)
    for line in _notices(file, charted, is_table=told.format == "table"):
        sys.stderr.write(f"notice    {line}\n")
    sys.stdout.write(_FORMATS[told.format](charted, options))


def _chart(path: Path, series: DatedSeries, told: argparse.Namespace, options: Options) -> Charted:
    make = run_chart if told.chart == "run" else xmr_log10 if told.log10 else xmr
    try:
        return Charted(series.facet, make(series.dates, series.values, options), told.log10)
    except BadSeries as error:
        where = f", {named(series.facet)}" if series.facet is not None else ""
        raise BadSeries(f"{path}{where}: {error}") from None


def _draw(png: Path, file: Path, charted: Sequence[Charted], options: Options) -> None:
    if len(charted) > _MOST_PANELS:
        raise BadSeries(f"{file}: {len(charted)} series; a picture holds {_MOST_PANELS}: split the file")
    from dashboards.spc_chart import Panel, draw_png  # noqa: PLC0415 (the drawing engine costs a second)

    panels = [Panel(one.facet or file.stem, one.chart, one.is_log) for one in charted]
    png.write_bytes(draw_png(panels, options))


def _notices(file: DatedFile, charted: Sequence[Charted], *, is_table: bool) -> Iterator[str]:
    """What the rows do not say; a table has the notes of each phase in its last column."""
    yield from file.notices
    for one in charted:
        where = f"{named(one.facet)}: " if one.facet is not None else ""
        for asked, row in one.chart.snapped:
            yield f"{where}no row of {asked}: the phase starts at the next one, {row}"
        for group in () if is_table else one.chart.groups:
            notes = notes_of(one, group)
            if isinstance(group, RunGroup) and not notes:
                notes = [runs_of(group)]
            yield from (f"{where}phase {group.phase}: {note}" for note in notes)


def _json(charted: Sequence[Charted], _options: Options) -> str:
    """A list of rows, one on each line."""
    rows = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in _rows(charted)]
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _csv(charted: Sequence[Charted], _options: Options) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(charted))
    return text.getvalue()


def _rows(charted: Sequence[Charted]) -> Iterator[dict[str, Any]]:
    for one in charted:
        for point in one.chart.points:
            yield _row(one.facet, point)


def _row(facet: str | None, point: Point) -> dict[str, Any]:
    limits = point.limits
    cells = (facet, point.date.isoformat(), point.value, point.phase, limits.mean, limits.lpl, limits.upl)
    return dict(zip(_COLUMNS, (*cells, point.cause, point.point_type), strict=True))


_FORMATS: Final[dict[str, Callable[[Sequence[Charted], Options], str]]] = {
    "json": _json,
    "csv": _csv,
    "table": table,
}
