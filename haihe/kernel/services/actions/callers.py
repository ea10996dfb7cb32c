"""Callers: departments' systems that hold a key. Only the key's hash is stored."""

from __future__ import annotations

import secrets
from hashlib import sha256

from django.db import transaction

from haihe.base.actor import Actor
from haihe.edges.xroad.address import is_part
from haihe.kernel.ledger.actions import record
from haihe.kernel.org.models import Department
from haihe.kernel.services.errors import BadSubsystem, CallerExists
from haihe.kernel.services.models import Caller

KEY_PREFIX = "haihe_"
"""Every key begins so, for scanners that look for keys in code."""


def make_caller(*, by: Actor, department: Department | str, subsystem: str) -> str:
    """Register a department's calling system; gives its key, which is shown this once.

    A name whose caller was ended gets a new key.

    Errors: ``services.caller.bad_subsystem``, ``services.caller.exists``.
    """
    by.must("services.caller.make")
    code = department if isinstance(department, str) else department.code
    if not is_part(subsystem) or len(subsystem) > 60:
        raise BadSubsystem
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        caller = Caller.objects.select_for_update().filter(
            department=code, subsystem=subsystem
        ).first() or Caller(department_id=code, subsystem=subsystem, is_active=False)
        if caller.is_active:
            raise CallerExists
        caller.key_hash, caller.is_active = sha256(key.encode()).digest(), True
        caller.save()
        record(
            by=by,
            kind="services.caller.made",
            body={"department": code, "subsystem": subsystem},
        )
    return key


def end_caller(*, by: Actor, caller: Caller) -> Caller:
    """End a caller: its key stops within a second."""
    by.must("services.caller.end")
    with transaction.atomic():
        caller.is_active = False
        caller.save(update_fields=["is_active"])
        record(
            by=by,
            kind="services.caller.ended",
            body={"department": caller.department_id, "subsystem": caller.subsystem},
        )
    return caller
