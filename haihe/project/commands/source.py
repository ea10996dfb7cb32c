"""`haihe source`: reach a department's database before anything is registered."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.engine.sources import Reached, TableShape, kind_of_address, open_source, schemes
from haihe.engine.sources.kit import Checked, check_source, make_table
from haihe.engine.sources.kit import script as kit_script

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
_UNTESTED = "untested: Haihe's makers had no such server"

Address = Annotated[
    str,
    typer.Argument(
        metavar="DSN",
        help="postgresql://user:password@host:port/database, file:///folder, or another scheme"
        " of 'haihe source kinds'.",
    ),
]


@app.callback()
def _source() -> None:
    """Reach a department's database before anything is registered."""


@app.command()
def kinds() -> None:
    """List the kinds of sources: how their addresses begin, and whether each was ever tested."""
    found = {made.kind: made for made in schemes().values()}
    for kind in sorted(found):
        named = ", ".join(f"{s}://" for s, made in schemes().items() if made.kind == kind)
        label = "" if found[kind].is_tried else _UNTESTED
        _out.print(f"{kind:<12}{named:<32}{label}".rstrip(), markup=False)


@app.command()
def check(
    dsn: Address,
    *,
    kit: Annotated[
        bool, typer.Option("--kit", help="Try the conformance kit on its table haihe_check.")
    ] = False,
    write: Annotated[
        str, typer.Option(metavar="DSN", help="Make that table first, by a user who may write.")
    ] = "",
    schema: Annotated[str, typer.Option(help="Schema in which the table stands.")] = "",
    product: Annotated[
        str, typer.Option(help="What stands behind an ODBC address: postgresql, mariadb, …")
    ] = "",
    script: Annotated[
        bool, typer.Option("--script", help="Print the SQL that makes that table, and end.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON, for other programs.")
    ] = False,
) -> None:
    """Say whether the source answers, as whom, with which rights, and what tables it holds.

    With --kit also whether every value comes as it is there, and whether reads stop, end in time
    and open no more connections than allowed; it ends with 1 if something failed.
    """
    if script:
        kind = product or kind_of_address(dsn)
        _out.print(";\n".join(kit_script(kind, schema=schema)) + ";", markup=False)
        return
    if write:
        make_table(write, schema=schema)
    source = open_source(dsn, timeout_s=30)
    reached, tables = source.check(), source.tables()
    tried = check_source(dsn, dialect=product, schema=schema) if kit else []
    if as_json:
        told = {**asdict(reached), "tables": [asdict(each) for each in tables]}
        print(json.dumps({**told, "kit": [asdict(each) for each in tried]}, ensure_ascii=False))
    else:
        _print(reached, tables, tried)
    if any(each.result == "failed" and each.name != "rights" for each in tried):
        raise typer.Exit(1)


def _print(reached: Reached, tables: list[TableShape], tried: list[Checked]) -> None:
    rights = {
        True: "read only",
        False: "may also WRITE: ask for a read-only user",
        None: "not told by this product",
    }
    lines = [
        f"reached   {reached.product} {reached.version} in {reached.latency_ms:.0f} ms",
        f"database  {reached.database}",
        f"user      {reached.user or '-'}",
        f"rights    {rights[reached.is_read_only]}",
        f"channel   {'encrypted' if reached.is_encrypted else 'not encrypted'}",
    ]
    if not reached.is_tried:
        lines.append(f"support   {_UNTESTED}; run this with --kit")
    _out.print("\n".join(lines), markup=False)
    table = Table(
        *(Column(name, overflow="fold") for name in ("table", "rows (estimated)", "comment"))
    )
    for each in tables:
        rows = "" if each.rows_estimate is None else f"{each.rows_estimate:,}"
        table.add_row(each.name, rows, each.comment)
    _out.print(table)
    if tried:
        kit = Table(*(Column(name, overflow="fold") for name in ("check", "result", "what")))
        for one in tried:
            kit.add_row(one.name, one.result, one.note)
        _out.print(kit)
