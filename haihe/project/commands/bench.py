"""`haihe bench NAME`: measure a part of Haihe beside its peers and limits, in the same run."""

from __future__ import annotations

import importlib
import json
from importlib.util import find_spec
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from haihe.base.errors import BadInput
from haihe.project.bench import NAMES, machine

_out = Console(highlight=False, soft_wrap=True)


def bench(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(NAMES)}.")],
    scale: Annotated[float, typer.Option(help="Multiplies the usual size.")] = 1.0,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Smaller; ends within 60 s.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    peers: Annotated[
        bool, typer.Option("--peers", help="Also peers that need an environment of their own.")
    ] = False,
) -> None:
    """Measure a part beside its peers and limits, in the same run."""
    if name not in NAMES:
        raise BadInput(f"There is no benchmark {name!r}.", hint=f"One of {', '.join(NAMES)}.")
    if scale <= 0:
        raise BadInput("The scale must be more than 0.")
    module = f"haihe.project.bench.{name}"
    if find_spec(module) is None:
        _not_built(name, as_json=as_json)
        return
    measured = importlib.import_module(module).run(quick=quick, scale=scale, peers=peers)
    found = {"bench": name, "machine": machine(), "built": True, **measured}
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        _show(found)


def _not_built(name: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"bench": name, "built": False}))
    else:
        _out.print(f"The part that `haihe bench {name}` measures is not built yet.", markup=False)


def _show(found: dict[str, Any]) -> None:
    table = Table("what", "figure", "value")
    for group in ("figures", "peers", "limits", "ratios"):
        for name, value in _flat(found.get(group, {})):
            table.add_row(group, name, value)
    _out.print(table)
    for note in found.get("notes", []):
        _out.print(note, markup=False)


def _flat(value: Any, name: str = "") -> list[tuple[str, str]]:
    """Figures in groups as lines: ``group.figure`` and its value."""
    if isinstance(value, dict):
        return [
            line
            for key, each in value.items()
            for line in _flat(each, f"{name}.{key}" if name else str(key))
        ]
    return [(name, f"{value:,.2f}" if isinstance(value, float) else str(value))]
