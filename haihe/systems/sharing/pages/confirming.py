"""Confirming a proposed resource: a person reviews what a machine read, and answers for it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from haihe.base.errors import HaiheError
from haihe.engine.sources.kinds import KINDS
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.kernel.catalogue.declare import ColumnDraft, Corrections
from haihe.kernel.catalogue.models import Column, Resource
from haihe.kernel.exchange import actions as exchange
from haihe.systems.sharing.forms import ColumnForm, ConfirmForm
from haihe.systems.sharing.queries.quality import quality_of, sample_of
from haihe.ui.doors import officer_page
from haihe.ui.failures import said

PLAIN = (
    "sharing_class",
    "sharing_condition",
    "open_class",
    "open_condition",
    "modes",
    "classification",
    "cycle",
)
"""Fields of a resource that its form shows as they are."""
Row = tuple[Column, ColumnForm]
"""A column, and what the form says of it."""


@require_http_methods(["GET", "POST"])
@officer_page("catalogue.resource.confirm")
def confirm(request: HttpRequest, code: str) -> HttpResponse:
    """Review a proposed resource, correct it, confirm it; and link it, for who may."""
    resource = kernel.resource(code)
    form, rows = _forms(request, resource)
    forms = [form, *(each for _, each in rows)]
    if request.method == "POST" and all(each.is_valid() for each in forms):
        try:
            actions.confirm_resource(
                by=request.actor, resource=resource, **_corrections(form, rows)
            )
        except HaiheError as fault:
            form.refuse(fault)
        else:
            messages.success(request, gettext("Confirmed. It stands in the catalogue now."))
            _link(request, resource)
            return redirect("sharing:resource", code=code)
    failed = any(each.errors for each in forms)
    context = {
        "resource": resource,
        "form": form,
        "rows": [(column, each, quality_of(resource, column)) for column, each in rows],
        "sample": sample_of(resource),
    }
    return render(request, "sharing/confirm.html", context, status=422 if failed else 200)


def _link(request: HttpRequest, resource: Resource) -> None:
    if request.actor.may("exchange.link.make") and resource.system_id:
        with said(request, gettext("A link to the lake stands ready; run it when you like.")):
            exchange.make_link(by=request.actor, code=resource.code, resource=resource)


def _forms(request: HttpRequest, resource: Resource) -> tuple[ConfirmForm, list[Row]]:
    columns = list(resource.columns.all())
    kinds = sorted({*KINDS, *(column.kind for column in columns)} - {"decimal"})
    sent = request.POST if request.method == "POST" else None
    subject = next((column.name for column in columns if column.is_subject), "")
    form = ConfirmForm(
        sent,
        columns=[column.name for column in columns],
        initial={
            **_titles(resource.title),
            **_plain(resource),
            "subject": subject,
            "related": "\n".join(resource.related),
        },
    )
    return form, [
        (column, ColumnForm(sent, prefix=f"c{number}", kinds=kinds, initial=_of(column)))
        for number, column in enumerate(columns, start=1)
    ]


def _plain(resource: Resource) -> dict[str, Any]:
    return {name: getattr(resource, name) for name in PLAIN}


def _titles(title: dict[str, str]) -> dict[str, str]:
    return {"title_zh": title.get("zh", ""), "title_en": title.get("en", "")}


def _of(column: Column) -> dict[str, Any]:
    names = ("kind", "scheme", "unit", "sharing_class", "is_personal", "is_key", "is_required")
    return {**_titles(column.title), **{name: getattr(column, name) for name in names}}


def _title(cleaned: dict[str, Any]) -> dict[str, str]:
    found = {"zh": cleaned.pop("title_zh"), "en": cleaned.pop("title_en")}
    return {language: text for language, text in found.items() if text}


def _corrections(form: ConfirmForm, rows: list[Row]) -> Corrections:
    given = dict(form.cleaned_data)
    subject = given.pop("subject")
    return {
        "title": _title(given),
        "sharing_class": given["sharing_class"],
        "sharing_condition": given["sharing_condition"],
        "open_class": given["open_class"],
        "open_condition": given["open_condition"],
        "modes": given["modes"],
        "classification": given["classification"],
        "cycle": given["cycle"],
        "related": given["related"],
        "columns": [_draft(column, each, subject) for column, each in rows],
    }


def _draft(column: Column, form: ColumnForm, subject: str) -> ColumnDraft:
    """The column as it stands, with what the form corrects."""
    given = dict(form.cleaned_data)
    kept = {each.name: getattr(column, each.name) for each in fields(ColumnDraft)}
    corrected = {"title": _title(given), "is_subject": column.name == subject, **given}
    return ColumnDraft(**{**kept, **corrected})
