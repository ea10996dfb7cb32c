"""Files: their length, their words, what they may not do."""

from __future__ import annotations

import ast
import re

from tests.architecture import waivers
from tests.architecture.house import PACKAGE, ROOT, Module, kept_files, modules, written

MOST_LINES, MOST_IN_FUNCTION = 400, 50
POOR_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
POOR_STARTS = ("do_", "handle_", "process_")
CITY_NAMES = re.compile("tianjin|天津|津心办|津治通|津门", re.IGNORECASE)
TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".js", ".css", ".po", ".sql", ".txt", ""}
NOT_OURS = ("requirements.lock", "LICENSE")


def without_waived(found: dict[str, str], waived: dict[str, str]) -> dict[str, str]:
    """What is wrong and not waived, and waivers for what is right by now or gives no reason."""
    idle = {name: "needs no waiver any more" for name in waived if name not in found}
    bare = {name: "is waived without a reason" for name, why in waived.items() if not why.strip()}
    return {name: why for name, why in found.items() if name not in waived} | idle | bare


def test_every_folder_with_python_is_a_package() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    assert not {folder for folder in folders if not (folder / "__init__.py").exists()}


def test_no_file_passes_400_lines() -> None:
    long = {
        str(each.path): f"{lines} lines"
        for each in modules()
        if not each.is_migration and (lines := len(each.text.splitlines())) > MOST_LINES
    }
    assert not (found := without_waived(long, waivers.LONG_FILES)), found


def test_no_function_passes_50_lines() -> None:
    long = {
        f"{each.path}:{function.name}": f"{lines} lines"
        for each in modules()
        for function in each.functions()
        if (lines := _length(function)) > MOST_IN_FUNCTION
    }
    assert not (found := without_waived(long, waivers.LONG_FUNCTIONS)), found


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, its docstring not counted."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def test_every_module_says_in_five_lines_what_it_is_for() -> None:
    silent = {
        str(each.path) for each in written() if not (ast.get_docstring(each.tree) or "").strip()
    }
    assert not silent, sorted(silent)


def test_every_public_name_of_base_engine_and_kernel_has_a_docstring() -> None:
    places = ("haihe.base", "haihe.edges", "haihe.engine", "haihe.kernel")
    bare = {
        f"{each.path}:{node.name}"
        for each in written()
        if each.name.startswith(places)
        for node in each.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    }
    assert not bare, sorted(bare)


def test_nothing_has_a_name_that_says_nothing() -> None:
    poor = {
        str(each.path) for each in modules() if POOR_NAMES & set(each.path.with_suffix("").parts)
    }
    poor |= {
        f"{each.path}:{function.name}"
        for each in written()
        for function in each.functions()
        if function.name.startswith(POOR_STARTS)
        and function.name not in {"process_view", "process_exception", "process_request"}
    }
    assert not poor, sorted(poor)


def test_no_module_imports_inside_a_function() -> None:
    inner = {
        str(each.path): f"line {node.lineno}"
        for each in modules()
        for function in each.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not (found := without_waived(inner, waivers.INNER_IMPORTS)), found


def test_only_the_command_prints() -> None:
    printing = {
        f"{each.path}:{node.lineno}"
        for each in written()
        if not each.name.startswith("haihe.project")
        for node in ast.walk(each.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    }
    assert not printing, sorted(printing)


def test_only_the_settings_read_haihe_variables() -> None:
    reading = {
        f"{each.path}:{node.lineno}"
        for each in modules()
        if each.name != "haihe.base.settings"
        for node in ast.walk(each.tree)
        if (asked := _asked_of_the_environment(node)) and asked.startswith("HAIHE_")
    }
    assert not reading, sorted(reading)


def _asked_of_the_environment(node: ast.AST) -> str:
    """The variable that an expression reads from the environment, or an empty text."""
    key: ast.expr | None = None
    if isinstance(node, ast.Call) and node.args:
        asks = re.search(r"(\bgetenv|\benviron\.(get|pop|setdefault))$", ast.unparse(node.func))
        key = node.args[0] if asks else None
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        key = node.slice if ast.unparse(node.value).endswith("environ") else None
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        key = node.left if ast.unparse(node.comparators[0]).endswith("environ") else None
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def test_every_exception_is_caught_only_where_a_request_job_or_command_ends() -> None:
    broad = {
        str(each.path): f"line {node.lineno}"
        for each in written()
        if not _ends_there(each)
        for node in ast.walk(each.tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    }
    assert not (found := without_waived(broad, waivers.BROAD_EXCEPTS)), found


def _ends_there(module: Module) -> bool:
    return module.name.startswith("haihe.project") or module.path.name in {"jobs.py", "hot.py"}


def _is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it swallows every exception: one that ends by raising it again does not."""
    named = "Exception" if handler.type is None else ast.unparse(handler.type)
    return named in {"Exception", "BaseException"} and ast.unparse(handler.body[-1]) != "raise"


def test_no_city_is_named_below_the_cities() -> None:
    """Places in the law (GB, PIPL) may be named; a city may not, nor its apps."""
    folders = ("base", "edges", "engine", "kernel", "ui", "systems")
    named = {
        str(path)
        for path in kept_files()
        if path.parts[0] == "haihe" and path.parts[1] in folders and path.suffix in TEXTS
        if CITY_NAMES.search((ROOT / path).read_text(encoding="utf-8", errors="replace"))
    }
    assert not named, sorted(named)


def test_no_file_holds_a_path_of_the_machine_it_was_written_on() -> None:
    pattern = re.compile(r"/(?:work|root|home)/(?!runner)[a-z]")
    holding = {
        f"{path}: {found[0]}"
        for path in kept_files()
        if path.suffix in TEXTS and path.name not in NOT_OURS
        if (found := pattern.search((ROOT / path).read_text(encoding="utf-8", errors="replace")))
    }
    assert not holding, sorted(holding)
