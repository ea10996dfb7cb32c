"""Writing a case type: one page, checked as often as one likes, drafted when it has no fault."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.errors import BadType, UnknownType
from haihe.kernel.cases.types.documents import document_of
from haihe.systems.case_types import words
from haihe.systems.case_types.held import held_of_sheet
from haihe.systems.case_types.patterns import SIMPLE
from haihe.systems.case_types.sheets import (
    Sheet,
    add_row,
    document_of_sheet,
    read_sheet,
    sheet_of,
    wrong_numbers,
)
from haihe.systems.case_types.showing import Inputs
from haihe.ui.doors import officer_page
from haihe.ui.failures import told


@require_http_methods(["GET", "POST"])
@officer_page("cases.type.draft")
def edit(request: HttpRequest) -> HttpResponse:
    """A new type, a copy (``?like=NAME``) or a change (``?of=NAME``)."""
    if request.method == "GET":
        return _page(request, _begun(request))
    sheet = read_sheet(request.POST)
    if way := request.POST.get("add", ""):
        return _added(request, sheet, way)
    if slips := _slips(sheet):
        return _page(request, sheet, faults=slips)
    try:
        return _tried(request, sheet)
    except BadType as bad:
        return _page(request, sheet, faults=_faults(bad, sheet))
    except HaiheError as fault:
        return _page(request, sheet, faults=[_said(fault)])


def _slips(sheet: Sheet) -> list[str]:
    """What is wrong with the page itself, before it is a document."""
    ask = gettext("“%(what)s” asks for a whole number.")
    found = [ask % {"what": each.title} for each in wrong_numbers(sheet)]
    names = {each.case_type.name for each in queries.types()}
    if sheet["code"] in names - {sheet["of"]}:
        sheet["code"] = ""  # another name gives another one
        found.append(gettext("There is a type of this name: draft a change of it, or rename this."))
    return found


def _added(request: HttpRequest, sheet: Sheet, way: str) -> HttpResponse:
    """The page with one more row."""
    try:
        add_row(sheet, way)
    except (KeyError, IndexError, ValueError, TypeError, StopIteration):
        messages.error(request, gettext("There is no such list to add to."))
    return _page(request, sheet, added=way)


def _tried(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """Draft what the page says, or show what it would change."""
    document = document_of_sheet(sheet)
    if request.POST.get("do") == "draft":
        made = actions.draft_type(by=request.actor, document=document)
        messages.success(request, gettext("Drafted. A second person approves it now."))
        return redirect("case_types:draft", key=made.pk)
    seen = actions.preview_type(by=request.actor, document=document)
    return _page(request, sheet, preview=seen)


def _begun(request: HttpRequest) -> Sheet:
    """The sheet to begin with."""
    of, like = request.GET.get("of", ""), request.GET.get("like", "")
    if not (of or like):
        return sheet_of(SIMPLE)
    try:
        found = queries.case_type(of or like).case_type
    except UnknownType as fault:
        messages.error(request, _said(fault))
        return sheet_of(SIMPLE)
    sheet = sheet_of(document_of(found))
    return sheet if of else {**sheet, "code": "", "of": "", "zh": "", "en": ""}


def _faults(bad: BadType, sheet: Sheet) -> list[str]:
    titles = {
        kind: {row["code"]: row[_language()] or row["code"] for row in sheet[part]}
        for kind, part in (("state", "states"), ("action", "actions"), ("clock", "clocks"))
    }
    return [words.fault_words(each, titles) for each in bad.faults or (_said(bad),)]


def _language() -> str:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _said(fault: HaiheError) -> str:
    heard = told(fault)
    return " ".join(part for part in (heard.message, heard.detail, heard.hint) if part)


def _page(request: HttpRequest, sheet: Sheet, **more: Any) -> HttpResponse:
    inputs = Inputs(sheet)
    context = {
        "sheet": sheet,
        "head": inputs.head,
        "joint": inputs.joint,
        "parts": inputs.parts,
        "known": queries.types(),
        "held": held_of_sheet(sheet),
        **more,
    }
    status = 422 if more.get("faults") else 200
    return render(request, "case_types/edit.html", context, status=status)
