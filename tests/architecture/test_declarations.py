"""What the house declares: errors, kinds, personal columns, jobs; each named once and dotted."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.project.personal import PERSONAL_COLUMNS
from tests.architecture.house import import_all, modules, written

DOTTED = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
PERSONAL_NAME = re.compile(
    r"(^|_)(name|username|number|phone|mail|sealed|subject|subjects|secret|row|rows|body|key)($|_)"
)
"""Names of columns that may hold something of a person; each stands in ``project.personal``."""
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "msg"}


def errors() -> list[type[HaiheError]]:
    """Every class of failure of the house."""
    import_all("haihe")
    found: list[type[HaiheError]] = []
    left: list[type[HaiheError]] = [HaiheError]
    while left:
        kind = left.pop()
        found.append(kind)
        left.extend(kind.__subclasses__())
    # A dataclass with slots leaves its first form behind: one of each name counts.
    named = {f"{kind.__module__}.{kind.__qualname__}": kind for kind in found}
    return [kind for name, kind in named.items() if name.startswith("haihe.")]


def test_every_failure_has_a_code_of_its_own() -> None:
    codes = Counter(kind.code for kind in errors() if "code" in vars(kind))
    twice = {code for code, count in codes.items() if count > 1}
    assert not twice, sorted(twice)


def test_every_failure_says_what_happened_and_what_to_do_next() -> None:
    wrong = {
        kind.__qualname__
        for kind in errors()
        if not DOTTED.fullmatch(kind.code)
        or not kind.hint.strip()
        or not kind.__doc__
        or not 400 <= kind.status < 600
    }
    assert not wrong, sorted(wrong)


def test_permissions_and_kinds_are_dotted_and_titled_in_both_languages() -> None:
    declared = [*registry.permissions.values(), *registry.ledger_kinds.values()]
    wrong = {
        each.name
        for each in declared
        if not DOTTED.fullmatch(each.name) or not {"zh", "en"} <= set(each.title)
    }
    assert not wrong, sorted(wrong)


def test_every_ledger_kind_says_how_it_is_erased() -> None:
    silent = {name for name, kind in registry.ledger_kinds.items() if len(kind.erased.strip()) < 10}
    assert not silent, sorted(silent)


def test_every_ledger_kind_that_is_recorded_is_declared_and_the_other_way_round() -> None:
    names = {
        node.value
        for module in modules()
        if not module.is_test and module.path.name != "declare.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {
        node.value.value
        for module in written()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg == "kind"
        if isinstance(node.value, ast.Constant) and DOTTED.fullmatch(str(node.value.value))
    }
    assert not (unknown := named - registry.ledger_kinds.keys()), sorted(unknown)
    idle = registry.ledger_kinds.keys() - names - by_constant()
    assert not idle, sorted(idle)


def by_constant() -> set[str]:
    """Dotted names that a declaration gives a constant, which another module uses."""
    used = {
        node.id if isinstance(node, ast.Name) else node.attr
        for module in written()
        if module.path.name != "declare.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Name | ast.Attribute)
    }
    return {
        str(node.value.value)
        for module in written()
        if module.path.name == "declare.py"
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if {target.id for target in node.targets if isinstance(target, ast.Name)} & used
    }


def columns() -> Iterator[str]:
    """Every column of the house's own tables, as ``app.Model.column``."""
    for model in apps.get_models():
        if model.__module__.startswith("haihe."):
            for column in model._meta.concrete_fields:
                if isinstance(column, models.ForeignKey | models.AutoField | models.BooleanField):
                    continue
                yield f"{model._meta.app_label}.{model.__name__}.{column.name}"


def test_every_personal_column_says_how_it_is_erased() -> None:
    known = set(columns())
    suspected = {name for name in known if PERSONAL_NAME.search(name.split(".")[-1])}
    assert not (unsaid := suspected - PERSONAL_COLUMNS.keys()), sorted(unsaid)
    assert not (gone := PERSONAL_COLUMNS.keys() - known), sorted(gone)
    assert all(len(sentence) > 10 for sentence in PERSONAL_COLUMNS.values())


def test_no_log_call_names_a_personal_column() -> None:
    personal = {
        name.split(".")[-1] for name, why in PERSONAL_COLUMNS.items() if not why.startswith("None")
    }
    personal -= {"key", "body", "name"}
    personal |= {"name_sealed", "number", "person_number"}
    logged = {
        f"{module.path}:{node.lineno}: {word}"
        for module in written()
        for node in ast.walk(module.tree)
        if _is_log_call(node)
        for word in _words(node)
        if word in personal
    }
    assert not logged, sorted(logged)


def _is_log_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in LOG_METHODS
        and ast.unparse(node.func.value).lower().split(".")[-1] in {"log", "logger", "_log"}
    )


def _words(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.keyword) and inner.arg:
            yield inner.arg
        if isinstance(inner, ast.Attribute):
            yield inner.attr
        if isinstance(inner, ast.Name):
            yield inner.id
