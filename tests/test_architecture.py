"""The shape of the code, enforced: who may import whom, and which one place owns each outside thing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from flows.cli import COMMANDS
from models import metrics, published

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


def imports_of(text: str) -> set[str]:
    """Every module named by an import, "from x import y" also as "x.y"."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


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


def test_only_settings_read_the_environment() -> None:
    touching = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if re.search(r"\b(environ|getenv|putenv|dotenv)\b", path.read_text(encoding="utf-8"))
    }
    assert touching == {"flows/settings.py"}


def test_only_the_page_writer_renders_html() -> None:
    forbidden = re.compile(r"\.to_html\(|\.save\(|disable_max_rows|Markup\(")
    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if forbidden.search(path.read_text(encoding="utf-8"))
    }
    assert offenders <= {"dashboards/page.py"}


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
    assert offenders <= {"models/store.py", "models/build.py"}


def test_every_published_table_and_column_is_in_the_data_dictionary() -> None:
    text = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `(\w+)`(.*?)(?=^## |\Z)", text, flags=re.M | re.S))
    for table in published.TABLES:
        assert table.name in sections, f"{table.name} is not described"
        for column in table.columns:
            assert f"| `{column.name}` |" in sections[table.name], (
                f"{table.name}.{column.name} is not described"
            )


def test_no_metric_formula_is_written_outside_the_passports() -> None:
    arithmetic = re.compile(
        r"likes\s*\+\s*comments\s*\+\s*shares|interactions\s*(?:\*\s*[\d.]+\s*)?/\s*views", re.IGNORECASE
    )
    code = [*sources(), *(ROOT / "models").glob("*.sql"), *(ROOT / "dashboards").rglob("*.html")]
    offenders = {
        path.relative_to(ROOT).as_posix()
        for path in code
        if arithmetic.search(re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8")))
    }
    # The contract's descriptions quote the formula for readers of the file.
    assert offenders <= {"models/metrics.py", "models/published_posts.py", "models/published_weeks.py"}


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
