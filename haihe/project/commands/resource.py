"""`haihe resource`: propose a table of a live database as a resource; a person confirms it."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.engine.sources import kind_of_address, open_source
from haihe.engine.sources.propose import Proposal, ProposedColumn, propose
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.project.commands.source import Address
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.callback()
def _resource() -> None:
    """Propose a table of a live database as a resource; a person confirms it."""


@app.command("propose")
def propose_table(
    dsn: Address,
    table: Annotated[str, typer.Argument(help="Table or view: name, or schema.name.")],
    department: Annotated[str, typer.Option(help="Code of the department that provides it.")] = "",
    code: Annotated[str, typer.Option(help="Code of the resource; default department/table.")] = "",
    system: Annotated[str, typer.Option(help="Code of its source system.")] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print only; keep nothing.")] = False,
) -> None:
    """Read schema and sample (never scan), propose columns, and keep them to be confirmed."""
    found = propose(open_source(dsn, timeout_s=60), table)
    _show(found)
    if dry_run:
        return
    if not department:
        raise BadInput("No department is named.", hint="Add --department CODE, or --dry-run.")
    with running_database():
        kept = _keep(found, dsn=dsn, department=department, code=code, system=system)
    _out.print(f"Proposed {kept}. A person confirms it on the page of the catalogue.", markup=False)


def _show(found: Proposal) -> None:
    rows = "unknown" if found.rows_estimate is None else f"about {found.rows_estimate:,}"
    _out.print(f"{found.title}: {rows} rows, {found.sampled} sampled", markup=False)
    table = Table(
        *(
            Column(name, overflow="fold")
            for name in ("column", "type", "kind", "title", "key", "identifier", "personal")
        )
    )
    for column in found.columns:
        marks = "key" if column.is_key else ""
        scheme = f"{column.scheme} (subject)" if column.is_subject else column.scheme
        table.add_row(
            column.name,
            column.type,
            column.kind,
            column.title,
            marks,
            scheme,
            column.why_personal,
        )
    _out.print(table)
    _out.print(_quality(found))
    if found.key_duplicates:
        said = f"{found.key_duplicates} rows of the sample have a key that another row has"
        _out.print(said, markup=False)
    _out.print(f"watermark candidates: {', '.join(found.watermarks) or 'none'}", markup=False)


def _quality(found: Proposal) -> Table:
    """Counts of the sample; of personal columns neither lengths nor ranges are there to show."""
    names = ("column", "empty", "distinct", "repeated", "identifier", "right", "length", "range")
    table = Table(*(Column(name, overflow="fold") for name in (*names, "impossible dates")))
    for column in found.columns:
        seen = column.quality
        table.add_row(
            column.name,
            str(seen.nulls + seen.blanks),
            str(seen.distinct),
            str(seen.duplicates),
            seen.identifier,
            "" if seen.valid_permille is None else f"{seen.valid_permille / 10:g} %",
            _between(seen.shortest, seen.longest, is_withheld=seen.is_withheld),
            _between(seen.least, seen.greatest, is_withheld=seen.is_withheld),
            "" if seen.impossible_dates is None else str(seen.impossible_dates),
        )
    return table


def _between(least: object, greatest: object, *, is_withheld: bool) -> str:
    if is_withheld:
        return "withheld"
    if least in (None, ""):
        return ""
    return str(least) if least == greatest else f"{least} - {greatest}"


def _keep(found: Proposal, *, dsn: str, department: str, code: str, system: str) -> str:
    short = _word(found.table.rpartition(".")[2])
    database = urlsplit(dsn).path.strip("/").rpartition("/")[2]
    by = Actor(
        "administrator",
        "command",
        department=department,
        permissions=frozenset({"catalogue.system.register", "catalogue.resource.propose"}),
    )
    registered = actions.register_system(
        by=by,
        code=system or f"{department}-{_word(database)}",
        department=department,
        kind=kind_of_address(dsn),
        title={"zh": database, "en": database},
        address=dsn,
    )
    resource = actions.propose_resource(
        by=by,
        code=code or f"{department}/{short}",
        title={"zh": found.title, "en": found.title},
        department=department,
        system=registered,
        source_table=found.table,
        table=f"{_word(department)}.{short}",
        sharing_class="conditional",
        sharing_condition="待提供部门确认 / to be confirmed by the provider",
        columns=[_draft(column) for column in found.columns],
        sample={**found.as_sample(), "read_at": now().isoformat()},
    )
    return resource.code


def _draft(column: ProposedColumn) -> ColumnDraft:
    return ColumnDraft(
        name=column.name,
        kind=column.kind,
        title={"zh": column.title, "en": column.title},
        length=column.length,
        is_key=column.is_key,
        is_required=column.is_required,
        is_personal=column.is_personal,
        is_subject=column.is_subject,
        scheme=column.scheme,
    )


def _word(text: str) -> str:
    """A text as a lake's name: letters, digits and low lines."""
    return re.sub(r"\W+", "_", text).strip("_").lower() or "table"
