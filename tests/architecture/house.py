"""The house as the tests read it: every module parsed once, every declaration."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import haihe

ROOT = Path(haihe.__file__).resolve().parent.parent
PACKAGE = ROOT / "haihe"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the house. ``name`` is dotted, ``path`` relative to the checkout."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def is_migration(self) -> bool:
        """Whether Django made it, and it is never edited again."""
        return "migrations" in self.path.parts

    @property
    def is_test(self) -> bool:
        """Whether it is a test inside a system."""
        return "tests" in self.path.parts

    def functions(self) -> Iterator[Function]:
        """Every function in it, methods and inner ones included."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every module below ``haihe``, migrations and tests included."""
    return tuple(_read(path) for path in sorted(PACKAGE.rglob("*.py")))


def written() -> Iterator[Module]:
    """The modules that people write: no migrations, no tests."""
    return (each for each in modules() if not each.is_migration and not each.is_test)


def _read(path: Path) -> Module:
    relative = path.relative_to(ROOT)
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    text = path.read_text(encoding="utf-8")
    return Module(name, relative, text, ast.parse(text))


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is or will be kept in git, relative to the checkout."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    paths = (Path(name) for name in listed.stdout.decode().split("\0") if name)
    return tuple(path for path in paths if (ROOT / path).is_file())


def nouns() -> list[str]:
    """The kernel's nouns that are built."""
    return _parts("kernel")


def systems() -> list[str]:
    """The systems that are built."""
    return _parts("systems")


def _parts(folder: str) -> list[str]:
    return [each.name for each in pkgutil.iter_modules([str(PACKAGE / folder)]) if each.ispkg]


def import_all(package: str) -> list[str]:
    """Import every module of a package but its tests and migrations; their names."""
    module = importlib.import_module(package)
    names = [package]
    for found in pkgutil.walk_packages(module.__path__, f"{package}."):
        if {"tests", "migrations"}.isdisjoint(found.name.split(".")):
            importlib.import_module(found.name)
            names.append(found.name)
    return names
