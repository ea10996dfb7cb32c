"""`haihe text`: learn from closed reports; score the method on texts of one's own."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.engine.texts.likeness import cosine
from haihe.engine.texts.model import Scores, average_precision, weighted
from haihe.engine.texts.training import train
from haihe.kernel.cases import actions
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
BY = Actor("administrator", "command", permissions=frozenset({"cases.texts.learn"}))


class NoSuchColumn(BadInput):
    """The file has no column of that name."""

    code = "texts.no_column"
    hint = "Name columns that stand in the file's first line."


@app.command("train")
def train_models(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Learn categories and items from the city's own closed reports, and say how well."""
    with running_database():
        found = actions.learn_texts(by=BY)
    if as_json:
        _out.print(json.dumps({each.kind: _plain(each.scores) for each in found}))
        return
    for each in found:
        _out.print(f"{each.kind}: learned, sha256 {each.sha256}")
        _show(each.scores)


@app.command()
def score(
    file: Annotated[Path, typer.Argument(help="CSV file with a head line, UTF-8.")],
    title: Annotated[str, typer.Option(help="Column of the title.")],
    note: Annotated[str, typer.Option(help="Column of the text.")] = "",
    label: Annotated[str, typer.Option(help="Column of the category: scores suggesting.")] = "",
    group: Annotated[str, typer.Option(help="Column that is equal for duplicates.")] = "",
    seed: Annotated[int, typer.Option(help="How the folds are drawn.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Score suggesting by cross-validation, or finding duplicates, on a labelled file."""
    if bool(label) == bool(group):
        raise BadInput("Score either by a label or by a group.", hint="Give --label or --group.")
    rows = _rows(file, [each for each in (title, note, label, group) if each])
    if group:
        found = duplicates([row[title] for row in rows], [row[group] for row in rows])
        _out.print(json.dumps(found) if as_json else _said(found))
        return
    rows = [row for row in rows if row[label]]
    texts = [weighted(row[title], row[note] if note else "") for row in rows]
    scores = train(texts, [row[label] for row in rows], seed=seed).scores
    if as_json:
        _out.print(json.dumps(_plain(scores)))
    else:
        _show(scores)


def duplicates(texts: Sequence[str], groups: Sequence[str]) -> dict[str, Any]:
    """Average precision of likeness over all pairs; equal, non-empty groups are duplicates."""
    pairs = list(combinations(range(len(texts)), 2))
    truths = [bool(groups[a]) and groups[a] == groups[b] for a, b in pairs]
    if not any(truths):
        raise BadInput("No two texts are of one group.", hint="Name the column of duplicates.")
    area = average_precision(truths, [cosine(texts[a], texts[b]) for a, b in pairs])
    return {"pairs": len(pairs), "duplicates": sum(truths), "average_precision": area}


def _rows(file: Path, columns: list[str]) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(
            f"The file {file.name} can't be read.", hint="Save it as CSV in UTF-8."
        ) from fault
    if missing := sorted(set(columns) - set(reader.fieldnames or ())):
        raise NoSuchColumn(f"{file.name} has no column {', '.join(missing)}.")
    # A line that is too short has no value at all in its last columns.
    return [{name: row[name] or "" for name in columns} for row in rows]


def _plain(scores: Scores) -> dict[str, Any]:
    names = ("precision", "recall", "f1", "texts")
    by_class = {c: dict(zip(names, v, strict=True)) for c, v in scores.by_class.items()}
    return {
        "accuracy": scores.accuracy,
        "macro_f1": scores.macro_f1,
        "texts": scores.texts,
        "folds": scores.folds,
        "by_class": by_class,
    }


def _show(scores: Scores) -> None:
    table = Table(*(Column(name) for name in ("class", "precision", "recall", "F1", "texts")))
    for name, (precision, recall, f1, texts) in scores.by_class.items():
        table.add_row(name, f"{precision:.3f}", f"{recall:.3f}", f"{f1:.3f}", f"{texts:,}")
    _out.print(table)
    _out.print(
        f"{scores.texts:,} texts, {scores.folds} folds:"
        f" accuracy {scores.accuracy:.3f}, macro-F1 {scores.macro_f1:.3f}"
    )


def _said(found: dict[str, Any]) -> str:
    return (
        f"{found['duplicates']} of {found['pairs']} pairs are duplicates:"
        f" average precision {found['average_precision']:.3f}"
    )
