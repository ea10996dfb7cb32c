"""Registers systems, runs links, raises and answers demands, opens services: as who may."""

from __future__ import annotations

from collections.abc import Callable

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue import queries as catalogue_queries
from haihe.kernel.catalogue.models import Demand, Grant
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.services import actions as services
from haihe.kernel.services.models import Service
from haihe.project.demo.people import actor
from haihe.project.pack import documents as doc
from haihe.project.pack.read import Pack

Tell = Callable[[str], None]


def register_addresses(pack: Pack, addresses: dict[str, dict[str, str]], *, by: Actor) -> None:
    """Give each system the read-only address that its department handed out."""
    for each in pack.systems:
        given = addresses.get(each.code)
        if given is None or _address(each.code) == given["address"]:
            continue
        catalogue.register_system(
            by=by,
            code=each.code,
            department=each.department,
            kind=each.kind,
            title=each.title,
            address=given["address"],
            connection_cap=each.connection_cap,
            timeout_s=each.timeout_s,
            network=each.network,
            protection_level=each.protection_level,
        )


def _address(system: str) -> str:
    try:
        return catalogue_queries.address_of(system)
    except HaiheError:
        return ""


def open_services(pack: Pack, *, by: Actor) -> None:
    """Open each service that the catalogue's files name."""
    there = set(Service.objects.values_list("code", flat=True))
    for _, resource in pack.resources:
        for each in resource.services:
            if each.code not in there:
                asked = each.predicate
                services.open_service(
                    by=by,
                    code=each.code,
                    resource=resource.code,
                    title=each.title,
                    kind=each.kind,
                    predicate=(asked.column, asked.operator, asked.value) if asked else None,
                )


def gather(pack: Pack, systems: set[str], *, by: Actor, tell: Tell) -> None:
    """Make the gather link of each resource whose system has an address, and run it once."""
    for _, resource in pack.resources:
        if resource.link is not None and resource.system in systems:
            code = _link(resource, by=by)
            if not _has_run(code):
                run(code, by=by, tell=tell)


def gather_late(pack: Pack, *, by: Actor, tell: Tell) -> None:
    """Run the links of what is delivered again: late rows have come to their sources.

    The others wait for the next run, as in a city between two nights.
    """
    demands = pack.demo.demands if pack.demo else []
    for resource in sorted({each.resource for each in demands if each.delivery}):
        code = f"{resource}.gather"
        if Link.objects.filter(pk=code, mode=Link.Mode.WATERMARK).exists():
            run(code, by=by, tell=tell)


def _link(resource: doc.ResourceDoc, *, by: Actor) -> str:
    assert resource.link is not None  # noqa: S101 - asked before
    code = f"{resource.code}.gather"
    if not Link.objects.filter(pk=code).exists():
        exchange.make_link(
            by=by,
            code=code,
            resource=resource.code,
            mode=resource.link.mode,
            watermark=resource.link.watermark,
            overlap_s=resource.link.overlap_s,
            schedule=resource.link.schedule,
        )
    return code


def _has_run(code: str) -> bool:
    return Batch.objects.filter(link=code, state=Batch.State.DONE).exists()


def run(code: str, *, by: Actor, tell: Tell) -> None:
    """Run a link and say what came of it; a failed one is said too, and stays for its page."""
    try:
        batch = exchange.run_link(by=by, link=code)
    except HaiheError as fault:
        tell(f"{code}: {fault.message} [{fault.code}]")
        return
    tell(f"{code}: {batch.rows_written:,} rows, {batch.rows_quarantined} in quarantine")


def answer_demands(pack: Pack, *, by: Actor, tell: Tell) -> None:
    """Raise the demo's demands as their departments, answer them as the providers', deliver."""
    for each in pack.demo.demands if pack.demo else []:
        demand = _demand(each)
        if demand.state == Demand.State.CHECKING:
            demand = catalogue.pass_demand(by=_checker(pack), demand=demand.pk)
        if demand.state == Demand.State.RAISED and each.answer == "grant":
            catalogue.grant_demand(by=actor(each.answered_by), demand=demand.pk)
        elif demand.state == Demand.State.RAISED and each.answer == "refuse":
            catalogue.refuse_demand(
                by=actor(each.answered_by), demand=demand.pk, reason=each.reason
            )
        if each.delivery is not None:
            _deliver(each.delivery, demand, by=by, tell=tell)


def _checker(pack: Pack) -> Actor:
    """The demo's officer of the city's authority who checks demands."""
    officers = [actor(each.username) for each in pack.demo.officers] if pack.demo else []
    return next(
        each
        for each in officers
        if catalogue_queries.is_authority(each.department) and each.may("catalogue.demand.check")
    )


def _demand(each: doc.DemandDoc) -> Demand:
    by = actor(each.by)
    known = Demand.objects.filter(
        department=by.department, resource=each.resource, purpose=each.purpose, mode=each.mode
    ).first()
    return known or catalogue.raise_demand(
        by=by,
        resource=each.resource,
        columns=each.columns,
        purpose=each.purpose,
        basis=each.basis,
        mode=each.mode,
        scene=each.scene,
        rate_per_minute=each.rate_per_minute,
    )


def _deliver(each: doc.DeliveryDoc, demand: Demand, *, by: Actor, tell: Tell) -> None:
    grant = Grant.objects.filter(demand=demand, withdrawn_at__isnull=True).first()
    if grant is None or not _address(each.system):
        return
    if not Link.objects.filter(pk=each.code).exists():
        exchange.make_delivery(
            by=by,
            code=each.code,
            grant=grant,
            target_system=each.system,
            target_table=each.table,
            mode=each.mode,
        )
    if not _has_run(each.code):
        run(each.code, by=by, tell=tell)
