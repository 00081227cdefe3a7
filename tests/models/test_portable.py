"""Every SQL model keeps to what DuckDB 2 and Spark SQL 4 both read, and read alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.build import load_models

FUNCTIONS = {
    *("abs", "coalesce", "nullif", "greatest", "least", "round"),
    *("concat", "concat_ws", "contains"),
    *("date_trunc",),
    *("bool_or", "count", "max", "max_by", "median", "min", "min_by", "sum"),
    *("dense_rank", "lag", "lead", "row_number"),
    *("local_date", "days_between", "utc_timestamp"),  # ours, made for each engine
}
"""Under these names both have the same: an exact median, halves rounded away from zero, NULLs skipped.

Only `concat` differs, where a part is NULL: give it none.
"""

KEYWORDS = {
    *("and", "as", "by", "cast", "distinct", "else", "exists", "from", "in", "join", "not", "on", "or"),
    *("over", "partition", "then", "union", "values", "when", "where"),
}
"""Words that may stand before a parenthesis and are no function."""

TYPES = {"bigint", "boolean", "date", "double", "string"}
"""What may be cast to: Spark wants a length for VARCHAR, and sums of INTEGER are of different types."""

REFUSED = {
    "ASOF JOIN": r"\basof\b",
    "PIVOT": r"\b(?:un)?pivot\b",
    "QUALIFY": r"\bqualify\b",
    "DISTINCT ON": r"\bdistinct\s+on\b",
    "FILTER": r"\bfilter\s*\(",
    "WITHIN GROUP": r"\bwithin\s+group\b",
    "an order inside an aggregate": r"\b\w+\([^()]*\border\s+by\b",
    "IGNORE NULLS": r"\b(?:ignore|respect)\s+nulls\b",
    "BY ALL": r"\bby\s+all\b",
    "EXCLUDE or REPLACE of columns": r"\*\s*(?:exclude|replace|except)\b",
    "POSITIONAL or SEMI JOIN": r"\b(?:positional|semi|anti)\s+join\b",
    "USING": r"\busing\b",  # which side a column comes from differs
    "LIMIT": r"\blimit\b",  # of rows in no total order
    "::": r"::",
    "a lambda": r"->|\blambda\b",
    "a list": r"[\[\]{}]",
    "integer division": r"//",
    "an identifier or text in double quotes or backticks": r"[\"`]",
    "a comma before FROM or a parenthesis": r",\s*(?:from\b|\))",
}

MODELS = {name: model for name, model in load_models().items() if isinstance(model, str)}
_CALL = re.compile(r"\b([a-z_]\w*)\s*\(")


def plain(sql: str) -> str:
    """In lower case, without comments and the insides of texts."""
    return re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--[^\n]*", "", sql)).lower()


def cast_to(text: str) -> set[str]:
    """The types of its casts: the word after the last AS of each."""
    return {re.findall(r"\bas\s+(\w+)", inside(text, m.end()))[-1] for m in re.finditer(r"\bcast\s*\(", text)}


def inside(text: str, start: int) -> str:
    """What stands from `start` to the parenthesis that closes there."""
    depth = 1
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start:at]
    return text[start:]


def faults(sql: str) -> set[str]:
    """What the two engines would not both read, or not alike."""
    text = plain(sql)
    called = set(_CALL.findall(text)) - KEYWORDS
    tables = set(re.findall(r"\b([a-z_]\w*)\s+as\s*\(", text))  # WITH name AS (
    return {
        *(f"function {name}" for name in called - tables - FUNCTIONS),
        *(f"cast to {name}" for name in cast_to(text) - TYPES),
        *(name for name, pattern in REFUSED.items() if re.search(pattern, text)),
    }


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_read_by_both_engines(name: str) -> None:
    assert faults(MODELS[name]) == set()


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("SELECT arg_max(a, b) FROM t", "function arg_max"),
        ("SELECT quantile_cont(a, 0.5) FROM t", "function quantile_cont"),
        ("SELECT date_diff('month', a, b) FROM t", "function date_diff"),
        ("SELECT regexp_matches(a, 'x', 'i') FROM t", "function regexp_matches"),
        ("SELECT a FROM t ASOF JOIN u ON t.s >= u.s", "ASOF JOIN"),
        ("PIVOT t ON a", "PIVOT"),
        ("SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1", "QUALIFY"),
        ("SELECT DISTINCT ON (a) a, b FROM t", "DISTINCT ON"),
        ("SELECT count(*) FILTER (WHERE a) FROM t", "FILTER"),
        ("SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t", "WITHIN GROUP"),
        ("SELECT max(a ORDER BY b) FROM t", "an order inside an aggregate"),
        ("SELECT last_value(a IGNORE NULLS) OVER w FROM t", "IGNORE NULLS"),
        ("SELECT a, count(*) FROM t GROUP BY ALL", "BY ALL"),
        ("SELECT * EXCLUDE (a) FROM t", "EXCLUDE or REPLACE of columns"),
        ("SELECT a::BIGINT FROM t", "::"),
        ("SELECT CAST(a AS VARCHAR) FROM t", "cast to varchar"),
        ("SELECT CAST(a AS DECIMAL(9, 2)) FROM t", "cast to decimal"),
        ("SELECT max(lambda x: x + 1) FROM t", "a lambda"),
        ("SELECT [x + 1 for x in a] FROM t", "a list"),
        ("SELECT a // 2 FROM t", "integer division"),
        ('SELECT "a" FROM t', "an identifier or text in double quotes or backticks"),
        ("SELECT a, FROM t", "a comma before FROM or a parenthesis"),
        ("SELECT a FROM t JOIN u USING (a)", "USING"),
        ("SELECT a FROM t LIMIT 1", "LIMIT"),
    ],
)
def test_the_check_sees_what_one_engine_would_not_read(sql: str, fault: str) -> None:
    assert fault in faults(sql)


def test_the_check_is_of_every_model() -> None:
    assert set(MODELS) == {path.stem for path in Path(__file__).parents[2].joinpath("models").glob("*.sql")}


def test_words_in_texts_and_comments_are_no_faults() -> None:
    assert faults("SELECT 'a list [1] // \"x\" limit' AS words FROM t -- QUALIFY\n") == set()
