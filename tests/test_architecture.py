"""The shape of the code, enforced: who may import whom, and which one place owns each outside thing."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from connectors import registry
from flows.cli import COMMANDS
from models import metrics, published
from models.platforms import PLATFORMS
from tests.write_docs import data_dictionary, readme_with_metrics

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "connectors", "models", "dashboards")
MAY_IMPORT = {
    "flows": {"flows", "connectors", "dashboards", "models"},
    "connectors": {"connectors", "models.schema"},
    "dashboards": {"dashboards", "models"},
    "models": {"models"},
}


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


@cache
def imports_of(text: str) -> frozenset[str]:
    """Every module named by an import, "from x import y" also as "x.y"; a file is read by many tests."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def is_inside(name: str, allowed: set[str]) -> bool:
    return any(name == a or name.startswith(f"{a}.") for a in allowed)


def wrong_imports(package: str, text: str) -> set[str]:
    ours = {name for name in imports_of(text) if name.split(".")[0] in PACKAGES}
    allowed = MAY_IMPORT[package]
    # "from models import schema" names "models" first: it is judged by what it imports from there.
    return {n for n in ours if not is_inside(n, allowed) and not any(a.startswith(f"{n}.") for a in allowed)}


def users_of(module: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if any(is_inside(name, {module}) for name in imports_of(path.read_text(encoding="utf-8")))
    }


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert wrong_imports(package, path.read_text(encoding="utf-8")) == set()


def test_the_import_check_sees_a_wrong_import() -> None:
    assert wrong_imports("models", "from connectors import http") == {"connectors", "connectors.http"}
    assert wrong_imports("connectors", "from models.store import Store") != set()
    assert wrong_imports("connectors", "from models import schema") == set()


def test_only_flows_import_prefect() -> None:
    assert users_of("prefect") == {"flows/nightly.py", "flows/serve.py"}


def test_only_the_transport_imports_requests() -> None:
    assert users_of("requests") == {"connectors/http.py"}
    assert users_of("urllib3") | users_of("httpx") | users_of("urllib.request") <= {"connectors/http.py"}


def test_only_the_store_opens_duckdb() -> None:
    assert users_of("duckdb") == {"models/store.py"}


def test_only_one_module_imports_vader_and_not_before_a_text_is_scored() -> None:
    assert users_of("vaderSentiment") == {"models/vader.py"}
    tree = ast.parse((ROOT / "models" / "vader.py").read_text(encoding="utf-8"))
    at_the_top = {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert "vaderSentiment.vaderSentiment" not in at_the_top


def test_only_settings_read_the_environment() -> None:
    touching = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if re.search(r"\b(environ|getenv|putenv|dotenv)\b", path.read_text(encoding="utf-8"))
    }
    assert touching == {"flows/settings.py"}


def test_only_the_page_writer_renders_html() -> None:
    forbidden = re.compile(r"\.to_html\(|disable_max_rows|Markup\(")
    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if forbidden.search(path.read_text(encoding="utf-8"))
    }
    assert offenders <= {"dashboards/page.py"}
    assert not [path for path in users_of("altair") if ".save(" in (ROOT / path).read_text(encoding="utf-8")]


def test_no_sql_text_is_put_together_outside_the_store_and_the_builder() -> None:
    def executes_a_format(tree: ast.AST) -> bool:
        return any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in {"execute", "query", "sql"}
            and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args)
            for node in ast.walk(tree)
        )

    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if executes_a_format(ast.parse(path.read_text(encoding="utf-8")))
    }
    running = ("store", "raw_tables", "compaction", "readers", "build", "functions")
    assert offenders <= {f"models/{name}.py" for name in running}


