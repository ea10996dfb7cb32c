"""The catalogue and the lists as spreadsheets: taken away, sent in, looked at, brought in.

A file that was sent in is kept for two hours, so that what was looked at is what is brought in.
"""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.edges.sheets import write_faults
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as kernel
from haihe.kernel.catalogue.errors import SheetFaults
from haihe.kernel.files import actions as files
from haihe.kernel.files.declare import XLSX
from haihe.kernel.files.models import StoredFile
from haihe.systems.sharing import queries
from haihe.systems.sharing.forms import SheetForm
from haihe.ui.doors import officer_page

KEPT = timedelta(hours=2)
MOST_SHOWN = 300
"""Faults that the page lists; the marked workbook and the list as CSV have all of them."""
CSV = "text/csv"
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@require_GET
@officer_page()
def sheets(request: HttpRequest) -> HttpResponse:
    """Take lists away, and send one in."""
    return render(request, "sharing/sheets.html", _context(SheetForm()))


@require_POST
@officer_page("catalogue.sheets.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Keep what was sent, and show what it would change."""
    form = SheetForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            kept = _keep(request, sent.read(), sent.name)
        except HaiheError as fault:
            form.refuse(fault)
        else:
            return redirect("sharing:sheet", key=kept.pk)
    return render(request, "sharing/sheets.html", _context(form), status=422)


def _context(form: SheetForm) -> dict[str, object]:
    return {
        "form": form,
        "lists": queries.LISTS,
        "parts": queries.SHEETS["catalogue"],
        "scopes": (("?of=own", gettext("Own department")), ("", gettext("Whole city"))),
    }


def _keep(request: HttpRequest, data: bytes, name: str) -> StoredFile:
    """Keep a file that can be read. Errors: those of ``lists_in`` and ``files.store``."""
    kernel.lists_in(data, name)
    if data.startswith(_WIDE):
        data = data.decode("utf-16").encode("utf-8-sig")
    kind = XLSX if data.startswith(b"PK") else CSV
    return files.store(
        by=request.actor, content=data, name=name, media_type=kind, keep_until=now() + KEPT
    )


@require_http_methods(["GET", "POST"])
@officer_page("catalogue.sheets.import")
def sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a file would change, or each of its faults; and bring it in."""
    file = _own(request, key)
    data = _content(request, file)
    if request.method == "POST":
        try:
            found = actions.import_sheets(by=request.actor, data=data, name=file.name)
        except SheetFaults:
            pass  # Something changed since it was looked at: the page says what.
        else:
            files.drop(by=request.actor, file=file)
            said = gettext("%(n)s rows stand in the lists now.") % {"n": found.rows}
            messages.success(request, said)
            return redirect("sharing:catalogue" if "catalogue" in found.counts else "sharing:lists")
    found = actions.try_sheets(by=request.actor, data=data, name=file.name)
    lines = queries.fault_lines(found.faults[:MOST_SHOWN])
    context = {
        "file": file,
        "found": found,
        "counts": [
            (title, found.counts[n]) for n, title in queries.LISTS.items() if n in found.counts
        ],
        "lines": lines,
        "more": len(found.faults) + found.untold - len(lines),
        "fault_count": len(found.faults) + found.untold,
        "unread": queries.unread(found.ignored),
        "is_markable": file.media_type == XLSX,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "sharing/sheet.html", context, status=status)


@require_GET
@officer_page("catalogue.sheets.import")
def marked(request: HttpRequest, key: UUID) -> FileResponse:
    """The workbook that was sent, each faulty cell coloured and noted."""
    file = _own(request, key)
    data = _content(request, file)
    found = actions.try_sheets(by=request.actor, data=data, name=file.name)
    told = write_faults(data, found.faults, said=queries.sentence)
    return _file(told, f"{file.name.rpartition('.')[0]}-{gettext('faults')}.xlsx", XLSX)


@require_POST
@officer_page("catalogue.sheets.import")
def drop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put a file away that is not to be brought in."""
    files.drop(by=request.actor, file=_own(request, key))
    return redirect("sharing:sheets")


@require_GET
@officer_page()
def export(request: HttpRequest, name: str, ending: str) -> FileResponse:
    """A list as a file: of the reader's department, or whole."""
    department = request.actor.department if request.GET.get("of") == "own" else ""
    language = get_language() or "zh"
    if ending == "csv":
        part = request.GET.get("sheet", "")
        data = kernel.export_csv(name, sheet=part, department=department, language=language)
        return _file(data, f"{_named(name, part)}.csv", CSV)
    data = kernel.export_xlsx(name, department=department, language=language)
    return _file(data, f"{_named(name)}.xlsx", XLSX)


@require_GET
@officer_page()
def template(request: HttpRequest, name: str = "") -> FileResponse:
    """An empty workbook of one list, or of all, to be filled in."""
    data = kernel.template(name, language=get_language() or "zh")
    title = _named(name) if name else gettext("Catalogue and lists")
    return _file(data, f"{title}-{gettext('template')}.xlsx", XLSX)


def _named(name: str, part: str = "") -> str:
    parts = dict(queries.SHEETS.get(name, ()))
    return str(parts.get(part) or queries.LISTS.get(name, name))


def _own(request: HttpRequest, key: UUID) -> StoredFile:
    """The sender's own file, while its term lasts."""
    own = StoredFile.objects.filter(pk=key, owner=request.actor.name, keep_until__gt=now())
    found = own.first()
    if found is None:
        raise Http404
    return found


def _content(request: HttpRequest, file: StoredFile) -> bytes:
    return files.open_file(by=request.actor, file=file).read()


def _file(data: bytes, name: str, kind: str) -> FileResponse:
    return FileResponse(BytesIO(data), filename=name, as_attachment=True, content_type=kind)
