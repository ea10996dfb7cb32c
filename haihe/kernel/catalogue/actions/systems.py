"""The list of systems: registering a source, pausing and resuming it."""

from __future__ import annotations

from typing import Unpack

from django.db import transaction

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.base.settings import settings
from haihe.base.text import Text
from haihe.kernel.catalogue.declare import SystemFacts
from haihe.kernel.catalogue.errors import (
    BadCount,
    BadLevel,
    BadMerge,
    CodeTaken,
    MergedInto,
    NotYourDepartment,
    UnknownFate,
    UnknownNetwork,
)
from haihe.kernel.catalogue.internals.addresses import address_field
from haihe.kernel.catalogue.internals.finding import department_of, must_provide, system_of
from haihe.kernel.catalogue.models import SourceSystem
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

_MOST_PROTECTED = 5
MOST_COUNTED = 1_000_000
"""Tables or interfaces of one system."""


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
    **facts: Unpack[SystemFacts],
) -> SourceSystem:
    """Register a department's source system, or correct its entry. The address is stored sealed.

    An empty ``address`` keeps the one that is there, as do facts that are not named.
    Errors: ``catalogue.not_your_department``, ``catalogue.code_taken``, ``haihe.bad_input``,
    ``catalogue.system.network_unknown``, ``catalogue.system.bad_level``,
    ``catalogue.system.bad_count``,
    ``catalogue.system.bad_merge``, ``catalogue.system.merged_into``,
    ``catalogue.system.fate_unknown``.
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
    _set_facts(system, facts)
    _must_be_right(system)
    if address:
        system.address_sealed = sealing.seal(
            address, key=sealing.key(settings().keys_path, "sources"), field=address_field(code)
        )
    system.save()
    ledger.record(
        by=by,
        kind="catalogue.system.registered",
        body={
            "system": code,
            "department": owner.code,
            "kind": kind,
            "cap": connection_cap,
            "fate": str(system.fate),
            "merges_into": system.merges_into_id,
        },
    )
    return system


def _set_facts(system: SourceSystem, facts: SystemFacts) -> None:
    """Take over what is named; who is not merged has no target."""
    for name, value in facts.items():
        if name == "merges_into":
            system.merges_into_id = str(value) if value else None
        else:
            setattr(system, name, [*facts["items"]] if name == "items" else value)
    if system.fate != SourceSystem.Fate.MERGE and "merges_into" not in facts:
        system.merges_into_id = None


def _must_be_right(system: SourceSystem) -> None:
    if system.network and system.network not in SourceSystem.Network.values:
        raise UnknownNetwork
    if system.fate not in SourceSystem.Fate.values:
        raise UnknownFate
    if system.protection_level is not None and not 1 <= system.protection_level <= _MOST_PROTECTED:
        raise BadLevel
    counts = [each for each in (system.tables, system.interfaces) if each is not None]
    if any(not 0 <= each <= MOST_COUNTED for each in counts):
        raise BadCount
    _must_merge_rightly(system)


def _must_merge_rightly(system: SourceSystem) -> None:
    is_merged = system.fate == SourceSystem.Fate.MERGE
    if is_merged != (system.merges_into_id is not None):
        raise BadMerge
    if is_merged:
        # Locked, so that the target is not closed or merged itself meanwhile.
        target = SourceSystem.objects.select_for_update().filter(pk=system.merges_into_id).first()
        if target is None or target.code == system.code or target.fate != SourceSystem.Fate.KEEP:
            raise BadMerge
    if system.fate != SourceSystem.Fate.KEEP and system.merged.exclude(pk=system.code).exists():
        raise MergedInto


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
