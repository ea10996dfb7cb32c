"""Receipts of deletion by interface: a receiver's system lists what it owes, and confirms it.

With the key by which the system calls services; programs send ``Accept: application/json``.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.grant_errors import (
    UnknownDeletion,
)
from haihe.kernel.catalogue.models import Deletion
from haihe.systems.sharing.errors import BadReceipt
from haihe.systems.sharing.keys import caller_behind
from haihe.ui.doors import open_page

MOST_BYTES = 4096
_CONFIRM = frozenset({"catalogue.deletion.confirm"})


@csrf_exempt
@require_GET
@open_page()
@never_cache
def owed(request: HttpRequest) -> HttpResponse:
    """The deletions that the caller's department owes, the one due first on top."""
    caller = caller_behind(request)
    found = catalogue.deletions(open_only=True).filter(grant__department=caller.department_id)
    return JsonResponse({"deletions": [_shown(each) for each in found]})


@csrf_exempt
@require_POST
@open_page()
@never_cache
def confirm(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the receipt of one deletion; its ledger entry.

    Errors: ``sharing.key.bad``, ``sharing.receipt.bad``, those of ``confirm_deletion``; another
    department's deletion is unknown.
    """
    caller = caller_behind(request)
    own = catalogue.deletions().filter(grant__department=caller.department_id)
    found = own.filter(pk=key).first()
    if found is None:
        raise UnknownDeletion
    by = Actor("system", str(caller.pk), caller.department_id, _CONFIRM)
    given = actions.confirm_deletion(by=by, deletion=found, note=_note(request))
    return JsonResponse(_shown(given))


def _note(request: HttpRequest) -> str:
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise BadReceipt
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadReceipt from None
    note = body.get("note") if isinstance(body, dict) else None
    if not isinstance(note, str) or len(note) > 500 or "\0" in note:
        raise BadReceipt
    return note


def _shown(deletion: Deletion) -> dict[str, Any]:
    return {
        "id": str(deletion.pk),
        "grant": str(deletion.grant_id),
        "resource": deletion.grant.resource_id,
        "cause": deletion.cause,
        "due": deletion.due.isoformat(),
        "is_late": catalogue.is_late(deletion),
        "by_haihe": deletion.grant.mode == "table",
        "entry": str(deletion.entry) if deletion.entry else None,
    }
