"""Where in a TOML file a thing is written: `tomllib` reads the values but forgets the lines.

The text has been read by `tomllib` before, so it is known to be TOML: the scanner only has to
find its way past strings, comments and brackets.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""("topic", 1, "hashtags", 0) is the first hashtag of the second [[topic]]."""

_TOKEN: Final = re.compile(
    r"""
      (?P<string> \"{3} (?: \\. | [^\\] )*? \"{3,5} | '{3} .*? '{3,5}
                | \" (?: \\. | [^"\\\n] )* \" | ' [^'\n]* ' )
    | (?P<skip> \# [^\n]* | [ \t\r]+ )
    | (?P<end> \n )
    | (?P<sign> [][{}=,.] )
    | (?P<word> [^][{}=,.\s\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


class Lines:
    """The line of every table, key and list item of a TOML text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._tables: dict[Path, int] = {}  # how many [[tables]] of a name there are so far
        self._read(text)

    def of(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that has one."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def _read(self, text: str) -> None:
        table: Path = ()
        for statement in _statements(text):
            if statement[0].text == "[":
                table = self._open(statement)
            else:
                self._assign(table, statement)

    def _open(self, header: list[_Token]) -> Path:
        """`[table]`, or the next one of `[[tables]]`."""
        several = header[1].text == "["
        *around, name = _keys(header)
        table: Path = ()
        for key in around:
            table = self._last((*table, key))
        table = (*table, name)
        if several:
            self._lines.setdefault(table, header[0].line)
            self._tables[table] = self._tables.get(table, 0) + 1
            table = self._last(table)
        self._lines[table] = header[0].line
        return table

    def _last(self, table: Path) -> Path:
        return (*table, self._tables[table] - 1) if table in self._tables else table

    def _assign(self, table: Path, statement: list[_Token]) -> None:
        """`key = value`, where the value may be a list over many lines."""
        equals = next(i for i, token in enumerate(statement) if token.text == "=" and token.kind == "sign")
        path = table
        for key in _keys(statement[:equals]):
            path = (*path, key)
            self._lines.setdefault(path, statement[0].line)
        for number, line in _items(statement[equals + 1 :]):
            self._lines[(*path, number)] = line


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "skip":
            yield _Token(str(match.lastgroup), match.group(), line)
        line += match.group().count("\n")


def _statements(text: str) -> Iterator[list[_Token]]:
    """A statement ends with its line, unless a bracket is still open."""
    statement: list[_Token] = []
    depth = 0
    for token in _tokens(text):
        depth += _step(token)
        if token.kind != "end":
            statement.append(token)
        elif statement and depth == 0:
            yield statement
            statement = []
    if statement:
        yield statement


def _step(token: _Token) -> int:
    if token.kind != "sign":
        return 0
    return (token.text in "[{") - (token.text in "]}")


def _keys(tokens: list[_Token]) -> list[str]:
    """`a."b c"` is two keys."""
    return [_key(token) for token in tokens if token.kind != "sign"]


def _key(token: _Token) -> str:
    return str(tomllib.loads(f"key = {token.text}")["key"]) if token.kind == "string" else token.text


def _items(value: list[_Token]) -> Iterator[tuple[int, int]]:
    """The number and the line of each item, when `value` is a list."""
    if value[0].text != "[":
        return
    depth, number, expected = 0, 0, False
    for token in value:
        if expected and token.text not in "],":
            yield number, token.line
            expected = False
        depth += _step(token)
        if depth == 1 and token.kind == "sign" and token.text in "[,":
            number += token.text == ","
            expected = True
