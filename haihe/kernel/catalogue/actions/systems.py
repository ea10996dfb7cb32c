"""The list of systems: registering a source, pausing and resuming it."""

from __future__ import annotations

from django.db import transaction

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.base.settings import settings
from haihe.base.text import Text
from haihe.kernel.catalogue.errors import CodeTaken, NotYourDepartment
from haihe.kernel.catalogue.internals.addresses import address_field
from haihe.kernel.catalogue.internals.finding import department_of, must_provide, system_of
from haihe.kernel.catalogue.models import SourceSystem
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department


@transaction.atomic
def register_system(  # noqa: PLR0913 - the fields of the list's form
    *,
    by: Actor,
    code: str,
    department: Department | str,
    kind: str,
    title: Text,
    address: str = "",
    connection_cap: int = 2,
    timeout_s: int = 600,
    network: str = "",
    protection_level: int | None = None,
) -> SourceSystem:
    """Register a department's source system, or correct its entry. The address is stored sealed.

    An empty ``address`` keeps the one that is there.
    Errors: ``catalogue.not_your_department``, ``catalogue.code_taken``, ``haihe.bad_input``.
    """
    by.must("catalogue.system.register")
    owner = department_of(department)
    must_provide(by, owner.code)
    if kind not in SourceSystem.Kind.values:
        raise BadInput(f"No kind of system {kind!r}.", hint=", ".join(SourceSystem.Kind.values))
    if connection_cap < 1 or timeout_s < 1:
        raise BadInput("A system needs one connection and one second at least.")
    known = SourceSystem.objects.select_for_update().filter(pk=code).first()
    if known is not None and known.department_id != owner.code:
        raise CodeTaken(f"The code {code} belongs to another department's system.")
    system = known or SourceSystem(code=code, department=owner)
    system.kind, system.title, system.network = kind, dict(title), network
    system.connection_cap, system.timeout_s = connection_cap, timeout_s
    system.protection_level = protection_level
    if address:
        system.address_sealed = sealing.seal(
            address, key=sealing.key(settings().keys_path, "sources"), field=address_field(code)
        )
    system.save()
    ledger.record(
        by=by,
        kind="catalogue.system.registered",
        body={"system": code, "department": owner.code, "kind": kind, "cap": connection_cap},
    )
    return system


@transaction.atomic
def pause_system(*, by: Actor, system: SourceSystem | str, reason: str = "") -> SourceSystem:
    """Stop every connection to a system, also of batches that run now.

    For the provider's own department, or the system administrator.
    Errors: ``catalogue.not_your_department``, ``catalogue.system.unknown``.
    """
    found = system_of(system)
    _must_pause(by, found)
    if found.paused_at is None:
        found.paused_at = now()
        found.save(update_fields=["paused_at"])
        body = {"system": found.code, "reason": reason}
        ledger.record(by=by, kind="catalogue.system.paused", body=body)
    return found


@transaction.atomic
def resume_system(*, by: Actor, system: SourceSystem | str) -> SourceSystem:
    """Let links connect to the system again. Errors: as ``pause_system``."""
    found = system_of(system)
    _must_pause(by, found)
    if found.paused_at is not None:
        found.paused_at = None
        found.save(update_fields=["paused_at"])
        ledger.record(by=by, kind="catalogue.system.resumed", body={"system": found.code})
    return found


def _must_pause(by: Actor, system: SourceSystem) -> None:
    if by.may("catalogue.system.pause_any"):
        return
    by.must("catalogue.system.pause")
    if by.department != system.department_id:
        raise NotYourDepartment
