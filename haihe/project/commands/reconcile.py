"""`haihe reconcile link.toml`: whether both sides hold the same, and which rows do not. No Django.

With `--statement` it checks, offline, what a city's ledger stated about a reconciliation.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rich.console import Console

from haihe.base.errors import BadInput
from haihe.edges.tlog.notes import read_verifier_key
from haihe.engine import alone
from haihe.engine.merkle.statements import read_statement, verify_statement

_out = Console(highlight=False, soft_wrap=True)


class NothingNamed(BadInput):
    """Neither a link nor a statement was named."""

    code = "exchange.reconciliation.nothing_named"
    message = "Nothing to reconcile was named."
    hint = "Name a link's file, or --statement FILE with --key KEY."


def reconcile(
    file: Annotated[Path | None, typer.Argument(help="The link's file, link.toml.")] = None,
    values: Annotated[
        bool, typer.Option("--values", help="Show what both sides say; may be personal.")
    ] = False,
    statement: Annotated[
        Path | None, typer.Option(help="Check this statement of a ledger instead.")
    ] = None,
    key: Annotated[
        str, typer.Option(help="The ledger's verifier key, from a trusted source.")
    ] = "",
) -> None:
    """Compare every table of a link on both sides. Exit code 1 if anything differs."""
    if statement and key:
        _check(statement, key=key)
        return
    if file is None or statement:
        raise NothingNamed
    done = alone.reconcile(alone.read_link(file), then=lambda each: _say(each, values=values))
    if not all(each.found.is_equal for each in done):
        raise typer.Exit(1)


def _say(done: alone.Reconciled, *, values: bool) -> None:
    found, table = done.found, done.table
    _out.print(
        f"{table.source} | {table.target}: {found.rows_left:,} | {found.rows_right:,} rows,"
        f" hashes {found.hash_left} | {found.hash_right}",
        markup=False,
    )
    for each in found.differences:
        named = ", ".join(f"{k}={v}" for k, v in zip(found.keys, each.key, strict=True))
        where = f"only in the {'source' if each.only_in == 'left' else 'target'}"
        if each.columns:
            where = f"differs in {', '.join(each.columns)}"
        form = " (Unicode's normal form alone)" if each.only_form and each.columns else ""
        _out.print(f"  {named}: {where}{form}", markup=False)
        for column, left, right in zip(each.columns, each.left, each.right, strict=True):
            if values:
                _out.print(f"    {column}: {left!r} | {right!r}", markup=False)
    if found.unsettled:
        _out.print(f"  {found.unsettled} rows changed at every look: look again.", markup=False)
    if not found.is_whole:
        _out.print("  More differs; these are the first rows.", markup=False)
    if found.weak:
        _out.print(f"  Floats, compared by presence: {', '.join(found.weak)}", markup=False)
    _out.print("  Both hold the same." if found.is_equal else "  They differ.", markup=False)


def _check(file: Path, *, key: str) -> None:
    verifier = read_verifier_key(key)
    said = read_statement(file.read_bytes())
    public = Ed25519PublicKey.from_public_bytes(verifier.public)
    verify_statement(said, key=public, origin=verifier.name)
    _out.print(f"Signed by {verifier.name}: entry {said.entry['id']} of {said.entry['at']}.")
    for name, value in sorted(said.entry["body"].items()):
        _out.print(f"  {name}: {value}", markup=False)