def test_every_published_table_and_column_is_in_the_data_dictionary() -> None:
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)`(.*?)(?=^## |\Z)", text, flags=re.M | re.S))
    for table in published.TABLES:
        assert table.name in sections, f"{table.name} is not described"
        for column in table.columns:
            assert f"| `{column.name}` |" in sections[table.name], (
                f"{table.name}.{column.name} is not described"
            )


def test_the_written_docs_are_those_of_the_passports_and_the_contract() -> None:
    told = "run `make docs`"
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == data_dictionary(), told
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == readme_with_metrics(readme), told


def formulas() -> list[str]:
    """A pattern of each derived metric's arithmetic, as SQL or Python might spell it."""
    sums = [m.sql.strip("()").split(" + ") for m in metrics.METRICS if m.sql and m.sql.count("(") == 1]
    ratios = re.findall(r"CAST\(\(?([\w +]+?)\)? AS DOUBLE\) / (\w+)", " ".join(metrics.SQL.values()))
    assert ["likes", "comments", "shares"] in sums
    assert ("saves", "views") in ratios
    return [
        *(r"\s*\+\s*".join(map(_named, parts)) for parts in sums if len(parts) > 1),
        *(
            r"\s*\+\s*".join(map(_named, top.split(" + ")))
            + r"\)?(?:\s+AS\s+DOUBLE\))?\s*(?:\*\s*[\d_.]+\s*)?/\s*(?:NULLIF\()?"
            + _named(bottom)
            for top, bottom in ratios
        ),
    ]


def _named(metric: str) -> str:
    """A column or a key of that name."""
    return rf"(?:\w+\.)?(?:\w+\[[\"'])?\b{metric}\b(?:[\"']\])?"


FORMULAS = re.compile("|".join(formulas()), re.IGNORECASE)


def has_formula(text: str) -> bool:
    return bool(FORMULAS.search(re.sub(r"--[^\n]*", "", text)))


def test_no_metric_formula_is_written_outside_the_passports() -> None:
    code = [*sources(), *(ROOT / "models").glob("*.sql"), *(ROOT / "dashboards").rglob("*.html")]
    offenders = {
        path.relative_to(ROOT).as_posix() for path in code if has_formula(path.read_text(encoding="utf-8"))
    }
    # The bootstrap compares the rates of resampled posts, whatever it is that they are rates of.
    assert offenders == {"models/metrics.py", "models/intervals.py"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT likes + comments + shares AS x",
        "p.likes+p.comments + p.shares",
        "CAST(interactions AS DOUBLE) / NULLIF(views, 0)",
        'row["interactions"] / row["views"]',
        "1000 * c.saves / c.views",
        "(interactions + saves) / views",
        "interactions/reach",
    ],
)
def test_the_formula_check_sees_a_second_formula(text: str) -> None:
    assert has_formula(text)


def labels_in(path: Path, text: str) -> set[str]:
    """Labels of metrics that a source, SQL model or template writes out itself."""
    if path.suffix == ".py":
        return {label for words in told_by(ast.parse(text)) for label in LABELS if is_label(label, words)}
    bare = re.sub(r"--[^\n]*", "", text)
    shown = re.findall(r"'((?:[^']|'')*)'" if path.suffix == ".sql" else r">\s*([^<>{}]+?)\s*<", bare)
    return {label for words in shown for label in LABELS if is_label(label, words)}


LABELS = {metric.label for metric in metrics.METRICS}


def is_label(label: str, words: str) -> bool:
    """One word is a label when it stands alone; several in their own spelling are one anywhere."""
    return words == label or (" " in label and (label in words or words == label.lower()))


def told_by(tree: ast.AST) -> set[str]:
    """Every text of a module but for its docstrings and `__all__`."""
    silent: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            silent.add(node.value)
        if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__all__" for t in node.targets):
            silent |= set(ast.walk(node.value))
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in silent)
    return {node.value for node in constants if isinstance(node.value, str)}


def test_no_metric_is_labelled_outside_the_passports() -> None:
    # Connectors hold the platforms' own words, which happen to be some of ours.
    ours = [path for path in sources() if path.relative_to(ROOT).parts[0] != "connectors"]
    code = [*ours, *(ROOT / "models").glob("*.sql"), *(ROOT / "dashboards" / "templates").glob("*.html")]
    offenders = {
        path.relative_to(ROOT).as_posix(): found
        for path in code
        if (found := labels_in(path, path.read_text(encoding="utf-8")))
    }
    assert set(offenders) == {"models/metrics.py"}, offenders


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", 'Column("Views", is_number=True)'),
        ("a.py", 'title = f"New views: {said}"'),
        ("a.py", 'PER_THOUSAND = "interactions per 1,000 views"'),
        ("a.sql", "SELECT 'Engagement rate' AS measure"),
        ("a.html", "<th>Saves</th>"),
    ],
)
def test_the_label_check_sees_a_second_label(name: str, text: str) -> None:
    assert labels_in(Path(name), text)


def test_words_that_are_no_labels_pass() -> None:
    assert not labels_in(Path("a.py"), 'def f():\n    """Views"""\n    return "the new views of a week"')


def test_every_passport_is_complete() -> None:
    for metric in metrics.METRICS:
        assert metric.label, metric.name
        assert metric.formula, metric.name
        assert metric.unit, metric.name
        assert metric.undefined_when, metric.name
        assert metric.good_direction in {"increase", "decrease", "neither"}, metric.name
        assert (metric.denominator is not None) == (" / " in metric.formula), metric.name


def test_every_kind_of_source_that_rapup_reads_is_in_the_passports() -> None:
    apis = {api.source for platform in PLATFORMS for api in registry.apis(platform)}
    assert {export.source for export in registry.EXPORTS} | apis == set(metrics.OFFERED)
    assert {name for offered in metrics.OFFERED.values() for name in offered} <= set(metrics.BY_NAME)


def test_the_models_name_only_metrics_that_exist() -> None:
    used = {
        name
        for path in (ROOT / "models").glob("*.sql")
        for name in re.findall(r"\$\{(\w+)\}", path.read_text(encoding="utf-8"))
    }
    assert used <= set(metrics.SQL)
    assert used


def test_source_files_stay_under_350_lines() -> None:
    long = {
        path.name: n for path in sources() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert long == {}


def test_nothing_edits_the_import_path() -> None:
    assert not [path for path in sources() if "sys.path" in path.read_text(encoding="utf-8")]


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`rapup {name}" not in readme and f"`{name}" not in readme] == []
