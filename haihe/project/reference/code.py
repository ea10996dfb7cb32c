"""Pages read from code: settings, commands, errors, jobs, layers."""

from __future__ import annotations

import importlib
import pkgutil
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import typer
from procrastinate.contrib.django import app as jobs

import haihe
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.base.settings import Settings
from haihe.project.command import assemble
from haihe.project.reference.markdown import code, first_sentence, table

_PYPROJECT = Path(haihe.__file__).resolve().parent.parent / "pyproject.toml"
_APART = {"tests", "migrations", "wsgi", "seed"}


def settings_page() -> str:
    """Every `HAIHE_*` setting with its default and sentence."""
    rows = (
        (code(f"HAIHE_{each.name.upper()}"), code(each.default), each.metadata["sentence"])
        for each in fields(Settings)
    )
    head = "# Settings\n\nEnvironment variables, read once when a process starts.\n\n"
    return head + table(("Variable", "Default", "What it is"), rows)


def commands_page() -> str:
    """Every word of the `haihe` command with its arguments and options."""
    root = typer.main.get_command(assemble())
    text = "# Commands\n\nEach ends with exit code 0, or says in one sentence what to do.\n"
    for path, command in sorted(_leaves("haihe", root)):
        text += f"\n## `{path}`\n\n{first_sentence(command.help)}\n"
        rows = [_parameter(each) for each in command.params if each.name != "help"]
        text += "\n" + table(("Parameter", "Default", "What it is"), rows) if rows else ""
    return text


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its words. Typer's own click is not the package."""
    inner = getattr(command, "commands", None)
    if not inner:
        yield path, command
        return
    for name, each in inner.items():
        yield from _leaves(f"{path} {name}", each)


def _parameter(each: Any) -> tuple[str, str, str]:
    is_argument = each.param_type_name == "argument"
    name = each.name.upper() if is_argument else "/".join(each.opts + each.secondary_opts)
    default = "" if each.required or callable(each.default) else str(each.default)
    default = "" if default in {"None", "Sentinel.UNSET"} else default
    return code(name), code(default), getattr(each, "help", "") or ""


def errors_page() -> str:
    """Every failure: its code, HTTP status, sentence and hint."""
    rows = sorted(
        (code(kind.code), str(kind.status), first_sentence(kind.__doc__), kind.hint)
        for kind in failures()
    )
    head = (
        "# Errors\n\nEach failure has one code, on pages, in JSON (RFC 9457) and in the exit of a "
        "command.\n\n"
    )
    return head + table(("Code", "Status", "What happened", "What to do next"), rows)


def failures() -> list[type[HaiheError]]:
    """Every class of failure that has a code of its own."""
    _read(haihe.__path__, "haihe.")
    left: list[type[HaiheError]] = [HaiheError]
    found: dict[str, type[HaiheError]] = {}
    while left:
        kind = left.pop()
        if "code" in vars(kind) and kind.__module__.startswith("haihe."):
            found[kind.code] = kind
        left.extend(kind.__subclasses__())
    return list(found.values())


def _read(folders: Iterable[str], prefix: str) -> None:
    """Import every module below, but for systems that are off: their tables are not there."""
    for found in pkgutil.iter_modules(list(folders), prefix):
        parts = found.name.split(".")
        is_off = parts[1] == "systems" and parts[2:3] != [] and parts[2] not in registry.systems
        if is_off or not _APART.isdisjoint(parts):
            continue
        module = importlib.import_module(found.name)
        if found.ispkg:
            _read(module.__path__, f"{found.name}.")


def jobs_page() -> str:
    """Every job: deferred by name from actions, or run by the clock."""
    timed = {
        periodic.task.name: periodic.cron
        for periodic in jobs.periodic_registry.periodic_tasks.values()
    }
    rows = (
        (code(name), code(timed.get(name, "")), first_sentence(task.func.__doc__))
        for name, task in sorted(jobs.tasks.items())
        if task.func.__module__.startswith("haihe.") and name == task.name
    )
    head = "# Jobs\n\nRun by the worker: on its schedule (UTC) if it has one, else when deferred.\n"
    return head + "\n" + table(("Job", "Schedule", "What it does"), rows)


def layers_page() -> str:
    """Which part of the house may import which, as the import contracts say."""
    text = "# Layers\n\nImports go one way; `lint-imports` holds these contracts.\n"
    if not _PYPROJECT.exists():
        return text
    settings = tomllib.loads(_PYPROJECT.read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        text += f"\n## {contract['name'].capitalize()}\n\n"
        text += "\n".join(f"- {line}" for line in _contract(contract)) + "\n"
    return text


def _contract(contract: dict[str, object]) -> Iterator[str]:
    for name, value in contract.items():
        if name not in {"name", "exhaustive", "allow_indirect_imports"}:
            shown = value if isinstance(value, str) else " · ".join(map(str, value))  # type: ignore[call-overload]
            yield f"{name.replace('_', ' ')}: {shown}"
