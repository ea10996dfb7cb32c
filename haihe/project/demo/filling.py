"""The steps of the demo's first start, in order; each asks first what is there already."""

from __future__ import annotations

from collections.abc import Callable

from haihe.base.clock import told
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.kernel.services import actions as services
from haihe.project.demo import sharing
from haihe.project.demo.calls import call_all, caller_keys
from haihe.project.demo.grids import make_grids
from haihe.project.demo.notes import Notes
from haihe.project.demo.objections import raise_objections
from haihe.project.demo.people import Account, actor, make_citizens, make_officers, number_of
from haihe.project.demo.reports import file_reports, since
from haihe.project.demo.workers import make_workers
from haihe.project.pack.load import load_city, loader
from haihe.project.pack.read import Pack
from haihe.project.seed import run as seeding
from haihe.project.seed.databases import Target
from haihe.project.seed.making import MadeUpCity
from haihe.project.seed.places import running_departments

Tell = Callable[[str], None]


def scale(pack: Pack) -> int:
    """How many people the demo has: HAIHE_DEMO_SCALE, else what the pack says."""
    return settings().demo_scale or (pack.demo.people if pack.demo else 1000)


def fill(progress: Tell) -> list[Account]:
    """Fill this installation with its city and a made-up population; answers accounts to print.

    Django is started and the database migrated. Nothing is written past the kernel's actions, and
    nothing reaches the lake past the exchange. Calls are made only if the services process runs.
    """
    pack = load_city(settings().city, tell=progress)
    make_grids(by=loader(), tell=progress)
    folder = settings().data / "departments"
    notes = Notes(settings().data)
    with (
        running_departments(folder) as target,
        MadeUpCity(pack, people=scale(pack)) as city,
    ):
        _seed(pack, city, target, notes, progress)
        sharing.register_addresses(pack, target.addresses, by=loader())
        progress("Officers and citizens")
        with told(since(pack)):  # who worked on reports of weeks ago was there then
            accounts = make_officers(pack, by=loader())
            accounts += make_workers(pack, by=loader())
        accounts += make_citizens(pack, city, by=loader())
        sharing.open_services(pack, by=loader())
        _exchange(pack, city, target, notes, progress)
        file_reports(pack, notes, tell=progress)
        _look(pack, city, notes, progress)
        _call(pack, city, notes, progress)
        raise_objections(pack, notes, tell=progress)
    return accounts


def make_calls(progress: Tell) -> None:
    """Only the demo's calls: for a first start in which the services came after the filling."""
    pack = load_city(settings().city)
    with MadeUpCity(pack, people=scale(pack)) as city:
        _call(pack, city, Notes(settings().data), progress)


def _seed(pack: Pack, city: MadeUpCity, target: Target, notes: Notes, progress: Tell) -> None:
    known: dict[str, dict[str, str]] = notes.get("addresses") or {}
    target.addresses.update(known)

    def noted(system: str) -> None:
        notes.put("addresses", dict(target.addresses))
        progress(f"Seeded {system}")

    report = seeding.seed(pack, city=city, target=target, skip=set(known), done=noted)
    for system in report.left_out:
        progress(f"Left out, for there is no MariaDB here: {system}")


def _exchange(pack: Pack, city: MadeUpCity, target: Target, notes: Notes, progress: Tell) -> None:
    steward = _steward(pack)
    systems = set(target.addresses)
    sharing.gather(pack, systems, by=actor(steward), tell=progress)
    if not notes.get("late"):
        progress("Late rows come; their link runs again")
        seeding.seed(pack, city=city, target=target, late=True)
        sharing.gather_late(pack, by=actor(steward), tell=progress)
        notes.put("late", True)
    progress("Demands, grants and a delivery")
    sharing.answer_demands(pack, by=actor(steward), tell=progress)


def _steward(pack: Pack) -> str:
    """The demo officer who may run links."""
    able = {each.code for each in pack.posts if "exchange.link.run" in each.permissions}
    officers = pack.demo.officers if pack.demo else []
    return next(each.username for each in officers if able & set(each.posts))


def _look(pack: Pack, city: MadeUpCity, notes: Notes, progress: Tell) -> None:
    made: list[int] = notes.get("looks") or []
    for place, look in enumerate(pack.demo.looks if pack.demo else []):
        number = number_of(pack, city, look.citizen)
        if place in made or number is None:
            continue
        try:
            services.look_up(
                by=actor(look.by), service=look.service, number=number, purpose=look.purpose
            )
        except HaiheError as fault:
            progress(f"{look.service}: {fault.message} [{fault.code}]")
            continue
        made = [*made, place]
        notes.put("looks", made)


def _call(pack: Pack, city: MadeUpCity, notes: Notes, progress: Tell) -> None:
    answered = call_all(pack, city, caller_keys(pack, notes, by=loader()))
    if answered is None:
        progress("No calls: the services process does not run")
    elif answered:
        progress(f"{sum(answered.values())} governed calls answered")
