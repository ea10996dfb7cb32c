"""What import-linter does not see: foreign keys, names of routes, templates that include others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import models

from tests.architecture.house import PACKAGE, ROOT, nouns, systems, written

INCLUDE = re.compile(r"""{%-?\s*(?:include|extends)\s+["']([^"']+)["']""")
NAMESPACE = re.compile(
    r"""(?:{%-?\s*url\s+|\breverse(?:_lazy)?\(\s*|\bredirect\(\s*)["'](\w+):\w+"""
)


def ranks() -> dict[str, int]:
    """The rank of each noun, from the import contract: 0 is the lowest."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c.get("containers") == ["haihe.kernel"])
    return {
        noun.strip(" ()"): rank
        for rank, layer in enumerate(reversed(layers))
        for noun in layer.split("|")
    }


def place(config: AppConfig) -> tuple[str, str]:
    """Layer and name of an app of ours; ("", "") for others."""
    parts = config.name.split(".")
    return (parts[1], parts[-1]) if parts[0] == "haihe" else ("", "")


def foreign_keys() -> Iterator[tuple[type[models.Model], type[models.Model]]]:
    for model in apps.get_models():
        if place(model._meta.app_config)[0]:
            for field in model._meta.get_fields():
                if (field.many_to_one or field.one_to_one or field.many_to_many) and (
                    field.concrete and isinstance(field.related_model, type)
                ):
                    yield model, field.related_model


def test_foreign_keys_point_down_the_ranks() -> None:
    rank, wrong = ranks(), set()
    for source, target in foreign_keys():
        layer, name = place(source._meta.app_config)
        layer_of_target, name_of_target = place(target._meta.app_config)
        same = (layer, name) == (layer_of_target, name_of_target)
        down = layer_of_target == "kernel" and (
            layer == "systems" or rank[name] > rank[name_of_target]
        )
        if not same and not down:
            wrong.add(f"{source._meta.label} -> {target._meta.label}")
    assert not wrong, sorted(wrong)


def test_every_noun_has_its_rank() -> None:
    assert set(nouns()) <= set(ranks())


def templates() -> Iterator[tuple[str, Path]]:
    """Each template with the part of the house that it stands in (``ui`` or a system)."""
    for part, folder in [
        ("ui", PACKAGE / "ui"),
        *((s, PACKAGE / "systems" / s) for s in systems()),
    ]:
        for path in sorted(folder.rglob("*.html")):
            yield part, path


def test_templates_stand_in_a_folder_of_their_parts_name() -> None:
    wrong = {
        str(path.relative_to(ROOT))
        for part, path in templates()
        if part != "ui" and f"templates/{part}/" not in path.as_posix()
    }
    assert not wrong, sorted(wrong)


def test_templates_include_their_own_and_the_shared_ones_only() -> None:
    wrong = {
        f"{path.relative_to(ROOT)} -> {included}"
        for part, path in templates()
        for included in INCLUDE.findall(path.read_text(encoding="utf-8"))
        if included.split("/")[0] in set(systems()) - {part}
    }
    assert not wrong, sorted(wrong)


def test_no_part_names_a_route_of_a_system_beside_or_above_it() -> None:
    texts = [(part, path, path.read_text(encoding="utf-8")) for part, path in templates()]
    for each in written():
        parts = each.name.split(".")
        if len(parts) > 1 and parts[1] in {"kernel", "ui", "systems"}:
            own = parts[2] if parts[1] == "systems" and len(parts) > 2 else parts[1]
            texts.append((own, ROOT / each.path, each.text))
    wrong = {
        f"{path.relative_to(ROOT)} -> {namespace}"
        for part, path, text in texts
        for namespace in NAMESPACE.findall(text)
        if namespace in set(systems()) - {part}
    }
    assert not wrong, sorted(wrong)
