"""Migrations: one head an app, in step with the models, and no city's data in them."""

from __future__ import annotations

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.architecture.house import modules


def apps_with_migrations() -> list[tuple[str, Path]]:
    return [
        (config.label, Path(config.path) / "migrations")
        for config in apps.get_app_configs()
        if config.name.startswith("haihe.") and (Path(config.path) / "migrations").is_dir()
    ]


def test_each_app_names_its_newest_migration_in_a_file() -> None:
    """So that two branches that each add a migration meet in a merge conflict."""
    wrong = {}
    for label, folder in apps_with_migrations():
        newest = max((path.stem for path in folder.glob("0*.py")), default="")
        head = folder / "max_migration.txt"
        named = head.read_text(encoding="utf-8").strip() if head.exists() else "(no file)"
        if newest and named != newest:
            wrong[label] = f"max_migration.txt says {named}, the newest is {newest}"
    assert not wrong, wrong


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_no_migration_writes_rows() -> None:
    """Data come by actions and packs; a migration holds tables, constraints and triggers."""
    writing = {
        f"{module.path}:{node.lineno}"
        for module in modules()
        if module.is_migration
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("RunPython")
    }
    assert not writing, sorted(writing)
