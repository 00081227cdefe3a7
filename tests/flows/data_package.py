"""A check of data packages, as strict as the specification of Frictionless Data Package v1 lets it be."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
PARSERS: dict[str, Callable[[str], object]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda cell: {"true": True, "false": False}[cell],
    "date": date.fromisoformat,
    "datetime": lambda cell: datetime.strptime(cell, "%Y-%m-%dT%H:%M:%SZ"),
}


def faults(folder: Path) -> list[str]:
    """Everything that is wrong with a package."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return list(_faults(folder, descriptor))


def _faults(folder: Path, descriptor: dict[str, Any]) -> Iterator[str]:
    resources = descriptor["resources"]
    for field in ("name", "title", "profile"):
        if not descriptor.get(field):
            yield f"no {field}"
    names = [resource["name"] for resource in resources]
    if len(set(names)) < len(names):
        yield "a name twice"
    for name in [descriptor["name"], *names]:
        if not re.fullmatch(r"[-a-z0-9._/]+", name):
            yield f"bad name {name}"
    listed = {resource["path"] for resource in resources} | {"datapackage.json"}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    yield from (f"not listed or not there: {path}" for path in sorted(listed ^ there))
    for resource in resources:
        if resource["path"] in there:
            yield from (f"{resource['path']}: {fault}" for fault in _resource_faults(folder, resource))


def _resource_faults(folder: Path, resource: dict[str, Any]) -> Iterator[str]:
    content = (folder / resource["path"]).read_bytes()
    if len(content) != resource["bytes"]:
        yield "bytes"
    if f"sha256:{hashlib.sha256(content).hexdigest()}" != resource["hash"]:
        yield "hash"
    if not resource["path"].endswith(f".{resource['format']}") or "/" not in resource["mediatype"]:
        yield "format"
    if resource["format"] != "parquet":
        content.decode(resource["encoding"])
    if resource["format"] == "csv":
        yield from _table_faults(folder, resource)


def _table_faults(folder: Path, resource: dict[str, Any]) -> Iterator[str]:
    schema = resource["schema"]
    fields = schema["fields"]
    if any(not field["description"] for field in fields):
        yield "a field without description"
    header, *rows = cells(folder / resource["path"])
    if header != [field["name"] for field in fields]:
        yield "header"
        return
    for number, row in enumerate(rows, 2):
        for cell, field in zip(row, fields, strict=True):
            try:
                parsed(cell, field["type"], schema["missingValues"])
            except (ValueError, KeyError):
                yield f"row {number}: {field['name']} is no {field['type']}: {cell!r}"
    keys = [tuple(row[header.index(name)] for name in schema["primaryKey"]) for row in rows]
    if len(set(keys)) < len(keys):
        yield "a primary key twice"
    if any("" in key for key in keys):
        yield "an empty primary key"


def cells(file: Path) -> list[list[str]]:
    """Header and rows of a CSV."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened, strict=True))


def parsed(cell: str, kind: str, missing: list[str]) -> object:
    """A cell as a value of its field's type; None when missing."""
    if cell in missing:
        return None
    if kind == "datetime" and not MOMENT.fullmatch(cell):
        raise ValueError(cell)
    return PARSERS[kind](cell)


def read_csv(folder: Path, name: str) -> list[dict[str, object]]:
    """A table of a package, by the types of its own schema."""
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (resource,) = (r for r in descriptor["resources"] if r["name"] == name)
    schema = resource["schema"]
    _, *rows = cells(folder / resource["path"])
    return [
        {
            field["name"]: parsed(cell, field["type"], schema["missingValues"])
            for cell, field in zip(row, schema["fields"], strict=True)
        }
        for row in rows
    ]
