"""Builders: a provider's table in a real database, receivers with grants, a citizen of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft, Terms
from haihe.kernel.catalogue.models import Grant, Purpose, Resource, SourceSystem
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.models import Link
from haihe.kernel.org.models import Account, Department
from haihe.kernel.people.actions import proof, register_person
from haihe.kernel.services import actions as services
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.actions import Asked
from haihe.systems.corrections.jobs import WATCHER
from haihe.systems.corrections.models import Objection
from tests.exchange.builders import number
from tests.servers import Database

PURPOSE = "housing.fund"
AUTHORITY = "data_office"
DEPARTMENTS = ("civil", "housing", "tax", "land", "early", AUTHORITY)
ANN, BOB = number(1), number(2)
COLUMNS = (
    ColumnDraft(
        "person", "text", {"en": "Number", "zh": "证件号码"}, is_subject=True, is_key=True,
        scheme="luhn.person",
    ),
    ColumnDraft("income", "decimal(12,2)", {"en": "Income", "zh": "收入"}, is_personal=True),
    ColumnDraft("since", "date", {"en": "Since", "zh": "起始日期"}),
)  # fmt: skip
TABLE = "create table households (person varchar(10) primary key, income numeric(12,2), since date)"
WRONG, RIGHT = "90", "900"


def officer(department: str) -> Actor:
    """An officer of a department who may do anything that officers do."""
    return Actor("officer", department, department, frozenset(registry.permissions))


CIVIL, HOUSING, TAX, LAND = (officer(each) for each in ("civil", "housing", "tax", "land"))
REVIEWER = officer(AUTHORITY)
STEWARD = Actor("administrator", "1", "", frozenset(registry.permissions))


def row(who: str, income: str) -> str:
    """Put a household into the department's table, or correct it there."""
    return (
        f"insert into households values ('{who}', {income}, '2020-01-01')"
        " on conflict (person) do update set income = excluded.income"
    )


def city() -> None:
    """Departments and a purpose."""
    for code in DEPARTMENTS:
        Department.objects.get_or_create(
            code=code, defaults={"name": {"en": code, "zh": code}, "kind": "department"}
        )
    if not Purpose.objects.filter(pk=PURPOSE).exists():
        catalogue.add_purpose(
            by=STEWARD, code=PURPOSE, title={"en": "Housing fund", "zh": "公积金"}, basis="Act, 3"
        )


def publish(
    department: Database, *, code: str = "civil.households", scheme: str = "luhn.person"
) -> Resource:
    """The department's households, published, with a service on them."""
    city()
    system = f"civil-{uuid4().hex[:8]}" if SourceSystem.objects.exists() else "civil-db"
    catalogue.register_system(
        by=CIVIL,
        code=system,
        department="civil",
        kind="postgresql",
        title={"en": "Civil register", "zh": "民政库"},
        address=department.address,
    )
    resource = catalogue.publish_resource(
        by=CIVIL,
        code=code,
        title={"en": "Households", "zh": "家庭"},
        department="civil",
        system=system,
        source_table="households",
        table=f"civil.h{uuid4().hex[:12]}",
        sharing_class="conditional",
        sharing_condition="Named cases only",
        cycle="daily",
        columns=[replace(COLUMNS[0], scheme=scheme), *COLUMNS[1:]],
    )
    services.open_service(
        by=CIVIL, code=code.removeprefix("civil."), resource=resource.pk, title={"en": "Households"}
    )
    return resource


def gathering(resource: Resource) -> Link:
    """The link that gathers it."""
    return exchange.make_link(by=CIVIL, code=f"link-{uuid4().hex[:8]}", resource=resource)


def gather(link: Link) -> None:
    """One batch from the department, then the clock's look at what it brought."""
    exchange.run_link(by=CIVIL, link=link)
    actions.check_arrivals(by=WATCHER)


def grant(
    resource: Resource,
    to: str,
    *columns: str,
    mode: str = "interface",
    purpose: str = PURPOSE,
    rows: Sequence[Mapping[str, object]] = (),
) -> Grant:
    """Demand columns and have them granted."""
    demand = catalogue.raise_demand(
        by=officer(to),
        resource=resource,
        columns=columns or ("person", "income"),
        purpose=purpose,
        basis="Act, 3",
        mode=mode,
        terms=Terms(rows=rows),
    )
    return catalogue.grant_demand(by=CIVIL, demand=demand)


def delivery(held: Grant, receiver: Database) -> Link:
    """A delivery into the housing department's own database."""
    catalogue.register_system(
        by=HOUSING,
        code="housing-db",
        department="housing",
        kind="postgresql",
        title={"en": "Housing fund"},
        address=receiver.address,
    )
    return exchange.make_delivery(
        by=HOUSING,
        code=f"delivery-{uuid4().hex[:8]}",
        grant=held,
        target_system="housing-db",
        target_table="households",
    )


def look(department: str, who: str = ANN, *, service: str = "households") -> None:
    """An officer of a department looks somebody up on a page."""
    services.look_up(by=officer(department), service=service, number=who, purpose=PURPOSE)


def person(who: str = ANN) -> tuple[Account, Actor]:
    """A citizen whose identity was proofed at a counter; the same one when asked again."""
    known = Account.objects.filter(username=f"citizen-{who}").first()
    if known is not None:
        return known, Actor("citizen", str(known.pk))
    account = Account.objects.create(username=f"citizen-{who}")
    by = Actor("citizen", str(account.pk))
    made = register_person(
        by=by, number=who, name="Wang Li", scheme="luhn.person", account=account, proofing=1
    )
    counter = Actor("officer", "1", permissions=frozenset({"people.person.proof"}))
    proof(by=counter, person=made)
    return account, by


def token(account: Account, resource: Resource, column: str = "income") -> str:
    """The token of a citizen's own value, as the page has it."""
    rows = queries.rows_of(queries.own_of(account).key, resource)
    return next(cell.token for cell in rows[0] if cell.column.name == column)


def objection(
    account: Account, by: Actor, resource: Resource, *, value: str = "900", why: str = "Misread"
) -> Objection:
    """A citizen objects to the income that stands on them."""
    asked = Asked(token(account, resource), value, why)
    return actions.object_to_own(by=by, account=account, resource=resource.pk, asked=asked)


@dataclass(frozen=True)
class Case:
    """A citizen on whom a wrong income stands, which tax was given on a page and land was not."""

    department: Database
    resource: Resource
    link: Link
    account: Account
    by: Actor

    def object(self, value: str = RIGHT, why: str = "Misread") -> Objection:
        """The citizen objects."""
        return objection(self.account, self.by, self.resource, value=value, why=why)

    def correct(self, income: str = RIGHT) -> None:
        """The department corrects its own row, and the next batch brings it."""
        self.department.run(row(ANN, income))
        gather(self.link)


def wrong_value(department: Database) -> Case:
    """A wrong value, gathered, looked at by tax; housing, land and the authority have a grant."""
    department.run(TABLE, row(ANN, WRONG), row(BOB, "500"))
    resource = publish(department)
    link = gathering(resource)
    gather(link)
    for code in ("tax", "land"):
        grant(resource, code)
    look("tax")
    return Case(department, resource, link, *person())


def proof_service(resource: Resource, column: str = "income", below: object = 100) -> str:
    """A yes/no question on a column: below that value?"""
    services.open_service(
        by=CIVIL,
        code="is_low",
        resource=resource.pk,
        title={"en": "Is it low"},
        kind="proof",
        predicate=(column, "<", below),
    )
    return "is_low"
