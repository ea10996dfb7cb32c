"""Every route and every action names its permission, and every permission is declared."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from haihe.base.registry import registry
from tests.architecture import waivers
from tests.architecture.house import Function, Module, modules
from tests.architecture.test_files import without_waived

NO_ACCOUNT = {"open", "org.officer.any", "people.own.read"}
"""What a door may ask for besides a declared permission (see ``ui.doors``)."""


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, path)
        else:
            yield path, each


def test_every_route_has_a_door() -> None:
    without = {
        path: "has no door"
        for path, route in routes(get_resolver())
        if not hasattr(route.callback, "permission")
        and route.callback.__module__.split(".")[0] not in waivers.FOREIGN_ROUTES
    }
    assert not (found := without_waived(without, waivers.OPEN_ROUTES)), found


def test_every_door_asks_for_a_declared_permission() -> None:
    unknown = {
        f"{path}: {permission}"
        for path, route in routes(get_resolver())
        if (permission := getattr(route.callback, "permission", "open")) not in NO_ACCOUNT
        and permission not in registry.permissions
    }
    assert not unknown, sorted(unknown)


def test_every_menu_entry_leads_to_a_route_and_asks_what_the_route_asks() -> None:
    doors: dict[str, str] = {}
    for namespace, (_, resolver) in get_resolver().namespace_dict.items():
        for _, route in routes(resolver):
            doors[f"{namespace}:{route.name}"] = getattr(route.callback, "permission", "")
    for system in registry.systems.values():
        for entry in system.menu:
            assert entry.url in doors, entry.url
            wanted = (
                {"", doors[entry.url]} if doors[entry.url] in NO_ACCOUNT else {doors[entry.url]}
            )
            assert entry.permission in wanted, entry.url


def action_modules() -> Iterator[Module]:
    """The modules of verbs: ``actions.py`` and the packages of that name."""
    for each in modules():
        layer = each.name.split(".")[1] if "." in each.name else ""
        is_verbs = each.path.name == "actions.py" or each.path.parent.name == "actions"
        if layer in {"kernel", "systems"} and is_verbs and not each.is_test:
            yield each


def actions() -> Iterator[tuple[str, Module, Function]]:
    for module in action_modules():
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "must_")):
                yield f"{module.name}.{node.name}", module, node


def test_every_action_takes_whoever_acts_and_asks_for_a_permission() -> None:
    wrong = {
        module.name if module.name in waivers.OPEN_ACTIONS else name: "asks nobody"
        for name, module, function in actions()
        if "by" not in {each.arg for each in function.args.kwonlyargs}
        or not _asks(function, asking(module.name.split(".")[2]))
    }
    assert not (found := without_waived(wrong, waivers.OPEN_ACTIONS)), found


@cache
def asking(part: str) -> frozenset[str]:
    """Names of a noun's or system's functions that ask for a permission, at whatever depth."""
    functions = [
        function
        for module in modules()
        if module.name.split(".")[2:3] == [part] and not module.is_test
        for function in module.functions()
    ]
    known: frozenset[str] = frozenset()
    while found := {f.name for f in functions if _asks(f, known)} - known:
        known |= found
    return known


def _asks(function: Function, known: frozenset[str]) -> bool:
    """Whether it calls ``must`` or ``may`` of an actor, or one that does with ``by``."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            given = {ast.unparse(each.value) for each in node.keywords}
            given |= {ast.unparse(each) for each in node.args}
            last = name.split(".")[-1]
            asks = last in known or last.lstrip("_").startswith("must_")
            if last in {"must", "may"} or (asks and "by" in given):
                return True
    return False


def test_actions_take_keywords_only() -> None:
    loose = {name: "takes arguments by place" for name, _, f in actions() if len(f.args.args) > 1}
    assert not (found := without_waived(loose, waivers.KEYWORDS)), found


def test_every_permission_that_the_code_asks_for_is_declared() -> None:
    asked = {
        f"{module.path}: {node.args[0].value}"
        for module in modules()
        if not module.is_test
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"must", "may"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value not in registry.permissions
    }
    assert not asked, sorted(asked)


def test_every_declared_permission_is_asked_for_somewhere() -> None:
    text = "\n".join(each.text for each in modules() if each.path.name != "declare.py")
    shared = "\n".join(each.text for each in modules() if each.path.name == "declare.py")
    idle = {
        name
        for name in registry.permissions
        if f'"{name}"' not in text and shared.count(f'"{name}"') < 2
    }
    assert not idle, sorted(idle)
