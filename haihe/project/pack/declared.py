"""Permissions that the installed kernel and systems declare, read without starting Django."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Iterator
from functools import cache
from types import ModuleType

import haihe.kernel
import haihe.systems
from haihe.base.registry import Permission, System


@cache
def permissions(*own: str) -> dict[str, Permission]:
    """Every permission that a pack may name, by name; ``own`` are the city's own systems."""
    return {each.name: each for module in _declarations(own) for each in _of(module)}


def _declarations(own: Iterable[str]) -> Iterator[ModuleType]:
    for package in (haihe.kernel, haihe.systems):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            name = f"{found.name}.declare"
            if found.ispkg and importlib.util.find_spec(name):
                yield importlib.import_module(name)
    for system in own:
        try:
            yield importlib.import_module(f"{system}.declare")
        except ModuleNotFoundError:
            continue  # the rule of systems names it


def _of(module: ModuleType) -> Iterator[Permission]:
    yield from getattr(module, "PERMISSIONS", ())
    for value in vars(module).values():
        if isinstance(value, System):
            yield from value.permissions
