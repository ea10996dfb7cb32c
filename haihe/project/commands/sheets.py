"""`haihe sheets`: the catalogue and the four lists as spreadsheets, out and in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.base.text import in_language
from haihe.edges.sheets import SENTENCES, Fault, write_faults
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.errors import SheetFaults, UnknownDepartment
from haihe.kernel.org.models import Department
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
_MOST_SHOWN = 100
File = Annotated[Path, typer.Argument(help="An .xlsx or .csv file.")]
List = Annotated[
    str, typer.Argument(help="catalogue, systems, responsibilities, negative or demands.")
]
Owner = Annotated[str, typer.Option(help="Code of the department; none: the whole city.")]
Language = Annotated[str, typer.Option(help="Language of headings and choices: zh or en.")]
OPERATOR = Actor(
    "administrator",
    "command.sheets",
    permissions=frozenset(
        {
            "catalogue.sheets.import",
            "catalogue.resource.publish",
            "catalogue.system.register",
            "catalogue.responsibility.add",
            "catalogue.negative.add",
            "catalogue.negative.any",
            "catalogue.negative.review",
            "catalogue.demand.raise",
        }
    ),
)
"""Whoever may run commands on this machine acts as its administrator, or for one department."""


@app.callback()
def _sheets() -> None:
    """The catalogue and the four lists as spreadsheets, out and in."""


@app.command("export")
def export(name: List, file: File, department: Owner = "", language: Language = "zh") -> None:
    """Write a list into a file; .csv holds the list's first sheet alone."""
    with running_database():
        _known(department)
        chosen = {"department": department, "language": language}
        is_csv = file.suffix.lower() == ".csv"
        write = queries.export_csv if is_csv else queries.export_xlsx
        data = write(name, **chosen)
    file.write_bytes(data)
    _out.print(f"Written: {file}", markup=False)


@app.command("template")
def template(
    file: File,
    name: Annotated[str, typer.Option("--list", help="One list; default all.")] = "",
    language: Language = "zh",
) -> None:
    """Write an empty workbook to be filled in."""
    file.write_bytes(queries.template(name, language=language))
    _out.print(f"Written: {file}", markup=False)


@app.command("import")
def import_file(
    file: File,
    department: Owner = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only; write nothing.")] = False,
    marked: Annotated[
        Path | None, typer.Option(help="Where to write the workbook with its faults marked.")
    ] = None,
) -> None:
    """Bring a file in whole, or name every fault by its cell and write nothing."""
    if not file.is_file():
        raise BadInput(f"There is no file {file}.", hint="Name an .xlsx or .csv file.")
    data = file.read_bytes()
    with running_database():
        by = replace(OPERATOR, department=_known(department))
        found = actions.try_sheets(by=by, data=data, name=file.name)
        if not (found.faults or found.untold or dry_run):
            found = actions.import_sheets(by=by, data=data, name=file.name)
    for name, count in found.counts.items():
        said = f"{count.new} new, {count.changed} changed, {count.unchanged} unchanged"
        _out.print(f"{name:<18}{said}", markup=False)
    if found.faults or found.untold:
        _tell(found, data, marked)
        raise SheetFaults
    _out.print("Nothing was written." if dry_run else "Brought in.", markup=False)


def _tell(found: actions.Outcome, data: bytes, marked: Path | None) -> None:
    for fault in found.faults[:_MOST_SHOWN]:
        _out.print(f"{fault.cell.address}: {sentence(fault)}", markup=False)
    more = len(found.faults) + found.untold - _MOST_SHOWN
    if more > 0:
        _out.print(f"{more} more faults are not shown.", markup=False)
    if marked is not None:
        marked.write_bytes(write_faults(data, found.faults, said=sentence))
        _out.print(f"Written: {marked}", markup=False)


def sentence(fault: Fault) -> str:
    """What is wrong with a cell and what to do, in English."""
    known = SENTENCES.get(fault.code) or queries.SHEET_SENTENCES.get(fault.code)
    if known is None:
        return f"{fault.parameters.get('reason', '')} [{fault.code}]"
    title = fault.parameters.get("title_en") or fault.parameters.get("title", "")
    return known.format_map({**fault.parameters, "title": title})


def _known(department: str) -> str:
    """The department's code, which must be one; none is the whole city."""
    if department and not Department.objects.filter(pk=department).exists():
        codes = Department.objects.order_by("code").values_list("code", "name")
        some = ", ".join(f"{code} ({in_language(name, 'en')})" for code, name in codes[:8])
        raise UnknownDepartment(f"There is no department {department!r}.", hint=f"Such as: {some}.")
    return department
